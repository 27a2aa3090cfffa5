"""The documents say what the contracts do, and are as new as the contracts."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from shared.cli import contracts
from shared.cli.main import app
from shared.contracts.documents.json_schema import ENVELOPE, data_schema, feed_schema
from shared.contracts.fields import internal_fields, schema_inside
from shared.contracts.registry import ContractBroken, for_feed, read
from shared.contracts.terms import TERMS
from shared.messaging.rabbitmq import EVENTS as EVENTS_EXCHANGE
from shared.messaging.rabbitmq import FEED as FEED_EXCHANGE
from tests.contract.ours import EVENTS, PARTICIPANTS, SAMPLES, sample
from tests.real import cannot_run

NODE = Path(__file__).parent / "node"
DOCS = Path(__file__).parents[2] / "docs" / "contracts"
IDS = [event.type for event in EVENTS]
each_event = pytest.mark.parametrize("event", EVENTS, ids=IDS)


def validator(schema):
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.fixture(scope="module")
def documents():
    return contracts.documents(EVENTS, PARTICIPANTS, {event.type: sample(event) for event in EVENTS})


@pytest.fixture(scope="module")
def asyncapi(documents):
    return json.loads(documents["asyncapi.json"])


def test_the_documents_in_docs_are_as_new_as_the_contracts(documents):
    kept = {
        str(path.relative_to(DOCS)): path.read_text(encoding="utf-8")
        for path in DOCS.rglob("*")
        if path.is_file()
    }
    stale = sorted(name for name in documents.keys() | kept if documents.get(name) != kept.get(name))
    assert not stale, f"run `jiushu contracts export`, and remove what it no longer writes: {stale}"


# ---- JSON Schema


@each_event
def test_a_schema_is_a_schema_and_accepts_the_sample(event):
    Draft202012Validator.check_schema(data_schema(event))
    validator(data_schema(event)).validate(sample(event)["data"])


@each_event
def test_the_schema_of_the_feed_accepts_what_the_feed_says_and_knows_nothing_internal(event):
    schema, said = feed_schema(event), for_feed(event, sample(event)["data"])
    assert (schema is None) == (said is None) == (not event.on_feed)
    if schema is not None:
        Draft202012Validator.check_schema(schema)
        validator(schema).validate(said)
        assert "x-internal" not in json.dumps(schema)


def test_fields_left_out_of_the_feeds_schema_are_those_that_the_feed_leaves_out():
    hidden = {event.type: names for event in EVENTS if event.on_feed and (names := internal_fields(event()))}
    assert hidden["notify.feedback.received.v1"] == ["resident_ref"]
    for event in EVENTS:
        for name in hidden.get(event.type, ()):
            assert name in data_schema(event)["properties"]
            assert name not in feed_schema(event)["properties"]
            assert name not in for_feed(event, sample(event)["data"])


STRANGE = [
    None,
    "",
    "x" * 5000,
    "名" * 65,
    "2024-05-27",
    "2024-05-27T01:00:00",
    "2024-05-27T01:00:00Z",
    -1,
    0,
    1.5,
    2**53,
    True,
    [],
    ["a"],
    [""],
    [None],
    {},
    [{}],
]


def spoilt(data):
    """The data with each field, and each field inside, in turn left out or replaced by something strange."""
    for name, value in data.items():
        without = {other: kept for other, kept in data.items() if other != name}
        yield without
        for strange in STRANGE:
            yield without | {name: strange}
        if isinstance(value, dict):
            yield from (data | {name: inside} for inside in spoilt(value))
        elif isinstance(value, list) and isinstance(value[0], dict):
            yield from (data | {name: [inside, *value[1:]]} for inside in spoilt(value[0]))
        elif isinstance(value, list):
            yield from (data | {name: [*value, strange]} for strange in STRANGE)
    yield data | {"added_later": 1}


def is_read(event, data):
    try:
        read(event, data)
    except ContractBroken:
        return False
    return True


@each_event
def test_a_schema_accepts_exactly_what_a_subscriber_reads(event):
    schema = validator(data_schema(event))
    for data in spoilt(sample(event)["data"]):
        assert schema.is_valid(data) == is_read(event, data), data


@each_event
def test_the_envelope_s_schema_accepts_the_sample(event):
    validator(ENVELOPE).validate(sample(event))


@pytest.mark.parametrize("name", ENVELOPE["required"])
def test_the_envelope_s_schema_misses_what_is_missing(name):
    envelope = sample(EVENTS[0])
    del envelope[name]
    assert not validator(ENVELOPE).is_valid(envelope)


def field_names(schema):
    for name, field in schema.fields.items():
        yield name
        inside = schema_inside(field)
        if inside is not None:
            yield from field_names(inside)


def test_every_field_has_a_chinese_name_and_no_name_is_left_over():
    assert {name for event in EVENTS for name in field_names(event())} == set(TERMS)


# ---- AsyncAPI


def test_asyncapi_is_accepted_by_the_parser_of_the_asyncapi_initiative(documents, tmp_path):
    if not shutil.which("node") or not (NODE / "node_modules" / "@asyncapi" / "parser").is_dir():
        cannot_run("@asyncapi/parser (npm ci --prefix tests/contract/node)")
    assert accepted(documents["asyncapi.json"], tmp_path)
    broken = json.loads(documents["asyncapi.json"])
    broken["channels"]["events.grid.case.closed.v1"]["bindings"]["amqp"]["exchange"]["type"] = "tropic"
    assert not accepted(json.dumps(broken), tmp_path)


def accepted(text, directory):
    path = directory / "asyncapi.json"
    path.write_text(text, encoding="utf-8")
    run = subprocess.run(["node", NODE / "validate.mjs", path], capture_output=True, text=True, timeout=120)
    assert run.stdout, run.stderr
    print(run.stdout)
    return run.returncode == 0


def test_asyncapi_names_an_exchange_and_a_routing_key_for_each_type(asyncapi):
    for event in EVENTS:
        expected = {"events": EVENTS_EXCHANGE.name} | ({"feed": FEED_EXCHANGE.name} if event.on_feed else {})
        for prefix, exchange in expected.items():
            channel = asyncapi["channels"][f"{prefix}.{event.type}"]
            assert channel["address"] == event.type
            assert channel["bindings"]["amqp"]["exchange"]["name"] == exchange
    assert "feed.notify.contact.registered.v1" not in asyncapi["channels"]


def test_asyncapi_has_an_operation_for_each_subscription_and_each_publisher(asyncapi):
    heard = {(one.name, event_type, kind) for one in PARTICIPANTS for event_type, kind in one.hears.items()}
    found = {
        (name.split(".")[0], name.split(".hears.")[1], operation["x-subscription"])
        for name, operation in asyncapi["operations"].items()
        if operation["action"] == "receive"
    }
    assert found == heard
    sent = {name for name, operation in asyncapi["operations"].items() if operation["action"] == "send"}
    assert {f"{event.owner()}.says.{event.type}" for event in EVENTS} <= sent


def test_asyncapi_s_messages_for_outsiders_show_nothing_internal(asyncapi):
    channels = {name: channel for name, channel in asyncapi["channels"].items() if name.startswith("feed.")}
    assert channels
    for channel in channels.values():
        for reference in channel["messages"].values():
            message = asyncapi["components"]["messages"][reference["$ref"].rsplit("/", 1)[1]]
            data = message["payload"]["allOf"][1]["properties"]["data"]["$ref"].rsplit("/", 1)[1]
            assert "x-internal" not in json.dumps(asyncapi["components"]["schemas"][data])
            shown = message["examples"][0]["payload"]["data"]
            assert shown == for_feed(event_of(message), sample(event_of(message))["data"])


def event_of(message):
    return next(event for event in EVENTS if event.type == message["name"])


# ---- the catalogue


def test_the_catalogue_says_of_each_event_when_and_when_not_and_who_listens(documents):
    page = documents["README.md"]
    for event in EVENTS:
        entry = page.split(f"### {event.type}\n")[1].split("\n### ")[0].split("\n## ")[0]
        assert event.title in entry
        assert event.sent_when in entry
        assert event.not_sent_when in entry
        for name in event().fields:
            assert f"| `{name}` |" in entry
        for one in PARTICIPANTS:
            listening = f"{one.name} ({one.hears.get(event.type)})"
            assert (listening in entry) == (event.type in one.hears)


def test_the_catalogue_marks_what_is_internal(documents):
    page = documents["README.md"]
    entry = page.split("### notify.feedback.received.v1\n")[1].split("\n### ")[0]
    (row,) = [line for line in entry.splitlines() if line.startswith("| `resident_ref`")]
    assert row.endswith("| 内部 |")


def test_every_table_of_the_catalogue_has_as_many_cells_in_each_row_as_in_its_head(documents):
    widths = []
    for line in documents["README.md"].splitlines():
        if not line.startswith("|"):
            widths = []
            continue
        widths.append(line.count("|"))
        assert widths[-1] == widths[0], line


# ---- the command


def test_export_writes_all_documents_where_it_is_told(documents, tmp_path):
    answer = CliRunner().invoke(
        app, ["contracts", "export", str(tmp_path / "new" / "here"), "--samples", str(SAMPLES)]
    )
    assert answer.exit_code == 0
    assert (tmp_path / "new" / "here" / "README.md").exists()
    for name in documents:
        assert (tmp_path / "new" / "here" / name).exists()


def test_export_leaves_out_an_example_that_cannot_be_read_any_more(tmp_path):
    unreadable = copy.deepcopy(sample(EVENTS[0]))
    unreadable["data"]["renamed_since"] = 1
    (tmp_path / f"{EVENTS[0].type}.json").write_text(json.dumps(unreadable))
    (tmp_path / f"{EVENTS[1].type}.json").write_text("{")
    answer = CliRunner().invoke(
        app, ["contracts", "export", str(tmp_path / "out"), "--samples", str(tmp_path)]
    )
    assert answer.exit_code == 0
    messages = json.loads((tmp_path / "out" / "asyncapi.json").read_text())["components"]["messages"]
    assert "examples" not in messages[EVENTS[0].type]


def test_export_to_where_nothing_can_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    answer = CliRunner().invoke(app, ["contracts", "export", str(tmp_path / "file")])
    assert answer.exit_code == 2
    assert "写不了" in answer.output
