"""Sessions and venues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Reading

from services.consultation.domain.platform import Platform
from services.consultation.domain.session import Session
from services.consultation.domain.themes import TEMPLATES
from services.consultation.domain.topic import THEMES
from services.consultation.domain.venue import Venue
from services.consultation.store.sessions import sessions
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import inside, one_around, page

MOST_MEETINGS = 500  # in a calendar


def meeting(session: Reading, actor: Actor, id: str) -> Session:
    """One session of a topic. Raises NotFound, Forbidden."""
    return one_around(session, actor, Session, id)


def meetings_in_scope(session: Reading, actor: Actor, **filters: Any) -> Page:
    """Sessions, oldest first or by when they begin."""
    return page(session, actor, Session, around=True, **filters)


def public_meetings(
    session: Reading, _actor: Actor, *, place_ref: str | None, since: datetime
) -> Sequence[Session]:
    """议事日程 The sessions of the street, or of a place, that begin after that; cancelled ones too, so that they leave
    people's calendars. No more than MOST_MEETINGS."""
    query = select(Session).where(sessions.c.starts_at >= since, *inside(sessions.c.place_path, place_ref))
    return session.scalars(query.order_by(sessions.c.starts_at, sessions.c.id).limit(MOST_MEETINGS)).all()


def platform(session: Reading, actor: Actor, id: str) -> Platform:
    """One platform. Raises NotFound, Forbidden."""
    return one_around(session, actor, Platform, id)


def platforms_in_scope(session: Reading, actor: Actor, **filters: Any) -> Page:
    """Platforms, oldest first."""
    return page(session, actor, Platform, around=True, **filters)


@dataclass(frozen=True)
class Theme:
    """A theme, and the template of its sessions."""

    theme: str
    name: str
    agenda: Sequence[str]
    expected: Sequence[str]


def themes(_session: Reading, _actor: Actor) -> Mapping[str, Any]:
    """All themes, with their templates."""
    found = [
        Theme(code, THEMES[code], template.agenda, template.expected) for code, template in TEMPLATES.items()
    ]
    return {"items": found}


def venue(session: Reading, actor: Actor, id: str) -> Venue:
    """One venue. Raises NotFound, Forbidden."""
    return one_around(session, actor, Venue, id)


def venues_in_scope(session: Reading, actor: Actor, **filters: Any) -> Page:
    """Venues, oldest first."""
    return page(session, actor, Venue, around=True, **filters)
