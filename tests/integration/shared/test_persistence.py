"""What every service's store can do, on both databases: repositories, lists, values, one transaction, the schedule."""

from __future__ import annotations

import gc
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, StatementError

from shared.contracts.registry import ContractBroken
from shared.kernel.command import Actor, Cause, OutsideScope
from shared.kernel.errors import ConcurrentChange, NotFound, Unknown
from shared.persistence.database import Database
from shared.persistence.listing import PositionUnknown, one, page
from shared.persistence.tables import kernel, scheduled_commands
from shared.persistence.unit_of_work import EventTooLarge
from shared.testing.harness import STARTED, STREET_STAFF, ServiceUnderTest, empty
from tests.integration.shared import toy
from tests.integration.shared.toy import RUNG, TOYS, Box, Do, Label, Ring, Seal, Shelf, Size, boxes

ESTATE = "/street/estate/"
HERE, ELSEWHERE = (Actor("someone", "community", f"place:{ref}") for ref in ("estate", "elsewhere"))
PRECISE = datetime(2024, 5, 27, 1, 2, 3, 456789, tzinfo=UTC)


@pytest.fixture(scope="module")
def on_postgresql(request):
    """Makes the toy's database on PostgreSQL when first asked for; gives it empty."""
    made = []

    def database():
        if not made:
            made.append(Database(request.getfixturevalue("postgresql").new_database("toys")))
            kernel.create_all(made[0].engine)
            TOYS.metadata.create_all(made[0].engine)
        empty(made[0], TOYS)
        return made[0]

    yield database
    for each in made:
        each.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def toys(request, on_postgresql):
    """The toy service on either database."""
    RUNG.clear()
    return ServiceUnderTest(TOYS, on_postgresql() if request.param == "postgresql" else None)


def do(toys, deed, actor=STREET_STAFF):
    return toys.handle(Do(deed), actor)


def keep(toys, *kept):
    do(
        toys,
        lambda work: [(work.boxes if isinstance(each, Box) else work.shelves).add(each) for each in kept],
    )


def journey_of(toys, deed, correlation_id=None):
    return toys.application.handle_in_journey(Do(deed), Cause(STREET_STAFF, correlation_id))[1]


def stored(toys, id, kind=Box):
    return toys.application.ask(one, STREET_STAFF, kind, id)


def schedule(toys, tone, *, days, key=None):
    due_at = STARTED + timedelta(days=days)
    return journey_of(toys, lambda work: work.schedule(due_at, Ring(tone), key=key or tone))


# ---- repositories


def test_what_is_kept_is_found_again(toys):
    keep(toys, Box("a", ESTATE))
    for actor in (STREET_STAFF, HERE):
        assert do(toys, lambda work: work.boxes.get("a").colour, actor) == "grey"
        assert do(toys, lambda work: work.boxes.find("a", locked=True).colour, actor) == "grey"
        assert do(toys, lambda work: work.boxes.named("a", field="box_ref").colour, actor) == "grey"


def test_what_is_not_there_is_missing_not_found_or_bad_input_as_the_use_case_needs_it(toys):
    assert do(toys, lambda work: work.boxes.find("nothing")) is None
    with pytest.raises(NotFound) as missing:
        do(toys, lambda work: work.boxes.get("nothing"))
    assert missing.value.text("zh") == "没有找到箱子 nothing"
    with pytest.raises(Unknown) as unknown:
        do(toys, lambda work: work.boxes.named("nothing", field="box_ref"))
    assert unknown.value.fields == ["box_ref"]
    assert unknown.value.text("en") == "box_ref: there is no box nothing"


@pytest.mark.parametrize(
    "deed",
    [
        lambda work: work.boxes.get("a"),
        lambda work: work.boxes.find("a"),
        lambda work: work.boxes.find("a", locked=True),
        lambda work: work.boxes.named("a", field="box_ref"),
        lambda work: work.boxes.add(Box("b", ESTATE)),
    ],
)
def test_who_is_confined_to_another_place_reaches_nothing_here(toys, deed):
    keep(toys, Box("a", ESTATE))
    before = toys.snapshot()
    with pytest.raises(OutsideScope):
        do(toys, deed, ELSEWHERE)
    assert toys.snapshot() == before


def test_what_lies_nowhere_is_within_everyones_reach(toys):
    do(toys, lambda work: work.boxes.add(Box("a")), ELSEWHERE)
    assert do(toys, lambda work: work.boxes.get("a").id, HERE) == "a"


# ---- lists


@pytest.fixture
def listed(toys):
    """Four boxes, kept in another order than that of their ids."""
    keep(toys, Box("c", "/street/elsewhere/", "red"), Box("a", ESTATE, "red"))
    keep(toys, Box("d", None, "blue"), Box("b", ESTATE, "blue"))

    def ids(*conditions, actor=STREET_STAFF, limit=50, after=None, **equals):
        found = toys.application.ask(page, actor, Box, *conditions, limit=limit, after=after, **equals)
        return [box.id for box in found.items], found.next

    return ids


def test_a_list_has_the_order_of_the_ids_and_no_end_to_go_on_from(listed):
    assert listed() == (["a", "b", "c", "d"], None)


def test_a_list_is_filtered_by_what_is_wanted_and_by_nothing_that_is_not(listed):
    assert listed(colour="red") == (["a", "c"], None)
    assert listed(colour=None) == (["a", "b", "c", "d"], None)
    assert listed(colour="red", place_path=ESTATE) == (["a"], None)
    assert listed(boxes.c.id > "a", colour="red") == (["c"], None)
    assert listed(colour="green") == ([], None)


def test_the_parts_of_a_list_join_without_gap_or_overlap(listed):
    assert listed(limit=3) == (["a", "b", "c"], "c")
    assert listed(limit=3, after="c") == (["d"], None)
    assert listed(limit=4) == (["a", "b", "c", "d"], None)
    assert listed(limit=1, after="a", colour="red") == (["c"], None)
    assert listed(after="d") == ([], None)


def test_a_list_shows_the_own_place_and_what_lies_nowhere(listed):
    assert listed(actor=HERE) == (["a", "b", "d"], None)
    assert listed(actor=ELSEWHERE) == (["c", "d"], None)
    assert listed(actor=HERE, limit=2) == (["a", "b"], "b")
    assert listed(actor=HERE, limit=2, after="b") == (["d"], None)
    for scope in ("place:est%", "place:estat_", "place:est"):
        assert listed(actor=Actor("someone", "community", scope)) == (["d"], None)


@pytest.mark.parametrize("sort", ["id", "-id", "colour", "-colour", "packed_at", "-packed_at"])
@pytest.mark.parametrize("limit", [1, 2, 3, 10])
def test_whatever_the_order_the_parts_join_to_the_sorted_whole(toys, sort, limit):
    kept = []
    for number, (colour, hour) in enumerate(
        [("red", 3), ("blue~x", 1), ("red", 3), ("blue~x", 2), ("grün", 1)]
    ):
        box = Box(f"{'dbace'[number]}", colour=colour)
        box.packed_at = PRECISE + timedelta(hours=hour)
        kept.append(box)
    keep(toys, *kept)
    found, after = [], None
    while True:
        part = toys.application.ask(page, STREET_STAFF, Box, limit=limit, after=after, sort=sort)
        found += part.items
        after = part.next
        if after is None:
            break
    name = sort.removeprefix("-")
    expected = sorted(kept, key=lambda box: (getattr(box, name), box.id), reverse=sort.startswith("-"))
    assert [box.id for box in found] == [box.id for box in expected]


@pytest.mark.parametrize(
    ("sort", "after"),
    [
        ("packed_at", "a"),
        ("packed_at", "soon~a"),
        ("packed_at", "2024-05-27T09:00:00~a"),
        ("packed_at", "0001-01-01T00:00:00+14:00~a"),
        ("packed_at", "9999-12-31T23:59:59-14:00~a"),
        ("colour", "a"),
    ],
)
def test_what_is_no_end_of_a_part_is_refused_and_named(toys, sort, after):
    with pytest.raises(PositionUnknown) as refused:
        toys.application.ask(page, STREET_STAFF, Box, limit=1, after=after, sort=sort)
    assert refused.value.fields == ["after"]


def test_one_of_a_list_is_shown_under_the_same_rules(toys, listed):
    assert toys.application.ask(one, HERE, Box, "a").id == "a"
    with pytest.raises(OutsideScope):
        toys.application.ask(one, HERE, Box, "c")
    with pytest.raises(NotFound):
        toys.application.ask(one, HERE, Box, "nothing")


# ---- values


def test_values_come_back_as_they_were_with_their_instants(toys):
    box = Box("a")
    box.seal = Seal(1, PRECISE)
    box.seals = [Seal(1, PRECISE, PRECISE + timedelta(days=1)), Seal(2, PRECISE)]
    box.label = Label("易碎", Size(3, 4))
    keep(toys, box)
    found = stored(toys, "a")
    assert found is not box
    assert (found.seal, found.seals, found.label) == (box.seal, box.seals, box.label)
    assert found.seal.sealed_at.utcoffset() == timedelta(0)


def test_a_missing_value_and_an_empty_list_come_back_as_such(toys):
    keep(toys, Box("a"))
    assert (stored(toys, "a").seal, stored(toys, "a").seals) == (None, [])


def test_a_list_of_values_that_is_assigned_anew_is_kept(toys):
    keep(toys, Box("a"))

    def seal(work):
        box = work.boxes.get("a")
        box.seals = [*box.seals, Seal(7, PRECISE)]
        box.paint("red")

    do(toys, seal)
    assert stored(toys, "a").seals == [Seal(7, PRECISE)]


@pytest.mark.parametrize("instant", [PRECISE, PRECISE.astimezone(timezone(timedelta(hours=8)))])
def test_an_instant_keeps_its_microseconds_and_comes_back_in_utc(toys, instant):
    box = Box("a")
    box.packed_at = instant
    keep(toys, box)
    packed_at = stored(toys, "a").packed_at
    assert packed_at == PRECISE
    assert packed_at.utcoffset() == timedelta(0)


def test_an_instant_without_a_time_zone_is_refused(toys):
    box = Box("a")
    box.packed_at = PRECISE.replace(tzinfo=None)
    with pytest.raises(StatementError, match="naive"):
        keep(toys, box)
    assert toys.said() == []


# ---- journeys


def test_a_story_that_nobody_names_begins_with_its_first_thing(toys):
    first = journey_of(toys, lambda work: work.boxes.add(Box("a")))
    second = journey_of(toys, lambda work: work.boxes.add(Box("b")))
    assert first != second
    assert (stored(toys, "a").journey, stored(toys, "b").journey) == (first, second)
    assert [said.envelope.correlation_id for said in toys.said()] == [first, second]


def test_a_story_goes_on_with_the_first_thing_that_is_touched(toys):
    first = journey_of(toys, lambda work: work.boxes.add(Box("a")))
    keep(toys, Box("b"))

    def touch_both(work):
        work.boxes.get("a")
        work.boxes.get("b").paint("red")
        work.boxes.add(Box("c"))

    assert journey_of(toys, touch_both) == stored(toys, "c").journey == first
    assert [said.envelope.correlation_id for said in toys.said()[2:]] == [first, first]
    assert stored(toys, "b").journey != first


def test_a_story_that_is_named_is_not_changed_by_what_it_touches(toys):
    keep(toys, Box("a"))

    def touch(work):
        work.boxes.get("a").paint("red")
        work.boxes.add(Box("b"))

    assert journey_of(toys, touch, "named") == "named"
    assert stored(toys, "a").journey != "named"
    assert stored(toys, "b").journey == "named"
    assert [said.envelope.correlation_id for said in toys.said()[1:]] == ["named", "named"]


def test_a_reference_fact_leads_nowhere(toys):
    own = journey_of(toys, lambda work: work.shelves.add(Shelf("shelf")))

    def touch_shelf_first(work):
        work.shelves.get("shelf")
        work.boxes.add(Box("a"))

    assert stored(toys, "shelf", Shelf).journey == own
    assert journey_of(toys, touch_shelf_first) != own


# ---- events


def test_what_was_written_early_and_forgotten_is_still_said(toys):
    keep(toys, Box("a"))

    def paint_and_forget(work):
        def paint():
            work.boxes.get("a").paint("red")
            work.boxes.add(Box("b", colour="blue"))

        paint()
        work.session.execute(select(boxes.c.id)).all()  # writes what has changed so far
        gc.collect()
        work.boxes.get("a").paint("green")

    do(toys, paint_and_forget)
    colours = {said.data["colour"]: said.envelope.aggregate_version for said in toys.said()[1:]}
    assert colours == {"red": 2, "blue": 1, "green": 3}
    assert toys.said()[-1].data == {"colour": "green"}


def test_two_facts_of_one_thing_in_one_transaction_get_following_versions(toys):
    box = Box("a")
    box.paint("red")
    box.paint("blue")
    keep(toys, box)
    said = [(said.data["colour"], said.envelope.aggregate_version) for said in toys.said()]
    assert said == [("grey", 1), ("red", 2), ("blue", 3)]
    assert stored(toys, "a").version == 3


def test_a_fact_that_stays_at_home_is_kept_and_not_said(toys):
    keep(toys, Shelf("shelf"))
    assert stored(toys, "shelf", Shelf).version == 1
    assert toys.said() == []


def test_what_fails_leaves_nothing_and_says_nothing(toys):
    before = toys.snapshot()

    def fail(work):
        work.boxes.add(Box("a"))
        work.session.flush()
        work.schedule(STARTED, Ring("a"), key="a")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        do(toys, fail)
    assert toys.snapshot() == before


def test_an_event_that_no_message_can_carry_is_refused_and_nothing_is_written(toys):
    before = toys.snapshot()
    with pytest.raises(EventTooLarge) as refused:
        keep(toys, Box("small"), Box("a", colour="红" * 22_000))
    assert refused.value.code == "event_too_large"
    assert refused.value.facts["bytes"] > refused.value.facts["most"] == 64 * 1024
    assert toys.snapshot() == before
    keep(toys, Box("a", colour="红" * 21_000))
    assert len(toys.said()) == 1


def test_a_service_says_only_its_own_events(toys, monkeypatch):
    monkeypatch.setattr(toy.BoxPainted, "type", "strangers.box.painted.v1")
    with pytest.raises(ContractBroken, match="toys may not say it"):
        keep(toys, Box("a"))
    assert toys.said() == []


# ---- two writers


def stale(times):
    """A deed whose box somebody else changes, between its reading and its writing, so many times."""
    tries = []

    def paint(work):
        box = work.boxes.get("a")
        tries.append(box.version)
        if len(tries) <= times:
            work.session.execute(update(boxes).values(version=boxes.c.version + 1))
        box.paint("red")

    return paint, tries


def test_a_writer_who_was_overtaken_tries_again_with_what_is_there_now(toys):
    keep(toys, Box("a"))
    paint, tries = stale(times=2)
    do(toys, paint)
    assert len(tries) == 3
    assert stored(toys, "a").colour == "red"
    assert [said.data["colour"] for said in toys.said()] == ["grey", "red"]


def test_a_writer_who_is_overtaken_again_and_again_is_told_so(toys):
    keep(toys, Box("a"))
    before = toys.snapshot()
    paint, tries = stale(times=99)
    with pytest.raises(ConcurrentChange):
        do(toys, paint)
    assert len(tries) == 3
    assert toys.snapshot() == before


# ---- the schedule


def test_commands_are_carried_out_when_they_are_due_by_the_business_clock_the_earliest_first(toys):
    for tone, days in (("third", 3), ("first", 1), ("second", 2), ("late", 9)):
        schedule(toys, tone, days=days)
    toys.run()
    assert RUNG == []
    toys.clock.at = STARTED + timedelta(days=1)
    toys.run()
    assert RUNG == ["first"]
    toys.clock.at = STARTED + timedelta(days=5)
    toys.run()
    toys.run()
    assert RUNG == ["first", "second", "third"]
    assert toys.scheduled() == ["late"]


def test_the_same_key_replaces_what_was_scheduled(toys):
    schedule(toys, "low", days=1, key="bell")
    schedule(toys, "high", days=2, key="bell")
    assert toys.scheduled() == ["bell"]
    toys.clock.at = STARTED + timedelta(days=1)
    toys.run()
    assert RUNG == []
    toys.clock.at = STARTED + timedelta(days=2)
    toys.run()
    assert RUNG == ["high"]


def test_what_is_unscheduled_is_forgotten_and_nothing_else(toys):
    schedule(toys, "low", days=1)
    schedule(toys, "high", days=1)
    do(toys, lambda work: work.unschedule("low"))
    do(toys, lambda work: work.unschedule("nothing"))
    toys.clock.at = STARTED + timedelta(days=1)
    toys.run()
    assert RUNG == ["high"]


def test_what_comes_of_a_scheduled_command_belongs_to_the_story_that_scheduled_it(toys):
    journey = schedule(toys, "low", days=0)
    toys.run()
    assert stored(toys, "low").journey == journey
    (said,) = toys.said()
    assert (said.envelope.correlation_id, said.envelope.actor) == (journey, "system:toys")


def test_a_command_that_is_refused_stays_visible_with_its_reason_and_hinders_no_other(toys):
    schedule(toys, "refused", days=0)
    schedule(toys, "low", days=1)
    toys.clock.at = STARTED + timedelta(days=1)
    toys.run()
    assert RUNG == ["low"]
    with toys.database.reading() as session:
        (dead,) = session.execute(select(scheduled_commands)).all()
    assert (dead.key, dead.command, dead.state, dead.attempts) == ("refused", "Ring", "dead", 1)
    assert dead.reason == "Invalid: invalid: no such tone"
    do(toys, lambda work: work.unschedule("refused"))
    assert toys.scheduled() == ["refused"]


def test_a_dead_command_comes_to_life_when_its_key_is_scheduled_again(toys):
    schedule(toys, "refused", days=0, key="bell")
    toys.run()
    schedule(toys, "low", days=0, key="bell")
    toys.run()
    assert (RUNG, toys.scheduled()) == (["low"], [])


def test_an_error_of_the_database_does_not_tell_the_values():
    with pytest.raises(DBAPIError) as error, Database("sqlite://").writing() as session:
        session.execute(text("SELECT :phone FROM nowhere"), {"phone": "a phone"})
    assert "a phone" not in str(error.value)
