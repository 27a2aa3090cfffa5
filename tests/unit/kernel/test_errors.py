"""Refusals: a code, two languages, the fields to blame."""

from __future__ import annotations

import pytest

from shared.kernel import errors


def test_a_refusal_speaks_both_languages_and_names_its_field():
    refused = errors.UnknownReference(field="place_ref", ref="nowhere")
    assert refused.text("zh").startswith("place_ref: 没有找到 nowhere")
    assert refused.text("en").startswith("place_ref: nowhere is unknown here")
    assert refused.fields == ["place_ref"]
    assert str(refused).startswith("unknown_reference: ")


@pytest.mark.parametrize(("field", "fields"), [(None, []), ("a", ["a"]), (("a", "b.c"), ["a", "b.c"])])
def test_a_refusal_may_blame_no_field_one_or_several(field, fields):
    assert errors.Invalid(message="?", field=field).fields == fields


def test_a_refusal_of_the_moment_says_what_is_possible():
    refused = errors.NotNow(what="case", action="close", state="open", allowed_actions=("handle", "wait"))
    assert refused.allowed_actions == ["handle", "wait"]
    assert refused.text("en").endswith("possible: handle, wait")


def test_a_text_whose_facts_are_missing_is_a_mistake_of_the_programmer():
    with pytest.raises(KeyError):
        errors.NotFound(what="case")
