"""What operators see and mend: dead and waiting messages, dead scheduled commands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest

from shared.application import Definition
from shared.kernel.command import Cause, Command, system, use_case
from shared.kernel.errors import Invalid
from shared.messaging import lane
from shared.testing.harness import ServiceUnderTest
from tests.integration.messaging.toy import FLAKY, LISTENER, ThingMade, noted


@dataclass(frozen=True)
class Refuse(Command):
    """Refused while `FLAKY` says so."""


@use_case
def refuse(command: Refuse, work) -> None:
    if FLAKY["failures"] == 0:
        raise Invalid(message="not allowed")
    if FLAKY["failures"] < 0:
        raise RuntimeError("not this time")


@pytest.fixture
def service():
    FLAKY["failures"] = 0
    modules = (*LISTENER.use_cases, SimpleNamespace(__name__=refuse.__module__, refuse=refuse))
    return ServiceUnderTest(Definition(**{**vars(LISTENER), "use_cases": modules}))


def schedule(service, *, key="k", days=1):
    with service.application.writing() as session:
        work = service.application.definition.store(
            session,
            service.database,
            calendar=service.application.calendar,
            now=service.clock.now(),
            cause=Cause(system("test")),
            identity=service.application.identity,
            translations={},
            plugins={},
            attachments=service.application.attachments,
        )
        work.schedule(service.clock.now() + timedelta(days=days), Refuse(), key=key)


def dead_commands(service):
    return service.request("GET", "/dead-commands").json["items"]


def test_a_command_that_is_refused_when_due_is_seen_with_its_reason_and_can_be_tried_again(service):
    schedule(service)
    service.run()
    assert dead_commands(service) == []
    service.clock.advance(days=2)
    service.run()
    (dead,) = dead_commands(service)
    assert (dead["command"], dead["key"]) == ("Refuse", "k")
    assert "not allowed" in dead["reason"]
    FLAKY["failures"] = 1
    path = f"/dead-commands/{dead['id']}/replay"
    assert service.request("POST", path, {"reason": "mended"}).status_code == 403
    service.post(path, {"reason": "mended"}, role="admin", status=200)
    service.run()
    assert dead_commands(service) == []
    assert service.scheduled() == []


def test_a_command_that_fails_and_will_be_tried_again_is_shown_and_can_be_given_up_but_not_one_to_come(
    service,
):
    schedule(service)
    schedule(service, key="to come", days=9)
    service.clock.advance(days=2)
    FLAKY["failures"] = -1
    service.run()
    waiting = service.request("GET", "/dead-commands?state=waiting").json["items"]
    assert [(one["key"], one["attempts"]) for one in waiting] == [("k", 1)]
    assert dead_commands(service) == []
    whole = service.request("GET", f"/dead-commands/{waiting[0]['id']}", role="admin").json
    assert (whole["arguments"], "not this time" in whole["reason"]) == ({}, True)
    for number, status in ((waiting[0]["id"], 200), (waiting[0]["id"] + 1, 404)):
        path = f"/dead-commands/{number}"
        assert service.request("GET", path, role="admin").status_code == status
        assert service.request("GET", path).status_code == 403
        service.post(f"{path}/discard", {"reason": "no use"}, role="admin", status=status)
    assert service.request("GET", "/dead-commands?state=waiting").json["items"] == []


def test_what_is_done_about_a_command_is_audited_as_about_a_message(service):
    schedule(service, days=0)
    service.run()
    service.deliver(service.message(ThingMade, "a", {"name": "refused", "count": 1}))
    for kind in ("commands", "letters"):
        (dead,) = service.request("GET", f"/dead-{kind}").json["items"]
        service.request("GET", f"/dead-{kind}/{dead['id']}", role="admin")
        service.post(f"/dead-{kind}/{dead['id']}/discard", {"reason": "no use"}, role="admin", status=200)
    trail = service.request("GET", "/audit/entries?actor=admin-1", role="auditor").json["items"]
    assert sorted((entry["operation"], entry["object"]) for entry in trail) == [
        (f"POST /listener/v1/dead-{kind}/{{number}}/discard", "1") for kind in ("commands", "letters")
    ]


def test_a_command_that_was_scheduled_anew_is_not_ended_by_the_failure_of_the_old_one(service):
    schedule(service, days=0)
    read_before = service.lane._next_command()
    schedule(service, days=5)
    service.lane._note_command_failure(read_before, Invalid(message="the old one"))
    assert dead_commands(service) == []
    assert service.scheduled() == ["k"]


def test_a_message_that_has_waited_for_long_is_shown_with_what_it_waits_for_and_can_be_given_up(service):
    early = service.message(ThingMade, "a", {"name": "early", "count": 1})
    service.deliver(early, service.message(ThingMade, "a", {"name": "behind", "count": 2}))
    for _ in range(lane.MOST_ATTEMPTS):
        service.run()
    (waiting,) = service.request("GET", "/dead-letters?state=waiting").json["items"]
    assert "the gate is closed" in waiting["reason"]
    assert waiting["attempts"] == 0
    service.post(f"/dead-letters/{waiting['id']}/discard", {"reason": "never"}, role="admin", status=200)
    service.run()
    assert noted(service.application) == [("a", "behind", 2)]


def test_only_those_whose_scope_is_the_whole_street_see(service):
    for path in ("/dead-letters", "/dead-commands", "/journeys/x"):
        assert service.request("GET", path, scope="place:p").status_code == 403
