"""协办: ask others to help with a case, hear what each has done; what communities may be asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.grid.domain.case import Case
from services.grid.domain.community_list import CommunityList
from services.grid.domain.errors.co_handlers import NotOnCommunityList, PartOfAnother
from services.grid.use_cases.case_moves import case_for
from services.grid.use_cases.helpers import helper_named
from services.grid.use_cases.ports import Work
from shared.access.roles import STREET
from shared.kernel.clock import local_date
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class AskCoHandler(Command):
    """请求协办 One of party and organisation."""

    case_id: str
    party_ref: str | None
    organisation_ref: str | None
    asked: str
    due_at: datetime


@use_case
def ask_co_handler(command: AskCoHandler, work: Work) -> Case:
    """Who leads goes on leading; a community is asked only for what its list says (gate G2).

    Raises NotFound, Forbidden, NotYourPart, NotNow, HelperNotSaid, NotOnCommunityList, LeadsAlready, HelpsAlready,
    HelpDueAlready, OrganisationEndedAlready, Unknown, UnknownReference.
    """
    case = case_for("ask_co_handler", command.case_id, work)
    named = helper_named(command.party_ref, command.organisation_ref, work)
    if named.is_community:
        field = "party_ref" if command.party_ref else "organisation_ref"
        _must_be_listed(case, named.helper.name, field, work)
    case.ask_co_handler(named.helper, command.asked, due_at=command.due_at, now=work.now)
    return case


@dataclass(frozen=True)
class ReleaseCoHandler(Command):
    """撤销协办"""

    case_id: str
    co_handler_ref: str
    reason: str


@use_case
def release_co_handler(command: ReleaseCoHandler, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotYourPart, NotNow, NobodyHelps, CoHandlerUnknown, PartDone, PartReleased."""
    case = case_for("release_co_handler", command.case_id, work)
    case.release_co_handler(command.co_handler_ref, reason=command.reason, now=work.now)
    return case


@dataclass(frozen=True)
class ReportPart(Command):
    """反馈协办情况. `is_done`: it is the result; else why it cannot be in time, and how far it is (接诉即办 14)."""

    case_id: str
    co_handler_ref: str
    text: str
    is_done: bool = True


@use_case
def report_part(command: ReportPart, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotYourPart, PartOfAnother, NotNow, NobodyHelps, CoHandlerUnknown, PartDone,
    PartReleased."""
    case = case_for("report_part", command.case_id, work)
    part = case.co_handler(command.co_handler_ref)
    is_theirs = work.actor.role == STREET or (
        part.party_ref == work.actor.party_ref if work.actor.party_ref else part.party_ref is None
    )
    if not is_theirs:
        raise PartOfAnother(name=part.name)
    case.report_part(part.id, command.text, is_done=command.is_done, now=work.now)
    return case


@dataclass(frozen=True)
class AdoptCommunityList(Command):
    """启用社区职责清单"""

    effective_on: date
    basis: str
    categories: Sequence[str]


@use_case
def adopt_community_list(command: AdoptCommunityList, work: Work) -> CommunityList:
    """From that day on. Raises OutsideScope, ListNotAhead, ListNotLast, CategoryUnknown."""
    work.actor.must_act_everywhere()
    table = work.category_tables.on(command.effective_on)
    adopted = CommunityList(
        effective_on=command.effective_on,
        basis=command.basis,
        categories=[table.category(code).code for code in command.categories],
        last=work.community_lists.last(),
        today=local_date(work.now),
    )
    work.community_lists.add(adopted)
    return adopted


def _must_be_listed(case: Case, name: str, field: str, work: Work) -> None:
    held = work.community_lists.on(local_date(work.now))
    listed = held.categories if held is not None else []
    if case.category not in listed:
        raise NotOnCommunityList(
            category=case.category_name,
            name=name,
            listed="、".join(listed) or "（尚未启用清单）",
            field=field,
        )
