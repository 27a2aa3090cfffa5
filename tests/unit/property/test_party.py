"""Parties and their unified social credit codes (GB 32100)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.property.domain.errors import CreditCodeWrong, PartyKindWrong
from services.property.domain.party import Party, is_credit_code
from tests.builders.property import CREDIT_CODE

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def register(**changed):
    facts = {"kind": "company", "name": "示例物业", "credit_code": CREDIT_CODE, "area_refs": ["area"]}
    return Party.register(**(facts | changed))


@given(st.text(ALPHABET, min_size=17, max_size=17))
def test_every_code_has_exactly_one_check_character(start):
    assert sum(is_credit_code(start + check) for check in ALPHABET) == 1


@given(st.integers(0, 17), st.sampled_from(ALPHABET))
def test_a_single_wrong_character_is_found(place, character):
    changed = CREDIT_CODE[:place] + character + CREDIT_CODE[place + 1 :]
    assert is_credit_code(changed) == (changed == CREDIT_CODE)


@pytest.mark.parametrize("wrong", ["", CREDIT_CODE[:-1], CREDIT_CODE + "0", CREDIT_CODE.lower(), "I" * 18])
def test_what_is_no_credit_code_is_refused_with_its_field(wrong):
    with pytest.raises(CreditCodeWrong) as refused:
        register(credit_code=wrong)
    assert refused.value.fields == ["credit_code"]


def test_a_department_needs_no_credit_code():
    assert register(kind="department", credit_code=None).credit_code is None


def test_a_party_answers_for_its_own_areas_only():
    party = register(area_refs=["area"])
    assert party.answers_for("area")
    assert not party.answers_for("another")


def test_a_company_is_no_contractor():
    with pytest.raises(PartyKindWrong):
        register().must_be("contractor", field="contractor_ref")
