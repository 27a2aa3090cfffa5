"""Events carry no personal data: no contract has a field for it, and no sample holds any (the stories' events:
tests/e2e/test_stories.py)."""

from __future__ import annotations

import re

import pytest

from shared.contracts.fields import Text, schema_inside
from shared.kernel.personal import PHONE, ROOM, personal_data_in
from tests.contract.ours import EVENTS, sample

IDS = [event.type for event in EVENTS]
PERSONAL = re.compile(
    r"phone|mobile|tel(ephone)?$|id_?card|identity|birth|address|room|email|wechat|gender|(^|_)age$|person_name|full_name"
)
# whose name it is: things and organisations, never a person
NAMED = {
    "name",  # of a place, an area, a party, an organisation
    "place_name",
    "category_name",
    "called_name",
    "building_name",
    "door_name",
    "lead_party_name",
    "contractor_name",
    "maintainer_name",
    "org_name",
    "organisation_name",
    "phase_name",
    "next_phase_name",
    "area_name",
    "party_name",
    "stage_name",
}


def fields(schema, prefix=""):
    """All fields with their dotted names."""
    for name, field in schema.fields.items():
        yield f"{prefix}{name}", field
        inside = schema_inside(field)
        if inside is not None:
            yield from fields(inside, f"{prefix}{name}.")


def texts(value, where=""):
    """All texts with their dotted places."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from texts(item, f"{where}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from texts(item, where)


@pytest.mark.parametrize("event", EVENTS, ids=IDS)
def test_no_contract_has_a_field_for_what_is_personal(event):
    for name, _ in fields(event()):
        last = name.rpartition(".")[2]
        assert not PERSONAL.search(last), name
        assert not re.search(r"name$", last) or last in NAMED, f"{name}: whose name is it?"


@pytest.mark.parametrize("event", EVENTS, ids=IDS)
def test_no_contract_has_a_field_for_what_residents_write(event):
    free = [
        name for name, field in fields(event()) if isinstance(field, Text) and re.search(r"(^|\.)text$", name)
    ]
    assert free == []


@pytest.mark.parametrize("event", EVENTS, ids=IDS)
def test_no_sample_holds_anything_personal(event):
    found = {where: personal_data_in(text) for where, text in texts(sample(event))}
    assert {where: findings for where, findings in found.items() if findings} == {}


def test_what_is_personal_would_be_found():
    assert PERSONAL.search("reporter_phone")
    found = [
        one.what
        for _, text in texts({"data": [{"a": "13800005678"}, "3号楼501"]})
        for one in personal_data_in(text)
    ]
    assert found == [PHONE, ROOM]
