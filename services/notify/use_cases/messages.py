"""Tell residents and reporters what has happened: each person once per milestone."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from services.notify.domain.alarm import Alarm
from services.notify.domain.contact import Contact
from services.notify.domain.message import Message
from services.notify.domain.templates import wording
from services.notify.use_cases.ports import Work
from shared.kernel.command import Command, use_case

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class News(Command):
    """What there is to tell: the milestone, the template, the facts that fill it, and where it happened."""

    milestone: str
    about_ref: str
    template: str
    facts: Mapping[str, Any]
    place_path: str


@dataclass(frozen=True)
class TellReporters(News):
    """Something happened to a case."""

    number: str
    reporter_refs: list[str]


@use_case
def tell_reporters(command: TellReporters, work: Work) -> None:
    """Those who reported the case. A case without a reporter concerns nobody."""
    if command.reporter_refs:
        reporters = audience(command, work.contacts.known(command.reporter_refs), work)
        tell(command, reporters, {reporter.id: [command.number] for reporter in reporters}, work)


@dataclass(frozen=True)
class TellPeople(News):
    """Something became of what some people have said."""

    person_refs: Sequence[str]


@use_case
def tell_people(command: TellPeople, work: Work) -> None:
    """Those people. What nobody has put a name to concerns nobody."""
    if command.person_refs:
        tell(command, audience(command, work.contacts.known(command.person_refs), work), {}, work)


@dataclass(frozen=True)
class TellBuilding(News):
    """Something happened in a building."""

    building_ref: str


@use_case
def tell_building(command: TellBuilding, work: Work) -> None:
    """The residents of the building."""
    residents = work.contacts.residents_of_building(command.building_ref)
    tell(command, audience(command, residents, work), {}, work)


@dataclass(frozen=True)
class TellResidents(News):
    """Something happened at a place, and to the cases that it takes up, and to what some people have proposed."""

    case_refs: list[str] = field(default_factory=list)
    proposer_refs: Sequence[str] = ()


@use_case
def tell_residents(command: TellResidents, work: Work) -> None:
    """The residents of the place, those who reported the cases, and the proposers."""
    numbers = own_numbers(command.case_refs, command.place_path, work)
    others = (*numbers, *command.proposer_refs)
    tell(command, residents_and_others(command, others, work), numbers, work)


def own_numbers(case_refs: Sequence[str], place_path: str, work: Work) -> dict[str, list[str]]:
    """The numbers of their own cases there, by reporter: a topic takes up nothing from elsewhere.

    A case unknown here will speak for itself.
    """
    known = [case for ref in case_refs if (case := work.find_copy("grid.case", ref))]
    cases = [case for case in known if case["place_path"].startswith(place_path)]
    numbers: dict[str, list[str]] = {}
    for case in sorted(cases, key=itemgetter("number")):
        for reporter_ref in case["reporter_refs"]:
            numbers.setdefault(reporter_ref, []).append(case["number"])
    return numbers


def residents_and_others(news: News, others: Iterable[str], work: Work) -> Sequence[Contact]:
    """The residents of the place, and those reporters and proposers who live elsewhere."""
    residents = audience(news, work.contacts.residents_of_place(news.place_path), work)
    elsewhere = set(others) - {resident.id for resident in residents}
    return [*residents, *(work.contacts.known(elsewhere) if elsewhere else ())]


def audience(news: News, people: Sequence[Contact], work: Work) -> Sequence[Contact]:
    """The people; an audience of zero is an alarm."""
    if not people and work.alarms.of(news.milestone) is None:
        log.warning("nobody hears of %s", news.milestone)
        work.alarms.add(
            Alarm(
                milestone=news.milestone,
                about_ref=news.about_ref,
                place_path=news.place_path,
                now=work.now,
            )
        )
    return people


def tell(
    news: News,
    people: Sequence[Contact],
    numbers: Mapping[str, Sequence[str]],
    work: Work,
    personal: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """One message each for those who have not heard of the milestone.

    `numbers` are those of the person's own cases, `personal` facts are the person's own, such as a link.
    """
    told = work.messages.told(news.milestone)
    own = personal or {}
    work.messages.add_all(
        [
            Message(
                person,
                milestone=news.milestone,
                about_ref=news.about_ref,
                wording=wording(
                    news.template, {**news.facts, **own.get(person.id, {})}, numbers.get(person.id, ())
                ),
                now=work.now,
                reach_by=news.facts.get("closes_at"),
            )
            for person in people
            if person.id not in told
        ]
    )
