"""The watch over the logs sees what it is to see, and only that."""

from __future__ import annotations

import logging

import pytest

from tests.secrets import RESIDENTS, Watch, forbidden_in, forbidden_in_files

TOKEN = "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiJ4In0.c2ln"
PHONE = "1380013" + "8000"
LINK = "Zk3-v9Qw_7" * 3 + "aB"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"Authorization: Bearer {TOKEN}", "a token"),
        (f"GET /notify/v1/answers/{LINK} 200", "a link for answering"),
        (f"phone={PHONE},", "a phone"),
        *((f"dear {name}:", "a name") for name in RESIDENTS),
        ("amqp://guest:gu" + "est@host/", "a password"),
        ("postgresql+psycopg2://u:p" + "w@h/db", "a password"),
        ("-----BEGIN PRIVATE KEY" + "-----", "a private key"),
    ],
)
def test_what_no_log_may_hold_is_seen(text, what):
    assert [found for found, _ in forbidden_in(text)] == [what]


@pytest.mark.parametrize(
    "text",
    [
        "amqp://guest:***@host/",
        "http://127.0.0.1:8000/x@y",
        "1732569123456",
        "0.13800138000",
        "138****8000",
        "/answers/01900000-0000-7000-8000-000000000000",
    ],
)
def test_what_is_harmless_is_not(text):
    assert list(forbidden_in(text)) == []


def test_the_whole_record_is_looked_at():
    watch = Watch()
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s", (PHONE,), None)
    record.reason = TOKEN
    watch.emit(record)
    assert {line.partition(" (")[0] for line in watch.found} == {"a phone", "a token"}


def test_a_key_is_known_by_its_file(tmp_path):
    (tmp_path / "token.key").write_text("k" * 40)
    log = tmp_path / "grid.log"
    log.write_text(f"the key is {'k' * 40}")
    try:
        assert forbidden_in_files(tmp_path) == ["a key (grid.log)"]
    finally:
        log.unlink()  # the run's own watch looks here too
