"""What the doors share: the API that they open on, who comes in, and refs of which none stands twice."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validate

from shared.access.roles import (
    ADMIN,
    COMMUNITY,
    CONVENOR,
    OUTSIDE_SYSTEM,
    PROFESSIONAL,
    PROPERTY,
    REVIEWER,
    STAFF,
    STREET,
)
from shared.web.api import Api
from shared.web.fields import Refs

api = Api("consultation")

LEADERS = (CONVENOR, STREET)
ORGANISERS = (*LEADERS, COMMUNITY)
READERS = (*STAFF, PROFESSIONAL, REVIEWER, PROPERTY, OUTSIDE_SYSTEM, ADMIN)


def _distinct(values: list[str]) -> None:
    if len(set(values)) < len(values):
        raise ValidationError("各项不能重复 (each may stand here once)")


def distinct_refs(least: int = 0, most: int = 100, **options: Any) -> Refs:
    """Refs of which none stands twice. What is published must fit into an event (64 KiB)."""
    return Refs(validate=[validate.Length(min=least, max=most), _distinct], **options)
