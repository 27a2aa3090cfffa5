"""经办人: who of those at work attends to a case. The order of what counts, and that nobody absent ever gets it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from services.grid.domain.attendance import (
    ELSEWHERE,
    FULL_HANDS,
    MOST_RUNNERS_UP,
    NOBODY,
    OWN_COMMUNITY,
    OWN_GRID,
    Contender,
    Wanted,
    choose,
    with_substitutes,
)
from services.grid.domain.category_table import SHIPPED
from services.grid.domain.staff_categories import CHENGGUAN, COMMUNITY_CADRE, GRID_WORKER
from services.grid.use_cases.attendants import attendance_for
from tests.unit.grid.case_builder import CALENDAR, NOW, STREET, reported

BY_DAY, BY_NIGHT = Wanted(CHENGGUAN, is_working_time=True), Wanted(CHENGGUAN, is_working_time=False)
NAMES = [f"staff-{number}" for number in range(8)]


def somebody(name="staff-1", category=CHENGGUAN, distance=OWN_GRID, in_hand=0, **more):
    return Contender(name, category, distance, in_hand, **more)


CONTENDERS = st.builds(
    Contender,
    staff_ref=st.sampled_from(NAMES),
    category=st.sampled_from([CHENGGUAN, GRID_WORKER, COMMUNITY_CADRE]),
    distance=st.sampled_from([OWN_GRID, OWN_COMMUNITY, ELSEWHERE]),
    in_hand=st.integers(0, 2 * FULL_HANDS),
    is_on_shift=st.booleans(),
    is_absent=st.booleans(),
    substitute_ref=st.none() | st.sampled_from(NAMES),
)
MANY = st.lists(CONTENDERS, max_size=12, unique_by=lambda each: (each.staff_ref, each.distance))
WANTED = st.builds(
    Wanted, st.sampled_from([CHENGGUAN, GRID_WORKER, COMMUNITY_CADRE]), is_working_time=st.booleans()
)


@given(MANY, WANTED, st.randoms())
def test_the_choice_is_the_same_whatever_the_order_in_which_they_are_found(many, wanted, chance):
    shuffled = list(many)
    chance.shuffle(shuffled)
    assert choose(shuffled, wanted) == choose(many, wanted)


@given(MANY, WANTED)
def test_nobody_who_is_absent_is_chosen_or_runs_up(many, wanted):
    absent = {each.staff_ref for each in many if each.is_absent}
    there = {each.staff_ref for each in many if not each.is_absent}
    choice = choose(many, wanted)
    named = {choice.staff_ref, *(each.staff_ref for each in choice.runners_up)} - {None}
    assert named <= there - (absent - there)


@given(MANY, WANTED)
def test_nobody_stands_in_the_answer_twice_and_each_has_a_reason(many, wanted):
    choice = choose(many, wanted)
    named = [choice.staff_ref, *(each.staff_ref for each in choice.runners_up)]
    assert len(set(named)) == len(named) <= 1 + MOST_RUNNERS_UP
    assert choice.reason
    assert all("；" in each.reason for each in choice.runners_up)


@given(MANY, WANTED)
def test_there_is_somebody_exactly_where_somebody_fits(many, wanted):
    assert (choose(many, wanted) == NOBODY) == (not any(wanted.fits(each) for each in many))


@given(MANY, WANTED)
def test_capability_goes_before_load_and_load_before_the_neighbour(many, wanted):
    best = min(filter(wanted.fits, many), key=wanted.rank, default=None)
    if best is None:
        return
    for other in filter(wanted.fits, many):
        if wanted.is_working_time and other.category == wanted.category:
            assert best.category == wanted.category
            if other.in_hand < FULL_HANDS:
                assert best.in_hand < FULL_HANDS
                assert best.distance <= other.distance
                if best.distance == other.distance:
                    assert best.in_hand <= other.in_hand


@given(MANY, WANTED)
def test_whom_the_own_grid_settles_it_with_nobody_from_elsewhere_comes_before(many, wanted):
    looked_for = [
        each
        for each in many
        if each.distance == OWN_GRID or (each.is_on_shift and not wanted.is_working_time)
    ]
    if wanted.is_settled_by(looked_for):
        assert choose(looked_for, wanted).staff_ref == choose(many, wanted).staff_ref


@given(MANY, WANTED)
def test_who_stands_in_is_there_and_takes_the_others_place_with_their_own_hands(many, wanted):
    by_ref = {each.staff_ref: each for each in many}
    for each in with_substitutes(many, by_ref)[len(many) :]:
        assert not each.is_absent
        assert each.stands_in
        assert each.in_hand == by_ref[each.staff_ref].in_hand


def test_each_says_in_words_why_it_is_chosen_and_why_it_is_not():
    choice = choose(
        [
            somebody("staff-1", in_hand=2),
            somebody("staff-2", in_hand=3),
            somebody("staff-3", distance=OWN_COMMUNITY),
            somebody("staff-4", GRID_WORKER),
        ],
        BY_DAY,
    )
    assert (choice.staff_ref, choice.reason) == ("staff-1", "本网格城管，当班，在办 2 件")
    assert [each.reason for each in choice.runners_up] == [
        "本网格城管，当班，在办 3 件；在办较多",
        "本社区其他网格城管，当班，在办 0 件；离得较远",
        "本网格网格员，当班，在办 0 件，代为先行处置（应由城管办理）；不是应派的类别",
    ]


def test_a_neighbour_with_free_hands_comes_before_the_own_grids_full_ones():
    full, free = somebody("staff-1", in_hand=FULL_HANDS), somebody("staff-2", distance=OWN_COMMUNITY)
    assert choose([full, free], BY_DAY).staff_ref == "staff-2"
    assert choose([replace(full, in_hand=FULL_HANDS - 1), free], BY_DAY).staff_ref == "staff-1"


def test_at_night_it_is_theirs_whom_the_roster_has_on_duty_and_by_day_the_ones_who_fit():
    officer = somebody("staff-1", COMMUNITY_CADRE, ELSEWHERE, is_on_shift=True)
    asleep = somebody("staff-2")
    assert choose([officer, asleep], BY_NIGHT).staff_ref == "staff-1"
    assert choose([officer, asleep], BY_DAY).staff_ref == "staff-2"
    assert "代为先行处置" in choose([officer, asleep], BY_NIGHT).reason


def test_who_is_absent_is_passed_over_and_the_substitute_gets_it():
    absent = somebody("staff-1", is_absent=True, substitute_ref="staff-2")
    stands_in = somebody("staff-2", COMMUNITY_CADRE, ELSEWHERE, in_hand=1)
    assert choose([absent], BY_DAY) == NOBODY
    choice = choose(with_substitutes([absent], {"staff-2": stands_in}), BY_DAY)
    assert (choice.staff_ref, choice.reason) == ("staff-2", "本网格城管，替班，在办 1 件")
    gone = {"staff-2": replace(stands_in, is_absent=True)}
    assert choose(with_substitutes([absent], gone), BY_DAY) == NOBODY


def test_of_two_who_are_alike_the_one_registered_first_has_it():
    choice = choose([somebody("staff-2"), somebody("staff-1")], BY_DAY)
    assert choice.staff_ref == "staff-1"
    assert choice.runners_up[0].reason.endswith("情况相同，按登记先后")


class AtWork:
    """Those of the own grid and those around, and who has left since they were found."""

    def __init__(self, own, around=(), left=()):
        self.own, self.others, self.left, self.asked = own, around, set(left), []

    def in_grid(self, *_):
        self.asked.append("in_grid")
        return list(self.own)

    def around(self, *_):
        self.asked.append("around")
        return list(self.others)

    def on_duty(self, *_):
        self.asked.append("on_duty")
        return []

    def of_refs(self, refs, _now):
        self.asked.append("of_refs")
        return {ref: somebody(ref, COMMUNITY_CADRE, ELSEWHERE) for ref in refs}

    def hold(self, ref):
        return ref not in self.left


def found(attendants, **more):
    work = SimpleNamespace(
        attendants=attendants,
        calendar=CALENDAR,
        now=NOW,
        category_tables=SimpleNamespace(on=lambda _day: SHIPPED),
    )
    return attendance_for(reported("0601", choice=STREET), work, **more)


def test_whoever_leaves_while_being_chosen_is_passed_over():
    at_work = AtWork([somebody("staff-1"), somebody("staff-2", in_hand=1)], left=["staff-1"])
    assert found(at_work).staff_ref == "staff-2"
    assert found(AtWork([somebody("staff-1")], left=["staff-1"])) == NOBODY


def test_nobody_elsewhere_is_looked_for_where_the_own_grid_settles_it():
    at_work = AtWork([somebody("staff-1")], around=[somebody("staff-2", distance=OWN_COMMUNITY)])
    assert found(at_work).staff_ref == "staff-1"
    assert at_work.asked == ["in_grid"]
    assert found(at_work, passed_over="staff-1").staff_ref == "staff-2"


def test_substitutes_are_looked_for_only_where_somebody_is_absent():
    at_work = AtWork([somebody("staff-1", is_absent=True, substitute_ref="staff-9")])
    assert found(at_work).staff_ref == "staff-9"
    assert at_work.asked == ["in_grid", "around", "on_duty", "of_refs"]
    assert found(at_work, passed_over="staff-9") == NOBODY
