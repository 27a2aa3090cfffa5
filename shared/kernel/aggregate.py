"""Aggregates record facts; they publish nothing and know no database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.kernel.errors import Term


@dataclass(frozen=True)
class DomainEvent:
    """Something that happened to an aggregate, in the words of its own service."""


@dataclass(frozen=True)
class Recorded:
    """A domain event with the version its aggregate had reached when it happened."""

    version: int
    event: DomainEvent


class Aggregate:
    """The root of a consistency boundary (聚合根).

    `version` grows with each recorded fact. It is the row's lock against a second writer and, in the event,
    the order of the facts. `journey` is the correlation id of the story that this aggregate belongs to; it is
    set when the aggregate is first stored. `place_path` names every place that the aggregate lies in
    (`/street/community/…/`), so that a caller's scope can be checked; None where it lies nowhere.

    `term` is what people call it. `leads_journey` is False for reference facts (a place, a party): a story that
    touches one does not become the story of its registration.

    Every change of state must `record` an event: a change that nobody hears of is a bug.
    """

    term: ClassVar[Term]
    leads_journey: ClassVar[bool] = True

    id: str
    version: int = 0
    journey: str | None = None
    place_path: str | None = None

    def record(self, event: DomainEvent) -> None:
        """Note a fact. The list is made lazily, because objects loaded by the mapper skip `__init__`; and a
        mapped class has no defaults of its own, so that a new one's version is None at first."""
        self.version = (self.version or 0) + 1
        self.__dict__.setdefault("_recorded", []).append(Recorded(self.version, event))
        self.__dict__["_has_news"] = True

    @property
    def has_news(self) -> bool:
        """Whether a fact was recorded since it was made or loaded."""
        return "_has_news" in self.__dict__

    def take_recorded(self) -> list[Recorded]:
        """The facts recorded since the last call."""
        recorded: list[Recorded] = self.__dict__.pop("_recorded", [])
        return recorded
