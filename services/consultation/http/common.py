"""What the doors share: the API that they open on, who comes in, and lists that fit into an event (64 KiB)."""

from __future__ import annotations

from typing import Any

from marshmallow import validate

from shared.access.roles import (
    CAPTAIN,
    COMMUNITY,
    CONVENOR,
    GRID_WORKER,
    MEMBER_UNIT,
    OUTSIDE_SYSTEM,
    OWNER_UNIT,
    OWNERS_BODY,
    PROFESSIONAL,
    PROPERTY,
    REVIEWER,
    SOCIAL_ORG,
    STAFF,
    STREET,
)
from shared.web.api import Api
from shared.web.fields import Code, Codes, Refs, distinct, no_mobile

api = Api("consultation")

LEADERS = (CONVENOR, STREET)
ORGANISERS = (*LEADERS, COMMUNITY)
# whoever may bring a problem before the neighbourhood (`topic.PROPOSERS`), besides staff and residents
NEIGHBOURS = (GRID_WORKER, CAPTAIN, PROPERTY, OWNERS_BODY, SOCIAL_ORG, MEMBER_UNIT)
READERS = (*STAFF, *NEIGHBOURS, OWNER_UNIT, PROFESSIONAL, REVIEWER, OUTSIDE_SYSTEM)


class _Plain:
    """A validator: ASCII letters, digits and `. _ : -` only, and no phone, in a code or in each code of a list."""

    def __init__(self, longest: int = 64) -> None:
        self._rule = validate.And(validate.Regexp(rf"[A-Za-z0-9._:-]{{1,{longest}}}\Z"), no_mobile)

    def __call__(self, value: str | list[str]) -> None:
        for code in [value] if isinstance(value, str) else value:
            self._rule(code)


def plain_code(**options: Any) -> Code:
    """A code of the caller's own."""
    code = Code(**options)
    code.validators.append(_Plain())
    return code


def plain_codes(least: int = 0, most: int = 20, longest: int = 64, **options: Any) -> Codes:
    """Codes of the caller's own, none twice."""
    return Codes(validate=[validate.Length(min=least, max=most), distinct, _Plain(longest)], **options)


def distinct_refs(least: int = 0, most: int = 100, **options: Any) -> Refs:
    """Refs of which none stands twice."""
    return Refs(validate=[validate.Length(min=least, max=most), distinct, _Plain()], **options)
