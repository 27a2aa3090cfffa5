"""Organisations: what they are registered with."""

from __future__ import annotations

import pytest

from services.alliance.domain.errors import CreditCodeWrong
from services.alliance.domain.organisation import Organisation, OrganisationRegistered

CREDIT_CODE = "91110112MA00DEM017"


def register(credit_code=None):
    return Organisation(name="示例律所", kind="professional", credit_code=credit_code, expertise=["law"])


def test_registration_is_a_fact():
    assert [type(fact.event) for fact in register().take_recorded()] == [OrganisationRegistered]


@pytest.mark.parametrize("code", [None, CREDIT_CODE])
def test_an_organisation_has_a_right_credit_code_or_none(code):
    assert register(code).credit_code == code


@pytest.mark.parametrize("code", ["", CREDIT_CODE[:-1], CREDIT_CODE[:-1] + "8", CREDIT_CODE.lower()])
def test_a_wrong_credit_code_is_refused_with_its_field(code):
    with pytest.raises(CreditCodeWrong) as refused:
        register(code)
    assert refused.value.fields == ["credit_code"]
    assert "校验码" in refused.value.text("zh")
