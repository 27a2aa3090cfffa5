"""AsyncAPI 3.0: both exchanges, who says what on them, and who hears it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from shared.contracts.documents import Participant
from shared.contracts.documents.json_schema import ENVELOPE, JsonSchema, data_schema, feed_schema
from shared.contracts.envelope import CONTENT_TYPE
from shared.contracts.fields import internal_fields
from shared.contracts.registry import Event, for_feed
from shared.messaging.topology import EVENTS, FEED, QUEUE_ARGUMENTS, inbox_queue

BINDING_VERSION = "0.3.0"
PERSISTENT = 2
DESCRIPTION = """\
街道“四同”共治的五个服务只通过事件往来。每条消息是一个 CloudEvents 1.0 结构化 JSON 信封，路由键即事件类型。
`jiushu.events` 供各服务使用；`jiushu.feed` 供外部系统订阅：同样的事件，去掉个人信息字段，敏感类型不发。

Five services of a sub-district talk by events only. Each message is a CloudEvents 1.0 envelope in structured JSON, and
its routing key is the event's type. `jiushu.events` is for the services; `jiushu.feed` is for everybody else: the same
events without what is personal. Bind a queue of your own (`ext.<your name>`) to `jiushu.feed` with `#`, `grid.#` or
`*.case.*.v1`. An event may come more than once: `source` and `id` tell. Ignore fields that you do not know.
"""

Document = dict[str, Any]


def asyncapi(
    events: Sequence[type[Event]], participants: Sequence[Participant], examples: Mapping[str, Document]
) -> Document:
    """The document for these events. `examples` are whole envelopes by event type, as the services see them."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "九树 Jiushu 事件 events",
            "version": version("jiushu-shared"),
            "description": DESCRIPTION,
            "tags": [{"name": one.name, "description": one.title} for one in participants],
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "rabbitmq": {
                "host": "{host}",
                "protocol": "amqp",
                "protocolVersion": "0-9-1",
                "description": "RabbitMQ of the sub-district",
                "variables": {"host": {"default": "localhost:5672"}},
            }
        },
        "channels": dict(_channels(events)),
        "operations": dict(_operations(events, participants)),
        "components": {
            "schemas": {"envelope": _inside(ENVELOPE), **dict(_schemas(events))},
            "messages": dict(_messages(events, examples)),
        },
    }


def _on_feed(event: type[Event]) -> str:
    """The name of the message that outsiders get: the services' own where nothing in it is internal."""
    return f"feed.{event.type}" if internal_fields(event()) else event.type


def _channels(events: Sequence[type[Event]]) -> Iterator[tuple[str, Document]]:
    for event in events:
        yield f"events.{event.type}", _channel(event, EVENTS.name, event.type)
        if event.on_feed:
            yield f"feed.{event.type}", _channel(event, FEED.name, _on_feed(event))


def _schemas(events: Sequence[type[Event]]) -> Iterator[tuple[str, JsonSchema]]:
    for event in events:
        yield event.type, _inside(data_schema(event))
        public = feed_schema(event)
        if public is not None and _on_feed(event) != event.type:
            yield _on_feed(event), _inside(public)


def _messages(
    events: Sequence[type[Event]], examples: Mapping[str, Document]
) -> Iterator[tuple[str, Document]]:
    for event in events:
        example = examples.get(event.type)
        yield event.type, _message(event, event.type, example)
        if event.on_feed and _on_feed(event) != event.type:
            shown = example and example | {"data": for_feed(event, example["data"])}
            yield _on_feed(event), _message(event, _on_feed(event), shown)


def _channel(event: type[Event], exchange: str, message: str) -> Document:
    return {
        "address": event.type,
        "title": event.title,
        "messages": {message: {"$ref": f"#/components/messages/{message}"}},
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {"name": exchange, "type": "topic", "durable": True, "autoDelete": False},
                "bindingVersion": BINDING_VERSION,
            }
        },
    }


def _operations(
    events: Iterable[type[Event]], participants: Sequence[Participant]
) -> Iterator[tuple[str, Document]]:
    for event in events:
        yield f"{event.owner()}.says.{event.type}", _send(event, f"events.{event.type}", event.type)
        if event.on_feed:
            yield f"{event.owner()}.feeds.{event.type}", _send(event, f"feed.{event.type}", _on_feed(event))
        for one in participants:
            if event.type in one.hears:
                yield f"{one.name}.hears.{event.type}", _receive(event, one)


def _operation(event: type[Event], action: str, channel: str, message: str, service: str) -> Document:
    return {
        "action": action,
        "title": event.title,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{message}"}],
        "tags": [{"name": service}],
    }


def _send(event: type[Event], channel: str, message: str) -> Document:
    return _operation(event, "send", channel, message, event.owner()) | {
        "summary": f"Sent when: {event.sent_when}. Not sent when: {event.not_sent_when}.",
        "bindings": {"amqp": {"deliveryMode": PERSISTENT, "bindingVersion": BINDING_VERSION}},
    }


def _receive(event: type[Event], listener: Participant) -> Document:
    return _operation(event, "receive", f"events.{event.type}", event.type, listener.name) | {
        "bindings": {"amqp": {"ack": True, "bindingVersion": BINDING_VERSION}},
        "x-subscription": listener.hears[event.type],
        "x-rabbitmq": {
            "queue": inbox_queue(listener.name, []).name,
            "durable": True,
            "arguments": QUEUE_ARGUMENTS,
        },
    }


def _message(event: type[Event], schema: str, example: Document | None) -> Document:
    message: Document = {
        "name": event.type,
        "title": event.title,
        "summary": event.summary,
        "contentType": CONTENT_TYPE,
        "correlationId": {"location": "$message.payload#/correlationid"},
        "headers": {
            "type": "object",
            "required": ["partitionkey"],
            "properties": {
                "partitionkey": {
                    "type": "string",
                    "description": "as in the envelope: order is kept within it",
                }
            },
        },
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/envelope"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": event.type},
                        "data": {"$ref": f"#/components/schemas/{schema}"},
                    },
                },
            ]
        },
    }
    if example is not None:
        headers = {"partitionkey": example["partitionkey"]}
        message["examples"] = [{"headers": headers, "payload": example}]
    return message


def _inside(schema: JsonSchema) -> JsonSchema:
    """As a part of this document, whose own dialect and names it takes."""
    return {name: value for name, value in schema.items() if name not in ("$schema", "$id")}
