"""ID-card numbers are not collected (个保法 6): whoever sends one, in whatever field, is told where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared.kernel.errors import Invalid
from shared.kernel.personal import ID_CARD, personal_data_in


class IdCardGiven(Invalid):
    """A request holds the number of somebody's identity card."""

    code = "id_card_not_collected"
    zh = "{field}：第{place}个字起有身份证号（{masked}）。本系统不收集身份证号，请删去"
    en = "{field}: an ID-card number at character {place} ({masked}); they are not collected, leave it out"


def refuse_id_cards(body: Any) -> None:
    """Raises IdCardGiven, naming the field."""
    for field, text in _texts(body):
        for found in personal_data_in(text):
            if found.what is ID_CARD:
                raise IdCardGiven(field=field, place=found.start + 1, masked=found.masked)


def _texts(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where.removeprefix("."), value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _texts(item, f"{where}.{name}")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _texts(item, f"{where}.{place}")
