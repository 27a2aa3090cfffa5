"""With what communities may help."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from services.grid.domain.community_list import CommunityList
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import page


def community_lists(session: Session, actor: Actor, **paging: Any) -> Page:
    """Those that the street has adopted, the first one first."""
    return page(session, actor, CommunityList, **paging)
