"""表决: two hundred residents who vote at the same moment over HTTP, each on a connection of their own, on PostgreSQL."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from contextlib import contextmanager
from http.client import HTTPConnection

from services.consultation import migrations
from services.consultation.service import DEFINITION
from shared.access.tokens import Tokens
from shared.contracts import notify
from shared.demo.processes import free_port
from shared.persistence.database import Database
from shared.persistence.migrate import migrate
from shared.testing.harness import ServiceUnderTest
from tests.bench.ground import child
from tests.builders import facts
from tests.integration.consultation.conftest import Journey

VOTERS = 200
KEY = "a key that is only for the bench, and long enough"


class Bench:
    """A neighbourhood with so many voters, in one database."""

    def __init__(self, url: str, voters: int = VOTERS) -> None:
        self.url = url
        self.database = Database(url)
        migrate(self.database, migrations, "consultation")
        self.service = ServiceUnderTest(DEFINITION, self.database)
        self.voters = [f"voter-{number}" for number in range(voters)]
        for voter in self.voters:
            self.service.hear(notify.ContactRegistered, voter, facts.contact(voter))

    def close(self) -> None:
        """Let go of it."""
        self.database.dispose()

    @contextmanager
    def served(self):
        """The port at which consultation answers."""
        port, now = free_port(), self.service.clock.now().timestamp()
        with child("crowd", database=self.url, port=port, key=KEY, now=now) as server:
            server.go()
            yield port

    def vote(self, port: int) -> tuple[Journey, Sequence[tuple[int, float]]]:
        """A review in which all vote at once: what each was answered, and after how many seconds."""
        journey = Journey(self.service)
        journey.accept()
        journey.propose()
        journey.open_review(resident_roster=self.voters)
        journey.engage_expert(engagement_ref=journey.topic_id)
        journey.hold_joint_session()
        path = f"/consultation/v1/reviews/{journey.review['id']}/ballots"
        said = {"chamber": "residents", "plan_hash": journey.review["plan_hash"], "approve": True}
        answers: list[tuple[int, float]] = []
        together = threading.Barrier(len(self.voters))

        def cast(voter: str) -> None:
            bearer = Tokens(KEY).issue(voter, "resident", f"person:{voter}")
            headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
            body = json.dumps(said | {"voter_ref": voter})
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            together.wait()
            begun = time.perf_counter()
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read()
            answers.append((answer.status, time.perf_counter() - begun))
            connection.close()

        threads = [threading.Thread(target=cast, args=(voter,)) for voter in self.voters]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return journey, answers
