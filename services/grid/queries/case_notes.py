"""What staff have noted about a case."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from services.grid.domain.case import Case
from services.grid.domain.case_note import CaseNote
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def notes_about(session: Session, actor: Actor, id: str, **paging: Any) -> Page:
    """The notes about a case, oldest first. Raises NotFound, Forbidden."""
    return page(session, actor, CaseNote, case_ref=one(session, actor, Case, id).id, **paging)
