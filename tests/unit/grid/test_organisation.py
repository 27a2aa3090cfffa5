"""Organisation trees: who may stand under whom, and where a matter may go."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.grid.domain.errors.people import (
    NotAlongTheTree,
    OrganisationEndedAlready,
    OrganisationKindWrong,
    OrganisationMisplaced,
    OrganisationStillHolds,
    PowersNotHeld,
)
from services.grid.domain.organisation import Organisation, next_along
from services.grid.domain.organisation_kinds import KINDS, TREES
from services.grid.domain.place import Place

TODAY = date(2026, 11, 27)
STREET_CODE = "110112010"
PARENTS = {"street": None, "community": "street", "grid": "community"}


def place(kind, parent=None, code="X"):
    return Place(kind=kind, name=kind, code=code, parent=parent, street_code=STREET_CODE, today=TODAY)


STREET = place("street", code=STREET_CODE)
COMMUNITIES = [place("community", STREET, f"{STREET_CODE}90{n}") for n in (1, 2)]
GRIDS = [place("grid", community, f"{community.code}00{n}") for community in COMMUNITIES for n in (1, 2)]


def organisation(kind, parent=None, at=None, **more):
    return Organisation(kind=kind, name=kind, parent=parent, place=at, today=TODAY, **more)


def levels():
    """The three levels of the whole street: one, two communities, four grids."""
    street = organisation("street_level", at=STREET)
    communities = [organisation("community_level", street, at) for at in COMMUNITIES]
    grids = [organisation("grid_level", communities[n // 2], at) for n, at in enumerate(GRIDS)]
    return [street, *communities, *grids]


@pytest.mark.parametrize(("kind", "parent"), [(kind, parent) for kind in KINDS for parent in KINDS])
def test_one_stands_under_another_of_its_own_tree_only_and_a_step_above(kind, parent):
    if parent in KINDS[kind].under:
        assert KINDS[kind].tree == KINDS[parent].tree
    else:
        above = organisation_of(parent)
        with pytest.raises(OrganisationKindWrong) as refused:
            organisation(kind, above, at_for(kind))
        assert all(KINDS[code].name in refused.value.text("zh") for code in KINDS[kind].under)


def at_for(kind):
    return {"street": STREET, "community": COMMUNITIES[0], "grid": GRIDS[0], None: None}[
        KINDS[kind].place_kind
    ]


def organisation_of(kind):
    under = KINDS[kind].under
    return organisation(kind, organisation_of(under[0]) if under else None, at_for(kind))


def test_each_tree_has_one_kind_of_root_and_the_vertical_and_horizontal_ones_three_levels():
    for tree in TREES:
        kinds = [kind for kind in KINDS.values() if kind.tree == tree]
        assert sum(not kind.under for kind in kinds) == 1
        assert max(_depth(kind.code) for kind in kinds) == 3


def _depth(code):
    return 1 + max((_depth(parent) for parent in KINDS[code].under), default=0)


def test_an_organisation_sits_where_its_kind_says_and_inside_the_one_above():
    with pytest.raises(OrganisationMisplaced):
        organisation("street_level", at=COMMUNITIES[0])
    with pytest.raises(OrganisationMisplaced):
        organisation("street_level")
    street = organisation("street_level", at=STREET)
    community = organisation("community_level", street, COMMUNITIES[0])
    with pytest.raises(OrganisationMisplaced):
        organisation("grid_level", community, GRIDS[2])


def test_party_organisations_hold_the_three_powers_or_fewer_and_offices_none():
    assert len(organisation("party_work_committee").powers) == 3
    assert organisation("party_work_committee", powers=["open_platform"]).powers == ["open_platform"]
    assert organisation("street_level", at=STREET).powers == []
    with pytest.raises(PowersNotHeld):
        organisation("street_level", at=STREET, powers=["guarantee"])


def test_a_backbone_is_a_person_of_a_branch_and_of_a_grid_and_is_not_named():
    party = organisation("street_party_org", at=STREET)
    branch = organisation("community_party_branch", party, COMMUNITIES[0])
    member = Organisation.backbone(branch, GRIDS[1], "resident-1", today=TODAY)
    assert (member.parent_ref, member.place_ref, member.person_ref) == (branch.id, GRIDS[1].id, "resident-1")
    assert member.name == "党员骨干（grid）"
    with pytest.raises(OrganisationMisplaced):
        Organisation.backbone(branch, GRIDS[2], "resident-1", today=TODAY)
    with pytest.raises(OrganisationKindWrong):
        Organisation.backbone(party, GRIDS[1], "resident-1", today=TODAY)


def test_what_others_depend_on_does_not_end_and_what_has_ended_takes_nobody():
    street = organisation("street_level", at=STREET)
    for holds in ({"under": 1, "in_hand": 0}, {"under": 0, "in_hand": 1}):
        with pytest.raises(OrganisationStillHolds):
            street.end(**holds, today=TODAY)
    street.end(under=0, in_hand=0, today=TODAY)
    with pytest.raises(OrganisationEndedAlready):
        organisation("community_level", street, COMMUNITIES[0])
    with pytest.raises(OrganisationEndedAlready):
        street.end(under=0, in_hand=0, today=TODAY)


@given(st.integers(0, 6), st.integers(0, 3), st.sets(st.integers(1, 6)))
def test_a_matter_goes_one_step_along_the_tree_and_never_to_another_s_place(holder, grid, ended):
    everyone = levels()
    for number in ended:
        everyone[number].valid_to = TODAY
    here, matter = everyone[holder], f"{GRIDS[grid].place_path}door/"
    possible = next_along(here, everyone, matter)
    by_hand = {
        other.id
        for other in everyone
        if other.valid_to is None
        and (other.id == here.parent_ref or (other.parent_ref == here.id and other.place_path in matter))
    }
    for other in everyone:
        if other.id in by_hand:
            direction = "up" if other.id == here.parent_ref else "down"
            assert possible.towards(other.id) == (other, direction)
        else:
            with pytest.raises(NotAlongTheTree) as refused:
                possible.towards(other.id)
            assert all(id in refused.value.text("zh") for id in by_hand)
