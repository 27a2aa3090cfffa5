"""Plans, and what their versions change."""

from __future__ import annotations

from sqlalchemy.orm import Session as Reading

from services.consultation.domain.plan import Difference, Plan, difference
from shared.kernel.command import Actor
from shared.persistence.listing import one_around


def plan(session: Reading, actor: Actor, id: str) -> Plan:
    """One plan with all its versions. Raises NotFound, Forbidden."""
    return one_around(session, actor, Plan, id)


def plan_difference(session: Reading, actor: Actor, id: str, *, before: int, after: int) -> Difference:
    """What version `after` changes in version `before`. Raises NotFound, VersionUnknown, Forbidden."""
    found = plan(session, actor, id)
    return difference(found.numbered(before).content, found.numbered(after).content)
