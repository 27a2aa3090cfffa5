"""Every event type that exists, found through the `jiushu.contracts` entry points."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Any, ClassVar

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError

from shared.contracts.fields import Plain, schema_inside, set_unknown, without_internal

TYPE_PATTERN = re.compile(r"^[a-z_]+\.[a-z_]+\.[a-z_]+\.v[1-9][0-9]*$")
DOCSTRING = re.compile(
    r"(?P<title>[^\x00-\x7f]\S*)? ?(?P<summary>.*?) ?"
    r"(Sent when: (?P<sent_when>.*?) ?)?(Not sent when: (?P<not_sent_when>.*))?"
)
_registered: dict[str, type[Event]] = {}


class ContractBroken(ValueError):
    """An event that does not keep its contract; `errors` names the fields."""

    def __init__(self, event_type: str, errors: Any) -> None:
        self.errors = errors
        super().__init__(f"{event_type}: {errors}")


class Event(Plain):
    """A type of event. Subclasses set `type` and have a docstring of this form, which is read into `title` (Chinese),
    `summary`, `sent_when` and `not_sent_when`:

        立案 A matter is registered.

        Sent when: 案件登记时 a case is registered.
        Not sent when: 只是提示有相近案件时 a near duplicate is only shown.

    `on_feed` is False for types that outsiders never see.
    """

    type: ClassVar[str]
    on_feed: ClassVar[bool] = True
    title: ClassVar[Any]  # a str; Any, since an event may have a field of that name
    summary: ClassVar[str]
    sent_when: ClassVar[str]
    not_sent_when: ClassVar[str]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "type" not in vars(cls):
            return
        cls.title, cls.summary, cls.sent_when, cls.not_sent_when = _said(vars(cls).get("__doc__") or "")
        if not TYPE_PATTERN.match(cls.type):
            raise ValueError(f"{cls.__name__}: '{cls.type}' is not <owner>.<aggregate>.<participle>.v<n>")
        other = _registered.setdefault(cls.type, cls)
        if (other.__module__, other.__name__) != (cls.__module__, cls.__name__):
            raise ValueError(f"{cls.type} is declared by {other.__module__} and by {cls.__module__}")

    @classmethod
    def owner(cls) -> str:
        """The service that publishes it."""
        return cls.type.split(".")[0]

    @classmethod
    def aggregate(cls) -> str:
        """Owner and aggregate, as in `grid.place`: what a local copy is a copy of."""
        return ".".join(cls.type.split(".")[:2])


def _said(docstring: str) -> list[str]:
    """Title, summary, when it is sent and when not; empty where the docstring does not say."""
    found = DOCSTRING.fullmatch(" ".join(docstring.split()))
    return [((found and found[name]) or "").rstrip(".") for name in DOCSTRING.groupindex]


def load_contracts() -> Mapping[str, type[Event]]:
    """All event types by name, after importing what the entry points name; and what each service says by itself."""
    for entry in sorted(entry_points(group="jiushu.contracts"), key=lambda entry: entry.name):
        entry.load()
    from shared.contracts import audit  # it declares events itself

    for name in audit.publishers():
        audit.sealed(name)
    return _registered


def contract(event_type: str) -> type[Event] | None:
    """The event of that type, or None where this installation does not know it."""
    return _registered.get(event_type) or load_contracts().get(event_type)


def has_versions(event_type: str) -> bool:
    """Whether the fact may have been told in another version of its contract too, under the same event id."""
    fact, _, number = event_type.rpartition(".v")
    return number != "1" or f"{fact}.v2" in _registered


@cache
def _strict(event: type[Event]) -> Event:
    schema = event()
    set_unknown(schema, RAISE)
    return schema


@cache
def _tolerant(event: type[Event]) -> Event:
    schema = event()
    set_unknown(schema, EXCLUDE)
    return schema


def written(event: type[Event], data: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON form of `data`, as its producer must send it. Raises ContractBroken; undeclared fields too."""
    schema = _strict(event)
    undeclared = _undeclared(schema, data)
    if undeclared:
        raise ContractBroken(event.type, {name: ["undeclared field"] for name in undeclared})
    try:
        plain: dict[str, Any] = schema.dump(data)
    except ValidationError as error:
        raise ContractBroken(event.type, error.messages) from None
    verify(event, plain)
    return plain


def verify(event: type[Event], plain: Mapping[str, Any]) -> None:
    """Raises ContractBroken where the JSON form is not what a producer may send; undeclared fields too."""
    try:
        _strict(event).load(plain)
    except ValidationError as error:
        raise ContractBroken(event.type, error.messages) from None


def read(event: type[Event], plain: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an event received; unknown fields are left out. Raises ContractBroken."""
    try:
        values: dict[str, Any] = _tolerant(event).load(plain)
    except ValidationError as error:
        raise ContractBroken(event.type, error.messages) from None
    return values


def for_feed(event: type[Event], plain: Mapping[str, Any]) -> dict[str, Any] | None:
    """The JSON form as outsiders may read it, or None where they may not read this type at all."""
    return without_internal(_strict(event), plain) if event.on_feed else None


def _undeclared(schema: Schema, data: Mapping[str, Any], prefix: str = "") -> list[str]:
    found = [prefix + name for name in data if name not in schema.fields]
    for name, value in data.items():
        inside = schema_inside(schema.fields[name]) if name in schema.fields else None
        if inside is None or value is None:
            continue
        for item in value if isinstance(value, list | tuple) else [value]:
            if isinstance(item, Mapping):
                found += _undeclared(inside, item, f"{prefix}{name}.")
            else:
                found.append(f"{prefix}{name}")
    return found
