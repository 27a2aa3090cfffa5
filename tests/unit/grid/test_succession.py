"""Merging and splitting places, as a deed of the domain alone."""

from __future__ import annotations

from datetime import date

import pytest

from services.grid.domain.errors.places import (
    GridCodeWrong,
    PlaceAlreadyRegistered,
    PlaceEnded,
    PlaceKindWrong,
)
from services.grid.domain.errors.successions import (
    EstateLost,
    GridNeedsNewCode,
    MoveWrong,
    NewPlaceUnused,
    NotSuperseded,
    SuccessorWrong,
)
from services.grid.domain.place import Place
from services.grid.domain.post import Post, VacancyFound
from services.grid.domain.succession import Ending, NewPlace, Succession
from shared.kernel.errors import Unknown

STREET, TODAY = "110112010", date(2026, 11, 27)
EAST, WEST, NEW = f"{STREET}001", f"{STREET}002", f"{STREET}009"
NEW_COMMUNITY = NewPlace("community", "新社区", NEW, STREET)
NEW_GRID = NewPlace("grid", "新网格", f"{NEW}001", "E")


@pytest.fixture
def town():
    """Two communities; in the eastern one an estate with a grid, a building and a door."""
    return Town()


class Town:
    """Places by their codes."""

    def __init__(self):
        self.places = {}
        self.add("street", STREET, None)
        for code in (EAST, WEST):
            self.add("community", code, STREET)
        self.add("estate", "E", EAST, estate_type="old")
        self.add("grid", f"{EAST}001", "E")
        self.add("building", "B", f"{EAST}001")
        self.add("door", "D", "B")

    def add(self, kind, code, parent, **more):
        around = self.places.get(parent)
        place = Place(kind=kind, name=code, code=code, parent=around, street_code=STREET, today=TODAY, **more)
        self.places[code] = place
        return place

    def __getitem__(self, code):
        return self.places[code]

    def supersede(self, *endings, register=()):
        old = {self.places[ending.code].id for ending in endings if ending.code in self.places}
        inside = [
            place
            for place in self.places.values()
            if place.id not in old and any(f"/{id}/" in place.place_path for id in old) and not place.valid_to
        ] + [place for place in self.places.values() if place.id in old and place.kind != "community"]
        deed = Succession(endings, register, known=self.places, inside=inside, street_code=STREET, on=TODAY)
        deed.carry_out()
        self.places |= {place.code: place for place in deed.registered}
        return deed


def test_communities_merge_with_their_grids_and_what_carries_no_official_code_goes_along(town):
    endings = [Ending(EAST, [NEW]), Ending(WEST, [NEW]), Ending(f"{EAST}001", [f"{NEW}001"])]
    deed = town.supersede(*endings, register=[NEW_COMMUNITY, NEW_GRID])
    street, new, estate, grid = town[STREET], town[NEW], town["E"], town[f"{NEW}001"]
    building, door = town["B"], town["D"]
    assert door.place_path == f"/{street.id}/{new.id}/{estate.id}/{grid.id}/{building.id}/{door.id}/"
    assert (door.community_ref, door.community_code) == (new.id, NEW)
    assert (door.grid_ref, door.grid_code, door.estate_ref) == (grid.id, f"{NEW}001", estate.id)
    assert (estate.parent_ref, building.parent_ref) == (new.id, grid.id)
    assert town[EAST].superseded_by == town[WEST].superseded_by == [new.id]
    assert {place.valid_to for place in deed.ended} == {TODAY}
    assert {place.code for place in deed.moved} == {"E", "B", "D"}
    told = [fact.event for fact in town[WEST].take_recorded()][-1]
    assert set(told.old_refs) == {town[EAST].id, town[WEST].id}


def test_a_split_says_which_child_goes_where_and_the_first_successor_has_the_rest(town):
    town.add("building", "B2", f"{EAST}001")
    register = [NewPlace("grid", "甲", f"{EAST}002", "E"), NewPlace("grid", "乙", f"{EAST}003", "E")]
    town.supersede(
        Ending(f"{EAST}001", [f"{EAST}002", f"{EAST}003"], {"B2": f"{EAST}003"}), register=register
    )
    assert town["B"].grid_code == town["D"].grid_code == f"{EAST}002"
    assert town["B2"].grid_code == f"{EAST}003"
    assert town[f"{EAST}001"].superseded_by == [town[f"{EAST}002"].id, town[f"{EAST}003"].id]


def test_a_place_may_be_merged_into_one_that_is_there_already(town):
    town.add("estate", "F", EAST, estate_type="tower")
    town.add("building", "B3", "E")
    town.supersede(Ending("E", ["F"]), Ending(f"{EAST}001", [f"{EAST}002"]), register=[_grid(2, "F")])
    assert town["B3"].place_path.startswith(town["F"].place_path)
    assert town["D"].estate_type == "tower"


def _grid(number, parent):
    return NewPlace("grid", "新", f"{EAST}00{number}", parent)


def test_a_door_in_an_estate_of_another_type_needs_other_captains(town):
    post = Post(town["D"])
    post.fill()
    post.take_recorded()
    town.add("estate", "F", EAST, estate_type="tower")
    town.supersede(Ending("E", ["F"]), Ending(f"{EAST}001", [f"{EAST}002"]), register=[_grid(2, "F")])
    post.follow(town["D"])
    assert [fact.event for fact in post.take_recorded()] == [VacancyFound(1, "estate_type_changed")]
    assert post.place_path == town["D"].place_path


def test_a_place_with_a_type_of_its_own_keeps_it(town):
    town.add("building", "shops", f"{EAST}001", estate_type="business_district")
    town.add("door", "shop", "shops")
    town.add("estate", "F", EAST, estate_type="tower")
    town.supersede(Ending("E", ["F"]), Ending(f"{EAST}001", [f"{EAST}002"]), register=[_grid(2, "F")])
    assert town["shops"].estate_type == town["shop"].estate_type == "business_district"


def test_a_merged_estate_keeps_the_type_and_a_merged_place_the_households(town):
    town["E"].household_count = 700
    town.supersede(
        Ending("E", ["F"]), Ending(f"{EAST}001", [f"{EAST}002"]), register=[_estate(), _grid(2, "F")]
    )
    assert (town["F"].estate_type, town["F"].household_count) == ("old", 700)


def _estate(parent=EAST):
    return NewPlace("estate", "新", "F", parent)


@pytest.mark.parametrize(
    ("refusal", "endings", "register"),
    [
        pytest.param(GridNeedsNewCode, [Ending(EAST, [NEW])], [NEW_COMMUNITY], id="a grid left behind"),
        pytest.param(NotSuperseded, [Ending(STREET, ["S"])], [], id="the street"),
        pytest.param(NotSuperseded, [Ending("D", ["D2"])], [], id="a door"),
        pytest.param(SuccessorWrong, [Ending(EAST, [WEST]), Ending(WEST, [EAST])], [], id="each other"),
        pytest.param(SuccessorWrong, [Ending(EAST, ["E"])], [], id="another kind"),
        pytest.param(SuccessorWrong, [Ending(EAST, [EAST])], [], id="itself"),
        pytest.param(SuccessorWrong, [Ending("E", ["F"])], [_estate(f"{EAST}001")], id="inside itself"),
        pytest.param(
            SuccessorWrong,
            [Ending("E", ["F"]), Ending(f"{EAST}001", [f"{EAST}002"])],
            [_estate(), _grid(2, "E")],
            id="in a place that ends",
        ),
        pytest.param(
            EstateLost,
            [Ending(f"{EAST}001", [f"{EAST}002"])],
            [NewPlace("grid", "新", f"{EAST}002", EAST)],
            id="out of the estate",
        ),
        pytest.param(Unknown, [Ending("nowhere", [WEST])], [], id="an unknown place"),
        pytest.param(Unknown, [Ending("E", ["nowhere"])], [], id="an unknown successor"),
        pytest.param(Unknown, [Ending("E", ["F"])], [_estate("nowhere")], id="an unknown parent"),
        pytest.param(NewPlaceUnused, [Ending(WEST, [EAST])], [_estate()], id="a new place for nothing"),
        pytest.param(
            PlaceAlreadyRegistered,
            [Ending(WEST, [EAST])],
            [NewPlace("estate", "新", "B", EAST)],
            id="a code that was given",
        ),
        pytest.param(
            GridCodeWrong,
            [Ending(f"{EAST}001", [f"{WEST}001"])],
            [NewPlace("grid", "新", f"{WEST}001", "E")],
            id="a code of another community",
        ),
        pytest.param(MoveWrong, [Ending("E", ["F"], {"D": "F"})], [_estate()], id="moving a grandchild"),
        pytest.param(
            MoveWrong, [Ending("E", ["F"], {f"{EAST}001": "E"})], [_estate()], id="moving to no successor"
        ),
        pytest.param(PlaceKindWrong, [Ending("E", ["F"])], [_estate("B")], id="where it cannot lie"),
    ],
)
def test_what_cannot_be_is_refused(town, refusal, endings, register):
    with pytest.raises(refusal):
        town.supersede(*endings, register=register)


def test_a_place_ends_once(town):
    town.supersede(Ending(WEST, [EAST]))
    with pytest.raises(PlaceEnded):
        town.supersede(Ending(WEST, [EAST]))
    with pytest.raises(PlaceEnded):
        town.supersede(Ending(EAST, [WEST]), Ending(f"{EAST}001", [f"{NEW}001"]))
