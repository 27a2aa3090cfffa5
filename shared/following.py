"""What every service does when it hears of a place (场所变动): it keeps a copy, and what is open there follows.

A service puts `*PLACES` into its subscriptions, and says in its store which rows follow (`shared.persistence.places`).
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts import grid
from shared.kernel.command import Command, use_case
from shared.kernel.ports import Work
from shared.messaging.subscriptions import Received, Subscription, copy


@dataclass(frozen=True)
class FollowPlace(Command):
    """A place has moved, or another has taken over from it."""

    place_ref: str


@use_case
def follow_place(command: FollowPlace, work: Work) -> None:
    """What is open in it goes along. Raises UnknownReference where the successor is not known here yet."""
    work.follow(command.place_ref)


def on_place_changed(event: Received) -> FollowPlace | None:
    """Nothing has left a place that was only registered so far. Told anew later, it may have moved meanwhile."""
    return FollowPlace(event.subject) if event.envelope.aggregate_version > 1 else None


PLACES: tuple[Subscription, ...] = (
    copy(grid.PlaceRegistered, on_place_changed),
    copy(grid.PlaceChanged, on_place_changed),
    copy(grid.PlaceSuperseded, on_place_changed),
)
