"""热线 The 12345 hotline as a neighbour: take its orders in, hear what it says of them, compare the day's numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.grid.domain import hotline_order as hotline
from services.grid.domain.case import HOTLINE, Case
from services.grid.domain.case_lifecycle import LIFECYCLE
from services.grid.domain.errors.hotline import NotDispatched, UntilMissing
from services.grid.domain.hotline_order import EXTENSION, OBJECTION, REVISIT, HotlineOrder, Said, Word
from services.grid.domain.hotline_reconciliation import HotlineReconciliation
from services.grid.use_cases.answers import take_word
from services.grid.use_cases.case_clocks import follow_up
from services.grid.use_cases.case_moves import choice_of
from services.grid.use_cases.cases import ReportCase, put_at, report_case, whereabouts
from services.grid.use_cases.ports import Work
from shared.kernel.command import Command, use_case
from shared.kernel.errors import Term


@dataclass(frozen=True)
class PutHotlineOrder(Command):
    """热线来单 Under the hotline's number. `revised_at` None: as it was received. The contact is sealed already."""

    number: str
    received_at: datetime
    kind: str
    content: str
    triage: str
    fingerprint: str
    revised_at: datetime | None = None
    answer: str = ""
    category: str | None = None
    place_ref: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    address: str = ""
    due_at: datetime | None = None
    reporter_sealed: str | None = None


@dataclass(frozen=True)
class OrderKept:
    """An order, and whether this is the first that was heard of it."""

    order: HotlineOrder
    is_new: bool


@use_case
def put_hotline_order(command: PutHotlineOrder, work: Work) -> OrderKept:
    """The same again changes nothing; what has changed is put right, here and in the case, as long as that is open.

    Raises what reporting a case raises, CategoryMissing, AnswerMissing, RecordedAhead, DispatchedAlready, OutsideScope.
    """
    order = work.hotline_orders.find(command.number, locked=True)
    is_new = order is None
    if order is None:
        where = whereabouts(command.place_ref, command.longitude, command.latitude, command.address, work)
        order = HotlineOrder(command.number, _said(command), place=where.place, now=work.now)
        work.hotline_orders.add(order)
    else:
        former_due_at = order.due_at
        if not order.revise(_said(command), now=work.now):
            return OrderKept(order, is_new=False)
        if order.case_ref is not None:
            _amend(work.cases.get(order.case_ref), command, former_due_at, work)
    if order.is_to_be_taken_up:
        order.take_up(report_case(_report(command, work), work))
    return OrderKept(order, is_new)


@dataclass(frozen=True)
class HearObjectionRuled(Command):
    """派单异议裁定 Upheld, it goes to `party_ref` where that is named, else it leaves the street."""

    number: str
    id: str
    upheld: bool
    reason: str
    said_at: datetime
    party_ref: str | None = None


@use_case
def hear_objection_ruled(command: HearObjectionRuled, work: Work) -> HotlineOrder:
    """Said again it changes nothing. Raises NotFound, OutsideScope, NotDispatched, WordTaken, RecordedAhead,
    PartyUnfit, LedByThemNow, DecidedByWhoAsked."""
    ruling = hotline.UPHELD if command.upheld else hotline.OVERRULED
    word = Word(command.id, OBJECTION, ruling, command.said_at, command.reason)
    return _hear(command.number, word, lambda case: _rule(case, command, work), work)


@dataclass(frozen=True)
class HearExtensionDecided(Command):
    """延期审批"""

    number: str
    id: str
    granted: bool
    said_at: datetime
    until: datetime | None = None
    reason: str = ""


@use_case
def hear_extension_decided(command: HearExtensionDecided, work: Work) -> HotlineOrder:
    """Said again it changes nothing, nor does one that ends before another that was granted. Raises NotFound,
    OutsideScope, NotDispatched, WordTaken, RecordedAhead, UntilMissing, DecidedByWhoAsked."""
    decision = hotline.GRANTED if command.granted else hotline.REFUSED
    word = Word(command.id, EXTENSION, decision, command.said_at, command.reason, until=command.until)
    return _hear(command.number, word, lambda case: _decide(case, command, work), work)


@dataclass(frozen=True)
class HearRevisit(Command):
    """回访导入 What the caller told the hotline."""

    number: str
    id: str
    resolution: str
    grade: int
    said_at: datetime
    reason_code: str | None = None


@use_case
def hear_revisit(command: HearRevisit, work: Work) -> HotlineOrder:
    """The case is closed, or opened again; where it is not verified yet, once it is. Said again it changes nothing.
    Raises NotFound, OutsideScope, NotDispatched, WordTaken, RecordedAhead."""
    word = Word(
        command.id, REVISIT, command.resolution, command.said_at, command.reason_code or "", command.grade
    )
    return _hear(command.number, word, lambda case: take_word(case, word, work), work)


@dataclass(frozen=True)
class ReconcileDay(Command):
    """日对账 All numbers that the hotline has given out on a day."""

    on: date
    numbers: Sequence[str]


@use_case
def reconcile_day(command: ReconcileDay, work: Work) -> HotlineReconciliation:
    """Kept, so that it can be looked at again; a day sent again replaces what was sent. Raises OutsideScope."""
    work.actor.must_act_everywhere()
    known = work.hotline_reconciliations.find(command.on.isoformat(), locked=True)
    if known is None:
        known = HotlineReconciliation(command.on, command.numbers, by=work.actor.told, now=work.now)
        work.hotline_reconciliations.add(known)
    else:
        known.send_again(command.numbers, by=work.actor.told, now=work.now)
    return known


def _said(command: PutHotlineOrder) -> Said:
    return Said(
        received_at=command.received_at,
        revised_at=command.revised_at or command.received_at,
        kind=command.kind,
        content=command.content,
        address=command.address,
        triage=command.triage,
        answer=command.answer,
        category=command.category,
        due_at=command.due_at,
        reporter_sealed=command.reporter_sealed,
        fingerprint=command.fingerprint,
    )


def _report(command: PutHotlineOrder, work: Work) -> ReportCase:
    return ReportCase(
        category=command.category or "",
        place_ref=command.place_ref,
        text=command.content,
        source=HOTLINE,
        external_refs=[{"system": hotline.SYSTEM, "number": command.number}],
        longitude=command.longitude,
        latitude=command.latitude,
        occurred_at=min(command.received_at, work.now),
        address=command.address,
        reporter_sealed=command.reporter_sealed,
        due_at=command.due_at,
    )


def _amend(case: Case, command: PutHotlineOrder, former_due_at: datetime | None, work: Work) -> None:
    """Words and contact as they are now; the limit only where the hotline has moved it; the place only where nobody
    knew it."""
    case.amend(
        text=command.content,
        address=command.address,
        reporter_sealed=command.reporter_sealed,
        due_at=command.due_at if command.due_at != former_due_at else None,
        now=work.now,
        calendar=work.calendar,
    )
    if case.place_is_unknown and LIFECYCLE.allows("place", case.state):
        where = whereabouts(command.place_ref, command.longitude, command.latitude, command.address, work)
        if not where.is_unknown:
            put_at(case, where, work)
    follow_up(case, work)


def _hear(number: str, word: Word, take: Callable[[Case], bool | None], work: Work) -> HotlineOrder:
    order = work.hotline_orders.get(number, locked=True)
    if order.case_ref is None:
        raise NotDispatched(number=number, triage=Term(hotline.TRIAGE[order.triage], order.triage))
    if not order.has_heard(word):
        case = work.cases.get(order.case_ref)
        order.hear(word, take(case), now=work.now)
        follow_up(case, work)
    return order


def _rule(case: Case, command: HearObjectionRuled, work: Work) -> bool:
    by, reason = work.actor.told, command.reason
    if command.upheld and command.party_ref is None:
        return case.leave(reason=reason, now=work.now)
    if case.objection is None:
        return False
    if command.upheld:
        choice = choice_of(command.party_ref, reason, case, work)
        case.uphold(choice, reason=reason, by=by, now=work.now)
    else:
        case.overrule(reason=reason, by=by, now=work.now)
    return True


def _decide(case: Case, command: HearExtensionDecided, work: Work) -> bool:
    if command.granted:
        if command.until is None:
            raise UntilMissing(field="until")
        reason = command.reason
        return case.hear_extension(command.until, reason=reason, now=work.now, calendar=work.calendar)
    if case.extension is None:
        return False
    case.refuse_extension(by=work.actor.told, now=work.now)
    return True
