"""Aggregates record facts."""

from __future__ import annotations

from dataclasses import dataclass

from shared.kernel.aggregate import Aggregate, DomainEvent


@dataclass(frozen=True)
class Painted(DomainEvent):
    """A fact."""

    colour: str


class Door(Aggregate):
    """Something that facts happen to."""


def test_each_fact_carries_the_version_that_it_brought():
    door = Door()
    door.record(Painted("red"))
    door.record(Painted("green"))
    facts = door.take_recorded()
    assert [(fact.version, fact.event.colour) for fact in facts] == [(1, "red"), (2, "green")]
    assert door.version == 2


def test_facts_are_taken_once_and_versions_go_on():
    door = Door()
    door.record(Painted("red"))
    door.take_recorded()
    assert door.take_recorded() == []
    door.record(Painted("green"))
    assert [fact.version for fact in door.take_recorded()] == [2]


def test_one_that_was_loaded_without_its_initialiser_records_too():
    door = Door.__new__(Door)
    door.version = None
    door.record(Painted("red"))
    assert (door.version, len(door.take_recorded())) == (1, 1)


def test_two_aggregates_do_not_share_their_facts():
    one, other = Door(), Door()
    one.record(Painted("red"))
    assert other.take_recorded() == []
