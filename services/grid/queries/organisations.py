"""Organisations of the trees."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from services.grid.domain.organisation import Organisation
from services.grid.domain.organisation_kinds import KINDS
from services.grid.store.organisations import organisations
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def organisation(session: Session, actor: Actor, id: str) -> Organisation:
    """One organisation. Raises NotFound, Forbidden."""
    return one(session, actor, Organisation, id)


def organisations_in_scope(
    session: Session, actor: Actor, *, tree: str | None, ended: bool, **filters: Any
) -> Page:
    """Organisations, oldest first; of one tree, or all; those that have ended only if asked for."""
    wanted = [] if ended else [organisations.c.valid_to.is_(None)]
    if tree is not None:
        wanted.append(organisations.c.kind.in_([kind.code for kind in KINDS.values() if kind.tree == tree]))
    return page(session, actor, Organisation, *wanted, **filters)
