"""A journey as a story: the parts that the services know, joined; each event below the event that caused it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from shared.access.roles import ROLES
from shared.contracts.registry import contract
from shared.kernel.clock import local

Part = Mapping[str, Any]


@dataclass(frozen=True)
class Receipt:
    """A service that heard an event; `state` pending, done, dead or discarded, and why it is not done."""

    service: str
    state: str
    reason: str | None


@dataclass
class Told:
    """An event in its story. `depth` counts the causes above it; `at` is Beijing time."""

    event_id: str
    type: str
    service: str
    at: datetime
    actor: str | None
    about: str
    text: str
    published: bool
    causation_id: str | None
    cause: Told | None = None
    effects: list[Told] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    depth: int = 0

    @property
    def title(self) -> str:
        """What happened, in Chinese."""
        return title_of(self.type)

    @property
    def is_dead(self) -> bool:
        """Whether a service could not handle it."""
        return any(receipt.state == "dead" for receipt in self.receipts)


@dataclass
class Story:
    """A journey. `cut`: there is more than is told."""

    correlation_id: str
    beginnings: list[Told]
    cut: bool

    def events(self) -> Iterator[Told]:
        """All events: each followed by what it caused."""
        waiting = self.beginnings[::-1]
        while waiting:
            told = waiting.pop()
            yield told
            waiting += told.effects[::-1]

    def days(self) -> list[tuple[datetime, list[Told]]]:
        """The events by the day on which their chain of causes began."""
        chains = groupby(self.beginnings, key=lambda told: told.at.date())
        return [
            (chain[0].at, list(Story(self.correlation_id, chain, False).events()))
            for chain in (list(chain) for _, chain in chains)
        ]

    def count(self, state: str) -> int:
        """How many receipts are in that state."""
        return sum(receipt.state == state for told in self.events() for receipt in told.receipts)

    @property
    def unpublished(self) -> int:
        """How many events have not left their service."""
        return sum(not told.published for told in self.events())

    @property
    def services(self) -> list[str]:
        """Who took part."""
        told = list(self.events())
        return sorted({one.service for one in told} | {r.service for one in told for r in one.receipts})


@dataclass(frozen=True)
class Summary:
    """A journey in one line; `began_at` and `last_at` are Beijing time."""

    correlation_id: str
    title: str
    about: str
    began_at: datetime
    last_at: datetime
    said: int
    open: int
    dead: int


def tell(correlation_id: str, parts: Sequence[Part]) -> Story | None:
    """Join what the services answered (`JourneyStoryView`); None where none of them knows the journey."""
    steps = [(part["service"], step) for part in parts for step in part["steps"]]
    told = {step["event_id"]: _told(service, step) for service, step in steps if step["kind"] == "said"}
    if not told:
        return None
    for service, step in steps:
        if step["kind"] == "heard" and step["event_id"] in told:
            told[step["event_id"]].receipts.append(Receipt(service, step["state"], step["reason"]))
    beginnings: list[Told] = []
    for event in sorted(told.values(), key=lambda event: (event.at, event.event_id)):
        event.cause = told.get(event.causation_id or "")
        (event.cause.effects if event.cause else beginnings).append(event)
    story = Story(correlation_id, beginnings, any(part["cut"] for part in parts))
    for event in story.events():
        event.depth = event.cause.depth + 1 if event.cause else 0
    return story


def newest(parts: Sequence[Part], most: int) -> list[str]:
    """The journeys with the newest events of all services, out of the newest of each."""
    last: dict[str, datetime] = {}
    for item in (item for part in parts for item in part["items"]):
        at = datetime.fromisoformat(item["last_at"])
        last[item["correlation_id"]] = max(at, last.get(item["correlation_id"], at))
    return sorted(last, key=lambda id: last[id], reverse=True)[:most]


def summaries(ids: Sequence[str], parts: Sequence[Part]) -> list[Summary]:
    """One line for each journey, from what all services know of it (`JourneyView`)."""
    known: dict[str, list[Part]] = {}
    for item in (item for part in parts for item in part["items"]):
        known.setdefault(item["correlation_id"], []).append(item)
    return [_summary(id, known[id]) for id in ids if any(item["said"] for item in known.get(id, ()))]


def title_of(event_type: str) -> str:
    """The Chinese title of a type of event; the type itself where it is not known here."""
    event = contract(event_type)
    return (event.title if event else "") or event_type


def who(actor: str | None, titles: Mapping[str, str]) -> str:
    """The actor in words: a service by its title, a person by its role (where it is told) and its own id."""
    if actor is None:
        return "未记录"
    kind, _, id = actor.partition(":")
    if kind == "system":
        return f"系统（{titles.get(id, id)}）"
    return f"{ROLES[kind]} {id}" if kind in ROLES and id else actor


def _told(service: str, step: Part) -> Told:
    return Told(
        step["event_id"],
        step["type"],
        service,
        local(datetime.fromisoformat(step["time"])),
        step["actor"],
        step["about"],
        step["text"],
        step["published"],
        step["causation_id"],
    )


def _summary(correlation_id: str, items: Sequence[Part]) -> Summary:
    speakers = [item for item in items if item["said"]]
    first = min(speakers, key=lambda item: datetime.fromisoformat(item["began_at"]))
    last = max(datetime.fromisoformat(item["last_at"]) for item in speakers)
    return Summary(
        correlation_id,
        title_of(first["first_type"]),
        first["about"],
        local(datetime.fromisoformat(first["began_at"])),
        local(last),
        said=sum(item["said"] for item in items),
        open=sum(item["waiting"] + item["unpublished"] for item in items),
        dead=sum(item["dead"] for item in items),
    )
