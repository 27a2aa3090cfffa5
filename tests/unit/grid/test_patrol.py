"""巡查: where and when one may check in, and that a patrol knows no coordinates."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from services.grid.domain.errors.places import PlaceKindUnfit
from services.grid.domain.errors.visits import (
    CheckInElsewhere,
    CheckInOutsideTime,
    PatrolOfAnother,
)
from services.grid.domain.patrol import CheckIn, Patrol
from services.grid.store.patrols import check_ins
from services.grid.use_cases.patrols import CheckInAt
from shared.kernel.errors import NotNow
from tests.unit.grid.test_visit import ASKED as BEGUN
from tests.unit.grid.test_visit import BUILDING, COMMUNITY, DOOR, GRID, place

HOUR = timedelta(hours=1)
ELSEWHERE = place("building", "B2", place("grid", "110112010904002", COMMUNITY))


@pytest.fixture
def patrol():
    return Patrol(GRID, by="grid_worker:w", now=BEGUN)


@pytest.mark.parametrize("where", [GRID, BUILDING, DOOR])
def test_one_checks_in_at_any_place_of_the_grid(patrol, where):
    made = patrol.check_in("id", where, at=BEGUN, now=BEGUN + HOUR)
    assert (made.place_ref, made.patrol_ref, made.place_path) == (where.id, patrol.id, where.place_path)


@pytest.mark.parametrize("where", [COMMUNITY, ELSEWHERE])
def test_a_place_outside_the_grid_is_refused_with_the_way_out(patrol, where):
    with pytest.raises(CheckInElsewhere) as refusal:
        patrol.check_in("id", where, at=BEGUN, now=BEGUN)
    text = refusal.value.text("zh")
    assert where.name in text
    assert "另行开始" in text
    assert refusal.value.fields == ["place_ref"]


def test_a_check_in_is_told_later_but_happened_within_the_patrol(patrol):
    patrol.end(BEGUN + HOUR)
    assert (
        patrol.check_in("late", DOOR, at=BEGUN + HOUR / 2, now=BEGUN + 9 * HOUR).occurred_at < patrol.ended_at
    )
    for at in (BEGUN - HOUR, BEGUN + 2 * HOUR):
        with pytest.raises(CheckInOutsideTime):
            patrol.check_in("id", DOOR, at=at, now=BEGUN + 9 * HOUR)


def test_a_patrol_is_made_in_a_grid_by_one_person_and_ends_once(patrol):
    with pytest.raises(PlaceKindUnfit):
        Patrol(COMMUNITY, by="w", now=BEGUN)
    with pytest.raises(PatrolOfAnother):
        patrol.must_be_of("grid_worker:another")
    patrol.end(BEGUN + HOUR)
    with pytest.raises(NotNow):
        patrol.end(BEGUN + HOUR)


def test_a_check_in_knows_a_place_and_no_coordinates(patrol):
    made = patrol.check_in("id", DOOR, at=BEGUN, now=BEGUN)
    names = {*vars(made), *check_ins.c.keys(), *(field.name for field in dataclasses.fields(CheckInAt))}
    assert not [
        name for name in names if any(part in name for part in ("lat", "lon", "coord", "track", "gps"))
    ]
    assert isinstance(made, CheckIn)
