"""参与情况 Who takes part: 党, 政, 组织, 群众 (the four of 四同)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Reading

from services.consultation.domain.errors import PeriodBackwards
from services.consultation.domain.policies import PROFESSIONALS, RESIDENTS
from services.consultation.domain.review import OPEN, ChamberVerdict
from services.consultation.store.reviews import reviews
from services.consultation.store.sessions import sessions
from services.consultation.store.topics import topics
from shared.kernel.clock import midnight
from shared.kernel.command import Actor
from shared.persistence.listing import inside

PARTY, GOVERNMENT, ORGANISATIONS, PEOPLE = "party", "government", "organisations", "people"
ACTORS = {PARTY: "党", GOVERNMENT: "政", ORGANISATIONS: "组织", PEOPLE: "群众"}
# as what the classes of those who come to sessions, raise topics and vote count
ATTENDS = {
    "party": PARTY,
    "government": GOVERNMENT,
    RESIDENTS: PEOPLE,
    PROFESSIONALS: ORGANISATIONS,
    "owners_body": ORGANISATIONS,
    "property": ORGANISATIONS,
    "units": ORGANISATIONS,
    "social_orgs": ORGANISATIONS,
}
RAISES = {
    "resident": PEOPLE,
    "community": ORGANISATIONS,
    "owners_body": ORGANISATIONS,
    "property": ORGANISATIONS,
    "unit": ORGANISATIONS,
    "social_org": ORGANISATIONS,
    "street": GOVERNMENT,
}
VOTES = {RESIDENTS: PEOPLE, PROFESSIONALS: ORGANISATIONS}


@dataclass(frozen=True)
class ActorFigures:
    """What one class of actors has done."""

    actor: str
    name: str
    topics_raised: int
    attendance: int
    on_rosters: int
    ballots: int
    approvals: int


@dataclass(frozen=True)
class Participation:
    """Who has taken part from the first day to the last."""

    first: date
    last: date
    sessions: int
    reviews: int
    actors: Sequence[ActorFigures]


def participation(
    session: Reading, _actor: Actor, *, first: date, last: date, place_ref: str | None
) -> Participation:
    """Topics by the day on which they were raised, sessions by when they began, reviews by when they were closed: open
    ones stay secret. Raises PeriodBackwards."""
    if last < first:
        raise PeriodBackwards(field="last")
    begins, ends = midnight(first), midnight(last + timedelta(days=1))

    raised: Counter[str] = Counter()
    by_class = select(topics.c.raised_by, func.count()).where(
        topics.c.raised_at >= begins, topics.c.raised_at < ends, *inside(topics.c.place_path, place_ref)
    )
    for proposer, count in session.execute(by_class.group_by(topics.c.raised_by)):
        raised[RAISES[proposer]] += count

    attendance: Counter[str] = Counter()
    held = select(sessions.c.attendance).where(
        sessions.c.minuted_at.is_not(None),
        sessions.c.starts_at >= begins,
        sessions.c.starts_at < ends,
        *inside(sessions.c.place_path, place_ref),
    )
    meetings = session.execute(held).scalars().all()
    for present in meetings:
        for attending, heads in present.items():
            attendance[ATTENDS[attending]] += heads

    rosters: Counter[str] = Counter()
    ballots: Counter[str] = Counter()
    approvals: Counter[str] = Counter()
    closed = select(reviews.c.verdicts).where(
        reviews.c.state != OPEN,
        reviews.c.closed_at >= begins,
        reviews.c.closed_at < ends,
        *inside(reviews.c.place_path, place_ref),
    )
    judged: Sequence[Sequence[ChamberVerdict]] = session.execute(closed).scalars().all()
    for verdicts in judged:
        for verdict in verdicts:
            actor = VOTES[verdict.chamber]
            rosters[actor] += verdict.on_roster
            ballots[actor] += verdict.voted
            approvals[actor] += verdict.approved

    return Participation(
        first,
        last,
        sessions=len(meetings),
        reviews=len(judged),
        actors=[
            ActorFigures(
                code, name, raised[code], attendance[code], rosters[code], ballots[code], approvals[code]
            )
            for code, name in ACTORS.items()
        ],
    )
