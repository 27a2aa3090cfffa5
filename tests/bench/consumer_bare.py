"""The bare limit: batches of 200 consumed with py-amqp, the same inserts with psycopg2, one commit and one ack per
batch. No contract is checked, no order kept, nothing tried again. `rows_at_once`: the rows of a batch in one statement,
which nothing can do that calls a handler for each event; else one statement per row."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import psycopg2
from kombu import Connection
from psycopg2.extras import execute_values
from sqlalchemy.engine import make_url

from tests.bench import child

BATCH = 200
INBOX = """INSERT INTO inbox_messages (source, event_id, type, partition_key, correlation_id, body, state,
    blocks_key, attempts, waits, due, received_at, handled_at) VALUES {} ON CONFLICT (source, event_id, type) DO NOTHING"""
INBOX_ROW = "(%s, %s, %s, %s, %s, %s, 'done', 0, 0, 0, 0.0, %s, %s)"
EFFECTS, EFFECTS_ROW = "INSERT INTO effects (lamp, title, count) VALUES {}", "(%s, %s, %s)"


def main() -> None:
    told = child.settings()
    url = make_url(told["database"])
    database = psycopg2.connect(
        host=url.host, port=url.port, user=url.username, password=url.password, dbname=url.database
    )
    insert = _rows_at_once if told["rows_at_once"] else _row_by_row
    child.wait_for_go()
    with Connection(told["amqp_uri"]) as broker:
        channel = broker.channel()
        channel.auto_decode = False
        channel.basic_qos(0, 2 * BATCH, False)
        waiting: list = []
        channel.basic_consume("bare.inbox", callback=waiting.append)
        while not child._ended:
            try:
                broker.drain_events(timeout=0.2)
                while len(waiting) < BATCH:
                    broker.drain_events(timeout=0.002)
            except TimeoutError:
                pass
            if waiting:
                with database, database.cursor() as cursor:
                    _write(cursor, insert, waiting)
                channel.basic_ack(waiting[-1].delivery_tag, multiple=True)
                waiting.clear()


def _write(cursor, insert, messages) -> None:
    seen, noted = [], []
    now = datetime.now(UTC)
    for message in messages:
        event = json.loads(message.body)
        names = ("source", "id", "type", "subject", "correlationid")
        seen.append((*(event[name] for name in names), message.body, now, now))
        noted.append((event["subject"], event["data"]["title"], event["data"]["count"]))
    insert(cursor, INBOX, INBOX_ROW, seen)
    insert(cursor, EFFECTS, EFFECTS_ROW, noted)


def _row_by_row(cursor, statement, row, values) -> None:
    statement = statement.format(row)
    for each in values:
        cursor.execute(statement, each)


def _rows_at_once(cursor, statement, row, values) -> None:
    execute_values(cursor, statement.format("%s"), values, template=row, page_size=BATCH)


if __name__ == "__main__":
    main()
