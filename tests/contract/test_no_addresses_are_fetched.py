"""SSRF: nobody outside can say an address that a service then asks. Whoever adds such a field has to guard it first, as
docs/security.md says, and to name it here with its guard's test."""

from __future__ import annotations

import re

import pytest
from marshmallow import Schema, fields

from shared.suite import service_class
from shared.web.common import all_apis
from tests.contract.ours import NAMES

GUARDED: set[str] = set()
SOUNDS_LIKE_AN_ADDRESS = re.compile(r"(^|_)(url|uri|href|webhook|callback|host|domain|link|ip)s?($|_)")


class Sound(Schema):
    """Nothing of the kind."""

    place_ref = fields.String()
    description = fields.String()


class Unsound(Schema):
    """Two, one of them further down."""

    site = fields.Url()
    inner = fields.List(fields.Nested(Schema.from_dict({"callback_url": fields.String()})))


def addresses_in(schema, path=""):
    """The fields of a schema, and of those inside, that hold an address or sound like it."""
    for name, field in schema.fields.items():
        where = f"{path}.{name}".lstrip(".")
        while isinstance(field, fields.List):
            field = field.inner
        if isinstance(field, fields.Nested):
            yield from addresses_in(field.schema, where)
        elif isinstance(field, fields.Url | fields.IP) or SOUNDS_LIKE_AN_ADDRESS.search(name):
            yield where


def test_what_is_looked_for_is_found():
    assert list(addresses_in(Sound())) == []
    assert list(addresses_in(Unsound())) == ["site", "inner.callback_url"]


@pytest.mark.parametrize("name", NAMES)
def test_no_door_takes_an_address_that_is_not_guarded(name):
    found = {
        f"{endpoint.method} {endpoint.full_path}: {field}"
        for api in all_apis(service_class(name).definition)
        for endpoint in api.endpoints
        for schema in (endpoint.body, endpoint.query)
        if schema is not None
        for field in addresses_in(schema)
    }
    assert found == GUARDED
