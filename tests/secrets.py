"""What no log may hold: tokens, links for answering, phones, names, passwords, keys. The whole run is watched: its own
records, and the files of the processes that it starts."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path

# of the demonstration's stories
RESIDENTS = ["王秀英", "李建国", "赵德明", "孙丽", "周强", "吴敏", "郑凯", "冯兰", "陈静", "杨洋", "何平"]
FORBIDDEN = {
    "a token": re.compile(r"eyJ[\w-]{10,}\.[\w-]+"),
    "a link for answering": re.compile(r"/answers/[\w-]{32}(?![\w-])"),
    "a phone": re.compile(r"(?<![\w.-])1[3-9]\d{9}(?![\w.-])"),
    "a password": re.compile(r"://[^/\s:@*]+:(?!\*\*\*@)[^/\s@]+@"),
    "a name": re.compile("|".join(RESIDENTS)),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
}
SHORTEST_KEY = 20
CHATTY = "chatty"  # the logger of a plugin that does wrong, so that the conformance suite finds it


class Watch(logging.Handler):
    """Looks at each record as it is made, with all that a formatter might write of it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.found: list[str] = []
        self._formatter = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        """Note what is forbidden, and which test brought it about."""
        if record.name == CHATTY:
            return
        text = f"{self._formatter.format(record)} {vars(record)}"
        test = os.environ.get("PYTEST_CURRENT_TEST", "?")
        self.found += [f"{what} ({record.name}, {test}): {where}" for what, where in forbidden_in(text)]


def forbidden_in(text: str) -> Iterator[tuple[str, str]]:
    """What is forbidden in a text: its name, and its surroundings."""
    for what, pattern in FORBIDDEN.items():
        for match in pattern.finditer(text):
            yield what, text[max(0, match.start() - 80) : match.end() + 20]


def forbidden_in_files(directory: Path) -> list[str]:
    """The same in all log files below a directory; and any key whose file lies there."""
    keys = [
        line
        for file in directory.rglob("*.key")
        for line in file.read_text("utf-8", "replace").split()
        if len(line) >= SHORTEST_KEY
    ]
    found = []
    for log in directory.rglob("*.log"):
        text = log.read_text("utf-8", "replace")
        found += [f"{what} ({log.name}): {where}" for what, where in forbidden_in(text)]
        found += [f"a key ({log.name})" for key in keys if key in text]
    return found
