"""Works and their items: in which order things can happen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.property.domain.errors import (
    AmountOverBudget,
    ItemsNotAccepted,
    ItemUnknown,
    MaintainerNotResponsible,
    PartyKindWrong,
    PlannedEndWrong,
    WarrantyWrong,
)
from services.property.domain.works import (
    ACCEPTED,
    CANCELLED,
    OPEN,
    REJECTED,
    Item,
    ItemAccepted,
    Works,
    WorksAccepted,
    WorksCancelled,
)
from shared.kernel.errors import NotNow
from tests.builders.property import adopted_plan, party

NOW = datetime(2024, 5, 27, 1, tzinfo=UTC)


def contract(works, **changed):
    facts = {
        "amount_fen": 11_800_000,
        "planned_start_on": date(2024, 7, 1),
        "planned_end_on": date(2024, 9, 30),
    }
    works.contract(party("contractor", kind="contractor", name="示例建设"), **(facts | changed))


def accept(works, **changed):
    facts = {
        "representatives": "居民代表3名",
        "defects": "",
        "warranty_until_on": date(2026, 9, 30),
        "maintainer": party("unit", kind="owner_unit", name="产权单位"),
        "now": NOW,
    }
    works.accept(**(facts | changed))


def started(**changed):
    works = Works(adopted_plan(**changed))
    contract(works)
    works.start(permit="开工令-7", now=NOW)
    works.take_recorded()
    return works


def accept_item(works, number):
    works.accept_item(number, accepted_by="居民代表与监理", evidence="照片 12 张")


def events_of(works):
    return [type(recorded.event) for recorded in works.take_recorded()]


def test_works_that_are_only_planned_cannot_start():
    works = Works(adopted_plan())
    with pytest.raises(NotNow) as refused:
        works.start(permit="x", now=NOW)
    assert refused.value.allowed_actions == ["contract", "cancel"]


def test_works_are_contracted_once():
    works = started()
    with pytest.raises(NotNow):
        contract(works)


@given(budget=st.integers(0, 2**53 - 1), amount=st.integers(0, 2**53 - 1))
def test_a_contract_may_cost_the_budget_and_not_a_fen_more(budget, amount):
    works = Works(adopted_plan(budget_fen=budget))
    contract(works, amount_fen=min(amount, budget))
    assert works.state == "contracted"
    over = Works(adopted_plan(budget_fen=budget))
    with pytest.raises(AmountOverBudget):
        contract(over, amount_fen=budget + 1)
    assert (over.state, over.contractor_ref) == ("planned", None)


def test_works_may_end_on_the_day_they_start_but_not_before():
    day = date(2024, 7, 1)
    works = Works(adopted_plan())
    with pytest.raises(PlannedEndWrong) as refused:
        contract(works, planned_start_on=day, planned_end_on=date(2024, 6, 30))
    assert refused.value.fields == ["planned_end_on"]
    contract(works, planned_start_on=day, planned_end_on=day)
    assert works.planned_end_on == day


@pytest.mark.parametrize(
    ("start", "last"),
    [(date(2024, 7, 1), date(2029, 7, 1)), (date(2024, 2, 29), date(2029, 2, 28))],
)
def test_works_end_within_five_years_to_the_day(start, last):
    with pytest.raises(PlannedEndWrong):
        contract(Works(adopted_plan()), planned_start_on=start, planned_end_on=last + timedelta(days=1))
    contract(Works(adopted_plan()), planned_start_on=start, planned_end_on=last)


def test_only_a_contractor_gets_the_works():
    works = Works(adopted_plan())
    day = date(2024, 7, 1)
    with pytest.raises(PartyKindWrong) as refused:
        works.contract(party(), amount_fen=1, planned_start_on=day, planned_end_on=day)
    assert refused.value.fields == ["contractor_ref"]
    assert works.state == "planned"


def test_items_are_judged_only_while_the_works_are_on():
    works = Works(adopted_plan())
    with pytest.raises(NotNow):
        accept_item(works, 1)
    with pytest.raises(NotNow):
        works.reject_item(1, reason="空鼓")
    assert [item.state for item in works.items] == [OPEN, OPEN]


def test_a_rejected_item_can_fail_again_and_pass_at_last():
    works = started()
    works.reject_item(1, reason="空鼓")
    works.reject_item(1, reason="仍有空鼓")
    assert (works.items[0].state, works.items[0].reason) == (REJECTED, "仍有空鼓")
    accept_item(works, 1)
    assert (works.items[0].state, works.items[0].reason) == (ACCEPTED, "")


def test_an_accepted_item_stays_accepted():
    works = started()
    accept_item(works, 1)
    with pytest.raises(NotNow):
        works.reject_item(1, reason="空鼓")
    with pytest.raises(NotNow):
        accept_item(works, 1)
    assert (works.items_accepted, events_of(works)) == (1, [ItemAccepted])


def test_an_item_that_does_not_exist_cannot_be_judged():
    with pytest.raises(ItemUnknown):
        accept_item(started(), 3)


def test_works_with_open_items_are_not_accepted_and_the_items_are_named():
    works = started()
    accept_item(works, 1)
    with pytest.raises(ItemsNotAccepted) as refused:
        accept(works)
    assert "2 花坛补植" in refused.value.text("zh")
    assert "防滑铺装" not in refused.value.text("zh")
    assert works.state == "started"


@given(st.data())
def test_whatever_the_order_of_inspections_works_are_accepted_with_their_last_item_and_not_before(data):
    count = data.draw(st.integers(1, 6))
    works = started(
        items=[Item(number, "ground", f"第{number}项", "院内", 1) for number in range(1, count + 1)]
    )
    order = data.draw(st.permutations(range(1, count + 1)))
    for done, number in enumerate(order):
        if data.draw(st.booleans()):
            works.reject_item(number, reason="返工")
        assert works.items_accepted == done
        with pytest.raises(ItemsNotAccepted):
            accept(works)
        accept_item(works, number)
    assert [item.number for item in works.items] == list(range(1, count + 1))
    accept(works)
    assert (works.state, works.maintainer_name) == (ACCEPTED, "产权单位")


@pytest.mark.parametrize(
    ("maintainer", "error"),
    [
        (party("contractor", kind="contractor"), PartyKindWrong),
        (party("company", kind="contractor"), PartyKindWrong),  # even where the plan names it
        (party("other", area_refs=["another"]), MaintainerNotResponsible),
        (party("bureau", kind="department", area_refs=[]), MaintainerNotResponsible),
    ],
)
def test_who_builds_or_has_nothing_to_do_with_the_area_does_not_maintain(maintainer, error):
    works = started(items=[])
    with pytest.raises(error) as refused:
        accept(works, maintainer=maintainer)
    assert refused.value.fields == ["maintainer_ref"]
    assert (works.state, works.maintainer_ref) == ("started", "company")


@pytest.mark.parametrize(
    "maintainer",
    [
        party("other", kind="department"),
        party("unit", kind="owner_unit"),
        party("company", area_refs=[]),  # the plan names it
    ],
)
def test_who_answers_for_the_area_or_is_named_by_the_plan_maintains(maintainer):
    works = started(items=[])
    accept(works, maintainer=maintainer)
    assert works.maintainer_ref == maintainer.id


@pytest.mark.parametrize(
    ("last", "is_right"),
    [
        (date(2024, 5, 26), False),
        (date(2024, 5, 27), True),
        (date(2054, 5, 27), True),
        (date(2054, 5, 28), False),
    ],
)
def test_a_warranty_ends_between_the_day_of_acceptance_and_thirty_years_later(last, is_right):
    works = started(items=[])
    if is_right:
        accept(works, warranty_until_on=last)
        assert works.warranty_until_on == last
        return
    with pytest.raises(WarrantyWrong) as refused:
        accept(works, warranty_until_on=last)
    assert (refused.value.fields, works.state) == (["warranty_until_on"], "started")


def test_every_refusal_of_a_state_is_said_in_chinese_without_codes():
    with pytest.raises(NotNow) as refused:
        Works(adopted_plan()).start(permit="x", now=NOW)
    assert not any(character.isascii() and character.isalpha() for character in refused.value.text("zh"))


def test_of_acceptance_and_cancelling_whichever_comes_first_counts():
    accepted, cancelled = started(items=[]), started(items=[])
    accept(accepted)
    cancelled.cancel(reason="施工单位退出", now=NOW)
    with pytest.raises(NotNow):
        accepted.cancel(reason="施工单位退出", now=NOW)
    with pytest.raises(NotNow):
        accept(cancelled)
    assert events_of(accepted) == [WorksAccepted]
    assert events_of(cancelled) == [WorksCancelled]


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_works_can_be_cancelled_at_any_time_before_acceptance(steps):
    works = Works(adopted_plan())
    for step in (contract, lambda works: works.start(permit="开工令-7", now=NOW))[:steps]:
        step(works)
    assert "cancel" in works.allowed_actions
    works.cancel(reason="管线迁改", now=NOW)
    assert (works.state, works.cancelled_because, works.allowed_actions) == (CANCELLED, "管线迁改", [])
