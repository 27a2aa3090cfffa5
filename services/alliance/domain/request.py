"""专业需求 Requests of consultation for professionals, to draw a plan or to review one (domain rows 71, 76, 80)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from services.alliance.domain.engagement import Engagement
from services.alliance.domain.errors import OrganisationExcluded
from services.alliance.domain.organisation import Organisation
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard, move

OPEN, FILLED, UNFILLED, CLOSED = "open", "filled", "unfilled", "closed"
DESIGN, REVIEW = "design", "review"

LIFECYCLE = Lifecycle(
    Term("专业需求", "request"),
    {OPEN: "征集中", FILLED: "已征集到", UNFILLED: "无人应征", CLOSED: "已结束"},
    #     action               from            to
    move("accept", "应征", OPEN, OPEN),
    move("decline", "婉拒", OPEN, OPEN),
    heard("fill", "征集到", OPEN, FILLED),
    heard("reopen", "重新征集", FILLED, OPEN),
    heard("lapse", "到期", (OPEN, FILLED), UNFILLED),
    heard("close", "结束", OPEN, CLOSED),
)


@dataclass(frozen=True)
class RequestOpened(DomainEvent):
    """征集 Experts are asked for (row 71). Stays at home: consultation knows what it asked for."""


@dataclass(frozen=True)
class RequestFilled(DomainEvent):
    """征集到 Enough experts have come. Stays at home: each engagement was told."""


@dataclass(frozen=True)
class RequestReopened(DomainEvent):
    """重新征集 An organisation withdrew, and there is time to find another. Stays at home."""


@dataclass(frozen=True)
class RequestUnfilled(DomainEvent):
    """无人应征 The answer date has passed without enough experts."""

    reason_code: str


@dataclass(frozen=True)
class RequestClosed(DomainEvent):
    """结束 What it was for is over; nobody more is wanted. Stays at home."""


@dataclass(frozen=True)
class RequestDeclined(DomainEvent):
    """婉拒 An organisation said no. Stays at home: others may still come."""


@dataclass(frozen=True)
class Wanted:
    """What consultation asks for. `request_ref` is the id that consultation knows it by."""

    request_ref: str
    purpose: str
    topic_ref: str
    place_ref: str
    place_path: str
    title: str = ""
    expertise: list[str] = field(default_factory=list)
    experts_needed: int = 0
    answer_by: datetime | None = None
    excluded_org_refs: list[str] = field(default_factory=list)


class ProfessionalRequest(Aggregate):
    """专业需求 A request for experts, with a date by which it ends: it never waits for ever."""

    term = LIFECYCLE.name

    def __init__(self, wanted: Wanted, *, is_over: bool = False) -> None:
        """征集 Experts are asked for. `is_over`: the end was heard first, nobody is to be asked later."""
        self.id = new_id()
        self.request_ref = wanted.request_ref
        self.purpose = wanted.purpose
        self.topic_ref = wanted.topic_ref
        self.place_ref = wanted.place_ref
        self.place_path = wanted.place_path
        self.title = wanted.title
        self.expertise = wanted.expertise
        self.experts_needed = wanted.experts_needed
        self.answer_by = wanted.answer_by
        self.excluded_org_refs = wanted.excluded_org_refs
        self.state = OPEN
        if is_over:
            self.close()
        else:
            self.record(RequestOpened())

    @property
    def allowed_actions(self) -> list[str]:
        """What organisations can do."""
        return LIFECYCLE.actions(self.state)

    def accept(self, organisation: Organisation, *, expert_refs: list[str], interests: str) -> Engagement:
        """应征 Raises NotNow, OrganisationExcluded, ExpertiseMissing."""
        self.state = LIFECYCLE.after("accept", self.state)
        if organisation.id in self.excluded_org_refs:
            raise OrganisationExcluded(name=organisation.name, field="org_ref")
        organisation.must_know_some_of(self.expertise)
        return Engagement(self, organisation, expert_refs=expert_refs, interests=interests)

    def decline(self, organisation: Organisation, reason: str) -> Decline:
        """婉拒 Raises NotNow."""
        self.state = LIFECYCLE.after("decline", self.state)
        return Decline(self, organisation, reason)

    def recount(self, standing: Iterable[Engagement], *, now: datetime) -> None:
        """Fill it when the engagements that stand bring enough experts. When they no longer do, reopen it
        before the answer date; from then on it is unfilled. An expert whom two organisations lend counts once."""
        experts = len({expert for engagement in standing for expert in engagement.expert_refs})
        enough = experts >= self.experts_needed
        if enough and self.state == OPEN:
            self.state = LIFECYCLE.after("fill", self.state)
            self.record(RequestFilled())
        elif not enough and self.state == FILLED:
            self._look_again(now)

    def lapse(self) -> None:
        """The answer date has passed. Nothing when it is no longer open."""
        if self.state == OPEN:
            self._lapse()

    def close(self) -> None:
        """What it was for is over. Nothing when it is no longer open."""
        if self.state == OPEN:
            self.state = LIFECYCLE.after("close", self.state)
            self.record(RequestClosed())

    def _look_again(self, now: datetime) -> None:
        if self.answer_by is None or now >= self.answer_by:
            self._lapse()
            return
        self.state = LIFECYCLE.after("reopen", self.state)
        self.record(RequestReopened())

    def _lapse(self) -> None:
        self.state = LIFECYCLE.after("lapse", self.state)
        self.record(RequestUnfilled("answer_date_passed"))


class Decline(Aggregate):
    """婉拒 An organisation's no, with its reason. One per request and organisation; it changes no request."""

    term = Term("婉拒", "decline")

    def __init__(self, request: ProfessionalRequest, organisation: Organisation, reason: str) -> None:
        self.id = new_id()
        self.journey = request.journey
        self.request_id = request.id
        self.request_ref = request.request_ref
        self.place_path = request.place_path
        self.org_ref = organisation.id
        self.org_name = organisation.name
        self.reason = reason
        self.record(RequestDeclined())
