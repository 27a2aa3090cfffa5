"""Log what captains and stewards do, and the answers that people wait for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.grid.domain.duty import DutyEntry
from services.grid.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class LogCaptainsDuty(Command):
    """楼门长履职"""

    captain_id: str
    duty: str
    text: str
    occurred_at: datetime


@use_case
def log_captains_duty(command: LogCaptainsDuty, work: Work) -> DutyEntry:
    """Raises CaptainNotServing, RecordedAhead, OutsideScope."""
    entry = DutyEntry.of_captain(
        work.captains.get(command.captain_id),
        duty=command.duty,
        text=command.text,
        occurred_at=command.occurred_at,
        recorded_by=work.actor.told,
        now=work.now,
    )
    work.duties.add(entry)
    return entry


@dataclass(frozen=True)
class LogStewardsDuty(Command):
    """施工楼栋管家履职 Without `answered_at` somebody waits for an answer."""

    steward_id: str
    duty: str
    text: str
    occurred_at: datetime
    answered_at: datetime | None
    door_ref: str | None


@use_case
def log_stewards_duty(command: LogStewardsDuty, work: Work) -> DutyEntry:
    """Raises NotNow, DoorElsewhere, RecordedAhead, AnsweredBefore, OutsideScope, Unknown. The works' end, which hands
    back what is open, waits for it, or it for the works' end."""
    steward = work.stewards.get(command.steward_id, locked=True)
    entry = DutyEntry.of_steward(
        steward,
        duty=command.duty,
        text=command.text,
        occurred_at=command.occurred_at,
        answered_at=command.answered_at,
        door=work.places.named(command.door_ref, field="door_ref") if command.door_ref else None,
        recorded_by=work.actor.told,
        now=work.now,
    )
    work.duties.add(entry)
    return entry


@dataclass(frozen=True)
class AnswerDuty(Command):
    """答复 Without `answered_at`: now."""

    duty_id: str
    answered_at: datetime | None


@use_case
def answer_duty(command: AnswerDuty, work: Work) -> DutyEntry:
    """Raises NotNow, RecordedAhead, AnsweredBefore, OutsideScope."""
    entry = work.duties.get(command.duty_id)
    entry.answer(command.answered_at or work.now, work.now)
    return entry
