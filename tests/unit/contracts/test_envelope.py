"""The envelope: what goes out comes back, and what is no envelope is refused as such."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.envelope import Envelope
from shared.contracts.registry import ContractBroken

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=10,
)
ENVELOPES = st.builds(
    Envelope,
    id=TEXT,
    source=TEXT,
    type=TEXT,
    subject=TEXT,
    time=st.datetimes(timezones=st.just(UTC)),
    data=st.dictionaries(TEXT, JSON, max_size=4),
    correlation_id=TEXT,
    aggregate_version=st.integers(0, 2**53),
    causation_id=st.none() | TEXT,
    actor=st.none() | TEXT,
    traceparent=st.none() | TEXT,
)


def envelope(**changed):
    facts = {
        "id": "id-1",
        "source": "/jiushu/110112010/grid",
        "type": "grid.case.reported.v1",
        "subject": "case",
        "time": datetime(2024, 5, 27, 1, tzinfo=UTC),
        "data": {"text": "水池干涸"},
        "correlation_id": "journey",
        "aggregate_version": 3,
    }
    return Envelope(**facts | changed)


def attributes(**changed):
    return json.loads(envelope().to_bytes()) | changed


def from_attributes(given_attributes):
    return Envelope.from_bytes(json.dumps(given_attributes).encode())


@given(ENVELOPES)
def test_what_goes_out_comes_back(sent):
    assert Envelope.from_bytes(sent.to_bytes()) == sent


def test_the_body_is_a_cloud_event():
    assert attributes() == {
        "specversion": "1.0",
        "id": "id-1",
        "source": "/jiushu/110112010/grid",
        "type": "grid.case.reported.v1",
        "subject": "case",
        "time": "2024-05-27T01:00:00+00:00",
        "datacontenttype": "application/json",
        "dataschema": "urn:jiushu:grid.case.reported.v1",
        "correlationid": "journey",
        "aggregateversion": 3,
        "partitionkey": "case",
        "data": {"text": "水池干涸"},
    }


def test_the_body_is_utf8_without_escapes():
    assert "水池干涸".encode() in envelope().to_bytes()


def test_the_feed_gets_other_data_in_the_same_envelope():
    public = Envelope.from_bytes(envelope().for_feed({"text": "—"}).to_bytes())
    assert public == envelope(data={"text": "—"})
    assert Envelope.from_bytes(envelope().for_feed({}).to_bytes()).data == {}


def test_events_of_one_aggregate_keep_their_order_among_themselves():
    assert envelope(subject="case").partition_key == "case"


def test_the_same_instant_in_another_zone_is_the_same_instant():
    beijing = datetime(2024, 5, 27, 9, tzinfo=timezone(timedelta(hours=8)))
    assert Envelope.from_bytes(envelope(time=beijing).to_bytes()).time == envelope().time


@given(st.binary())
def test_bytes_that_are_no_envelope_break_the_contract_and_nothing_else(body):
    with pytest.raises(ContractBroken):
        Envelope.from_bytes(body)


@given(JSON)
def test_json_that_is_no_envelope_breaks_the_contract_and_nothing_else(value):
    with pytest.raises(ContractBroken):
        from_attributes(value)


@given(st.sampled_from(sorted(attributes())), JSON)
def test_an_envelope_with_one_strange_attribute_is_read_or_breaks_the_contract(name, value):
    try:
        read = from_attributes(attributes(**{name: value}))
    except ContractBroken:
        return
    assert isinstance(read.time, datetime)
    assert isinstance(read.data, dict)


@pytest.mark.parametrize(
    "missing",
    ["id", "source", "type", "subject", "time", "data", "correlationid", "aggregateversion", "partitionkey"],
)
def test_a_missing_attribute_is_named(missing):
    with pytest.raises(ContractBroken, match=missing):
        from_attributes({name: value for name, value in attributes().items() if name != missing})


def test_an_attribute_of_a_later_version_is_ignored():
    assert from_attributes(attributes(sequence="7")) == envelope()


@pytest.mark.parametrize(
    "changed", [{"time": "yesterday"}, {"time": 7}, {"data": None}, {"data": [1]}, {"aggregateversion": "x"}]
)
def test_an_attribute_of_another_type_breaks_the_contract_of_its_event(changed):
    with pytest.raises(ContractBroken, match=r"grid\.case\.reported\.v1"):
        from_attributes(attributes(**changed))


@pytest.mark.parametrize("opening", [b"[", b'{"data":'])
def test_json_nested_without_end_breaks_the_contract(opening):
    with pytest.raises(ContractBroken):
        Envelope.from_bytes(opening * 100_000)


def test_an_infinite_version_breaks_the_contract():
    with pytest.raises(ContractBroken):
        from_attributes(attributes(aggregateversion=float("inf")))


def test_a_time_without_an_offset_breaks_the_contract():
    with pytest.raises(ContractBroken):
        from_attributes(attributes(time="2024-05-27T01:00:00"))


@pytest.mark.parametrize(
    ("actor", "public"),
    [
        ("resident:r-1", "resident"),
        ("street:staff-7", "street"),
        ("system:grid", "system:grid"),
        (None, None),
    ],
)
def test_outsiders_read_the_role_of_a_person_and_not_who_it_was(actor, public):
    assert replace(envelope(), actor=actor).for_feed({}).actor == public
