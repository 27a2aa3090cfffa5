"""Steady traffic on the stack, and a ledger of what has to come of it, read in the databases themselves."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from shared.demo import deliberation as acts
from shared.demo import neighbourhood
from tests.e2e.ledger import SUBSCRIBERS
from tests.stack.conftest import PATIENCE_SECONDS

PAUSE_SECONDS = 0.5  # four clients who are the same officer stay within JIUSHU_RATE_PER_MINUTE


class Client(threading.Thread):
    """Reports cases, one after the other, until it is told to stop; `pause` seconds lie between two."""

    def __init__(self, stage, place, resident, stop, pause):
        super().__init__()
        self.stage, self.place, self.resident, self.stop, self.pause = stage, place, resident, stop, pause
        self.cases, self.longest, self.error = [], 0.0, None

    def run(self):
        body = {
            "category": "0203",
            "place_ref": self.place,
            "source": "hotline",
            "reporter_ref": self.resident,
        }
        try:
            while not self.stop.wait(self.pause):
                began = time.monotonic()
                reported = self.stage.do("", "/grid/v1/cases", {**body, "text": f"第{len(self.cases)}件"})
                self.longest = max(self.longest, time.monotonic() - began)
                self.cases.append(reported["id"])
        except BaseException as error:
            self.error = error


@dataclass
class Traffic:
    """Clients who report cases of one resident in a community of its own."""

    stack: object
    stage: object
    place: str
    resident: str
    clients: list[Client] = field(default_factory=list)

    @property
    def made(self) -> set[str]:
        """The cases that were reported, as the clients were told."""
        return {case for client in self.clients for case in client.cases}

    @property
    def longest(self) -> float:
        """Seconds for which a client has waited at most."""
        return max(client.longest for client in self.clients)

    def assert_each_had_its_effect_once(self) -> None:
        """Each case is kept once, its reporter told once, and whatever was said on the stack heard once."""
        made = self.made
        assert len(made) == sum(len(client.cases) for client in self.clients) > 0
        kept = [case["id"] for case in self.stage.all_of(f"/grid/v1/cases?place_ref={self.place}")]
        assert sorted(kept) == sorted(made)
        self.stage.until(
            "each reporter is told",
            lambda: len(acts.got(self.stage, self.resident, ":reported")) >= len(made),
        )
        assert len(acts.got(self.stage, self.resident, ":reported")) == len(made)
        assert_all_that_was_said_was_heard_once(self.stack)


@contextmanager
def traffic(stack, *, clients: int = 4, pause: float = PAUSE_SECONDS) -> Iterator[Traffic]:
    """Goes on as long as the block lasts. Raises what a client has met."""
    stage = stack.stage()
    street, code = neighbourhood.street(stage), neighbourhood.free_code(stage)
    estate = neighbourhood.estate(stage, street, name="压力", code=code, owners=1, area_dm2=1, spot="广场")
    resident = neighbourhood.resident(stage, "演示居民", 10 * int(code) + 9, estate.doors[0])
    stop = threading.Event()
    going = [Client(stack.stage(), estate.spot, resident, stop, pause) for _ in range(clients)]
    for client in going:
        client.start()
    try:
        yield Traffic(stack, stage, estate.spot, resident, going)
    finally:
        stop.set()
        for client in going:
            client.join(PATIENCE_SECONDS)
        errors = [client.error for client in going if client.error]
        assert not errors, errors


SAID = "SELECT event_id, type FROM outbox_messages"
HEARD = "SELECT event_id, type, state, count(*) FROM inbox_messages GROUP BY 1, 2, 3"


def open_entries(stack) -> list[tuple[str, str, str]]:
    """(event, type, subscriber) of all that was ever said on this stack and not handled exactly once."""
    said = [row for service in stack.services for row in stack.rows(service, SAID)]
    assert said, "the ledger is empty"
    heard = {service: set(map(tuple, stack.rows(service, HEARD))) for service in stack.services}
    return [
        (event_id, event_type, service)
        for event_id, event_type in said
        for service, types in SUBSCRIBERS.items()
        if event_type in types and (event_id, event_type, "done", "1") not in heard[service]
    ]


def assert_all_that_was_said_was_heard_once(stack) -> None:
    """What is still on its way may arrive; in the end nothing may be missing or dead."""
    until = time.monotonic() + PATIENCE_SECONDS
    while entries := open_entries(stack):
        assert time.monotonic() < until, f"{len(entries)} not handled exactly once: {entries[:5]}"
        time.sleep(1)
