"""What a check has seen, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

# up to the last @, since people write passwords unescaped
_PASSWORD_IN_URL = re.compile(r"^([^:]+://[^:/@]*:)(.+)@")
_SHORT_PASSWORD_IN_URL = re.compile(r"^([^:]+://[^:/@]*:)([^@]+)@")
_PASSWORD_IN_TEXT = re.compile(r"(\w*password\w*\s*=\s*)[^\s&'\"]+", re.IGNORECASE)


class Level(StrEnum):
    """How bad it is: only `WRONG` keeps a service from doing its work."""

    FINE = "fine"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True)
class Mend:
    """The way out, in words, and where there is one as a command: for the terminal, or SQL for the database."""

    zh: str
    en: str
    command: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing that was seen. What is not fine says how to mend it; `detail` is what another program said."""

    level: Level
    zh: str
    en: str
    mend: Mend | None = None
    detail: str = ""
    check: str = ""


def fine(zh: str, en: str) -> Finding:
    """It is as it should be."""
    return Finding(Level.FINE, zh, en)


def warning(zh: str, en: str, mend: Mend, detail: str = "") -> Finding:
    """It works, and somebody should look at it."""
    return Finding(Level.WARNING, zh, en, mend, detail)


def wrong(zh: str, en: str, mend: Mend, detail: str = "") -> Finding:
    """It does not work, or will not."""
    return Finding(Level.WRONG, zh, en, mend, detail)


def masked(url: str) -> str:
    """A URL as it may be shown: without its password, and without its query, which may hold another."""
    return _PASSWORD_IN_URL.sub(r"\1***@", url).split("?")[0]


def without_secrets(text: str, urls: Iterable[str]) -> str:
    """What another program said, without the passwords of these URLs."""
    for url in urls:
        for found in filter(None, (_PASSWORD_IN_URL.match(url), _SHORT_PASSWORD_IN_URL.match(url))):
            for secret in {found[2], unquote(found[2])} - {""}:
                text = text.replace(secret, "***")
    return _PASSWORD_IN_TEXT.sub(r"\1***", text)
