"""Organisations: what they are registered with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alliance.domain.errors import CreditCodeWrong
from services.alliance.domain.organisation import Organisation, OrganisationRegistered

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_CODES = st.builds(
    lambda head, region, tail: head + region + tail,
    st.text(LETTERS, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(LETTERS, min_size=10, max_size=10),
)


def register(credit_code=None, expertise=("law",)):
    return Organisation.register(
        name="示例律所", kind="professional", credit_code=credit_code, expertise=expertise
    )


def test_registration_is_a_fact_and_an_expertise_said_twice_counts_once():
    organisation = register(expertise=["law", "planning", "law"])
    assert organisation.expertise == ["law", "planning"]
    assert [type(fact.event) for fact in organisation.take_recorded()] == [OrganisationRegistered]


@given(CREDIT_CODES)
def test_a_credit_code_of_the_standards_letters_is_taken(code):
    assert register(code).credit_code == code


@given(CREDIT_CODES, st.integers(0, 17), st.sampled_from("IOSVZa-9 "))
def test_a_credit_code_with_a_letter_outside_the_standard_or_of_another_length_is_refused(code, at, wrong):
    broken = code[:at] + wrong + code[at + 1 :] if wrong != "9" else code + wrong
    with pytest.raises(CreditCodeWrong) as refused:
        register(broken)
    assert refused.value.fields == ["credit_code"]


@pytest.mark.parametrize("code", ["", "9111011" + "1" * 10, "91AAAAAA1111111111", "911101121111111111\n"])
def test_a_credit_code_of_another_shape_is_refused(code):
    with pytest.raises(CreditCodeWrong):
        register(code)
