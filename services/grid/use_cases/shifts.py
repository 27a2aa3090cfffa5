"""Hand a shift over, and take it."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.shift import ShiftHandover
from services.grid.use_cases.ports import Work
from shared.kernel.clock import next_midnight
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class HandShiftOver(Command):
    """交班 At a place; `to_subject`: the account of who takes over."""

    place_ref: str
    to_subject: str
    remarks: str = ""


@use_case
def hand_shift_over(command: HandShiftOver, work: Work) -> ShiftHandover:
    """With what is open there now. Raises Unknown, OutsideScope, PlaceEnded, HandedToOneself."""
    place = work.places.named(command.place_ref, field="place_ref")
    place.must_be_there(field="place_ref")
    handover = ShiftHandover(
        place,
        work.shift_handovers.open_matters(place, next_midnight(work.now)),
        by=work.actor,
        to_subject=command.to_subject,
        remarks=command.remarks,
        now=work.now,
    )
    work.shift_handovers.add(handover)
    return handover


@dataclass(frozen=True)
class TakeShift(Command):
    """接班"""

    handover_id: str


@use_case
def take_shift(command: TakeShift, work: Work) -> ShiftHandover:
    """By whom it was handed to. Raises ShiftOfAnother, NotNow, NotFound, OutsideScope."""
    handover = work.shift_handovers.get(command.handover_id)
    handover.take(subject=work.actor.id, now=work.now)
    return handover
