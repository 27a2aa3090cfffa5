"""Ask for professionals, hear their yes and no, let requests lapse or end with their review."""

from __future__ import annotations

from dataclasses import dataclass

from services.alliance.domain.engagement import Engagement
from services.alliance.domain.errors import OrganisationAlreadyDeclined, OrganisationAlreadyEngaged
from services.alliance.domain.landed_topic import LandedTopic
from services.alliance.domain.organisation import Organisation
from services.alliance.domain.request import DESIGN, OPEN, REVIEW, Decline, ProfessionalRequest, Wanted
from services.alliance.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class OpenRequest(Command):
    """Consultation wants professionals."""

    wanted: Wanted


@use_case
def open_request(command: OpenRequest, work: Work) -> None:
    """Ask the organisations, once per request of consultation; nobody where the topic has landed already."""
    wanted = command.wanted
    if work.requests.for_ref(wanted.request_ref) is None:
        landed = wanted.purpose == DESIGN and work.landed_topics.of(wanted.topic_ref) is not None
        request = ProfessionalRequest(wanted, is_over=landed)
        work.requests.add(request)
        keep_answer_date(request, work)


@dataclass(frozen=True)
class AcceptRequest(Command):
    """应征"""

    request_id: str
    org_ref: str
    expert_refs: list[str]
    interests: str


@use_case
def accept_request(command: AcceptRequest, work: Work) -> Engagement:
    """An organisation lends its experts. Raises NotNow, Unknown, OrganisationExcluded, ExpertiseMissing,
    OrganisationAlreadyEngaged, OrganisationAlreadyDeclined."""
    request = work.requests.get(command.request_id, locked=True)
    organisation = _answering(command.org_ref, request, work)
    engagement = request.accept(organisation, expert_refs=command.expert_refs, interests=command.interests)
    work.engagements.add(engagement)
    recount(request, work)
    return engagement


@dataclass(frozen=True)
class DeclineRequest(Command):
    """婉拒"""

    request_id: str
    org_ref: str
    reason: str


@use_case
def decline_request(command: DeclineRequest, work: Work) -> Decline:
    """An organisation says no; others may still come. Raises NotNow, Unknown,
    OrganisationAlreadyEngaged, OrganisationAlreadyDeclined."""
    request = work.requests.get(command.request_id, locked=True)
    organisation = _answering(command.org_ref, request, work)
    decline = request.decline(organisation, command.reason)
    work.declines.add(decline)
    return decline


@dataclass(frozen=True)
class LapseRequest(Command):
    """The answer date has passed."""

    request_id: str


@use_case
def lapse_request(command: LapseRequest, work: Work) -> None:
    """A request that is still open is unfilled."""
    work.requests.get(command.request_id, locked=True).lapse()


@dataclass(frozen=True)
class EndReview(Command):
    """A review was passed or returned."""

    request_ref: str
    topic_ref: str
    place_ref: str
    place_path: str


@use_case
def end_review(command: EndReview, work: Work) -> None:
    """Nobody more is asked for, and who reviewed has done its work."""
    request = work.requests.for_ref(command.request_ref)
    if request is None:
        wanted = Wanted(command.request_ref, REVIEW, command.topic_ref, command.place_ref, command.place_path)
        request = ProfessionalRequest(wanted, is_over=True)
        work.requests.add(request)
    _close(request, work)
    for engagement in work.engagements.accepted_for(request.id):
        engagement.finish()


@dataclass(frozen=True)
class EndDesigns(Command):
    """The result of a topic has landed."""

    topic_ref: str
    place_path: str


@use_case
def end_designs(command: EndDesigns, work: Work) -> None:
    """Nobody more is asked to draw the topic's plan, and who drew it has done its work."""
    if work.landed_topics.of(command.topic_ref) is None:
        work.landed_topics.add(LandedTopic(command.topic_ref, command.place_path))
    for request in work.requests.open_designs_of(command.topic_ref):
        _close(request, work)
    for engagement in work.engagements.accepted_designs_of(command.topic_ref):
        engagement.finish()


def recount(request: ProfessionalRequest, work: Work) -> None:
    """Compare what was promised with what is needed, and keep the answer date in step."""
    request.recount(work.engagements.standing_for(request.id), now=work.now)
    keep_answer_date(request, work)


def keep_answer_date(request: ProfessionalRequest, work: Work) -> None:
    """An open request lapses on its answer date, another does not."""
    lapses_at = request.answer_by if request.state == OPEN else None
    work.schedule(lapses_at, LapseRequest(request.id), key=f"lapse:{request.id}")


def _close(request: ProfessionalRequest, work: Work) -> None:
    request.close()
    keep_answer_date(request, work)


def _answering(org_ref: str, request: ProfessionalRequest, work: Work) -> Organisation:
    """The organisation that answers, for the first time."""
    work.actor.must_act_for(org_ref)
    organisation = work.organisations.named(org_ref, field="org_ref")
    if work.engagements.by_org(request.id, org_ref) is not None:
        raise OrganisationAlreadyEngaged(name=organisation.name, field="org_ref")
    if work.declines.by_org(request.id, org_ref) is not None:
        raise OrganisationAlreadyDeclined(name=organisation.name, field="org_ref")
    return organisation
