"""Staff and their postings: nobody on duty is without a grid."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.grid.domain.errors.people import (
    AlreadyPosted,
    CaptainsAreAppointed,
    LastPosting,
    NotPosted,
    StaffNeedsGrid,
    SuccessorUnfit,
)
from services.grid.domain.errors.places import PlaceKindUnfit
from services.grid.domain.share import percent
from services.grid.domain.staff import Staff, StaffAssigned, StaffReleased
from services.grid.domain.staff_categories import STAFF_CATEGORIES
from shared.kernel.errors import JiushuError, NotNow
from tests.unit.grid.test_organisation import COMMUNITIES, GRIDS, STREET, TODAY

LATER = TODAY + timedelta(days=30)


def member(*grids, category="grid_worker", name="孔令辉"):
    return Staff(
        staff_no=name,
        name=name,
        category=category,
        grids=[(GRIDS[n], "member") for n in grids],
        today=TODAY,
    )


def where(staff):
    return {posting.grid_ref for posting in staff.open_postings}


def test_there_are_eight_categories_of_which_the_article_names_five():
    assert len(STAFF_CATEGORIES) == 8
    assert sum(not category.is_assumed for category in STAFF_CATEGORIES.values()) == 5


def test_nobody_is_registered_without_a_grid_in_none_twice_and_in_nothing_else():
    with pytest.raises(StaffNeedsGrid):
        member()
    with pytest.raises(AlreadyPosted):
        member(0, 0)
    with pytest.raises(PlaceKindUnfit):
        member(0).post(COMMUNITIES[0], "member", today=TODAY)


def test_captains_are_appointed_and_never_registered():
    with pytest.raises(CaptainsAreAppointed):
        member(0, category="captain")


def test_the_last_grid_is_kept_until_there_is_another_or_the_duty_ends():
    staff = member(0)
    with pytest.raises(LastPosting) as refused:
        staff.release(GRIDS[0].id, today=LATER)
    assert all(way in refused.value.text("zh") for way in ("另一个网格", "离岗", "接替"))
    with pytest.raises(NotPosted):
        staff.release(GRIDS[1].id, today=LATER)
    staff.post(GRIDS[1], "lead", today=LATER)
    staff.release(GRIDS[0].id, today=LATER)
    assert where(staff) == {GRIDS[1].id}
    staff.end_duty(today=LATER)
    assert where(staff) == set()
    assert {posting.valid_to for posting in staff.postings} == {LATER}


def test_who_has_left_comes_back_under_the_same_number_and_with_a_grid():
    staff = member(0)
    staff.end_duty(today=LATER)
    with pytest.raises(NotNow):
        staff.post(GRIDS[0], "member", today=LATER)
    with pytest.raises(StaffNeedsGrid):
        staff.resume([], today=LATER)
    assert staff.state == "off_duty"
    staff.resume([(GRIDS[1], "member")], today=LATER)
    assert (staff.state, where(staff)) == ("on_duty", {GRIDS[1].id})


def test_a_successor_takes_over_all_grids_that_are_there_still_in_the_same_roles():
    leaver, successor = member(0, 1), member(1, name="严明")
    leaver.postings[0].role = "lead"
    leaver.replace(successor, GRIDS[:2], today=LATER)
    assert (leaver.state, where(leaver)) == ("replaced", set())
    assert {posting.grid_ref: posting.role for posting in successor.open_postings} == {
        GRIDS[0].id: "lead",
        GRIDS[1].id: "member",
    }


def test_a_successor_is_another_of_the_same_category_on_duty():
    gone = member(0, name="离岗")
    gone.end_duty(today=TODAY)
    for unfit in (None, gone, member(0, category="police", name="民警")):
        leaver = member(0)
        with pytest.raises(SuccessorUnfit):
            leaver.replace(unfit or leaver, GRIDS[:1], today=TODAY)


def test_the_place_of_staff_is_the_narrowest_around_all_their_grids():
    staff = member(0)
    assert staff.place_path == GRIDS[0].place_path
    staff.post(GRIDS[1], "member", today=TODAY)
    assert staff.place_path == COMMUNITIES[0].place_path
    staff.post(GRIDS[2], "member", today=TODAY)
    assert staff.place_path == STREET.place_path
    assert staff.works_in(GRIDS[2].place_path)
    assert staff.works_in(COMMUNITIES[1].place_path)
    assert not staff.works_in(GRIDS[3].place_path)


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["post", "release", "follow", "end", "resume"]), st.integers(0, 3), st.integers(0, 3)
    )
)


@given(st.sets(st.integers(0, 3), min_size=1), DEEDS)
def test_whatever_happens_who_is_on_duty_has_a_grid_and_what_is_told_adds_up(first, deeds):
    staff = member(*first)
    for deed, one, other in deeds:
        try:
            if deed == "post":
                staff.post(GRIDS[one], "member", today=TODAY)
            elif deed == "release":
                staff.release(GRIDS[one].id, today=TODAY)
            elif deed == "follow":
                staff.follow(GRIDS[one].id, GRIDS[other], today=TODAY)
            elif deed == "end":
                staff.end_duty(today=TODAY)
            else:
                staff.resume([(GRIDS[one], "member")], today=TODAY)
        except JiushuError:
            pass
        assert (staff.state == "on_duty") == bool(where(staff))
        assert len(where(staff)) == len(staff.open_postings)
        assert all(posting.place_path.startswith(staff.place_path) for posting in staff.open_postings)
    told = set()
    for recorded in staff.take_recorded():
        match recorded.event:
            case StaffAssigned(posting):
                told.add(posting.grid_ref)
            case StaffReleased(posting):
                told.discard(posting.grid_ref)
    assert told == where(staff)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_never_rounded_up_to_what_it_is_not(part, whole):
    part = min(part, whole)
    shown = float(percent(part, whole))
    assert shown <= 100 * part / whole + 1e-9 < shown + 0.1 + 2e-9
    assert (shown == 100) == (part == whole)


def test_a_share_of_nothing_is_none():
    assert percent(0, 0) is None


def test_a_posting_is_dated():
    assert member(0).postings[0].valid_from == date(2026, 11, 27)
