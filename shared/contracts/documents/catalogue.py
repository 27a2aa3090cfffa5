"""The catalogue of events as a page to read, in Markdown."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from typing import Any

from marshmallow import Schema, fields

from shared.contracts.documents import Participant
from shared.contracts.documents.json_schema import JsonSchema, data_schema, field_title, kind_title
from shared.contracts.fields import (
    INTERNAL,
    Code,
    Day,
    Fen,
    Flag,
    Instant,
    Ref,
    Text,
    Whole,
    schema_inside,
)
from shared.contracts.registry import Event

KINDS = (Ref, Code, Text, Whole, Fen, Flag, Instant, Day)
HEAD = """\
# 事件目录 The catalogue of events

> 本页由契约生成，请勿手改；改了契约之后运行 `jiushu contracts export`。
> Made from the contracts (`shared/contracts/`): do not edit; after a change run `jiushu contracts export`.

各服务只通过事件往来。每条消息是一个 [CloudEvents 1.0](schemas/envelope.json) 信封（结构化 JSON），路由键就是事件类型，
下面写的是其中 `data` 的内容。服务之间用交换机 `jiushu.events`；外部系统从 `jiushu.feed` 订阅，
那里没有标为“内部”的字段和类型。同一事件可能来两次，请按 `source` 与 `id` 去重；
也可能带有新加的字段，不认识的请忽略。

Services talk by events only; below is what each message's `data` holds. Its envelope is CloudEvents 1.0, its routing
key the event's type. Outsiders bind a queue to `jiushu.feed`, which lacks the fields and types marked 内部 (internal).
An event may come twice (`source` and `id` tell), and may have fields that you do not know (ignore them).

机器可读 for machines: [AsyncAPI 3.0](asyncapi.json)，以及 JSON Schema：

- `schemas/` 服务之间 between services
- `feed/` 对外 for outsiders

谁收听 how a service listens:

- **copy** 保存一份最新副本 keeps the newest facts
- **start** 由此开始一件事 begins something
- **advance** 推动已有的事 moves something on

值的类型 kinds of values:

"""


def catalogue(events: Sequence[type[Event]], participants: Sequence[Participant]) -> str:
    """The whole page, one chapter per owner of events."""
    titles = {one.name: one.title for one in participants}
    owners = list(dict.fromkeys(event.owner() for event in events))
    kinds = "\n".join(f"- {inspect.getdoc(kind)}" for kind in KINDS)
    chapters = ["\n".join(_chapter(owner, titles.get(owner, ""), events, participants)) for owner in owners]
    return "\n".join([HEAD + kinds + "\n", *chapters])


def _chapter(
    owner: str, title: str, events: Sequence[type[Event]], participants: Sequence[Participant]
) -> Iterator[str]:
    own = [event for event in events if event.owner() == owner]
    yield f"## {owner} {title}\n"
    yield f"由 {owner} 发布，共 {len(own)} 种。 Published by {owner}.\n"
    yield "| 事件 event | 名称 | 何时发出 sent when | 谁收听 who listens | 对外 feed |"
    yield "|---|---|---|---|---|"
    for event in own:
        listeners = _listeners(event, participants)
        anchor = f"[`{event.type}`](#{event.type.replace('.', '')})"
        yield f"| {anchor} | {event.title} | {event.sent_when} | {listeners} | {'✓' if event.on_feed else '内部'} |"
    yield ""
    for event in own:
        yield from _entry(event, participants)


def _entry(event: type[Event], participants: Sequence[Participant]) -> Iterator[str]:
    yield f"### {event.type}\n"
    yield f"**{event.title}** {event.summary}.\n"
    yield f"- 何时发出 Sent when: {event.sent_when}."
    yield f"- 何时不发 Not sent when: {event.not_sent_when}."
    yield f"- 谁收听 Who listens: {_listeners(event, participants)}"
    feed = f"[feed](feed/{event.type}.json)" if event.on_feed else "内部，不对外 internal, not on the feed"
    yield f"- 格式 Schemas: [data](schemas/{event.type}.json) · {feed}\n"
    yield "| 字段 field | 含义 meaning | 类型 type | 必有 always | 内部 internal |"
    yield "|---|---|---|---|---|"
    yield from _rows(event(), data_schema(event))
    yield ""


def _rows(schema: Schema, document: JsonSchema, prefix: str = "") -> Iterator[str]:
    for name, field in schema.fields.items():
        described = document["properties"][name]
        always = "✓" if field.required else ""
        is_internal = "内部" if field.metadata.get(INTERNAL) else ""
        meaning = f"{field_title(name, field)} {field.metadata.get('description', '')}".strip()
        yield f"| `{prefix}{name}` | {meaning} | {_type(field, described)} | {always} | {is_internal} |"
        inside = schema_inside(field)
        if inside is not None:
            several = isinstance(field, fields.List)
            mark = "[]." if several else "."
            yield from _rows(inside, described["items"] if several else described, f"{prefix}{name}{mark}")


def _type(field: fields.Field[Any], described: JsonSchema) -> str:
    words = described.get("enum") or described.get("items", {}).get("enum") or []
    limits = "、".join(f"`{word}`" for word in words if word is not None)
    if isinstance(field, Text):
        limits = f"至多 {described['maxLength']} 字"
    kind = f"{kind_title(field)}：{limits}" if limits else kind_title(field)
    return f"{kind}；可为 null" if field.allow_none else kind


def _listeners(event: type[Event], participants: Sequence[Participant]) -> str:
    found = [f"{one.name} ({one.hears[event.type]})" for one in participants if event.type in one.hears]
    return "、".join(found) or "—"
