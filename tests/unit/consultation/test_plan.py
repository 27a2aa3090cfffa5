"""Plans: what a version must say, what its hash fixes, and how two versions differ."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from services.consultation.domain.errors import FundingWrong, ItemTwice, VersionUnknown
from services.consultation.domain.plan import (
    Content,
    Funding,
    Item,
    Plan,
    Version,
    difference,
)
from shared.persistence.types import kept_list
from tests.builders import consultation as build

NOW = datetime(2024, 5, 27, 1, tzinfo=UTC)

items = st.lists(
    st.builds(
        Item,
        kind=st.sampled_from(["ground", "wall"]),
        title=st.sampled_from(["铺装", "座椅", "坡道", "照明"]),
        location=st.sampled_from(["东", "西"]),
        budget_fen=st.integers(0, 10**9),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda item: item.key,
)


def content(of=None, **changed):
    base = Content.of(build.plan_body())
    of = base.items if of is None else tuple(of)
    funding = (Funding("街道", sum(item.budget_fen for item in of)),)
    return replace(base, items=of, funding=funding, **changed)


def plan():
    return Plan(topic_ref="topic", place_ref="estate", place_path="/street/estate/")


@given(items, st.lists(st.integers(0, 10**9), max_size=5))
def test_the_funding_adds_up_to_the_budget_to_the_fen_or_is_refused(of, amounts):
    funded = replace(content(of), funding=tuple(Funding("街道", amount) for amount in amounts))
    if sum(amounts) == sum(item.budget_fen for item in of):
        funded.check()
    else:
        with pytest.raises(FundingWrong):
            funded.check()


@given(items)
def test_money_that_is_one_fen_short_is_refused(of):
    whole = content(of)
    short = replace(whole, funding=(Funding("街道", whole.budget_fen + 1),))
    with pytest.raises(FundingWrong):
        short.check()


def test_two_items_that_cannot_be_told_apart_are_refused():
    item = Item("ground", "铺装", "东", 1)
    with pytest.raises(ItemTwice):
        content([item, replace(item, budget_fen=2)]).check()


@given(items, items)
def test_a_difference_leads_from_one_version_to_the_other(before, after):
    found = difference(content(before), content(after))
    kept = [item for item in before if item not in found.removed]
    replaced = {change.before: change.after for change in found.changed}
    result = [replaced.get(item, item) for item in kept] + found.added
    assert sorted(result, key=repr) == sorted(after, key=repr)
    assert found.budget_change_fen == sum(i.budget_fen for i in after) - sum(i.budget_fen for i in before)


@given(items)
def test_nothing_differs_between_a_version_and_itself(of):
    found = difference(content(of), content(of))
    assert (found.added, found.removed, found.changed, found.budget_change_fen) == ([], [], [], 0)


@given(items, items)
def test_a_hash_fixes_the_content(one, other):
    first, second = (Version.of(content(of), plan_ref="plan", number=1, now=NOW) for of in (one, other))
    assert (first.hash == second.hash) == (one == other)


def test_a_hash_does_not_depend_on_the_time():
    later = datetime(2025, 1, 1, tzinfo=UTC)
    first, second = (Version.of(content(), plan_ref="plan", number=1, now=now) for now in (NOW, later))
    assert first.hash == second.hash


def test_the_same_content_proposed_again_is_another_version_with_another_hash():
    proposed = plan()
    proposed.propose(content(), now=NOW)
    proposed.propose(content(), now=NOW)
    assert [version.number for version in proposed.versions] == [1, 2]
    assert proposed.numbered(1).hash != proposed.numbered(2).hash


def test_a_refused_version_leaves_the_plan_as_it_was():
    proposed = plan()
    with pytest.raises(FundingWrong):
        proposed.propose(replace(content(), funding=()), now=NOW)
    assert proposed.versions == []


@pytest.mark.parametrize("number", [-1, 0, 2])
def test_a_version_that_does_not_exist_is_not_found(number):
    proposed = plan()
    proposed.propose(content(), now=NOW)
    with pytest.raises(VersionUnknown):
        proposed.numbered(number)


@given(items)
def test_versions_come_back_as_they_were_kept(of):
    proposed = plan()
    proposed.propose(content(of, author_org_refs=("institute",)), now=NOW)
    column = kept_list(Version, load=Version.kept)
    plain = json.loads(json.dumps(column.process_bind_param(proposed.versions, sqlite.dialect())))
    assert column.process_result_value(plain, sqlite.dialect()) == proposed.versions
