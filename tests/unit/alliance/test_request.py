"""Requests for professionals: when they fill, reopen and end, and who may answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alliance.domain import errors
from services.alliance.domain.engagement import WITHDRAWN, EngagementAccepted
from services.alliance.domain.organisation import Organisation
from services.alliance.domain.request import (
    ProfessionalRequest,
    RequestClosed,
    RequestDeclined,
    RequestFilled,
    RequestReopened,
    RequestUnfilled,
    Wanted,
)
from shared.kernel.errors import NotNow
from tests.builders.alliance import ANSWER_BY

BEFORE, AFTER = ANSWER_BY - timedelta(days=1), ANSWER_BY


def request(**changed):
    facts = {
        "request_ref": "review",
        "purpose": "review",
        "topic_ref": "topic",
        "place_ref": "estate",
        "place_path": "/street/estate/",
        "expertise": ["planning", "safety"],
        "experts_needed": 2,
        "answer_by": ANSWER_BY,
    }
    opened = ProfessionalRequest(Wanted(**facts | changed))
    opened.take_recorded()
    return opened


def organisation(*expertise, name="示例规划设计院"):
    return Organisation(
        name=name, kind="professional", credit_code=None, expertise=list(expertise or ("planning",))
    )


def accepted(of, *experts):
    return of.accept(organisation(), expert_refs=list(experts), interests="")


def recorded(aggregate):
    return [type(fact.event) for fact in aggregate.take_recorded()]


def test_a_request_fills_when_the_experts_suffice_whoever_lends_them():
    wanted = request(experts_needed=3)
    first, second = accepted(wanted, "a", "b"), accepted(wanted, "c")
    wanted.recount([first], now=BEFORE)
    assert (wanted.state, recorded(wanted)) == ("open", [])
    wanted.recount([first, second], now=BEFORE)
    assert (wanted.state, recorded(wanted)) == ("filled", [RequestFilled])
    wanted.recount([first, second], now=BEFORE)
    assert recorded(wanted) == []


def test_an_expert_whom_two_organisations_lend_counts_once():
    wanted = request(experts_needed=2)
    wanted.recount([accepted(wanted, "a"), accepted(wanted, "a")], now=BEFORE)
    assert wanted.state == "open"


def test_a_filled_request_opens_again_when_too_few_experts_are_left_before_the_answer_date():
    wanted = request()
    first, second = accepted(wanted, "a"), accepted(wanted, "b")
    wanted.recount([first, second], now=BEFORE)
    wanted.take_recorded()
    wanted.recount([first], now=BEFORE)
    assert (wanted.state, recorded(wanted)) == ("open", [RequestReopened])


def test_a_filled_request_stays_filled_while_enough_experts_are_left():
    wanted = request()
    first, second = accepted(wanted, "a", "b"), accepted(wanted, "c")
    wanted.recount([first, second], now=BEFORE)
    wanted.recount([first], now=BEFORE)
    assert wanted.state == "filled"


def test_a_filled_request_that_loses_its_experts_from_the_answer_date_on_is_unfilled():
    wanted = request()
    wanted.recount([accepted(wanted, "a", "b")], now=BEFORE)
    wanted.take_recorded()
    wanted.recount([], now=AFTER)
    assert (wanted.state, recorded(wanted)) == ("unfilled", [RequestUnfilled])
    wanted.recount([], now=AFTER)
    assert recorded(wanted) == []


def test_an_open_request_lapses_once_and_a_filled_one_does_not():
    wanted, filled = request(), request()
    filled.recount([accepted(filled, "a", "b")], now=BEFORE)
    filled.take_recorded()
    for each in (wanted, filled, wanted):
        each.lapse()
    assert (wanted.state, recorded(wanted)) == ("unfilled", [RequestUnfilled])
    assert (filled.state, recorded(filled)) == ("filled", [])


def test_an_open_request_closes_once_and_an_ended_one_does_not():
    wanted, lapsed = request(), request()
    lapsed.lapse()
    for each in (wanted, lapsed, wanted):
        each.close()
    assert (wanted.state, recorded(wanted)) == ("closed", [RequestClosed])
    assert lapsed.state == "unfilled"


def test_a_request_whose_end_was_heard_first_is_closed_from_the_beginning():
    wanted = Wanted("review", "review", "topic", "estate", "/street/estate/")
    closed = ProfessionalRequest(wanted, is_over=True)
    assert (closed.state, closed.allowed_actions, recorded(closed)) == ("closed", [], [RequestClosed])


def test_who_drew_the_plan_does_not_review_it():
    author = organisation()
    wanted = request(excluded_org_refs=[author.id])
    with pytest.raises(errors.OrganisationExcluded):
        wanted.accept(author, expert_refs=["a"], interests="")
    accepted(wanted, "a")


def test_an_organisation_needs_one_of_the_wanted_kinds_of_expertise():
    with pytest.raises(errors.ExpertiseMissing) as refused:
        request().accept(organisation("law"), expert_refs=["a"], interests="")
    assert refused.value.fields == ["org_ref"]
    assert refused.value.text("en").endswith("planning, safety")
    request().accept(organisation("law", "safety"), expert_refs=["a"], interests="")


def test_where_no_expertise_is_wanted_anyone_will_do():
    engagement = request(expertise=[]).accept(organisation("law"), expert_refs=["a"], interests="")
    assert engagement.state == "accepted"


def test_an_engagement_carries_what_its_request_and_organisation_are():
    wanted, lender = request(), organisation()
    wanted.journey = "journey"
    engagement = wanted.accept(lender, expert_refs=["a"], interests="受业主委托做过咨询")
    assert (engagement.request_ref, engagement.purpose, engagement.topic_ref) == ("review", "review", "topic")
    assert (engagement.org_ref, engagement.org_name) == (lender.id, lender.name)
    assert (engagement.place_path, engagement.journey) == (wanted.place_path, "journey")
    assert engagement.interests == "受业主委托做过咨询"
    assert recorded(engagement) == [EngagementAccepted]


def test_a_no_changes_nothing_of_the_request():
    wanted = request()
    decline = wanted.decline(organisation(), "人手不足")
    assert (decline.reason, recorded(decline)) == ("人手不足", [RequestDeclined])
    assert (wanted.state, recorded(wanted)) == ("open", [])


@pytest.mark.parametrize("end", [ProfessionalRequest.lapse, ProfessionalRequest.close])
def test_nobody_answers_a_request_that_has_ended(end):
    wanted = request()
    assert wanted.allowed_actions == ["accept", "decline"]
    end(wanted)
    assert wanted.allowed_actions == []
    with pytest.raises(NotNow) as refused:
        accepted(wanted, "a")
    assert "专业需求" in refused.value.text("zh")
    with pytest.raises(NotNow):
        wanted.decline(organisation(), "?")


@given(
    needed=st.integers(1, 5),
    steps=st.lists(
        st.one_of(st.sets(st.sampled_from("abcdefg"), min_size=1, max_size=3), st.integers(0, 9)), max_size=12
    ),
)
def test_before_the_answer_date_a_request_is_filled_exactly_while_enough_experts_stand(needed, steps):
    """A set of experts is a yes; a number withdraws the engagement of that position, if it is there."""
    wanted, standing = request(experts_needed=needed), []
    for step in steps:
        if isinstance(step, int):
            del standing[step : step + 1]
        elif wanted.state == "open":
            standing.append(accepted(wanted, *sorted(step)))
        wanted.recount(standing, now=BEFORE)
        experts = {expert for engagement in standing for expert in engagement.expert_refs}
        assert (wanted.state == "filled") == (len(experts) >= needed)


def test_an_engagement_ends_once_finished_or_withdrawn():
    finished, withdrawn = accepted(request(), "a"), accepted(request(), "a")
    assert finished.allowed_actions == ["finish", "withdraw"]
    finished.finish()
    withdrawn.withdraw("项目冲突")
    for ended in (finished, withdrawn):
        assert ended.allowed_actions == []
        with pytest.raises(NotNow):
            ended.finish()
        with pytest.raises(NotNow):
            ended.withdraw("?")
    assert withdrawn.state == WITHDRAWN
    assert withdrawn.take_recorded()[-1].event.reason_text == "项目冲突"
