"""Chain 12, its second part, on both substrates: a resident who is a captain moves away → the captain retires → the
vacancy is found → the staff of the community read of it, and of its end. And one who has the data erased."""

from __future__ import annotations

import pytest

from shared.demo import neighbourhood
from tests.e2e.ledger import assert_everybody_heard_everything_once


@pytest.fixture(params=["embedded", "distributed"])
def deployment(request):
    return request.getfixturevalue(request.param)


class Tower:
    """An estate of two towers, whose doors have two captains each; what its community's staff see and do."""

    def __init__(self, stage):
        self.stage = stage
        street = neighbourhood.street(stage)
        self.estate = neighbourhood.estate(
            stage, street, name="金侨", code="904", owners=100, area_dm2=1_000_000, spot="水池"
        )
        self.here, self.away = self.estate.doors
        self.staff = {"role": "community", "scope": f"place:{self.estate.community}"}

    def captain(self, name, number, origin):
        """A resident of the first tower, chosen and appointed."""
        person = neighbourhood.resident(self.stage, name, number, self.here)
        body = {
            "door_ref": self.here,
            "person_ref": person,
            "origin": origin,
            "chosen_how": "居民代表推选",
            "chosen_on": "2024-05-20",
        }
        candidate = self.stage.post("/grid/v1/captains", body, **self.staff)
        path = f"/grid/v1/captains/{candidate['id']}/appoint"
        self.stage.do("社区聘任楼门长", path, {}, **self.staff)
        return person, candidate["id"]

    def gap(self):
        """How many are missing at the door, as grid says."""
        return self.stage.ask(f"/grid/v1/captain-posts/{self.here}", **self.staff)["missing"]

    def notice(self, state):
        """The text of the last notice about the door in that state that the community's staff can read."""
        path = f"/notify/v1/staff-notices?about_ref={self.here}&state={state}"
        notices = self.stage.ask(path, **self.staff)["items"]
        return notices[-1]["text"] if notices else ""

    def until_told(self, state, what):
        """The staff can read it."""
        self.stage.until(what, lambda: what in self.notice(state))


def test_a_captain_who_moves_or_is_erased_retires_and_the_community_hears_of_the_vacancy(deployment):
    deployment.start()
    stage = deployment.stage
    tower = Tower(stage)
    tower.until_told("open", "现缺2名")
    (mover, moved), (forgotten, erased) = (
        tower.captain("吴敏", 21, "resident"),
        tower.captain("郑凯", 22, "merchant"),
    )
    assert tower.gap() == 0
    stage.until("岗位补齐后工作提醒解决", lambda: not tower.notice("open"))

    stage.do("社区登记迁居", f"/notify/v1/contacts/{mover}/correct", {"door_ref": tower.away}, **tower.staff)
    tower.until_told("open", "现缺1名")
    stage.do("本人要求删除", f"/notify/v1/contacts/{forgotten}/erase", {}, **tower.staff)
    tower.until_told("open", "现缺2名")
    assert tower.gap() == 2
    for captain, reason in ((moved, "moved"), (erased, "erased")):
        seen = stage.ask(f"/grid/v1/captains/{captain}", **tower.staff)
        assert (seen["state"], seen["reason_code"]) == ("retired", reason)
    again = {
        "door_ref": tower.here,
        "person_ref": forgotten,
        "origin": "merchant",
        "chosen_how": "自荐",
        "chosen_on": "2024-05-20",
    }
    refused = stage.do("再推选已删除的人", "/grid/v1/captains", again, **tower.staff, expect=422)
    assert refused["code"] == "ended_reference"
    tower.captain("冯兰", 23, "resident")
    tower.captain("韩立", 24, "bank")
    stage.until("补齐后工作提醒解决", lambda: not tower.notice("open"))
    elsewhere = {"role": "community", "scope": "place:elsewhere"}
    assert stage.ask("/notify/v1/staff-notices", **elsewhere)["items"] == []
    assert_everybody_heard_everything_once(stage, stage.teller.journeys)
