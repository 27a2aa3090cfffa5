"""What consultation says of sessions; of venues it says nothing."""

from __future__ import annotations

from typing import Any

from services.consultation.domain import platform as platforms
from services.consultation.domain import session as sessions
from services.consultation.domain import venue as venues
from services.consultation.events.common import placed
from shared.contracts import consultation
from shared.persistence.unit_of_work import Translations, at_home


def _about_session(session: sessions.Session) -> dict[str, Any]:
    return {
        **placed(session),
        "session_ref": session.id,
        "topic_ref": session.topic_ref,
        "title": session.title,
        "kind": session.kind,
        "venue": session.venue,
        "starts_at": session.starts_at,
    }


def _session_announced(session: sessions.Session, _event: sessions.SessionAnnounced) -> Any:
    return consultation.SessionAnnounced, {**_about_session(session), "audience": session.audience}


def _session_rescheduled(session: sessions.Session, event: sessions.SessionRescheduled) -> Any:
    return consultation.SessionRescheduled, {
        **_about_session(session),
        "reason_text": event.reason,
        "times_rescheduled": session.times_rescheduled,
    }


def _session_cancelled(session: sessions.Session, event: sessions.SessionCancelled) -> Any:
    return consultation.SessionCancelled, {**_about_session(session), "reason_text": event.reason}


def _session_minuted(session: sessions.Session, _event: sessions.SessionMinuted) -> Any:
    return consultation.SessionMinuted, {
        **placed(session),
        "session_ref": session.id,
        "topic_ref": session.topic_ref,
        "kind": session.kind,
        "attendance": session.persons,
        "points": len(session.points),
    }


SAYS: Translations = {
    sessions.SessionAnnounced: _session_announced,
    sessions.SessionRescheduled: _session_rescheduled,
    sessions.SessionCancelled: _session_cancelled,
    sessions.SessionMinuted: _session_minuted,
    sessions.SessionPublished: at_home,
    platforms.PlatformChanged: at_home,
    venues.VenueRegistered: at_home,
    venues.VenueChanged: at_home,
}
