"""Attachments, for those who may see what they are attached to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from services.grid.queries.cases import case
from services.grid.queries.visits import visit
from services.grid.use_cases.attachments import CASE, VISIT
from shared.kernel.command import Actor, OutsideScope
from shared.kernel.errors import Forbidden, NotFound
from shared.persistence.attachments import TERM, Attachment, known, uses

# what it may be attached to -> how that is asked for, so that its own rules decide
SEEN: dict[str, Callable[[Session, Actor, str], Any]] = {CASE: case, VISIT: visit}


def attachment(
    session: Session, actor: Actor, id: str, *, readers: Mapping[str, Sequence[str]]
) -> Attachment:
    """What is known of it; `readers`: the roles that may see each kind of thing. Whoever uploaded it sees it too.

    Raises NotFound, OutsideScope.
    """
    found = known(session, id)
    if found is None:
        raise NotFound(what=TERM, ref=id)
    may_see = found.kept_by == actor.told or any(
        actor.role in readers[kind] and _sees(session, actor, kind, about_ref)
        for kind, about_ref in uses(session, id)
    )
    if not may_see:
        raise OutsideScope()
    return found


def _sees(session: Session, actor: Actor, kind: str, about_ref: str) -> bool:
    try:
        SEEN[kind](session, actor, about_ref)
    except Forbidden:
        return False
    return True
