"""Refusals: a code, two languages, the fields to blame."""

from __future__ import annotations

import pytest

from shared.kernel import errors
from shared.kernel.errors import Term

CASE = Term("事项", "case")


def test_a_refusal_speaks_both_languages_and_names_its_field():
    refused = errors.UnknownReference(field="place_ref", ref="nowhere")
    assert refused.text("zh").startswith("place_ref")
    assert "没有找到 nowhere" in refused.text("zh")
    assert refused.text("en").startswith("place_ref: nowhere is unknown here")
    assert refused.fields == ["place_ref"]
    assert str(refused).startswith("unknown_reference: ")


@pytest.mark.parametrize(("field", "fields"), [(None, []), ("a", ["a"]), (("a", "b.c"), ["a", "b.c"])])
def test_a_refusal_may_blame_no_field_one_or_several(field, fields):
    assert errors.Invalid(message="?", field=field).fields == fields


def test_a_term_is_said_in_the_readers_language():
    refused = errors.NotFound(what=CASE, ref="240527-0001-5")
    assert refused.text("zh") == "没有找到事项 240527-0001-5"
    assert refused.text("en") == "there is no case 240527-0001-5"
    assert str(refused) == "not_found: there is no case 240527-0001-5"


def test_a_reference_to_nothing_of_ones_own_is_bad_input_with_its_field():
    refused = errors.Unknown(what=CASE, ref="nothing", field="case_ref")
    assert isinstance(refused, errors.Invalid)
    assert refused.fields == ["case_ref"]
    assert refused.text("en") == "case_ref: there is no case nothing"
    assert refused.text("zh").endswith("没有找到事项 nothing")


def test_a_refusal_of_the_moment_says_what_is_possible():
    refused = errors.NotNow(
        what=CASE,
        action=Term("办结", "close"),
        state=Term("办理中", "open"),
        allowed_actions=("handle", "wait"),
        possible=Term("办理、等待", "handle, wait"),
    )
    assert refused.allowed_actions == ["handle", "wait"]
    assert refused.text("en").endswith("possible: handle, wait")
    assert refused.text("zh").endswith("办理、等待")


def test_a_change_by_somebody_else_is_a_conflict_and_not_a_matter_of_the_state():
    assert issubclass(errors.ConcurrentChange, errors.Conflict)
    assert not issubclass(errors.Conflict, errors.NotNow)
    assert not issubclass(errors.NotNow, errors.Conflict)


def test_a_text_whose_facts_are_missing_is_a_mistake_of_the_programmer():
    with pytest.raises(KeyError):
        errors.NotFound(what=CASE)
