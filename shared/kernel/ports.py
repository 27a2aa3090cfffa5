"""What every service's use cases may ask of their transaction. Services add their own repositories to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from shared.kernel.command import Actor, Command
from shared.kernel.working_time import WorkingCalendar

A = TypeVar("A")


class Repository(Protocol[A]):
    """Stored aggregates of one kind, as the actor may see them.

    `locked` holds the row until the transaction ends: where rows of others are counted, or a sibling is decided on.
    For everything else the aggregate's version refuses the second writer.
    """

    def add(self, aggregate: A) -> None:
        """Keep a new aggregate. Raises Forbidden outside the actor's place."""

    def add_around(self, aggregate: A) -> None:
        """Keep a new aggregate that may lie around the actor's place, as a building does around a door."""

    def get(self, id: str, *, locked: bool = False) -> A:
        """The aggregate with that id. Raises NotFound, Forbidden."""

    def find(self, id: str, *, locked: bool = False) -> A | None:
        """The aggregate with that id, or None. Raises Forbidden."""

    def reached(self, id: str, *, locked: bool = False) -> A:
        """As `get`, of what is for everybody in a place: it may lie around the actor's place, too. Raises NotFound,
        Forbidden."""

    def named(self, ref: str, *, field: str, locked: bool = False) -> A:
        """The aggregate that the input `field` refers to. Raises Unknown naming the field, Forbidden."""


class Identity(Protocol):
    """Who this installation is."""

    @property
    def street(self) -> str:
        """The street's 9-digit code."""


class Attachments(Protocol):
    """附件 Photographs and documents."""

    def keep(self, content: bytes) -> Any:
        """Keep one, and say what is known of it: `ref`, `size`, `media_type`. Raises Invalid for what is not kept."""

    def is_photograph(self, ref: str) -> bool:
        """Whether it is kept, and is one."""

    def attach(self, ref: str, kind: str, about_ref: str) -> None:
        """From now on it belongs to something, by whose rules it is seen."""

    def disown(self, ref: str) -> None:
        """It is no longer known that this actor has uploaded it."""


class Work(Protocol):
    """One transaction: its time (business clock), the working calendar, its actor, the local copies, the schedule, the
    plugins, the attachments."""

    now: datetime
    calendar: WorkingCalendar
    actor: Actor
    plugins: Mapping[str, Mapping[str, Any]]

    @property
    def attachments(self) -> Attachments:
        """What people attach."""

    @property
    def identity(self) -> Identity:
        """Who this installation is."""

    def copy_of(self, aggregate: str, ref: str, *, field: str, locked: bool = False) -> dict[str, Any]:
        """The local copy of another service's reference fact. Raises UnknownReference, or EndedReference, naming
        `field`.

        `locked` lets no newer fact in until the transaction ends: for what a newer one will have to find.
        """

    def find_copy(self, aggregate: str, ref: str) -> dict[str, Any] | None:
        """The local copy, or None; None too where the thing is no more."""

    def copies_of(self, aggregate: str) -> list[dict[str, Any]]:
        """All local copies of one kind of those that are still there."""

    def schedule(self, due_at: datetime | None, command: Command, *, key: str) -> None:
        """Carry out `command` when it is due (None: never). The same key replaces what was scheduled."""

    def follow(self, *place_refs: str) -> Mapping[str, int]:
        """What is open in these places goes where they are now; how many rows of which table."""

    def rehearse(self, deed: Callable[[], A]) -> A:
        """What `deed` would return, or raise; nothing of it stays."""

    def unschedule(self, key: str) -> None:
        """Forget what was scheduled under that key."""
