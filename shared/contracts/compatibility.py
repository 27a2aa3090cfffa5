"""Whether today's contracts still keep what a release has promised.

A release freezes two things per event type: a sample, `<type>.json`, a whole envelope with every field filled, which
stays readable for ever; and the JSON Schema of its data, `schemas/<type>.json`, which may only grow.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from operator import gt, lt
from pathlib import Path
from typing import Any, NamedTuple

from shared.contracts.documents.json_schema import X_INTERNAL, JsonSchema, data_schema
from shared.contracts.envelope import Envelope
from shared.contracts.registry import ContractBroken, Event, verify

SCHEMAS = "schemas"
GONE = "类型没有了 the type is gone"
REMOVED = "字段删除或改名 removed or renamed"
REQUIRED = "新成为必填 newly required"
OPTIONAL = "不再必填 no longer required, though readers rely on it"
RETYPED = "类型改变 re-typed"
WORDS = "代码删除 words removed"
NARROWED = "范围收窄 narrowed"
HIDDEN = "不再对外 now internal, so gone from the feed"
UNREADABLE = "读不出 cannot be read"
NARROWER: dict[str, Callable[[Any, Any], bool]] = {
    "minimum": gt,
    "minLength": gt,
    "maximum": lt,
    "maxLength": lt,
}


class Break(NamedTuple):
    """A promise that is not kept. `field` is dotted within structures, and empty where the type itself is meant."""

    type: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.type} {self.field}：{self.reason}" if self.field else f"{self.type}：{self.reason}"


class Comparison(NamedTuple):
    """What was found: promises that are broken, and types that no release has frozen yet."""

    broken: list[Break]
    new: list[str]


def compare(released: Path, events: Mapping[str, type[Event]]) -> Comparison:
    """Read what a release has frozen in that folder with today's contracts."""
    samples = {path.name.removesuffix(".json"): path for path in sorted(released.glob("*.json"))}
    broken = [found for name, path in samples.items() for found in _breaks_of(name, path, events.get(name))]
    return Comparison(broken, [name for name in sorted(events) if name not in samples])


def readable(released: Path, events: Mapping[str, type[Event]]) -> dict[str, dict[str, Any]]:
    """The frozen envelopes by type, those that today's contracts can read: examples for documents."""
    return {
        path.name.removesuffix(".json"): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(released.glob("*.json"))
        if (event := events.get(path.name.removesuffix(".json"))) and not list(_unreadable(path, event))
    }


def freeze(released: Path, events: Mapping[str, type[Event]]) -> list[str]:
    """Write today's schemas beside the samples; the names of those written. Types without a sample are left out."""
    frozen = [name for name in sorted(events) if (released / f"{name}.json").exists()]
    (released / SCHEMAS).mkdir(exist_ok=True)
    for name in frozen:
        text = json.dumps(data_schema(events[name]), ensure_ascii=False, indent=2)
        (released / SCHEMAS / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
    return frozen


def _breaks_of(name: str, sample: Path, event: type[Event] | None) -> Iterator[Break]:
    if event is None:
        yield Break(name, "", GONE)
        return
    frozen = sample.parent / SCHEMAS / sample.name
    taken_back = list(_taken_back(frozen, event)) if frozen.exists() else []
    yield from (Break(name, field, reason) for field, reason in taken_back)
    explained = {field for field, _ in taken_back}
    for field, reason in _unreadable(sample, event):
        if field not in explained:
            yield Break(name, field, f"{UNREADABLE}: {reason}")


def _taken_back(frozen: Path, event: type[Event]) -> Iterator[tuple[str, str]]:
    try:
        released = json.loads(frozen.read_text(encoding="utf-8"))
    except ValueError as error:
        yield "", f"{UNREADABLE}: {frozen}: {error}"
        return
    yield from _schema_breaks(released, data_schema(event))


def _schema_breaks(before: JsonSchema, now: JsonSchema, name: str = "") -> Iterator[tuple[str, str]]:
    """The fields, this one and those inside, of which something was taken back, each with the reason."""
    if _kind(before) != _kind(now):
        yield name, f"{RETYPED}: {_kind(before)} → {_kind(now)}"
        return
    if removed := [word for word in before.get("enum", ()) if word not in now.get("enum", ())]:
        yield name, f"{WORDS}: {'、'.join(map(str, removed))}"
    for bound, is_narrower in NARROWER.items():
        if bound in now and (bound not in before or is_narrower(now[bound], before[bound])):
            yield name, f"{NARROWED}: {bound} {before.get(bound)} → {now[bound]}"
    if now.get(X_INTERNAL) and not before.get(X_INTERNAL):
        yield name, HIDDEN
    if "items" in before:
        yield from _schema_breaks(before["items"], now["items"], name)
    yield from _structure_breaks(before, now, f"{name}." if name else "")


def _structure_breaks(before: JsonSchema, now: JsonSchema, prefix: str) -> Iterator[tuple[str, str]]:
    fields, fields_now = before.get("properties", {}), now.get("properties", {})
    for name, field in fields.items():
        if name in fields_now:
            yield from _schema_breaks(field, fields_now[name], prefix + name)
        else:
            yield prefix + name, REMOVED
    always, always_now = set(before.get("required", ())), set(now.get("required", ()))
    yield from ((prefix + name, REQUIRED) for name in sorted(always_now - always))
    yield from ((prefix + name, OPTIONAL) for name in sorted((always - always_now) & fields_now.keys()))


def _kind(field: JsonSchema) -> str:
    types = field.get("type", ())
    words = [types] if isinstance(types, str) else sorted(types)
    words += [field["format"]] if "format" in field else []
    words += ["enum"] if "enum" in field else []
    return " ".join(words)


def _unreadable(sample: Path, event: type[Event]) -> Iterator[tuple[str, str]]:
    try:
        envelope = Envelope.from_bytes(sample.read_bytes())
        if envelope.type != event.type:
            raise ContractBroken(envelope.type, f"a sample of {event.type} was expected")
        verify(event, envelope.data)
    except ContractBroken as broken:
        yield from _flat(broken.errors)


def _flat(errors: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """marshmallow's tree of errors, by dotted name; the places in lists are left out."""
    if not isinstance(errors, dict):
        yield name, " ".join(errors) if isinstance(errors, list) else str(errors)
        return
    for key, inside in errors.items():
        yield from _flat(inside, name if isinstance(key, int) else f"{name}.{key}".strip("."))
