"""A listener on 127.0.0.1, as deployed, behind which cases are taken in: by grid's own doors (`/grid/…`), and by a bare
werkzeug application that only inserts the same rows (`/bare`).

Settings: `database`, `port`, `key` (of tokens).
"""

from __future__ import annotations

from shared.suite import patch

patch()

import json  # noqa: E402
from queue import SimpleQueue  # noqa: E402
from typing import Any  # noqa: E402

import psycopg2  # noqa: E402
from sqlalchemy.engine import make_url  # noqa: E402
from werkzeug.wrappers import Request, Response  # noqa: E402

from services.grid.service import DEFINITION  # noqa: E402
from shared.access.tokens import Tokens  # noqa: E402
from shared.application import Application  # noqa: E402
from shared.kernel.clock import SystemClock  # noqa: E402
from shared.kernel.ids import new_id  # noqa: E402
from shared.persistence.database import Database  # noqa: E402
from shared.web.common import all_apis  # noqa: E402
from shared.web.listener import Listener  # noqa: E402
from shared.web.wsgi import Door  # noqa: E402
from tests.bench import child  # noqa: E402

LIKE = "INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s)"
CASE, SAID = LIKE.format(table="cases"), LIKE.format(table="outbox_messages")


class Bare:
    """Reads the body, inserts a case and its events like those that grid has written last, commits, answers."""

    def __init__(self, url: str, connections: int) -> None:
        where = make_url(url)
        self._free: SimpleQueue[Any] = SimpleQueue()
        for _ in range(connections):
            self._free.put(
                psycopg2.connect(
                    host=where.host,
                    port=where.port,
                    user=where.username,
                    password=where.password,
                    dbname=where.database,
                )
            )
        self._case: dict[str, Any] = {}
        self._said: list[dict[str, Any]] = []

    def learn(self) -> None:
        """The rows of the case that came last."""
        connection = self._free.get()
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT to_jsonb(cases) FROM cases ORDER BY id DESC LIMIT 1")
            self._case = cursor.fetchone()[0]
            mine = (self._case["id"],)
            cursor.execute("SELECT to_jsonb(o) FROM outbox_messages o WHERE partition_key = %s", mine)
            self._said = [row for (row,) in cursor]
        self._free.put(connection)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if not self._case:
            self.learn()
        told = Request(environ).get_json()
        case = {**self._case, "id": new_id(), "number": new_id()[-20:], "text": told["text"]}
        connection = self._free.get()
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(CASE, (json.dumps(case),))
                for said in self._said:
                    cursor.execute("SELECT nextval(pg_get_serial_sequence('outbox_messages', 'id'))")
                    row = {**said, "id": cursor.fetchone()[0], "event_id": new_id()}
                    cursor.execute(SAID, (json.dumps(row),))
        finally:
            self._free.put(connection)
        answer = json.dumps({"id": case["id"]})
        return Response(answer, 201, content_type="application/json")(environ, start_response)


def main() -> None:
    told = child.settings()
    application = Application(DEFINITION, Database(told["database"]), SystemClock(), "110112010")
    door = Door(application, Tokens(told["key"]), all_apis(DEFINITION))
    listener = Listener("127.0.0.1", told["port"])
    listener.add("grid", door)
    listener.add("bare", Bare(told["database"], connections=10))
    child.wait_for_go()
    child.wait_for_the_end()
    listener.close()


if __name__ == "__main__":
    main()
