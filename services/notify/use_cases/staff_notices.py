"""Tell the staff of a place what waits for them there, and that it does so no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.notify.domain.staff_notice import StaffNotice
from services.notify.domain.templates import wording
from services.notify.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class TellStaff(Command):
    """提醒 Of what `kind`, which is its template too, about what and where, and the facts that fill it."""

    kind: str
    about_ref: str
    place_path: str
    facts: Mapping[str, Any]


@use_case
def tell_staff(command: TellStaff, work: Work) -> None:
    """One open notice per thing: what is there already says how it is now."""
    said = wording(command.kind, command.facts, ())
    there = work.staff_notices.open_about(command.kind, command.about_ref)
    if there is not None:
        there.reword(said)
        return
    work.staff_notices.add(
        StaffNotice(
            kind=command.kind,
            about_ref=command.about_ref,
            place_path=command.place_path,
            wording=said,
            now=work.now,
        )
    )


@dataclass(frozen=True)
class SettleStaffNotice(Command):
    """解决 It is so no more."""

    kind: str
    about_ref: str


@use_case
def settle_staff_notice(command: SettleStaffNotice, work: Work) -> None:
    """Nothing where nobody was told."""
    there = work.staff_notices.open_about(command.kind, command.about_ref)
    if there is not None:
        there.settle(work.now)
