"""Captains: who may become one, for how long, what is written down; what stewards hand back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.grid.domain.captain import ORIGINS, Captain, CaptainRetired, advice
from services.grid.domain.captain_record import CaptainRecord, PointsEntry
from services.grid.domain.duty import DutyEntry
from services.grid.domain.errors.captains import (
    AnsweredBefore,
    CaptainHasRetired,
    CaptainLivesElsewhere,
    CaptainNotServing,
    DoorElsewhere,
    DoorFull,
    PointsOverdrawn,
)
from services.grid.domain.errors.places import PlaceKindUnfit
from services.grid.domain.errors.records import RecordedAhead
from services.grid.domain.place import Place
from services.grid.domain.post import Post
from services.grid.domain.steward import AskingWorks, Steward, StewardExpired, StewardRequest
from shared.contracts.grid import CAPTAIN_ORIGINS
from shared.kernel.errors import NotNow

NOW = datetime(2024, 5, 27, 1, tzinfo=UTC)
TODAY = date(2024, 5, 27)


def _place(kind: str, parent: Place | None, code: str = "X", **more: str) -> Place:
    return Place(
        kind=kind,
        name=f"{kind} {code}",
        code=code,
        parent=parent,
        street_code="110112010",
        today=TODAY,
        **more,
    )


@pytest.fixture
def building() -> Place:
    community = _place("community", _place("street", None, "110112010"), "110112010904")
    return _place("building", _place("estate", community, estate_type="tower"))


@pytest.fixture
def door(building: Place) -> Place:
    return _place("door", building, "1")


def captain_of(door: Place, origin: str = "resident", home: str | None = None) -> Captain:
    return Captain(door, person_ref="person", origin=origin, home_path=home or door.place_path)


def steward_of(building: Place) -> Steward:
    works = AskingWorks("works", "topic", "estate", "/estate/", [building.id], "contractor", "示例建设")
    request = StewardRequest(works)
    return request.appoint(building_ref=building.id, building=building, person_ref="worker", unit="项目部")


def test_the_origins_are_those_of_the_contract():
    assert tuple(ORIGINS) == CAPTAIN_ORIGINS


def test_a_captain_serves_a_door(building):
    with pytest.raises(PlaceKindUnfit):
        captain_of(building)


@pytest.mark.parametrize("origin", [origin for origin in ORIGINS if origin != "resident"])
def test_a_resident_lives_in_the_building_and_others_need_not(door, origin):
    with pytest.raises(CaptainLivesElsewhere):
        captain_of(door, home="/somewhere/else/")
    assert captain_of(door, origin, home="/somewhere/else/").state == "candidate"


def test_a_third_captain_is_refused_in_words_that_name_the_door(door):
    post = Post(door)
    for _ in range(2):
        captain_of(door).appoint(post, TODAY)
    with pytest.raises(DoorFull) as refused:
        captain_of(door).appoint(post, TODAY)
    assert door.name in refused.value.text("zh")
    assert post.serving == 2


def test_who_has_retired_comes_back_by_being_proposed_anew_only(door):
    post, captain = Post(door), captain_of(door)
    captain.appoint(post, TODAY)
    captain.retire(post, "resigned", TODAY)
    with pytest.raises(NotNow):
        captain.appoint(post, TODAY)
    with pytest.raises(CaptainHasRetired):
        captain.must_not_have_retired()


def test_a_departure_that_is_heard_twice_leaves_the_post_once(door):
    post, captain = Post(door), captain_of(door)
    captain.appoint(post, TODAY)
    captain.depart(post, "moved", TODAY)
    captain.depart(post, "erased", TODAY)
    assert (post.serving, captain.reason_code) == (0, "moved")
    assert [one.event for one in captain.take_recorded()][2:] == [CaptainRetired("moved")]


def test_the_street_advises_against_two_of_one_origin_and_allows_it(door):
    two = [captain_of(door), captain_of(door)]
    assert "不同来源" in advice(two)
    assert advice([two[0], captain_of(door, "bank")]) == advice(two[:1]) == ""


def test_points_are_spent_no_further_than_there_are(door):
    def enter(points: int) -> PointsEntry:
        return PointsEntry(
            captain_of(door), points=points, reason="x", balance=5, recorded_by="staff", now=NOW
        )

    assert enter(-5).points == -5
    with pytest.raises(PointsOverdrawn):
        enter(-6)


def test_what_has_not_happened_is_not_recorded(door):
    with pytest.raises(RecordedAhead):
        CaptainRecord(
            captain_of(door),
            stage="training",
            text="x",
            happened_on=TODAY + timedelta(days=1),
            recorded_by="staff",
            now=NOW,
            field="happened_on",
        )


@pytest.mark.parametrize(("days", "is_served"), [(-1, False), (0, True), (9, True), (10, True), (11, False)])
def test_a_duty_is_logged_for_the_days_of_the_office_also_afterwards(door, days, is_served):
    post, captain = Post(door), captain_of(door)
    captain.appoint(post, TODAY)
    captain.retire(post, "resigned", TODAY + timedelta(days=10))

    def log() -> DutyEntry:
        return DutyEntry.of_captain(
            captain,
            duty="hazard",
            text="楼道堆物",
            occurred_at=NOW + timedelta(days=days),
            recorded_by="captain",
            now=NOW + timedelta(days=12),
        )

    if is_served:
        assert (log().state, log().recorded_at) == ("done", NOW + timedelta(days=12))
    else:
        with pytest.raises(CaptainNotServing):
            log()


def stewards_duty(steward: Steward, **changed: object) -> DutyEntry:
    given = {
        "duty": "question",
        "text": "几时停水",
        "occurred_at": NOW - timedelta(hours=1),
        "answered_at": None,
        "door": None,
        "recorded_by": "steward",
        "now": NOW,
    }
    return DutyEntry.of_steward(steward, **(given | changed))  # type: ignore[arg-type]


def test_a_stewards_answer_has_a_time_that_follows_the_question(building):
    entry = stewards_duty(steward_of(building))
    assert (entry.state, entry.answer_minutes) == ("open", None)
    for at, refused in (
        (NOW - timedelta(hours=2), AnsweredBefore),
        (NOW + timedelta(hours=1), RecordedAhead),
    ):
        with pytest.raises(refused):
            stewards_duty(steward_of(building)).answer(at, NOW)
    entry.answer(NOW, NOW)
    assert (entry.state, entry.answer_minutes) == ("done", 60)


def test_a_steward_answers_for_one_building_and_while_it_is_there(building):
    steward = steward_of(building)
    elsewhere = _place("door", _place("building", _estate(), "Y"), "Y1")
    with pytest.raises(DoorElsewhere):
        stewards_duty(steward, door=elsewhere)
    steward.expire("works_accepted", back_to=[])
    with pytest.raises(NotNow):
        stewards_duty(steward)


def _estate() -> Place:
    return _place("estate", _place("community", _place("street", None, "110112010"), "110112010905"))


def test_g14_a_stewards_end_names_the_captains_to_whom_the_duty_goes_back(building, door):
    captains = [captain_of(door), captain_of(_place("door", building, "2"))]
    steward = steward_of(building)
    steward.expire("works_accepted", back_to=captains)
    steward.expire("works_accepted", back_to=[])
    _, expired = [one.event for one in steward.take_recorded()]
    assert expired == StewardExpired(
        "works_accepted",
        [captain.id for captain in captains],
        sorted(captain.door_ref for captain in captains),
    )


def test_g14_an_open_question_goes_to_a_captain_or_to_the_community_and_is_answered_there(building, door):
    captain = captain_of(door)
    to_captain, to_nobody = stewards_duty(steward_of(building)), stewards_duty(steward_of(building))
    to_captain.hand_back(captain)
    to_nobody.hand_back(None)
    assert (to_captain.state, to_captain.captain_ref, to_captain.place_path) == (
        "handed_back",
        captain.id,
        door.place_path,
    )
    assert (to_nobody.captain_ref, to_nobody.place_path) == (None, building.place_path)
    to_captain.answer(NOW, NOW)
    assert to_captain.state == "done"
