"""Places and their codes, households, and the captains' posts of doors."""

from __future__ import annotations

from datetime import date

import pytest

from services.grid.domain.errors.places import (
    CommunityCodeWrong,
    GridCodeWrong,
    PlaceEnded,
    PlaceKindUnfit,
    PlaceKindWrong,
    StreetCodeWrong,
)
from services.grid.domain.estates import ESTATE_TYPES
from services.grid.domain.household import Household
from services.grid.domain.place import Place
from services.grid.domain.post import Post, VacancyFilled, VacancyFound

STREET_CODE, TODAY = "110112010", date(2026, 11, 27)


def _place(kind: str, parent: Place | None, code: str = "X", **more: str) -> Place:
    return Place(kind=kind, name=kind, code=code, parent=parent, street_code=STREET_CODE, today=TODAY, **more)


def _community() -> Place:
    return _place("community", _place("street", None, STREET_CODE), "110112010904")


def _door(estate_type: str = "old") -> Place:
    estate = _place("estate", _community(), estate_type=estate_type)
    grid = _place("grid", estate, "110112010904001")
    return _place("door", _place("building", grid))


def _said(post: Post) -> list[object]:
    return [
        recorded.event
        for recorded in post.take_recorded()
        if isinstance(recorded.event, VacancyFound | VacancyFilled)
    ]


@pytest.mark.parametrize(
    "code", ["11011201090400", "1101120109040011", "110112010905001", "11011201090400A", "１10112010904001"]
)
def test_a_grids_code_is_its_communitys_and_three_digits(code):
    with pytest.raises(GridCodeWrong) as refused:
        _place("grid", _community(), code)
    assert "110112010904" in refused.value.text("zh")


@pytest.mark.parametrize("code", ["904", "110112011904", "1101120109040"])
def test_a_communitys_code_is_its_streets_and_three_digits(code):
    with pytest.raises(CommunityCodeWrong):
        _place("community", _place("street", None, STREET_CODE), code)


def test_an_installation_serves_one_street():
    with pytest.raises(StreetCodeWrong):
        _place("street", None, "110112011")


def test_a_door_lies_in_a_building():
    with pytest.raises(PlaceKindWrong):
        _place("door", _community())


def test_a_place_has_the_type_of_the_estate_that_it_lies_in():
    assert _door("tower").estate_type == "tower"


def test_nothing_new_begins_in_a_place_that_is_no_more():
    community = _community()
    community.valid_to = TODAY
    with pytest.raises(PlaceEnded):
        _place("grid", community, "110112010904001")


def test_a_household_lies_behind_a_door():
    assert Household(_door(), "301", today=TODAY).room == "301"
    with pytest.raises(PlaceKindUnfit):
        Household(_community(), "301", today=TODAY)


@pytest.mark.parametrize("estate_type", ESTATE_TYPES)
def test_a_door_must_have_as_many_captains_as_the_type_of_its_estate_says(estate_type):
    post = Post(_door(estate_type))
    assert post.missing == post.required == ESTATE_TYPES[estate_type].captains_per_door


def test_g13_a_door_of_two_captains_misses_one_the_moment_one_leaves():
    post = Post(_door("tower"))
    assert _said(post) == [VacancyFound(2, "door_registered")]
    post.fill()
    assert _said(post) == [VacancyFound(1, "appointed")]
    post.fill()
    assert _said(post) == [VacancyFilled()]
    post.leave("moved")
    assert _said(post) == [VacancyFound(1, "moved")]


def test_where_there_are_still_enough_nobody_hears_of_who_leaves():
    post = Post(_door("old"))
    post.fill()
    post.fill()
    _said(post)
    post.leave("moved")
    assert _said(post) == []
    assert post.missing == 0


def test_a_door_whose_estate_becomes_of_another_type_misses_a_second_captain():
    door = _door("old")
    post = Post(door)
    post.fill()
    _said(post)
    door.estate_type = "mixed_use"
    post.follow(door)
    assert _said(post) == [VacancyFound(1, "estate_type_changed")]


def test_a_door_that_is_no_more_misses_nobody():
    post = Post(_door("tower"))
    _said(post)
    post.close()
    assert _said(post) == [VacancyFilled()]
