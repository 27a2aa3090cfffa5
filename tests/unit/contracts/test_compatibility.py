"""Each way to break a promise is caught, with the type and the field; what only grows is not."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from shared.cli.main import app
from shared.contracts import registry
from shared.contracts.compatibility import (
    GONE,
    HIDDEN,
    NARROWED,
    OPTIONAL,
    REMOVED,
    REQUIRED,
    RETYPED,
    SCHEMAS,
    UNREADABLE,
    WORDS,
    compare,
    freeze,
    readable,
)
from shared.contracts.envelope import Envelope
from shared.contracts.fields import (
    Code,
    Codes,
    Day,
    Fen,
    Flag,
    Instant,
    Part,
    Ref,
    Refs,
    Text,
    Whole,
    internal,
    nested,
    several,
)
from shared.contracts.registry import Event, load_contracts

TYPE = "toy.list.made.v1"
DATA = {
    "list_ref": "list",
    "at": "2024-05-27T04:00:00+00:00",
    "on": "2024-05-27",
    "kind": "long",
    "title": "防滑铺装",
    "cost_fen": 5,
    "is_open": True,
    "tags": ["a"],
    "resident_refs": ["resident"],
    "things": [{"number": 1, "colour": "red"}],
    "first": {"number": 1, "colour": "red"},
    "note": "a",
}


def part(**changed):
    made = {"number": Whole(required=True), "colour": Code("red", "blue", required=True)} | changed
    return type("Thing", (Part,), {name: field for name, field in made.items() if field is not None})


def declared(on_feed=True, parts=None, **changed):
    """The contract of the type, as released but for what is changed; None leaves a field out."""
    thing = part(**(parts or {}))
    fields = {
        "list_ref": Ref(required=True),
        "at": Instant(required=True),
        "on": Day(required=True),
        "kind": Code("long", "short", required=True),
        "title": Text(100, required=True),
        "cost_fen": Fen(required=True),
        "is_open": Flag(required=True),
        "tags": Codes("a", "b", required=True),
        "resident_refs": internal(Refs(required=True)),
        "things": several(thing, required=True),
        "first": nested(thing, required=True),
        "note": Text(30, load_default="", allow_none=True),
    } | changed
    body = {name: field for name, field in fields.items() if field is not None}
    return {TYPE: type("ListMade", (Event,), {"type": TYPE, "on_feed": on_feed, **body})}


@pytest.fixture(autouse=True)
def own_registry(monkeypatch):
    """Contracts declared here are forgotten after each test."""
    load_contracts()
    monkeypatch.setattr(registry, "_registered", {})


@pytest.fixture
def released(tmp_path, own_registry):
    """A folder with the type as it was released."""
    write(tmp_path, DATA)
    assert freeze(tmp_path, declared()) == [TYPE]
    registry._registered.clear()
    return tmp_path


def write(folder, data, event_type=TYPE):
    envelope = Envelope(
        id="id",
        source="/jiushu/110112010/toy",
        type=event_type,
        subject="list",
        time=datetime(2024, 5, 27, tzinfo=UTC),
        data=data,
        correlation_id="journey",
        aggregate_version=1,
    )
    (folder / f"{TYPE}.json").write_bytes(envelope.to_bytes())


def found(released, events):
    return [(field, reason) for _, field, reason in compare(released, events).broken]


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"title": None}, "title", REMOVED),
        ({"note": None}, "note", REMOVED),
        ({"title": None, "name": Text(100, load_default="")}, "title", REMOVED),
        ({"parts": {"number": None}}, "things.number", REMOVED),
        ({"parts": {"number": None}}, "first.number", REMOVED),
        ({"title": Whole(required=True)}, "title", RETYPED),
        ({"cost_fen": Text(required=True)}, "cost_fen", RETYPED),
        ({"at": Text(required=True)}, "at", RETYPED),
        ({"at": Day(required=True)}, "at", RETYPED),
        ({"on": Instant(required=True)}, "on", RETYPED),
        ({"is_open": Whole(required=True)}, "is_open", RETYPED),
        ({"kind": Text(required=True)}, "kind", RETYPED),
        ({"title": Code("防滑铺装", required=True)}, "title", RETYPED),
        ({"list_ref": Refs(required=True)}, "list_ref", RETYPED),
        ({"resident_refs": Ref(required=True)}, "resident_refs", RETYPED),
        ({"first": Ref(required=True)}, "first", RETYPED),
        ({"note": Text(30, load_default="")}, "note", RETYPED),
        ({"title": Text(100, required=True, allow_none=True)}, "title", RETYPED),
        ({"parts": {"number": Text(required=True)}}, "things.number", RETYPED),
        ({"note": Text(30, required=True, allow_none=True)}, "note", REQUIRED),
        ({"added": Text(required=True)}, "added", REQUIRED),
        ({"parts": {"added": Text(required=True)}}, "first.added", REQUIRED),
        ({"title": Text(100, load_default="")}, "title", OPTIONAL),
        ({"kind": Code("long", required=True)}, "kind", WORDS),
        ({"kind": Code("short", required=True)}, "kind", WORDS),
        ({"tags": Codes("a", required=True)}, "tags", WORDS),
        ({"parts": {"colour": Code("red", required=True)}}, "things.colour", WORDS),
        ({"title": Text(99, required=True)}, "title", NARROWED),
        ({"cost_fen": Fen(1, required=True)}, "cost_fen", NARROWED),
        ({"cost_fen": Fen(0, 100, required=True)}, "cost_fen", NARROWED),
        ({"title": internal(Text(100, required=True))}, "title", HIDDEN),
        ({"on_feed": False}, "", HIDDEN),
    ],
)
def test_each_break_is_named_with_its_field(released, changed, field, reason):
    named = dict(found(released, declared(**changed)))
    assert named[field].startswith(reason)
    assert all(name.startswith((field, "things.", "first.")) for name in named)


def test_a_type_that_is_gone_is_named(released):
    assert found(released, {}) == [("", GONE)]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"added": Text(load_default="")},
        {"added": several(part(), load_default=list)},
        {"parts": {"added": Text(load_default="")}},
        {"kind": Code("long", "short", "wide", required=True)},
        {"title": Text(200, required=True)},
        {"cost_fen": Whole(required=True)},
    ],
)
def test_what_only_grows_keeps_the_promise(released, changed):
    assert found(released, declared(**changed)) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": None}, "title"),
        ({"parts": {"number": None}}, "things.number"),
        ({"title": Whole(required=True)}, "title"),
        ({"added": Text(required=True)}, "added"),
        ({"kind": Code("short", required=True)}, "kind"),
    ],
)
def test_a_sample_alone_shows_what_cannot_be_read_any_more(released, changed, field):
    (released / SCHEMAS / f"{TYPE}.json").unlink()
    named = dict(found(released, declared(**changed)))
    assert named[field].startswith(UNREADABLE)


def test_a_break_is_named_once(released):
    assert [field for field, _ in found(released, declared(title=None))] == ["title"]


def test_a_type_without_a_sample_is_new_and_breaks_nothing(tmp_path):
    assert compare(tmp_path, declared()) == ([], [TYPE])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b"\xff"])
def test_a_sample_that_is_no_envelope_is_named(released, body):
    (released / f"{TYPE}.json").write_bytes(body)
    assert [field for field, _ in found(released, declared())] == [""]
    assert readable(released, declared()) == {}


def test_a_sample_of_another_type_is_named(released):
    write(released, DATA, event_type="toy.list.other.v1")
    assert "toy.list.made.v1" in found(released, declared())[0][1]


def test_a_frozen_schema_that_is_not_json_is_named(released):
    (released / SCHEMAS / f"{TYPE}.json").write_text("{")
    ((field, reason),) = found(released, declared())
    assert field == ""
    assert SCHEMAS in reason


def test_the_command_names_what_is_broken_and_exits_1(released, monkeypatch):
    broken = declared(title=None, kind=Code("long", required=True))
    monkeypatch.setattr("shared.cli.contracts.load_contracts", lambda: broken)
    answer = CliRunner().invoke(app, ["contracts", "check", str(released)])
    assert answer.exit_code == 1
    assert f"{TYPE} title" in answer.output
    assert f"{TYPE} kind" in answer.output


def test_the_command_names_new_types_and_exits_0(released, monkeypatch):
    grown = declared() | {"toy.list.sorted.v1": type("Sorted", (Event,), {"type": "toy.list.sorted.v1"})}
    monkeypatch.setattr("shared.cli.contracts.load_contracts", lambda: grown)
    answer = CliRunner().invoke(app, ["contracts", "check", str(released)])
    assert answer.exit_code == 0
    assert "toy.list.sorted.v1" in answer.output


def test_nothing_is_frozen_anew_while_a_promise_is_broken(released, monkeypatch):
    before = (released / SCHEMAS / f"{TYPE}.json").read_bytes()
    monkeypatch.setattr("shared.cli.contracts.load_contracts", lambda: declared(title=None))
    assert CliRunner().invoke(app, ["contracts", "freeze", str(released)]).exit_code == 1
    assert (released / SCHEMAS / f"{TYPE}.json").read_bytes() == before


def test_a_release_freezes_what_was_added_so_that_it_cannot_be_taken_back(released, monkeypatch):
    grown = declared(added=Text(load_default=""))
    monkeypatch.setattr("shared.cli.contracts.load_contracts", lambda: grown)
    assert CliRunner().invoke(app, ["contracts", "freeze", str(released)]).exit_code == 0
    registry._registered.clear()
    assert ("added", REMOVED) in found(released, declared())
    assert json.loads((released / SCHEMAS / f"{TYPE}.json").read_text())["properties"]["added"]
