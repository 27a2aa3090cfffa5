"""Each service is replaced by a new container, one after the other, while cases come in."""

from __future__ import annotations

import threading

from shared.demo import deliberation as acts
from shared.demo import neighbourhood
from tests.e2e.ledger import assert_everybody_heard_everything_once

CLIENTS = 4


class Client(threading.Thread):
    """Reports cases, one after the other, until it is told to stop."""

    def __init__(self, stage, place, resident, stop):
        super().__init__()
        self.stage, self.place, self.resident, self.stop = stage, place, resident, stop
        self.cases, self.error = [], None

    def run(self):
        body = {
            "category": "0203",
            "place_ref": self.place,
            "source": "hotline",
            "reporter_ref": self.resident,
        }
        try:
            while not self.stop.is_set():
                reported = self.stage.do("", "/grid/v1/cases", {**body, "text": f"第{len(self.cases)}件"})
                self.cases.append(reported["id"])
        except BaseException as error:
            self.error = error


def test_a_rolling_restart_under_load_loses_and_doubles_nothing(stack):
    stage = stack.stage()
    street = neighbourhood.street(stage)
    code = neighbourhood.free_code(stage)
    estate = neighbourhood.estate(
        stage, street, name="滚动重启", code=code, owners=1, area_dm2=1, spot="广场"
    )
    resident = neighbourhood.resident(stage, "演示居民", 10 * int(code) + 9, estate.doors[0])
    before = len(stage.all_of(f"/grid/v1/cases?place_ref={estate.spot}"))
    stop = threading.Event()
    clients = [Client(stack.stage(), estate.spot, resident, stop) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for service in stack.services:
        stack.compose("up", "--detach", "--no-deps", "--no-build", "--force-recreate", "--wait", service)
    stop.set()
    for client in clients:
        client.join(120)
        assert client.error is None, client.error
    made = {case for client in clients for case in client.cases}
    assert len(made) == sum(len(client.cases) for client in clients) > len(stack.services) * CLIENTS
    kept = stage.all_of(f"/grid/v1/cases?place_ref={estate.spot}")
    assert {case["id"] for case in kept} == made
    assert len(kept) - before == len(made)
    stage.until(
        "each reporter is told once", lambda: len(acts.got(stage, resident, ":reported")) >= len(made)
    )
    assert len(acts.got(stage, resident, ":reported")) == len(made)
    some = [journey for client in clients for journey in client.stage.teller.journeys][:10]
    assert_everybody_heard_everything_once(stage, some)
