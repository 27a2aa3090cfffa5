"""Register venues, close and reopen them."""

from __future__ import annotations

from dataclasses import dataclass

from services.consultation.domain.topic import Site
from services.consultation.domain.venue import Venue
from services.consultation.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class RegisterVenue(Command):
    """登记场地"""

    kind: str
    name: str
    capacity: int
    place_ref: str


@use_case
def register_venue(command: RegisterVenue, work: Work) -> Venue:
    """A new venue. Raises UnknownReference, Forbidden."""
    place = work.copy_of("grid.place", command.place_ref, field="place_ref")
    venue = Venue(kind=command.kind, name=command.name, capacity=command.capacity, site=Site.of(place))
    work.venues.add(venue)
    return venue


@dataclass(frozen=True)
class CloseVenue(Command):
    """停用场地"""

    venue_id: str


@use_case
def close_venue(command: CloseVenue, work: Work) -> Venue:
    """Nobody books it any more. Raises NotNow."""
    venue = work.venues.get(command.venue_id)
    venue.close()
    return venue


@dataclass(frozen=True)
class ReopenVenue(Command):
    """恢复使用场地"""

    venue_id: str


@use_case
def reopen_venue(command: ReopenVenue, work: Work) -> Venue:
    """It is booked again. Raises NotNow."""
    venue = work.venues.get(command.venue_id)
    venue.reopen()
    return venue
