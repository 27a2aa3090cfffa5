"""The kinds of values in requests and answers: those of the contracts, with people's time and words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from shared.contracts.fields import Code, Codes, Fen, Flag, Ref, Refs, Text, Whole
from shared.kernel.clock import local
from shared.kernel.personal import holds_mobile, personal_data_in

__all__ = [
    "Code",
    "Codes",
    "CodesAsked",
    "Day",
    "Fen",
    "Flag",
    "Instant",
    "Named",
    "PublicCode",
    "PublicText",
    "PublicWords",
    "Ref",
    "Refs",
    "Sort",
    "Switch",
    "Text",
    "Whole",
    "Words",
    "nested",
    "several",
]


class Words(Text):
    """Text that must say something."""

    def __init__(self, maximum: int = 2000, **options: Any) -> None:
        super().__init__(maximum, **options)
        self.validators.insert(0, validate.Length(min=1))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options)
        return text.strip() if isinstance(text, str) else text


def _public(text: str) -> None:
    found = personal_data_in(text)
    if found:
        raise ValidationError(
            [
                f"Will be public, and holds a {one.what.en} at character {one.start + 1} ({one.masked})."
                for one in found
            ]
        )


class PublicText(Text):
    """Text that will be published (公开): whoever writes a phone, an ID-card number or a room into it is told where."""

    def __init__(self, maximum: int = 2000, **options: Any) -> None:
        super().__init__(maximum, **options)
        self.validators.append(_public)


class PublicWords(Words):
    """As `PublicText`; it must say something."""

    def __init__(self, maximum: int = 2000, **options: Any) -> None:
        super().__init__(maximum, **options)
        self.validators.append(_public)


PLAIN = r"[A-Za-z0-9_./:-]+\Z"


def no_mobile(code: str) -> None:
    """A validator: a code that will be published is nobody's mobile phone."""
    if holds_mobile(code):
        raise ValidationError("Will be public, and looks like a mobile phone's number.")


class PublicCode(Words):
    """A code or number that will be published with what it names: nobody's mobile phone; if `plain` no words either."""

    def __init__(self, maximum: int, *, plain: bool = False, **options: Any) -> None:
        super().__init__(maximum, **options)
        if plain:
            self.validators.append(
                validate.Regexp(PLAIN, error="Only letters, digits and - _ . / : are allowed.")
            )
        self.validators.append(no_mobile)


def distinct(values: list[Any]) -> None:
    """A validator: nothing stands in the list twice."""
    if len(set(values)) != len(values):
        raise ValidationError("Must not contain duplicates.")


FIRST_YEAR, LAST_YEAR = 2000, 2199


def _in_range(value: date) -> None:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(f"Must be between the years {FIRST_YEAR} and {LAST_YEAR}.")


class Instant(fields.AwareDateTime):
    """A point in time: ISO 8601 with an offset; answers are in Beijing time (+08:00)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=_in_range, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        return super()._serialize(
            local(value) if isinstance(value, datetime) else value, attr, obj, **options
        )


class Day(fields.Date):
    """A calendar day in Asia/Shanghai: ISO 8601."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=_in_range, **options)


def nested(part: Any, **options: Any) -> fields.Nested:
    """One structure; undeclared fields inside are refused."""
    return fields.Nested(part, **options)


def several(part: Any, least: int = 0, most: int = 500, **options: Any) -> fields.List[Any]:
    """A list of structures."""
    return fields.List(fields.Nested(part), validate=validate.Length(min=least, max=most), **options)


class Named(Code):
    """A code out of a table that gives each its Chinese name; documents show the names."""

    def __init__(self, names: Mapping[str, str], **options: Any) -> None:
        described = {"description": "；".join(f"{code} {name}" for code, name in names.items())}
        super().__init__(*names, metadata=described, **options)


class CodesAsked(Text):
    """Several codes in a query, separated by commas: any of them will do."""

    def __init__(self, *allowed: str, **options: Any) -> None:
        described = {"description": "多个用逗号分隔 several, separated by commas: " + ", ".join(allowed)}
        super().__init__(500, metadata=described, **options)
        self._one_of = validate.OneOf(allowed)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        codes = super()._deserialize(value, attr, data, **options).split(",")
        for code in codes:
            self._one_of(code)
        return codes


class Sort(Code):
    """By which column a list is ordered, `-` before it: the greatest first. Rows that are equal stand by their id.

    Ids grow with time: `-id` shows the newest first; but not those that a phone has made, whose lists have another
    `default`.
    """

    def __init__(self, *columns: str, default: str = "id") -> None:
        orders = [order for column in ("id", *columns) for order in (column, f"-{column}")]
        super().__init__(*orders, load_default=default)


class Switch(fields.Boolean):
    """Yes or no, in a query: `true` or `false`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(truthy={"true", True}, falsy={"false", False}, **options)


class Limit(fields.Integer):
    """How many rows at most, in a query."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if not re.fullmatch("[0-9]{1,9}", str(value)):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **options)


class Paging(Schema):
    """Which part of a list: at most `limit` rows, from where the part before ended (its `next`). Lists inherit it
    and add their filters."""

    limit = Limit(load_default=50, validate=validate.Range(1, 200))
    after = Text(200, load_default=None)
    sort = Sort()
