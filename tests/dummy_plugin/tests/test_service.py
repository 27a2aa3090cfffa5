"""honour: what holds for every service; what it hears, twice and out of order; what staff do with it."""

from __future__ import annotations

import pytest
from example_honour.contracts import CommendationProposed
from example_honour.service import DEFINITION, HonourService

from shared.contracts import consultation
from shared.testing.conformance import ServiceConformance
from shared.testing.harness import ServiceUnderTest

LANDED = {
    "topic_ref": "topic",
    "title": "水池花坛改造",
    "category": "0603",
    "place_ref": "spot",
    "place_path": "/street/community/estate/grid/spot/",
    "place_name": "中心绿地",
    "estate_ref": "estate",
    "case_refs": [],
    "works_ref": "works",
    "maintainer_ref": "company",
    "maintainer_name": "示例物业",
    "accepted_by": "居民代表5人",
}


class TestHonour(ServiceConformance):
    service = HonourService


@pytest.fixture
def honour():
    return ServiceUnderTest(DEFINITION)


def commendation_in(honour, **scope):
    (found,) = honour.request("GET", "/commendations", **scope).json["items"]
    return found


def test_a_landed_result_is_proposed_once_and_everybody_hears_of_it(honour):
    honour.hear_twice(consultation.ResultLanded, "topic", LANDED)
    found = commendation_in(honour)
    assert (found["state"], found["maintainer_name"]) == ("proposed", "示例物业")
    (said,) = honour.said()
    assert (said.type, said.subject) == (CommendationProposed.type, found["id"])
    assert said.data["topic_ref"] == "topic"


def test_the_order_in_which_results_land_does_not_matter(honour):
    other = {**LANDED, "topic_ref": "other"}
    late, early = (
        honour.message(consultation.ResultLanded, data["topic_ref"], data, version=version)
        for data, version in ((LANDED, 7), (other, 3))
    )
    honour.deliver(late, early)
    assert {said.data["topic_ref"] for said in honour.said()} == {"topic", "other"}


def test_the_street_awards_a_commendation_once(honour):
    honour.hear(consultation.ResultLanded, "topic", LANDED)
    path = f"/commendations/{commendation_in(honour)['id']}/award"
    assert honour.post(path, {"prize": "年度共治项目"}, status=200)["state"] == "awarded"
    again = honour.request("POST", path, {"prize": "年度共治项目"})
    assert (again.status_code, again.json["code"]) == (409, "not_now")


def test_who_is_responsible_for_another_place_sees_nothing(honour):
    honour.hear(consultation.ResultLanded, "topic", LANDED)
    answer = honour.request("GET", "/commendations", role="community", scope="place:elsewhere")
    assert answer.json["items"] == []
