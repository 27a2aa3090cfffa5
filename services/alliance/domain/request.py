"""专业需求 Requests of consultation for professionals, to draw a plan or to review one (domain rows 71, 76, 80)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from services.alliance.domain.engagement import Engagement
from services.alliance.domain.errors import OrganisationExcluded
from services.alliance.domain.organisation import Organisation
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import NotNow
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

OPEN, FILLED, UNFILLED, CLOSED = "open", "filled", "unfilled", "closed"
DESIGN, REVIEW = "design", "review"

LIFECYCLE = Lifecycle(
    "request",
    #    action    from    to
    move("fill", OPEN, FILLED),
    move("reopen", FILLED, OPEN),
    move("lapse", OPEN, UNFILLED),
    move("close", OPEN, CLOSED),
)


@dataclass(frozen=True)
class RequestOpened(DomainEvent):
    """征集 Stays at home: consultation knows what it asked for."""


@dataclass(frozen=True)
class RequestFilled(DomainEvent):
    """Enough experts have come. Stays at home: each engagement was told."""


@dataclass(frozen=True)
class RequestReopened(DomainEvent):
    """An organisation withdrew, and there is time to find another. Stays at home."""


@dataclass(frozen=True)
class RequestUnfilled(DomainEvent):
    """无人应征"""

    reason_code: str


@dataclass(frozen=True)
class RequestClosed(DomainEvent):
    """The review is over; nobody more is wanted. Stays at home."""


@dataclass(frozen=True)
class RequestDeclined(DomainEvent):
    """婉拒 Stays at home: others may still come."""


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
    """A request for experts, with a date by which it ends: it never waits for ever."""

    def __init__(self, wanted: Wanted) -> None:
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

    @classmethod
    def open(cls, wanted: Wanted) -> ProfessionalRequest:
        """征集 Experts are asked for."""
        request = cls(wanted)
        request.record(RequestOpened())
        return request

    @classmethod
    def closed_unheard(
        cls, *, request_ref: str, topic_ref: str, place_ref: str, place_path: str
    ) -> ProfessionalRequest:
        """The end of a review was heard, its beginning was not: nobody is to be asked later."""
        request = cls(Wanted(request_ref, REVIEW, topic_ref, place_ref, place_path))
        request.close()
        return request

    @property
    def allowed_actions(self) -> list[str]:
        """What organisations can do."""
        return ["accept", "decline"] if self.state == OPEN else []

    def accept(self, organisation: Organisation, *, expert_refs: list[str], interests: str) -> Engagement:
        """应征 Raises NotNow, OrganisationExcluded, ExpertiseMissing, ExpertNamedTwice."""
        self._must_be_open("accept")
        if organisation.id in self.excluded_org_refs:
            raise OrganisationExcluded(name=organisation.name, field="org_ref")
        organisation.must_know_some_of(self.expertise)
        return Engagement.accept(self, organisation, expert_refs=expert_refs, interests=interests)

    def decline(self, organisation: Organisation, reason: str) -> Decline:
        """婉拒 Raises NotNow."""
        self._must_be_open("decline")
        decline = Decline(self, organisation, reason)
        decline.record(RequestDeclined())
        return decline

    def recount(self, standing: Iterable[Engagement], *, now: datetime) -> None:
        """Fill it when the engagements that stand bring enough experts, reopen it when they no longer do and
        the answer date is still to come. An expert whom two organisations lend counts once."""
        experts = len({expert for engagement in standing for expert in engagement.expert_refs})
        enough = experts >= self.experts_needed
        if self.state == OPEN and enough:
            self.state = LIFECYCLE.after("fill", self.state)
            self.record(RequestFilled())
        elif self.state == FILLED and not enough and self.answer_by is not None and now < self.answer_by:
            self.state = LIFECYCLE.after("reopen", self.state)
            self.record(RequestReopened())

    def lapse(self) -> None:
        """The answer date has passed. Nothing when it is no longer open."""
        if self.state == OPEN:
            self.state = LIFECYCLE.after("lapse", self.state)
            self.record(RequestUnfilled("answer_date_passed"))

    def close(self) -> None:
        """The review is over. Nothing when it is no longer open."""
        if self.state == OPEN:
            self.state = LIFECYCLE.after("close", self.state)
            self.record(RequestClosed())

    def _must_be_open(self, action: str) -> None:
        if self.state != OPEN:
            raise NotNow(what="request", action=action, state=self.state, allowed_actions=[])


class Decline(Aggregate):
    """婉拒 An organisation's no, with its reason. One per request and organisation; it changes no request."""

    def __init__(self, request: ProfessionalRequest, organisation: Organisation, reason: str) -> None:
        self.id = new_id()
        self.journey = request.journey
        self.request_id = request.id
        self.request_ref = request.request_ref
        self.place_path = request.place_path
        self.org_ref = organisation.id
        self.org_name = organisation.name
        self.reason = reason
