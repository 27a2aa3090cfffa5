"""The how-to pages say what is so: their code is the examples', their tables and events are the services'."""

from __future__ import annotations

import json
import re

import pytest

from services.grid.http.cases import LONGEST_TEXT
from shared.contracts.envelope import LARGEST_MESSAGE, Envelope
from shared.contracts.registry import contract, for_feed, read
from shared.persistence.tables import ANSWERS_KEPT_HOURS
from tests.how_to import EXAMPLES, HOW_TO

PAGES = {name: (HOW_TO / name).read_text(encoding="utf-8") for name in ("subscribe.md", "push-cases.md")}
SHOWN = re.compile(r"^\[examples/([\w.]+)\]\(examples/\1\)：\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INSTALLED = {".gitignore", ".npmrc", "package.json", "package-lock.json", "node_modules"}


def test_the_code_on_the_pages_is_that_of_the_examples():
    shown = {name: code for page in PAGES.values() for name, code in SHOWN.findall(page)}
    there = {path.name for path in EXAMPLES.iterdir()} - INSTALLED
    assert shown == {name: (EXAMPLES / name).read_text(encoding="utf-8") for name in there}


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_links_to_exists(page):
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", PAGES[page])]
    assert links
    assert [link for link in links if not (HOW_TO / link).exists()] == []


def test_the_event_shown_is_one_that_could_be_on_the_feed():
    shown = re.search(r"```json\n(.*?)```", PAGES["subscribe.md"], re.DOTALL)
    envelope = Envelope.from_bytes(shown[1].encode())
    event = contract(envelope.type)
    read(event, envelope.data)
    assert set(envelope.data) == set(for_feed(event, dict.fromkeys(event().fields)))
    assert set(json.loads(envelope.to_bytes())) == set(json.loads(shown[1]))


def test_the_numbers_on_the_pages_are_those_of_the_code():
    assert f"小于 {LARGEST_MESSAGE // 1024} KiB" in PAGES["subscribe.md"]
    assert f"{ANSWERS_KEPT_HOURS} 小时内" in PAGES["push-cases.md"]
    assert f"最多 {LONGEST_TEXT} 字" in PAGES["push-cases.md"]
