"""JSON Schema (2020-12) of events, made from the fields that validate them."""

from __future__ import annotations

import inspect
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from shared.contracts.fields import INTERNAL, internal_fields, schema_inside, set_unknown
from shared.contracts.registry import Event
from shared.contracts.terms import TERMS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
X_INTERNAL = "x-internal"
JsonSchema = dict[str, Any]


def data_schema(event: type[Event]) -> JsonSchema:
    """The `data` of an event as the services see it. What outsiders never see is marked `x-internal`."""
    schema = _document(event, f"urn:jiushu:{event.type}", event())
    return schema if event.on_feed else schema | {X_INTERNAL: True}


def feed_schema(event: type[Event]) -> JsonSchema | None:
    """The `data` of an event as outsiders see it; None where they never see the type."""
    if not event.on_feed:
        return None
    public = event(exclude=internal_fields(event()))
    return _document(event, f"urn:jiushu:feed:{event.type}", public)


def field_title(name: str, field: fields.Field[Any]) -> str:
    """The Chinese name of a field; its own name where there is none."""
    return field.metadata.get("title") or TERMS.get(name, name)


def kind_title(field: fields.Field[Any]) -> str:
    """The Chinese name of the kind of value, with which the kind's docstring begins."""
    if isinstance(field, fields.List) and schema_inside(field):
        return f"若干{kind_title(field.inner)}"
    return _kind_docstring(field).split(" ")[0] or type(field).__name__


def _kind_docstring(field: fields.Field[Any]) -> str:
    kind = type(field.schema) if isinstance(field, fields.Nested) else type(field)
    return "" if kind.__module__.startswith("marshmallow") else inspect.getdoc(kind) or ""


ENVELOPE: JsonSchema = {
    "$schema": DIALECT,
    "$id": "urn:jiushu:envelope",
    "title": "信封",
    "description": "CloudEvents 1.0, structured JSON, with the extensions that Jiushu uses.",
    "type": "object",
    "required": [
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "datacontenttype",
        "dataschema",
        "correlationid",
        "aggregateversion",
        "partitionkey",
        "data",
    ],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {
            "title": "事件编号",
            "type": "string",
            "minLength": 1,
            "description": "unique together with source; the same event sent again keeps it",
        },
        "source": {
            "title": "来源",
            "type": "string",
            "format": "uri-reference",
            "minLength": 1,
            "description": "/jiushu/<the street's code>/<service>",
        },
        "type": {
            "title": "事件类型",
            "type": "string",
            "minLength": 1,
            "description": "also the routing key",
        },
        "subject": {
            "title": "主体",
            "type": "string",
            "minLength": 1,
            "description": "the id of what the event is about",
        },
        "time": {"title": "发生时刻", "type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {
            "title": "数据格式",
            "type": "string",
            "format": "uri",
            "description": "urn:jiushu:<type>: the name of the data's JSON Schema",
        },
        "correlationid": {
            "title": "旅程",
            "type": "string",
            "description": "one journey through all services",
        },
        "causationid": {
            "title": "起因",
            "type": "string",
            "description": "the id of the event that caused it",
        },
        "actor": {
            "title": "行为者",
            "type": "string",
            "description": "a member of staff, or system:<service>",
        },
        "aggregateversion": {
            "title": "序号",
            "type": "integer",
            "minimum": 0,
            "description": "counts the events of the subject: the newest has the highest",
        },
        "partitionkey": {"title": "顺序键", "type": "string", "description": "order is kept within it"},
        "traceparent": {"title": "链路", "type": "string", "description": "W3C Trace Context"},
        "data": {"title": "数据", "type": "object"},
    },
    "additionalProperties": True,
}


def _document(event: type[Event], name: str, schema: Schema) -> JsonSchema:
    set_unknown(schema, "include")  # readers ignore fields that they do not know
    head = {
        "$schema": DIALECT,
        "$id": name,
        "title": event.title or event.type,
        "description": f"{event.summary}. Sent when: {event.sent_when}. Not sent when: {event.not_sent_when}.",
    }
    body: JsonSchema = _converter().schema2jsonschema(schema)
    return head | body


def _converter() -> Any:
    """apispec's reader of marshmallow, with structures written in place and our own words added."""
    plugin = MarshmallowPlugin(schema_name_resolver=lambda _schema: "")
    APISpec(title="", version="", openapi_version="3.1.0", plugins=[plugin])
    converter: Any = plugin.converter
    converter.add_attribute_function(_our_words)
    return converter


def _our_words(_self: Any, field: fields.Field[Any], ret: JsonSchema) -> JsonSchema:
    words: JsonSchema = {}
    if isinstance(field.parent, Schema) and field.name:
        words["title"] = field_title(field.name, field)
    if "description" not in ret and (described := _kind_docstring(field)):
        words["description"] = described
    if field.metadata.get(INTERNAL):
        words[X_INTERNAL] = True
    return words
