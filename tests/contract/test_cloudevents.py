"""Tools that were not written here take our messages for what they say they are: CloudEvents 1.0."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_rabbitmq_event
from jsonschema import Draft7Validator
from kombu import Connection, Consumer, Queue

from shared.contracts.envelope import Envelope
from shared.contracts.registry import for_feed
from shared.messaging import rabbitmq as amqp
from shared.messaging.transport import Outgoing
from tests.contract.ours import EVENTS, sample

OFFICIAL = Draft7Validator(
    json.loads((Path(__file__).parent / "cloudevents.schema.json").read_text(encoding="utf-8")),
    format_checker=Draft7Validator.FORMAT_CHECKER,
)
each_event = pytest.mark.parametrize("event", EVENTS, ids=[event.type for event in EVENTS])


def envelope(event):
    return Envelope.from_bytes(json.dumps(sample(event)).encode())


def outgoing(event):
    said = envelope(event)
    public = for_feed(event, said.data)
    feed_body = None if public is None else said.for_feed(public).to_bytes()
    return Outgoing(said.id, said.type, said.partition_key, said.to_bytes(), feed_body)


@each_event
def test_the_official_json_schema_accepts_what_is_sent(event):
    OFFICIAL.validate(json.loads(envelope(event).to_bytes()))


@pytest.mark.parametrize("name", ["id", "source", "type", "specversion"])
def test_the_official_json_schema_would_miss_what_is_missing(name):
    body = json.loads(envelope(EVENTS[0]).to_bytes())
    assert not OFFICIAL.is_valid({other: value for other, value in body.items() if other != name})
    assert not OFFICIAL.is_valid(body | {name: ""})


@each_event
def test_attributes_have_names_that_every_protocol_can_carry(event):
    names = json.loads(envelope(event).to_bytes()).keys() - {"data"}
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in names)


@pytest.fixture(scope="module")
def heard(rabbitmq):
    """All samples as a stranger gets them from both exchanges of a real broker, by exchange and type."""
    uri = rabbitmq.new_vhost()
    amqp.declare(uri, "nobody", [])
    messages = {amqp.EVENTS.name: {}, amqp.FEED.name: {}}
    expected = sum(1 + event.on_feed for event in EVENTS)
    transport = amqp.RabbitMQ(uri, "grid", [])
    with Connection(uri) as connection:
        queues = [Queue(f"ext.{one.name}", one, routing_key="#") for one in (amqp.EVENTS, amqp.FEED)]

        def keep(message):
            delivery = message.delivery_info
            messages[delivery["exchange"]][delivery["routing_key"]] = message
            message.ack()

        with connection.channel() as channel, Consumer(channel, queues, on_message=keep):
            transport.send([outgoing(event) for event in EVENTS])
            while sum(map(len, messages.values())) < expected:
                connection.drain_events(timeout=10)
    transport.close()
    return messages


def as_the_sdk_reads_it(message):
    body = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
    received = RabbitMQMessage(headers=message.headers, content_type=message.content_type, body=body)
    return from_rabbitmq_event(received)


@each_event
def test_the_official_sdk_reads_a_message_from_the_broker(heard, event):
    read = as_the_sdk_reads_it(heard[amqp.EVENTS.name][event.type])
    sent = sample(event)
    assert read.get_data() == sent["data"]
    assert read.get_time() == datetime.fromisoformat(sent["time"])
    for name in sent.keys() - {"data", "time"}:
        assert read.get_attributes()[name] == sent[name]


@each_event
def test_the_official_sdk_reads_the_feed_without_what_is_internal(heard, event):
    if not event.on_feed:
        assert event.type not in heard[amqp.FEED.name]
        return
    read = as_the_sdk_reads_it(heard[amqp.FEED.name][event.type])
    assert read.get_data() == for_feed(event, sample(event)["data"])
    assert read.get_id() == sample(event)["id"]


def test_the_message_s_own_properties_say_the_same_as_its_envelope(heard):
    for message in heard[amqp.EVENTS.name].values():
        body = json.loads(message.body)
        assert message.content_type == "application/cloudevents+json; charset=UTF-8"
        assert message.properties["message_id"] == body["id"]
        assert message.headers == {"partitionkey": body["partitionkey"]}
        assert message.delivery_info["routing_key"] == body["type"]
