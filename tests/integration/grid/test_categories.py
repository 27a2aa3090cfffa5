"""事项类别表: adopted for a day to come; what was reported before keeps what it was promised."""

from __future__ import annotations

import pytest

SLOW = {
    "code": "0603",
    "name": "绿化缺失/枯枝",
    "first_receiver": "street",
    "staff": "grid_worker",
    "phases": [{"amount": 5, "unit": "working_days"}],
}
TABLE = {"effective_on": "2024-06-01", "basis": "街道办事处决定〔2024〕1号", "categories": [SLOW]}


def report(service, spot):
    return service.post("/cases", {"category": "0603", "place_ref": spot["id"], "text": "枯枝"})


def test_from_its_day_on_a_table_decides_and_what_was_reported_before_keeps_its_promise(service, spot):
    before = report(service, spot)
    service.post("/category-tables", TABLE)
    assert service.anonymous("GET", "/categories").json["effective_on"] == "2023-01-01"
    service.clock.advance(days=6)  # to Sunday, 2 June, nine in the morning
    now = service.anonymous("GET", "/categories").json
    assert (now["effective_on"], now["basis"], len(now["items"])) == (
        "2024-06-01",
        "街道办事处决定〔2024〕1号",
        1,
    )
    assert report(service, spot)["due_at"] == "2024-06-07T18:00:00+08:00", (
        "five working days, to the end of work"
    )
    service.post(f"/cases/{before['id']}/accept", {}, status=200)
    asked = {"amount": 8, "reason": "需订货"}
    answer = service.request("POST", f"/cases/{before['id']}/ask-extension", asked)
    assert "天" in answer.json["detail"], "its limit is still in days"


def test_what_holds_on_a_day_to_come_can_be_read(service):
    service.post("/category-tables", TABLE)
    assert service.anonymous("GET", "/categories?on=2024-06-01").json["effective_on"] == "2024-06-01"
    assert service.anonymous("GET", "/categories?on=2024-05-31").json["effective_on"] == "2023-01-01"
    (listed,) = service.request("GET", "/category-tables").json["items"]
    assert listed["basis"] == TABLE["basis"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"effective_on": "2024-05-27"}, "effective_on"),
        ({"categories": []}, "categories"),
        ({"categories": [SLOW, SLOW]}, "categories.1.code"),
        ({"categories": [SLOW | {"code": "9901"}]}, "categories.0.code"),
        ({"categories": [SLOW | {"first_receiver": "community"}]}, "categories.0.first_receiver"),
        ({"categories": [SLOW | {"phases": []}]}, "categories.0.phases"),
        (
            {"categories": [SLOW | {"phases": [{"amount": 0, "unit": "days"}]}]},
            "categories.0.phases.0.amount",
        ),
        ({"categories": [SLOW | {"phases": [{"amount": 1, "unit": "weeks"}]}]}, "categories.0.phases.0.unit"),
    ],
)
def test_what_is_wrong_in_a_table_is_named(service, changed, field):
    answer = service.request("POST", "/category-tables", TABLE | changed)
    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json["errors"]]
    assert service.request("GET", "/category-tables").json["items"] == []


def test_tables_are_only_added_and_only_by_those_who_act_for_the_whole_street(service):
    service.post("/category-tables", TABLE)
    assert service.request("POST", "/category-tables", TABLE).json["code"] == "table_not_last"
    elsewhere = service.request("POST", "/category-tables", TABLE, scope="place:elsewhere")
    assert elsewhere.status_code == 403
