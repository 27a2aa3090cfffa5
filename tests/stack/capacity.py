"""What one stack carries, through its front door: `python -m tests.stack.capacity` prints the table of
docs/operating/scale.md. Clients share the machine with the stack, which must know no limit of requests
(JIUSHU_RATE_PER_MINUTE=0 and JIUSHU_MACHINE_RATE_PER_MINUTE=0 in deploy/.env)."""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from datetime import timedelta

import requests

from shared.access.tokens import Tokens
from shared.demo import neighbourhood
from shared.kernel.ids import new_id
from tests.stack.conftest import DEPLOY, URL, Stack


class Client(threading.Thread):
    """Asks the same thing again and again, as one outside system, and notes how long each answer took."""

    def __init__(self, token, method, path, body, until):
        super().__init__()
        self._request = method, f"{URL}{path}", body
        self._token, self._until = token, until
        self.seconds, self.refused = [], 0

    def run(self):
        method, url, body = self._request
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {self._token}"
            while (begun := time.monotonic()) < self._until:
                key = {"Idempotency-Key": new_id()} if body else {}
                answer = session.request(method, url, json=body, headers=key, timeout=60)
                if answer.ok:
                    self.seconds.append(time.monotonic() - begun)
                else:
                    self.refused += 1


def measure(tokens, number, seconds, method, path, body=None):
    """Answers a second, and the milliseconds within which half and 95 % of them came."""
    until = time.monotonic() + seconds
    token = [tokens.issue(f"load-{n}", "outside_system", "*", timedelta(hours=1)) for n in range(number)]
    clients = [Client(one, method, path, body, until) for one in token]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    took = sorted(one for client in clients for one in client.seconds)
    assert not any(client.refused for client in clients), "some were refused"
    return len(took) / seconds, statistics.median(took) * 1000, took[int(len(took) * 0.95)] * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    told = parser.parse_args()
    stack = Stack()
    stack.wait_until_ready()
    stage, tokens = stack.stage(), Tokens.from_file(DEPLOY / "secrets" / "token_key")
    code = neighbourhood.free_code(stage)
    street = neighbourhood.street(stage)
    estate = neighbourhood.estate(stage, street, name="容量", code=code, owners=1, area_dm2=1, spot="广场")
    resident = neighbourhood.resident(stage, "演示居民", 10 * int(code) + 9, estate.doors[0])
    case = {"category": "0203", "place_ref": estate.spot, "text": "路灯不亮", "source": "hotline"}
    stage.post("/grid/v1/cases", {**case, "reporter_ref": resident})  # once grid knows who that is
    print("| what | clients | a second | half within ms | 95 % within ms |\n|---|---:|---:|---:|---:|")
    for what, method, path, body in (
        (
            "a case is reported, its reporter gets a message",
            "POST",
            "/grid/v1/cases",
            {**case, "reporter_ref": resident},
        ),
        (
            "a page of 20 cases is read, which is audited",
            "GET",
            f"/grid/v1/cases?place_ref={estate.spot}&limit=20",
            None,
        ),
    ):
        for number in told.clients:
            rate, half, most = measure(tokens, number, told.seconds, method, path, body)
            print(f"| {what} | {number} | {rate:.0f} | {half:.0f} | {most:.0f} |", flush=True)
        began = time.monotonic()
        while any(stage.ask(f"/{one}/v1/outbox?limit=1")["items"] for one in ("grid", "notify")):
            time.sleep(0.1)
        print(f"| … and its events are all on the bus after seconds | | {time.monotonic() - began:.1f} | | |")


if __name__ == "__main__":
    main()
