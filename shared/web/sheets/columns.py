"""The kinds of values in a cell: all of them come as texts. Each says its Chinese header, and what belongs there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from shared.web.fields import Named, PublicCode, Whole

_ROUNDED = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)


def column(title: str, said: str = "") -> dict[str, Any]:
    """The metadata of a column: its header, and what is said of it in the template."""
    return {"title": title, "said": said}


class SheetCode(PublicCode):
    """A code. What a spreadsheet has made a rounded number of is refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if _ROUNDED.fullmatch(value):
            raise ValidationError("Rounded to a number by the spreadsheet.")
        return super()._deserialize(value, attr, data, **options)


class Count(Whole):
    """A whole number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        is_number = value.isascii() and value.isdecimal() and len(value) <= 15
        return super()._deserialize(int(value) if is_number else value, attr, data, **options)


class Decimal(fields.Float):
    """A number with a point."""

    def __init__(self, least: float, most: float, **options: Any) -> None:
        super().__init__(validate=validate.Range(least, most), **options)


class Labelled(Named):
    """One of a table, by its Chinese name or its code; given out by its name."""

    def __init__(self, names: Mapping[str, str], *, title: str, **options: Any) -> None:
        super().__init__(names, **options)
        self.metadata = column(title, "、".join(names.values()))
        self._names = names
        self._codes = {name: code for code, name in names.items()}

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        return self._names.get(value, value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        code = self._codes.get(value, value)
        if code not in self._names:
            raise ValidationError(f"Must be one of: {'、'.join(self._codes)}.")
        return code
