"""What can be asked of consultation: plain functions, a session and the caller in, plain rows out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Reading

from services.consultation.domain.ballot import Ballot, Interest
from services.consultation.domain.design_request import DesignRequest
from services.consultation.domain.plan import Difference, Plan, difference
from services.consultation.domain.policies import CHAMBER_NAMES
from services.consultation.domain.review import PASSED, ChamberVerdict, Review
from services.consultation.domain.session import KINDS, Session
from services.consultation.domain.suggestion import ANSWERED, CHANNELS, IMPLEMENTED, Suggestion
from services.consultation.domain.survey import Survey, SurveyTally
from services.consultation.domain.topic import StoryLine, Topic
from services.consultation.domain.venue import Venue
from services.consultation.store.plans import plans
from services.consultation.store.reviews import reviews
from services.consultation.store.sessions import sessions
from services.consultation.store.surveys import suggestions, survey_tally
from shared.kernel.command import Actor, OutsideScope
from shared.kernel.listing import Page
from shared.kernel.money import yuan
from shared.persistence.listing import inside, one, page

MOST_MEETINGS = 500  # in a calendar


def topic(session: Reading, actor: Actor, id: str) -> Topic:
    """One topic. Raises NotFound, Forbidden."""
    return one(session, actor, Topic, id)


def topics_in_scope(session: Reading, actor: Actor, **filters: Any) -> Page:
    """Topics, oldest first."""
    return page(session, actor, Topic, **filters)


def design_request(session: Reading, actor: Actor, id: str) -> DesignRequest:
    """One request for designers. Raises NotFound, Forbidden."""
    return one(session, actor, DesignRequest, id)


def design_requests_in_scope(session: Reading, actor: Actor, *, topic_ref: str, **paging: Any) -> Page:
    """What designers were asked for a topic, and who came."""
    return page(session, actor, DesignRequest, topic_ref=topic_ref, **paging)


def meeting(session: Reading, actor: Actor, id: str) -> Session:
    """One session of a topic. Raises NotFound, Forbidden."""
    return one(session, actor, Session, id)


def meetings_in_scope(session: Reading, actor: Actor, **filters: Any) -> Page:
    """Sessions, oldest first or by when they begin."""
    return page(session, actor, Session, **filters)


def public_meetings(
    session: Reading, _actor: Actor, *, place_ref: str | None, since: datetime
) -> Sequence[Session]:
    """议事日程 The sessions of the street, or of a place, that begin after that; cancelled ones too, so that they leave
    people's calendars. No more than MOST_MEETINGS."""
    query = select(Session).where(sessions.c.starts_at >= since, *inside(sessions.c.place_path, place_ref))
    return session.scalars(query.order_by(sessions.c.starts_at, sessions.c.id).limit(MOST_MEETINGS)).all()


def venue(session: Reading, actor: Actor, id: str) -> Venue:
    """One venue. Raises NotFound, Forbidden."""
    return one(session, actor, Venue, id)


def venues_in_scope(session: Reading, actor: Actor, **filters: Any) -> Page:
    """Venues, oldest first."""
    return page(session, actor, Venue, **filters)


def plan(session: Reading, actor: Actor, id: str) -> Plan:
    """One plan with all its versions. Raises NotFound, Forbidden."""
    return one(session, actor, Plan, id)


def plan_difference(session: Reading, actor: Actor, id: str, *, before: int, after: int) -> Difference:
    """What version `after` changes in version `before`. Raises NotFound, VersionUnknown, Forbidden."""
    found = plan(session, actor, id)
    return difference(found.numbered(before).content, found.numbered(after).content)


def review(session: Reading, actor: Actor, id: str) -> Review:
    """One review; a reviewer sees those that it judges. Raises NotFound, Forbidden."""
    found = one(session, actor, Review, id)
    if actor.person_ref is not None and actor.person_ref not in found.expert_refs:
        raise OutsideScope()
    return found


def ballot(session: Reading, actor: Actor, id: str) -> Ballot:
    """That somebody voted; a voter sees the own ballot only. Raises NotFound, Forbidden."""
    found = one(session, actor, Ballot, id)
    actor.must_speak_for(found.voter_ref)
    return found


def interest(session: Reading, actor: Actor, id: str) -> Interest:
    """That somebody stands back; a voter sees the own declaration only. Raises NotFound, Forbidden."""
    found = one(session, actor, Interest, id)
    actor.must_speak_for(found.voter_ref)
    return found


@dataclass(frozen=True)
class Story:
    """A topic as anyone may read it: no names, no persons' refs, and not who accepted the result."""

    topic: Topic
    steps: Sequence[StoryLine]


def story(session: Reading, actor: Actor, id: str) -> Story:
    """议题的来龙去脉 Each step with its time, in the order in which they happened. Raises NotFound."""
    told = topic(session, actor, id)
    steps = [*told.story, *_meetings(session, id), *_versions(session, id), *_reviews(session, id)]
    return Story(told, sorted(steps, key=lambda step: step.at))


def _meetings(session: Reading, topic_id: str) -> Iterator[StoryLine]:
    public = select(Session).where(sessions.c.topic_ref == topic_id, sessions.c.published_at.is_not(None))
    for meeting in session.scalars(public.order_by(sessions.c.id)):
        text = f"{KINDS[meeting.kind]}，{meeting.persons}人参加，形成意见{len(meeting.points)}条"
        if meeting.published_at is not None:
            yield StoryLine(meeting.published_at, text)


def _versions(session: Reading, topic_id: str) -> Iterator[StoryLine]:
    for plan in session.scalars(select(Plan).where(plans.c.topic_ref == topic_id)):
        for version in plan.versions:
            budget = yuan(version.content.budget_fen)
            yield StoryLine(version.proposed_at, f"提出第{version.number}版方案，预算{budget}")


def _reviews(session: Reading, topic_id: str) -> Iterator[StoryLine]:
    of_topic = select(Review).where(reviews.c.topic_ref == topic_id).order_by(reviews.c.id)
    for review in session.scalars(of_topic):
        yield StoryLine(review.opened_at, f"第{review.plan_version}版方案开始双审")
        if review.closed_at is not None:
            ended = "双审通过" if review.state == PASSED else "双审退回"
            yield StoryLine(review.closed_at, f"第{review.plan_version}版方案{ended}：{_counts(review)}")


def _counts(review: Review) -> str:
    return "；".join(
        f"{CHAMBER_NAMES[verdict.chamber]}应到{verdict.on_roster}、投票{verdict.voted}{_entered(verdict)}、同意{verdict.approved}"
        for verdict in review.verdicts
    )


def _entered(verdict: ChamberVerdict) -> str:
    """Said where there are any: a ballot that others put in is no secret."""
    return f"（代录{verdict.entered_for_others}）" if verdict.entered_for_others else ""


# ---- surveys 问需


def survey(session: Reading, actor: Actor, id: str) -> Survey:
    """One survey. Raises NotFound, Forbidden."""
    return one(session, actor, Survey, id)


def surveys_in_scope(session: Reading, actor: Actor, **filters: Any) -> Page:
    """Surveys, oldest first."""
    return page(session, actor, Survey, **filters)


def suggestion(session: Reading, actor: Actor, id: str) -> Suggestion:
    """One suggestion; a resident sees the own ones only. Raises NotFound, Forbidden."""
    found = one(session, actor, Suggestion, id)
    if actor.person_ref is not None and actor.person_ref != found.proposer_ref:
        raise OutsideScope()
    return found


def suggestions_of(session: Reading, actor: Actor, survey_id: str, **filters: Any) -> Page:
    """The suggestions of a survey, oldest first. Raises NotFound, Forbidden."""
    survey(session, actor, survey_id)
    return page(session, actor, Suggestion, survey_ref=survey_id, **filters)


def answers_of(session: Reading, actor: Actor, survey_id: str, **paging: Any) -> Page:
    """公布的答复 What was suggested and answered, as anyone may read it. Raises NotFound."""
    survey(session, actor, survey_id)
    is_answered = suggestions.c.state.in_((ANSWERED, IMPLEMENTED))
    return page(session, actor, Suggestion, is_answered, survey_ref=survey_id, **paging)


@dataclass(frozen=True)
class Share:
    """How many suggestions have one value of something."""

    code: str
    name: str
    count: int


@dataclass(frozen=True)
class SurveyFigures:
    """What was collected in a survey: how many, by which channels, about what, and what became of it."""

    survey: Survey
    tally: SurveyTally
    categories: Sequence[Share]
    channels: Sequence[Share]


def survey_figures(session: Reading, actor: Actor, id: str) -> SurveyFigures:
    """Counted now, from the suggestions themselves. Raises NotFound."""
    counted = survey(session, actor, id)
    return SurveyFigures(
        counted,
        survey_tally(session, id),
        _shares(session, id, "category", counted.categories),
        _shares(session, id, "channel", CHANNELS),
    )


def _shares(session: Reading, survey_ref: str, column: str, names: Mapping[str, str]) -> Sequence[Share]:
    by = suggestions.c[column]
    query = select(by, func.count()).where(suggestions.c.survey_ref == survey_ref).group_by(by)
    counts: dict[str, int] = dict(session.execute(query).all())
    return [Share(code, name, counts.get(code, 0)) for code, name in names.items()]
