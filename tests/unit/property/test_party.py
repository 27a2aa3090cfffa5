"""Parties and their unified social credit codes (GB 32100)."""

from __future__ import annotations

import pytest

from services.property.domain.errors import CreditCodeWrong, PartyKindWrong
from services.property.domain.party import KINDS, MAINTAINERS, Party
from shared.contracts.property import PARTY_KINDS
from tests.builders.property import CREDIT_CODE


def register(**changed):
    facts = {"kind": "company", "name": "示例物业", "credit_code": CREDIT_CODE, "area_refs": ["area"]}
    return Party(**(facts | changed))


@pytest.mark.parametrize("wrong", ["", CREDIT_CODE[:-1], CREDIT_CODE + "0", CREDIT_CODE.lower(), "I" * 18])
def test_what_is_no_credit_code_is_refused_with_its_field(wrong):
    with pytest.raises(CreditCodeWrong) as refused:
        register(credit_code=wrong)
    assert refused.value.fields == ["credit_code"]


def test_every_kind_that_is_published_has_a_name():
    assert tuple(KINDS) == PARTY_KINDS


def test_a_department_needs_no_credit_code():
    assert register(kind="department", credit_code=None).credit_code is None


def test_a_party_answers_for_its_own_areas_only():
    party = register(area_refs=["area"])
    assert party.answers_for("area")
    assert not party.answers_for("another")


def test_a_company_is_no_contractor_and_is_told_so_in_words():
    with pytest.raises(PartyKindWrong) as refused:
        register().must_be("contractor", field="contractor_ref")
    assert "是物业企业" in refused.value.text("zh")
    assert "施工单位" in refused.value.text("zh")


def test_one_of_several_kinds_is_enough():
    register().must_be(*MAINTAINERS, field="maintainer_ref")
    with pytest.raises(PartyKindWrong):
        register(kind="contractor").must_be(*MAINTAINERS, field="maintainer_ref")
