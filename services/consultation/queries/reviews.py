"""Reviews, ballots and declared interests."""

from __future__ import annotations

from sqlalchemy.orm import Session as Reading

from services.consultation.domain.ballot import Ballot, Interest
from services.consultation.domain.review import Review
from shared.kernel.command import Actor, OutsideScope
from shared.persistence.listing import one


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
