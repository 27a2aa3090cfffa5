"""The kinds of values that events carry. JSON shapes: refs and instants are strings, money and areas integers.

Each kind's docstring begins with its Chinese name; documents made from the contracts show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Literal

from marshmallow import Schema, ValidationError, fields, validate

# Fields marked internal stay on the services' own bus and are left out of the feed for outsiders:
# in law even an opaque resident ref is personal data (个保法 4, 73).
INTERNAL = "internal"


def internal(field: fields.Field[Any]) -> fields.Field[Any]:
    """Keep this field from outsiders."""
    field.metadata = {**field.metadata, INTERNAL: True}
    return field


class Plain(Schema):
    """A schema of plain values: a field is a key, never an attribute (`items` is not `dict.items`)."""

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """The value under the key."""
        return (
            obj.get(attr, default) if isinstance(obj, Mapping) else super().get_attribute(obj, attr, default)
        )


class Part(Plain):
    """结构 A structure inside an event."""


def _exactly(kind: type, value: Any, attr: str | None) -> Any:
    """The value, if it is of that very type: a producer's mistake must not be converted into something plausible."""
    if value is not None and type(value) is not kind:
        raise ValidationError({attr or "?": [f"{value!r} is not {kind.__name__}"]})
    return value


class _String(fields.String):
    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        return _exactly(str, value, attr)


class Ref(_String):
    """编号 An opaque id of something, its owner's."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.Length(min=1, max=64), **options)


class Code(_String):
    """代码 A short stable word out of a list: a category, a kind, a reason code."""

    def __init__(self, *allowed: str, **options: Any) -> None:
        rule = validate.OneOf(allowed) if allowed else validate.Length(min=1, max=64)
        super().__init__(validate=rule, **options)


class Text(_String):
    """文字 Text that is fit to be read by anyone: no resident's free text, no name, no phone, no room."""

    def __init__(self, maximum: int = 2000, **options: Any) -> None:
        super().__init__(validate=validate.Length(max=maximum), **options)


LARGEST_WHOLE = 2**53 - 1  # what every JSON reader can keep exactly


class Whole(fields.Integer):
    """整数 A whole number, never negative."""

    def __init__(self, least: int = 0, most: int = LARGEST_WHOLE, **options: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(least, most), **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        return _exactly(int, value, attr)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if type(value) is not int:
            raise self.make_error("invalid", input=value)
        return value


class Fen(Whole):
    """金额（分） An amount of money in fen (分)."""


class Flag(fields.Boolean):
    """是否 Yes or no; words and numbers are not yes or no."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        return _exactly(bool, value, attr)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if type(value) is not bool:
            raise self.make_error("invalid", input=value)
        return value


class Instant(fields.AwareDateTime):
    """时刻 A point in time: ISO 8601 with an offset; written in UTC."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        if value is None:
            return None
        if _exactly(datetime, value, attr).tzinfo is None:
            raise ValidationError({attr or "?": [f"{value!r} has no time zone"]})
        return super()._serialize(value.astimezone(UTC), attr, obj, **options)


class Day(fields.Date):
    """日期 A calendar day in Asia/Shanghai: ISO 8601."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        return super()._serialize(_exactly(date, value, attr), attr, obj, **options)


class Refs(fields.List[Any]):
    """若干编号 Several refs; the order means nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Ref(), **options)


class Codes(fields.List[Any]):
    """若干代码 Several codes; the order may mean something."""

    def __init__(self, *allowed: str, **options: Any) -> None:
        super().__init__(Code(*allowed), **options)


def nested(part: type[Part], **options: Any) -> fields.Nested:
    """One structure."""
    return fields.Nested(part, **options)


def several(part: type[Part], **options: Any) -> fields.List[Any]:
    """A list of structures."""
    return fields.List(fields.Nested(part), **options)


def schema_inside(field: fields.Field[Any]) -> Schema | None:
    """The schema of a structure or of a list of structures, else None."""
    if isinstance(field, fields.List):
        return schema_inside(field.inner)
    return field.schema if isinstance(field, fields.Nested) else None


def set_unknown(schema: Schema, policy: Literal["exclude", "include", "raise"]) -> None:
    """Refuse, ignore or keep undeclared fields, here and in every structure inside."""
    schema.unknown = policy
    for field in schema.fields.values():
        inside = schema_inside(field)
        if inside is not None:
            set_unknown(inside, policy)


def internal_fields(schema: Schema, prefix: str = "") -> list[str]:
    """The names of all internal fields, those of structures dotted: `things.asked_by`."""
    found: list[str] = []
    for name, field in schema.fields.items():
        if field.metadata.get(INTERNAL):
            found.append(prefix + name)
        elif (inside := schema_inside(field)) is not None:
            found += internal_fields(inside, f"{prefix}{name}.")
    return found


def without_internal(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """The same data as outsiders may read it."""
    public: dict[str, Any] = {}
    for name, value in data.items():
        field = schema.fields[name]
        if field.metadata.get(INTERNAL):
            continue
        inside = schema_inside(field)
        if inside is not None and isinstance(value, list):
            value = [without_internal(inside, item) for item in value]
        elif inside is not None and isinstance(value, Mapping):
            value = without_internal(inside, value)
        public[name] = value
    return public
