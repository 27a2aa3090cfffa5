"""Venues: whoever announces a session in one has it for these hours, and nobody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from icalendar import Calendar

from services.consultation.use_cases.sessions import AnnounceSession
from shared.kernel.errors import Conflict
from tests.builders import consultation as build


@pytest.fixture
def venue(service, journey):
    journey.accept()
    body = {"kind": "tree", "name": "大槐树下", "capacity": 30, "place_ref": "estate"}
    return service.post("/venues", body, role="community")


def announce(journey, venue, begins, ends, *, status=201):
    body = build.session_body(
        venue_ref=venue["id"],
        starts_at=f"2024-06-03T{begins}:00+08:00",
        ends_at=f"2024-06-03T{ends}:00+08:00",
    )
    del body["venue"]
    return journey.post(f"/topics/{journey.topic_id}/sessions", body, status=status)


def test_a_session_in_a_venue_is_where_the_venue_is(journey, venue):
    session = announce(journey, venue, "09:00", "10:30")
    assert (session["venue"], session["venue_ref"]) == ("大槐树下", venue["id"])
    assert session["ends_at"] == "2024-06-03T10:30:00+08:00"


@pytest.mark.parametrize(
    ("begins", "ends", "status"),
    [
        ("08:00", "09:00", 201),
        ("10:00", "11:00", 201),
        ("08:00", "09:01", 409),
        ("09:59", "11:00", 409),
        ("09:15", "09:45", 409),
        ("08:00", "11:00", 409),
    ],
)
def test_two_sessions_are_never_in_one_venue_at_once(journey, venue, begins, ends, status):
    announce(journey, venue, "09:00", "10:00")
    answer = announce(journey, venue, begins, ends, status=status)
    if status == 409:
        assert (answer["code"], "09:00" in answer["detail"]) == ("venue_taken", True)


def test_what_is_put_off_or_cancelled_leaves_its_hours_to_others(journey, venue):
    first = announce(journey, venue, "09:00", "10:00")
    later = {"starts_at": "2024-06-03T09:30:00+08:00", "reason": "等候专家"}
    assert journey.post(f"/sessions/{first['id']}/reschedule", later)["venue_ref"] == venue["id"]
    announce(journey, venue, "08:00", "09:30")
    announce(journey, venue, "09:00", "10:00", status=409)
    journey.post(f"/sessions/{first['id']}/cancel", {"reason": "高温"})
    announce(journey, venue, "09:30", "11:30")


def test_a_session_needs_some_place(journey, venue):
    body = build.session_body()
    del body["venue"]
    answer = journey.service.request("POST", f"/topics/{journey.topic_id}/sessions", body, role="convenor")
    assert (answer.status_code, answer.json["code"]) == (422, "venue_missing")
    answer = journey.service.request(
        "POST", f"/topics/{journey.topic_id}/sessions", body | {"venue_ref": "nowhere"}, role="convenor"
    )
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "venue_ref")


def test_a_closed_venue_is_not_booked_and_what_was_booked_stays(journey, venue):
    session = announce(journey, venue, "09:00", "10:00")
    journey.post(f"/venues/{venue['id']}/close")
    announce(journey, venue, "14:00", "15:00", status=409)
    assert journey.service.request("GET", f"/sessions/{session['id']}").json["state"] == "announced"
    journey.post(f"/venues/{venue['id']}/reopen")
    announce(journey, venue, "14:00", "15:00")


def test_of_many_who_book_the_same_hours_at_once_one_gets_them(journey, venue):
    session = build.session_body(venue_ref=venue["id"], venue=None)
    session = {**session, "starts_at": journey.service.clock.now()}

    def book(_number):
        try:
            journey.service.handle(AnnounceSession(topic_id=journey.topic_id, **session))
        except Conflict as refused:
            return refused.code
        return "booked"

    with ThreadPoolExecutor(8) as many:
        found = list(many.map(book, range(8)))
    assert sorted(found) == ["booked"] + ["venue_taken"] * 7


# ---- 议事日程


def events_in(service, query=""):
    answer = service.anonymous("GET", f"/calendar{query}")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    return {str(event["uid"]): event for event in Calendar.from_ical(answer.data).walk("VEVENT")}


def test_anyone_subscribes_to_the_sessions_and_sees_them_move_and_go(journey, venue):
    session = announce(journey, venue, "09:00", "10:30")
    (event,) = events_in(journey.service).values()
    assert str(event["summary"]) == "共同设计议事会：水池花坛改造"
    assert (str(event["location"]), str(event["status"])) == ("大槐树下", "CONFIRMED")
    assert event.decoded("dtstart").isoformat() == "2024-06-03T01:00:00+00:00"
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=90)
    later = {"starts_at": "2024-06-04T09:00:00+08:00", "reason": "等候专家"}
    journey.post(f"/sessions/{session['id']}/reschedule", later)
    journey.post(f"/sessions/{session['id']}/cancel", {"reason": "高温"})
    (again,) = events_in(journey.service).values()
    assert again["uid"] == event["uid"]
    assert (str(again["status"]), again["sequence"] > event["sequence"]) == ("CANCELLED", True)


def test_a_calendar_may_be_one_place_s(journey, venue):
    announce(journey, venue, "09:00", "10:00")
    assert len(events_in(journey.service, "?place_ref=estate")) == 1
    assert events_in(journey.service, "?place_ref=elsewhere") == {}
    assert events_in(journey.service, "?place_ref=%25") == {}


def test_what_was_long_ago_is_in_no_calendar(journey, venue):
    announce(journey, venue, "09:00", "10:00")
    journey.service.clock.advance(days=120)
    assert events_in(journey.service) == {}
