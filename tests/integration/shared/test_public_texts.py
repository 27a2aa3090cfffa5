"""Gate G17: what is published holds no phone, no ID-card number, no room; and nobody's ID-card number is taken in."""

from __future__ import annotations

import pytest

from shared.contracts import grid
from shared.suite import service_class
from shared.testing.harness import ServiceUnderTest
from shared.web.fields import Named, PublicCode, PublicText, PublicWords
from tests.builders import facts
from tests.builders.alliance import organisation_body
from tests.builders.consultation import topic_body

ID = "11010519491231002X"


@pytest.fixture
def consultation():
    service = ServiceUnderTest(service_class("consultation").definition)
    service.hear(grid.PlaceRegistered, "estate", facts.estate())
    return service


@pytest.fixture
def grid_service():
    return ServiceUnderTest(service_class("grid").definition)


@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        ("联系张先生138-0000-5678", "电话号码（138****5678）", 6),
        ("到3号楼2单元501室集合", "门牌房号（3***）", 2),
    ],
)
def test_gate_g17_a_public_text_with_something_personal_is_refused_with_field_place_and_masked(
    consultation, text, said, place
):
    answer = consultation.request("POST", "/topics", topic_body(title=text, case_refs=[]))
    assert answer.status_code == 422
    (error,) = answer.json["errors"]
    assert error["field"] == "title"
    assert error["message"] == f"将会公开，第{place}个字起有{said}，请删去"
    english = consultation.request(
        "POST", "/topics", topic_body(title=text, case_refs=[]), headers={"Accept-Language": "en"}
    )
    assert f"at character {place} (" in english.json["errors"][0]["message"]
    assert "5678" not in english.text.replace("138****5678", "")


def test_each_finding_of_a_text_is_told(consultation):
    answer = consultation.request("POST", "/topics", topic_body(text="13800005678，3号楼501", case_refs=[]))
    assert [error["field"] for error in answer.json["errors"]] == ["text", "text"]


# what people read who are not staff: by service and body
PUBLISHED = {
    "consultation": {
        "TopicBody": {"title", "text"},
        "AcceptBody": {"party_org", "note"},
        "DeclineBody": {"reason"},
        "LandBody": {"accepted_by", "evidence"},
        "ItemBody": {"title", "location"},
        "FundingBody": {"source"},
        "OwnersDecisionBody": {"reason", "judged_by"},
        "SessionBody": {"venue", "audience"},
        "MinutesBody": {"text", "points", "attendance"},
    },
    "property": {
        "StartBody": {"permit"},
        "ItemAcceptedBody": {"accepted_by", "evidence"},
        "ReasonBody": {"reason"},
        "AcceptanceBody": {"representatives", "defects"},
        "AreaBody": {"name"},
        "PartyBody": {"name"},
        "DecisionBody": {"noticed_topics"},
    },
    "grid": {"PlaceBody": {"name"}},
    "alliance": {
        "OrganisationBody": {"name", "expertise"},
        "AcceptBody": {"interests"},
        "DeclineBody": {"reason"},
    },
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_gate_g17_whatever_is_published_is_looked_through(name):
    bodies = [endpoint.body for endpoint in service_class(name).definition.api.endpoints if endpoint.body]
    found = {}
    for body in bodies:
        _look(body, found)
    for schema, fields in PUBLISHED[name].items():
        assert found.get(schema, set()) >= fields, schema


NO_MOBILE = "将会公开，像是手机号，请换一个编号"


@pytest.mark.parametrize(
    ("number", "messages"),
    [
        ("13812345678", [NO_MOBILE]),
        ("T-138-1234-5678", [NO_MOBILE]),
        ("来电 13812345678 张三", ["只能用字母、数字和 - _ . / :", NO_MOBILE]),
    ],
)
def test_the_number_that_another_system_gave_is_a_code_and_nobodys_phone(grid_service, number, messages):
    refs = [{"system": "city311", "number": number}]
    body = {"category": "0204", "place_ref": "x", "text": "?", "external_refs": refs}
    answer = grid_service.request("POST", "/cases", body)
    assert answer.status_code == 422
    said = [(error["field"], error["message"]) for error in answer.json["errors"]]
    assert said == [("external_refs.0.number", message) for message in messages]


@pytest.mark.parametrize("number", ["2024-0527-000123", "GD/2024.05:1_2", "110112010904001"])
def test_the_number_that_another_system_gave_may_be_any_plain_code(grid_service, number):
    refs = [{"system": "12345", "number": number}]
    body = {"category": "0204", "place_ref": "x", "text": "?", "external_refs": refs}
    answer = grid_service.request("POST", "/cases", body)
    assert [error["field"] for error in answer.json["errors"]] == ["place_ref"]


WHO = "张三13812345678住3号楼501"


@pytest.mark.parametrize("word", [WHO, "13812345678", "T-138-1234-5678"])
def test_what_an_organisation_knows_is_a_plain_code_and_nobodys_phone(word):
    alliance = ServiceUnderTest(service_class("alliance").definition)
    body = organisation_body(expertise=["planning", word])
    answer = alliance.request("POST", "/organisations", body)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json["errors"]} == {"expertise.1"}
    assert alliance.request("GET", "/organisations").json["items"] == []


@pytest.mark.parametrize("category", [WHO, "13812345678"])
def test_the_category_of_a_topic_is_nobodys_phone(consultation, category):
    answer = consultation.request("POST", "/topics", topic_body(category=category, case_refs=[]))
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json["errors"]} == {"category"}


def test_the_code_of_a_place_is_nobodys_phone(grid_service):
    body = {"kind": "street", "name": "九棵树街道", "code": "13812345678"}
    answer = grid_service.request("POST", "/places", body)
    assert [(error["field"], error["message"]) for error in answer.json["errors"]] == [("code", NO_MOBILE)]
    grid_service.post("/places", body | {"code": "110112010"})


def _look(schema, found):
    for name, field in schema.fields.items():
        inner = getattr(field, "inner", None) or getattr(field, "key_field", None) or field
        if isinstance(inner, PublicText | PublicWords | PublicCode | Named):
            found.setdefault(type(schema).__name__, set()).add(name)
        nested = getattr(inner, "schema", None)
        if nested is not None:
            _look(nested, found)


@pytest.mark.parametrize(
    ("name", "path", "body", "field"),
    [
        ("grid", "/cases", {"category": "0204", "place_ref": "x", "text": f"我的身份证{ID}"}, "text"),
        ("notify", "/contacts", {"name": ID, "phone": "13800005678"}, "name"),
        ("notify", "/contacts", {"name": "张", "basis": f"本人{ID[:6]} {ID[6:14]} {ID[14:]}"}, "basis"),
        ("consultation", "/topics", {"title": "题", "case_refs": ["a", ID]}, "case_refs.1"),
    ],
)
def test_the_number_of_an_identity_card_is_refused_in_any_field_of_any_service(name, path, body, field):
    service = ServiceUnderTest(service_class(name).definition)
    before = service.snapshot()
    answer = service.request("POST", path, body)
    assert (answer.status_code, answer.json["code"]) == (422, "id_card_not_collected")
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert ID not in answer.text
    assert service.snapshot() == before
