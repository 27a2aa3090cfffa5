"""议事日程 Sessions as a calendar to which anyone may subscribe (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar, Event
from marshmallow import Schema

from services.consultation import queries
from services.consultation.domain.session import CANCELLED, KINDS, Session
from services.consultation.http.common import api
from shared.web.api import Call
from shared.web.fields import Ref
from shared.web.files import CALENDAR, File

KEPT = timedelta(days=90)  # what was is seen as long


class CalendarQuery(Schema):
    """Whose sessions: all, or those in a place."""

    place_ref = Ref(load_default=None)


@api.get("/calendar", roles=None, query=CalendarQuery, gives=(CALENDAR,))
def calendar(call: Call) -> Any:
    """议事日程（iCalendar 订阅）"""
    now = call.application.clock.now()
    meetings = call.ask(queries.sessions.public_meetings, place_ref=call.query["place_ref"], since=now - KEPT)
    return File(_written(meetings, now), CALENDAR, "议事日程.ics")


def _written(meetings: Iterable[Session], now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Jiushu//consultation//ZH")
    calendar.add("version", "2.0")
    calendar.add("name", "议事日程")
    for meeting in meetings:
        calendar.add_component(_event(meeting, now))
    return bytes(calendar.to_ical())


def _event(meeting: Session, now: datetime) -> Event:
    """One session; a greater sequence replaces what a calendar has of it."""
    event = Event()
    event.add("uid", f"{meeting.id}@consultation.jiushu")
    event.add("dtstamp", now)
    event.add("sequence", meeting.times_rescheduled + (meeting.state == CANCELLED))
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", f"{KINDS[meeting.kind]}：{meeting.title}")
    event.add("location", meeting.venue)
    event.add("description", f"参加对象：{meeting.audience}")
    event.add("status", "CANCELLED" if meeting.state == CANCELLED else "CONFIRMED")
    return event
