"""What becomes known of a request, for its entries in the audit trail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.audit.trail import Entry
from shared.contracts.fields import Code
from shared.kernel.command import Actor
from shared.kernel.ids import JOURNEY_ID
from shared.kernel.personal import personal_data_in
from shared.web.api import Endpoint

# no outcome of anything: who asks is not known (401), asks too often (429), or nothing can be written (503)
UNAUDITED = (401, 429, 503)
# what a path names, and what a deed says that it has made or answered (Open311 in words of its own)
NAMES = ("id", "number", "correlation_id", "code")
MADE = ("id", "service_request_id", "question_ref")
# instead of what stands where an id should, and may be a name or a phone
OMITTED = "***"
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_OTHER_ID = re.compile(rf"(?!.*\d{{11}}){JOURNEY_ID}", re.ASCII)


@dataclass
class Visit:
    """A request from an `address`: what is asked of which endpoint, by whom, and what is told; `query` and `body` only
    once they are validated."""

    address: str
    endpoint: Endpoint | None = None
    actor: Actor | None = None
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    told: Any = None

    def entries(self, status: int, *, code: str | None = None, journey: str | None = None) -> list[Entry]:
        """One entry, or one for each person whom it is about; none before it is known who asks."""
        endpoint, actor = self.endpoint, self.actor
        if endpoint is None or actor is None:
            return []
        subjects: list[str | None] = [*self._subjects(endpoint.subject)]
        return [
            Entry(
                actor=actor.id,
                role=actor.role,
                scope=actor.scope,
                address=self.address,
                operation=f"{endpoint.method} {endpoint.full_path}",
                object=self._object(),
                subject=subject,
                status=status,
                code=code,
                purpose=self._purpose(endpoint),
                journey=journey,
            )
            for subject in subjects or [None]
        ]

    def _object(self) -> str | None:
        """What its path names (never a secret, nor a form), else what was made."""
        named = [_id(self.path[name]) or OMITTED for name in NAMES if name in self.path]
        made = (id for name in MADE for id in _values(self.told, name))
        is_deed = self.endpoint is not None and self.endpoint.is_deed
        return named[0] if named else next(made, None) if is_deed else None

    def _subjects(self, name: str) -> list[str]:
        """The persons concerned: whom the path names, or else the body or the query, else those who are told of."""
        for given in (self.path, self.body, self.query):
            if text := _text(given.get(name)):
                return [text] if _id(text) else []
        return list(dict.fromkeys(_values(self.told, name)))

    def _purpose(self, endpoint: Endpoint) -> str | None:
        """A code out of a table, never somebody's words."""
        declared = endpoint.body.fields.get("purpose") if endpoint.body else None
        return _text(self.body.get("purpose")) if isinstance(declared, Code) else None


def _values(told: Any, name: str) -> Iterator[str]:
    """The values under a name: in a structure, or in the lists inside where it has none itself."""
    if isinstance(told, list):
        for item in told:
            yield from _values(item, name)
    elif isinstance(told, Mapping):
        if text := _text(told.get(name)):
            yield text
        else:
            for inner in told.values():
                yield from _values(inner, name) if isinstance(inner, list) else ()


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) and value != "" else None


def _id(text: str) -> str | None:
    """The text, where it may be an id; None for what looks like none, or like somebody's phone."""
    if _UUID.fullmatch(text) or (_OTHER_ID.fullmatch(text) and not personal_data_in(text)):
        return text
    return None
