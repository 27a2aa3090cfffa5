"""notify's doors: what comes back, and what bad input is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.contracts import consultation, grid, notify
from tests.builders import facts
from tests.builders import notify as build

PERSON = {
    "name": "张小明",
    "phone": "13800005678",
    "door_ref": "door",
    "contact_class": "resident",
    "basis": "本人同意",
}
GOOD = {"resolution": "resolved", "grade": 5}


@pytest.fixture
def service(under_test):
    """notify with a door and a spot."""
    service = under_test("notify")
    service.hear(grid.PlaceRegistered, "door", facts.door())
    service.hear(grid.PlaceRegistered, "spot", facts.place())
    return service


@pytest.fixture
def asked(service):
    """Two residents who were asked about a landed result."""
    people = [build.register(service, phone) for phone in ("13800000001", "13800000002")]
    service.hear(consultation.ResultLanded, "topic", facts.result_landed())
    return people


def test_a_registered_person_gets_a_ref_and_is_shown_masked(service):
    answer = service.request("POST", "/contacts", PERSON)
    assert answer.status_code == 201
    view = answer.json
    assert answer.headers["Location"] == f"/notify/v1/contacts/{view['resident_ref']}"
    assert (view["name"], view["phone"], view["channels"]) == ("张**", "138****5678", ["mailbox"])
    assert service.request("GET", f"/contacts/{view['id']}").json == view


def test_what_is_said_of_a_person_holds_neither_name_nor_phone(service):
    service.post("/contacts", PERSON)
    (said,) = service.said(notify.ContactRegistered)
    assert (said.data["place_ref"], said.data["place_path"]) == ("door", facts.door()["path"])
    body = said.envelope.to_bytes().decode()
    assert "张" not in body
    assert "13800005678" not in body


def test_the_same_phone_is_the_same_person_and_changes_nothing(service):
    first = service.post("/contacts", PERSON)
    before = service.snapshot()
    answer = service.request("POST", "/contacts", PERSON | {"door_ref": "unheard"})
    assert (answer.status_code, answer.json) == (200, first)
    assert service.snapshot() == before


def test_a_known_phone_under_another_name_is_asked_about_and_never_taken_for_the_same_person(service):
    service.post("/contacts", PERSON)
    before = service.snapshot()
    answer = service.request("POST", "/contacts", PERSON | {"name": "王五"})
    assert (answer.status_code, answer.json["code"]) == (409, "known_by_another_name")
    assert "张" not in answer.text
    assert service.snapshot() == before


def test_a_known_phone_of_another_place_is_not_given_away(service):
    service.post("/contacts", PERSON)
    answer = service.request("POST", "/contacts", PERSON, role="community", scope="place:another")
    assert (answer.status_code, answer.json["code"]) == (403, "outside_scope")


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"phone": "12345"}, "phone", "phone_wrong"),
        ({"channels": ["pigeon"]}, "channels", "channel_unknown"),
        ({"door_ref": "spot"}, "door_ref", "not_a_door"),
        ({"door_ref": "unheard"}, "door_ref", "unknown_reference"),
        ({"contact_class": "ghost"}, "contact_class", "invalid"),
        ({"channels": []}, "channels", "invalid"),
        ({"channels": ["mailbox", "mailbox"]}, "channels", "invalid"),
        ({"basis": " "}, "basis", "invalid"),
        ({"name": "\u200b\u3164"}, "name", "name_invisible"),
    ],
)
def test_a_wrong_contact_is_refused_with_the_field(service, changed, field, code):
    answer = service.request("POST", "/contacts", PERSON | changed)
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert service.said() == []


def test_an_unheard_door_may_only_be_late(service):
    answer = service.request("POST", "/contacts", PERSON | {"door_ref": "unheard"})
    assert answer.headers["Retry-After"] == "2"


def test_a_resident_may_not_read_contacts_questions_or_alarms(service):
    ref = service.post("/contacts", PERSON)["id"]
    for path in (f"/contacts/{ref}", "/alarms", "/questions"):
        answer = service.request("GET", path, role="resident", scope=f"person:{ref}")
        assert (answer.status_code, answer.json["code"]) == (403, "role_missing")


@pytest.mark.parametrize("role", ["street", "community", "convenor", "party_org"])
def test_staff_see_a_message_without_the_token_of_its_link(service, asked, role):
    token = build.link(service, asked[0]).removeprefix("/answers/")
    (seen,) = service.request("GET", f"/messages?resident_ref={asked[0]}", role=role).json["items"]
    (own,) = build.messages(service, asked[0])
    assert token in own["text"]
    assert seen == own | {"text": own["text"].replace(token, "…")}


def test_a_resident_reads_its_own_messages_only(service, asked):
    mine = f"person:{asked[0]}"
    for path in ("/messages", f"/messages?resident_ref={asked[0]}"):
        (message,) = service.request("GET", path, role="resident", scope=mine).json["items"]
        assert message["resident_ref"] == asked[0]
    answer = service.request("GET", f"/messages?resident_ref={asked[1]}", role="resident", scope=mine)
    assert (answer.status_code, answer.json["code"]) == (403, "outside_scope")


@pytest.mark.parametrize("role", ["property", "contractor", "professional", "reviewer", "outside_system"])
def test_nobody_else_reads_messages(service, role):
    assert service.request("GET", "/messages", role=role).status_code == 403


@pytest.mark.parametrize("reason", ["太慢", "Too slow", "x" * 33, "slow\n"])
def test_a_reason_that_is_no_short_code_is_refused_at_both_doors(service, asked, reason):
    (question,) = service.request("GET", "/questions").json["items"]
    by_staff = {"question_ref": question["id"], "resident_ref": asked[0]}
    for path, more in ((build.link(service, asked[0]), {}), ("/answers", by_staff)):
        answer = service.request("POST", path, GOOD | more | {"reason_code": reason})
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json["errors"]] == ["reason_code"]


def test_a_caller_sees_and_touches_only_its_own_place(service, asked):
    inside, outside = "place:community", "place:another"
    for path in ("/messages", "/questions"):
        assert service.request("GET", path, role="community", scope=inside).json["items"] != []
        assert service.request("GET", path, role="community", scope=outside).json["items"] == []
    path = f"/contacts/{asked[0]}"
    assert service.request("GET", path, role="community", scope=outside).status_code == 403
    assert service.request("POST", "/contacts", PERSON, role="community", scope=outside).status_code == 403


def test_messages_are_found_by_person_and_by_what_they_are_about(service, asked):
    (mine,) = service.request("GET", f"/messages?resident_ref={asked[0]}").json["items"]
    about = service.request("GET", "/messages?about_ref=topic").json["items"]
    assert sorted(message["resident_ref"] for message in about) == sorted(asked)
    assert mine["receipts"] == [
        {
            "at": "2024-05-27T09:00:00+08:00",
            "channel": "mailbox",
            "outcome": "delivered",
            "provider_ref": mine["id"],
        }
    ]
    assert service.request("GET", "/messages?about_ref=nothing").json["items"] == []


def test_a_link_shows_the_question_and_takes_one_answer(service, asked):
    path = build.link(service, asked[0])
    question = service.request("GET", path).json
    assert "水池花坛改造" in question["text"]
    assert question["about"] == {"type": "topic", "ref": "topic", "turn": 1}
    assert question["closes_at"] == "2024-06-10T09:00:00+08:00"
    assert question["allowed_actions"] == ["answer"]
    answer = service.request("POST", path, GOOD | {"reason_code": "quick"})
    assert (answer.status_code, answer.json["state"]) == (200, "answered")
    assert service.request("GET", path).json["allowed_actions"] == []
    second = service.request("POST", path, {"resolution": "unresolved", "grade": 1})
    assert (second.status_code, second.json["code"]) == (409, "already_answered")
    (said,) = service.said(notify.FeedbackReceived)
    assert (said.data["resident_ref"], said.data["grade"]) == (asked[0], 5)
    assert said.data["reason_code"] == "quick"


def test_no_token_is_needed_to_answer(service, asked):
    path = build.link(service, asked[0])
    assert service.anonymous("GET", path).status_code == 200
    assert service.anonymous("POST", path, GOOD).status_code == 200
    assert service.anonymous("GET", "/messages").status_code == 401


def test_a_link_that_belongs_to_nobody_is_not_found(service, asked):
    for method, body in (("GET", None), ("POST", GOOD)):
        answer = service.request(method, "/answers/guessed", body)
        assert (answer.status_code, answer.json["code"]) == (404, "link_unknown")


def test_a_link_is_gone_after_fourteen_days(service, asked):
    path = build.link(service, asked[0])
    service.clock.advance(days=13, hours=23)
    service.run()
    assert service.request("GET", path).status_code == 200
    service.clock.advance(hours=1)
    service.run()
    for method, body in (("GET", None), ("POST", GOOD)):
        answer = service.request(method, path, body)
        assert (answer.status_code, answer.json["code"]) == (410, "question_over")
    (view,) = service.request("GET", "/questions?about_ref=topic").json["items"]
    assert (view["state"], view["asked"], view["answered"]) == ("closed", 2, 0)


@pytest.mark.parametrize("grade", [0, 6, "5", None])
def test_a_grade_outside_one_to_five_is_refused(service, asked, grade):
    answer = service.request("POST", build.link(service, asked[0]), GOOD | {"grade": grade})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["grade"]


def test_staff_answer_for_a_person_who_was_asked(service, asked):
    (question,) = service.request("GET", "/questions").json["items"]
    body = GOOD | {"question_ref": question["id"], "resident_ref": asked[0]}
    assert service.request("POST", "/answers", body, role="resident").status_code == 403
    outside = service.request("POST", "/answers", body, role="community", scope="place:another")
    assert outside.status_code == 403
    answer = service.request("POST", "/answers", body, role="community", scope="place:community")
    assert answer.status_code == 200, answer.text
    assert service.request("POST", "/answers", body).status_code == 409
    for field in ("resident_ref", "question_ref"):
        unknown = service.request("POST", "/answers", body | {field: "none"})
        assert (unknown.status_code, unknown.json["code"]) == (422, "unknown")
        assert [error["field"] for error in unknown.json["errors"]] == [field]
    (said,) = service.said(notify.FeedbackReceived)
    assert said.envelope.actor == "community:community-1"
    assert (answer.json["recorded_by"], said.data["recorded_by_staff"]) == ("community:community-1", True)


def test_a_person_corrects_what_staff_recorded_also_where_nobody_else_was_asked(service):
    person = build.register(service, "13800000001")
    service.hear(consultation.ResultLanded, "topic", facts.result_landed())
    (question,) = service.request("GET", "/questions").json["items"]
    recorded = {"question_ref": question["id"], "resident_ref": person}
    service.post("/answers", GOOD | recorded, status=200)
    (question,) = service.request("GET", "/questions").json["items"]
    assert (question["state"], question["answered_by_staff"]) == ("open", 1)
    link = build.link(service, person)
    assert service.request("GET", link).json["allowed_actions"] == ["answer"]
    own = service.post(link, {"resolution": "unresolved", "grade": 1}, status=200)
    assert (own["state"], own["recorded_by"]) == ("answered", None)
    by_staff = [event.data["recorded_by_staff"] for event in service.said(notify.FeedbackReceived)]
    assert by_staff == [True, False]
    (closed,) = service.said(notify.QuestionClosed)
    assert (closed.data["answered"], closed.data["resolved"]) == (1, 0)


def test_the_file_of_a_person_says_who_recorded_an_answer(service, asked):
    (question,) = service.request("GET", "/questions").json["items"]
    service.post("/answers", GOOD | {"question_ref": question["id"], "resident_ref": asked[0]}, status=200)
    (answer,) = service.request("GET", f"/contacts/{asked[0]}/data").json["answers"]
    assert answer["recorded_by"] == "street:street-1"


def test_the_tallies_of_a_question_are_shown(service, asked):
    service.post(build.link(service, asked[0]), {"resolution": "partly", "grade": 3}, status=200)
    (view,) = service.request("GET", "/questions?about_ref=topic").json["items"]
    tallies = (view["asked"], view["answered"], view["resolved"])
    assert (view["state"], tallies, view["allowed_actions"]) == ("open", (2, 1, 0), ["answer"])


def test_answers_given_at_the_same_time_are_all_counted_and_the_last_one_closes(service):
    people = [build.register(service, f"1380000{number:04}") for number in range(12)]
    service.hear(consultation.ResultLanded, "topic", facts.result_landed())
    links = [build.link(service, person) for person in people]
    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda link: service.request("POST", link, GOOD).status_code, links))
    assert statuses == [200] * 12
    (closed,) = service.said(notify.QuestionClosed)
    assert (closed.data["asked"], closed.data["answered"], closed.data["resolved"]) == (12, 12, 12)
