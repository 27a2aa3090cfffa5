"""Topics: no phase is skipped (gate G6), whatever is done or heard."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.consultation.domain import topic as topics
from services.consultation.domain.errors import (
    DecisionMissing,
    MergedWithItself,
    NotBuilding,
    NotMaintainer,
    NotYourVoice,
    NoVersionPassed,
    OutsideEstate,
    TooManyCases,
    TooManyProposers,
    VersionGivenUp,
    WorksOpen,
)
from services.consultation.domain.plan import Content, Plan
from services.consultation.domain.topic import (
    PROPOSERS,
    Decision,
    Problem,
    Satisfaction,
    Site,
    Topic,
    must_maintain,
    must_speak_as,
)
from shared.kernel.errors import Conflict, NotNow, NotYet
from tests.builders import consultation as build
from tests.builders import facts

NOW = datetime(2024, 5, 27, 1, tzinfo=UTC)


def raised(**changed):
    body = build.topic_body()
    del body["place_ref"]
    site = {"place_ref": "estate", "path": facts.ESTATE_PATH, "name": "金侨时代家园", "estate_ref": "estate"}
    problem = body | {name: changed.pop(name) for name in body if name in changed}
    return Topic(Problem(area_ref=None, **problem), site=Site(**(site | changed)), now=NOW)


def deliberating():
    topic = raised()
    topic.accept(party_org="社区党委", note="", now=NOW)
    return topic


def passed_plan(**changed):
    plan = Plan(topic_ref="topic", place_ref="estate", place_path="/estate/")
    plan.propose(Content.of(build.plan_body(**changed)), now=NOW)
    plan.pass_version(1)
    return plan


def delivering():
    topic = deliberating()
    topic.resolve(passed_plan(), maintainer_name="示例物业", now=NOW)
    return topic


def land(topic):
    topic.land(
        accepted_by="居民代表", evidence="照片", maintainer_ref="company", maintainer_name="示例物业", now=NOW
    )


@pytest.mark.parametrize("deed", ["request_design", "announce_session", "propose_plan", "open_review"])
def test_gate_g6_what_belongs_to_the_deliberation_waits_for_it(deed):
    deliberating().must_allow(deed)
    for topic in (raised(), delivering()):
        with pytest.raises(NotNow):
            topic.must_allow(deed)


def test_gate_g6_a_raised_topic_is_neither_resolved_nor_landed():
    topic = raised()
    with pytest.raises(NotNow):
        topic.resolve(passed_plan(), maintainer_name="", now=NOW)
    with pytest.raises(NotNow):
        land(topic)


def test_a_topic_is_resolved_with_a_plan_that_passed_and_with_nothing_less():
    unjudged = passed_plan()
    unjudged.passed_version = None
    with pytest.raises(NoVersionPassed):
        deliberating().resolve(unjudged, maintainer_name="", now=NOW)


def test_gate_g7_a_review_never_stands_for_the_owners_decision():
    plan = passed_plan(owners_decision=build.owners_must_decide())
    topic = deliberating()
    with pytest.raises(DecisionMissing):
        topic.resolve(plan, maintainer_name="", now=NOW)
    assert topic.state == topics.DELIBERATING


def test_gate_g6_a_result_lands_only_on_accepted_works():
    topic = delivering()
    topic.hear_works_created("works", topic.plan_hash, now=NOW)
    with pytest.raises(WorksOpen):
        land(topic)
    topic.hear_works_accepted("works", now=NOW)
    land(topic)
    assert topic.state == topics.LANDED


def test_satisfaction_waits_for_the_landing():
    with pytest.raises(NotYet):
        satisfy(delivering(), answered=2, resolved=1)


def landed():
    topic = delivering()
    topic.hear_works_created("works", topic.plan_hash, now=NOW)
    topic.hear_works_accepted("works", now=NOW)
    land(topic)
    return topic


def satisfy(topic, *, answered, resolved, turn=1):
    said = Satisfaction("question", asked=answered, answered=answered, resolved=resolved)
    topic.hear_satisfaction(said, turn=turn, now=NOW)


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_result_is_deliberated_again_exactly_where_more_than_half_of_those_who_answer_find_it_unresolved(
    resolved, unresolved
):
    topic = landed()
    satisfy(topic, answered=resolved + unresolved, resolved=resolved)
    is_good = unresolved <= resolved
    assert topic.state == (topics.LANDED if is_good else topics.DELIBERATING)
    assert (topic.turn, topic.works_ref) == ((1, "works") if is_good else (2, None))


def test_a_result_that_was_not_good_needs_another_version_and_other_works():
    topic = landed()
    topic.reopen(reason="座椅仍然积水", now=NOW)
    with pytest.raises(VersionGivenUp):
        topic.resolve(passed_plan(), maintainer_name="示例物业", now=NOW)
    topic.hear_works_accepted("works", now=NOW)
    assert (topic.works_ref, topic.works_accepted, topic.state) == (None, False, topics.DELIBERATING)


def test_the_residents_word_on_an_earlier_turn_says_nothing_about_a_later_one():
    topic = landed()
    topic.reopen(reason="座椅仍然积水", now=NOW)
    satisfy(topic, answered=9, resolved=9, turn=1)
    assert topic.satisfaction is None
    with pytest.raises(NotYet):
        satisfy(topic, answered=9, resolved=9, turn=2)


def test_a_topic_that_needs_no_deliberation_is_referred_and_ends():
    topic = raised()
    topic.refer(case_category="0601", reason="属日常维修", now=NOW)
    assert (topic.state, topic.allowed_actions) == (topics.REFERRED, [])
    with pytest.raises(NotNow):
        deliberating().refer(case_category="0601", reason="属日常维修", now=NOW)


def test_all_who_proposed_the_same_are_kept_once():
    topic, same = raised(), raised()
    topic.proposer_refs, same.proposer_refs = ["a", "b"], ["b", "c"]
    same.merge_into(topic, now=NOW)
    assert topic.proposer_refs == ["a", "b", "c"]
    topic.proposer_refs, same = [f"r{n}" for n in range(500)], raised()
    same.proposer_refs = ["one more"]
    with pytest.raises(TooManyProposers):
        same.merge_into(topic, now=NOW)


heard = st.lists(st.sampled_from(["created", "accepted", "created other"]), max_size=6)


@given(heard, heard)
def test_cancelled_works_never_become_current_again(before, after):
    topic = delivering()

    def hear(what):
        if what == "created":
            topic.hear_works_created("works", topic.plan_hash, now=NOW)
        elif what == "accepted":
            topic.hear_works_accepted("works", now=NOW)
        else:
            topic.hear_works_created("works", "of another version", now=NOW)

    for what in before:
        hear(what)
    topic.hear_works_cancelled("works", reason="施工单位退出", now=NOW)
    assert topic.state == topics.DELIBERATING
    again = passed_plan()
    again.propose(again.latest.content, now=NOW)
    again.pass_version(2)
    topic.resolve(again, maintainer_name="示例物业", now=NOW)
    for what in after:
        hear(what)
    topic.hear_works_cancelled("works", reason="施工单位退出", now=NOW)
    assert (topic.state, topic.works_ref, topic.works_accepted) == (topics.DELIVERING, None, False)


@given(st.permutations(["created", "created", "accepted", "accepted"]))
def test_works_end_accepted_in_whatever_order_they_are_heard(order):
    topic = delivering()
    for what in order:
        if what == "created":
            topic.hear_works_created("works", topic.plan_hash, now=NOW)
        else:
            topic.hear_works_accepted("works", now=NOW)
    assert (topic.works_ref, topic.works_accepted) == ("works", True)


def test_every_change_is_recorded():
    topic = delivering()
    topic.hear_works_accepted("works", now=NOW)
    land(topic)
    kinds = [type(recorded.event).__name__ for recorded in topic.take_recorded()]
    assert kinds == ["TopicRaised", "TopicAccepted", "TopicResolved", "WorksHeard", "ResultLanded"]


def test_a_topic_of_an_estate_holds_what_lies_in_that_estate_only():
    topic = raised(place_ref="spot", path=facts.SPOT_PATH)
    topic.must_hold_area("area", "estate")
    topic.must_hold_building("building", kind="building", path=f"{facts.ESTATE_PATH}grid/building/")
    with pytest.raises(OutsideEstate):
        topic.must_hold_area("area", "another")
    with pytest.raises(OutsideEstate):
        topic.must_hold_building("building", kind="building", path="/street/community/another/building/")
    with pytest.raises(NotBuilding):
        topic.must_hold_building("spot", kind="spot", path=facts.SPOT_PATH)


def test_a_topic_without_an_estate_holds_what_lies_in_its_place():
    topic = raised(place_ref="community", path="/street/community/", estate_ref=None)
    topic.must_hold_area("area", "another")
    topic.must_hold("person", facts.ESTATE_PATH, field="resident_roster")
    with pytest.raises(OutsideEstate):
        topic.must_hold("person", "/street/elsewhere/", field="resident_roster")


def test_who_builds_does_not_maintain():
    for kind in ("company", "owner_unit", "department"):
        must_maintain("party", kind)
    with pytest.raises(NotMaintainer):
        must_maintain("party", "contractor")


@pytest.mark.parametrize(
    ("role", "own"),
    [
        ("resident", "resident"),
        ("captain", "resident"),
        ("property", "property"),
        ("owners_body", "owners_body"),
        ("social_org", "social_org"),
        ("member_unit", "unit"),
    ],
)
def test_who_speaks_for_itself_speaks_as_nobody_else(role, own):
    must_speak_as(role, own)
    for other in PROPOSERS.keys() - {own}:
        with pytest.raises(NotYourVoice) as refused:
            must_speak_as(role, other)
        assert refused.value.fields == ["raised_by"]


@pytest.mark.parametrize("role", ["street", "community", "convenor", "party_org", "grid_worker"])
def test_staff_say_on_whose_behalf_they_raise_a_topic(role):
    for proposer in PROPOSERS:
        must_speak_as(role, proposer)


def test_a_case_is_linked_once():
    topic = raised()
    topic.link_cases(["case", "second", "second"])
    topic.link_cases(["second"])
    assert topic.case_refs == ["case", "second"]


def test_a_topic_takes_up_no_more_cases_than_its_events_can_tell():
    topic = raised()
    topic.link_cases(str(number) for number in range(topics.MOST_CASES - 1))
    with pytest.raises(TooManyCases):
        topic.link_cases(["one more"])
    topic.link_cases(["case"])
    assert len(topic.case_refs) == topics.MOST_CASES


def test_what_has_landed_takes_up_no_more_cases():
    topic = delivering()
    topic.hear_works_accepted("works", now=NOW)
    topic.land(accepted_by="代表", evidence="照片", maintainer_ref="m", maintainer_name="示例物业", now=NOW)
    with pytest.raises(NotNow):
        topic.link_cases(["late"])
    topic.hear_cases_joined(["late"])
    assert "late" not in topic.case_refs


# ---- merged, suspended


def test_a_merged_topic_goes_on_as_another_with_its_proposers_and_cases():
    first, second = deliberating(), raised(raised_by="property", case_refs=["case", "other"])
    second.merge_into(first, now=NOW)
    assert (second.state, second.merged_into_ref, second.allowed_actions) == ("merged", first.id, [])
    assert (first.raised_by, first.also_raised_by) == ("resident", ["property"])
    assert first.case_refs == ["case", "other"]
    third = raised(raised_by="resident")
    third.merge_into(first, now=NOW)
    assert first.also_raised_by == ["property"], "who has raised it is not another proposer"


def test_proposers_are_kept_through_any_chain_of_mergers():
    first, second, third = raised(), raised(raised_by="unit"), raised(raised_by="street")
    third.merge_into(second, now=NOW)
    second.merge_into(first, now=NOW)
    assert first.also_raised_by == ["unit", "street"]


def test_a_topic_is_not_merged_with_itself_nor_with_one_elsewhere_nor_with_one_that_has_ended():
    topic, elsewhere, ended = raised(), raised(path="/street/other/far/"), raised()
    ended.decline(reason="不属于", now=NOW)
    for other, refused in ((topic, MergedWithItself), (elsewhere, OutsideEstate), (ended, NotNow)):
        with pytest.raises(refused):
            topic.merge_into(other, now=NOW)
        assert topic.state == "raised"


def test_what_is_under_deliberation_already_is_merged_into_nothing():
    with pytest.raises(NotNow):
        deliberating().merge_into(raised(), now=NOW)


def test_while_a_topic_is_suspended_nothing_is_decided():
    topic = deliberating()
    topic.suspend(reason="等待区级方案", now=NOW)
    assert topic.allowed_actions == ["resume", "link_cases"]
    with pytest.raises(NotNow):
        topic.resolve(passed_plan(), maintainer_name="示例物业", now=NOW)
    topic.resume(now=NOW)
    topic.resolve(passed_plan(), maintainer_name="示例物业", now=NOW)
    assert [line.text for line in topic.story][2:4] == ["中止共议：等待区级方案", "恢复共议方案"]


# ---- gate G6: whatever is done and heard, in whatever order

NEXT = {  # the phases, and those that may follow each
    topics.RAISED: {topics.DECLINED, topics.REFERRED, topics.MERGED, topics.DELIBERATING},
    topics.DELIBERATING: {topics.SUSPENDED, topics.DELIVERING},
    topics.SUSPENDED: {topics.DELIBERATING},
    topics.DELIVERING: {topics.DELIBERATING, topics.LANDED},
    topics.LANDED: {topics.DELIBERATING},
    topics.DECLINED: set(),
    topics.REFERRED: set(),
    topics.MERGED: set(),
}


def next_version(topic):
    plan = passed_plan()
    for _ in range(topic.plan_version or 0):
        plan.propose(plan.latest.content, now=NOW)
    plan.pass_version(plan.latest.number)
    return plan


WALK = {
    "accept": lambda topic: topic.accept(party_org="社区党委", note="", now=NOW),
    "decline": lambda topic: topic.decline(reason="市政已列入", now=NOW),
    "refer": lambda topic: topic.refer(case_category="0601", reason="日常维修", now=NOW),
    "merge": lambda topic: topic.merge_into(deliberating(), now=NOW),
    "suspend": lambda topic: topic.suspend(reason="等待", now=NOW),
    "resume": lambda topic: topic.resume(now=NOW),
    "resolve": lambda topic: topic.resolve(next_version(topic), maintainer_name="示例物业", now=NOW),
    "created": lambda topic: topic.hear_works_created(
        f"works-{topic.plan_version}", topic.plan_hash, now=NOW
    ),
    "accepted": lambda topic: topic.hear_works_accepted(f"works-{topic.plan_version}", now=NOW),
    "cancelled": lambda topic: topic.hear_works_cancelled(
        f"works-{topic.plan_version}", reason="退出", now=NOW
    ),
    "land": land,
    "reopen": lambda topic: topic.reopen(reason="没有解决", now=NOW),
    "good": lambda topic: satisfy(topic, answered=3, resolved=3, turn=topic.turn),
    "bad": lambda topic: satisfy(topic, answered=3, resolved=0, turn=topic.turn),
}


FIRST = ([], ["accept"], ["accept", "resolve"], ["accept", "resolve", "created", "accepted", "land"])


@given(st.sampled_from(FIRST), st.lists(st.sampled_from(sorted(WALK)), max_size=20))
def test_gate_g6_no_phase_is_skipped_and_no_result_lands_without_a_plan_and_accepted_works(first, then):
    topic = raised()
    for deed in first + then:
        before = topic.state
        with contextlib.suppress(Conflict, NotNow, NotYet):
            WALK[deed](topic)
        assert topic.state == before or topic.state in NEXT[before], f"{before} → {deed} → {topic.state}"
        if topic.state in (topics.DELIVERING, topics.LANDED):
            assert topic.plan_hash is not None
        if topic.state == topics.LANDED:
            assert topic.works_accepted


# ---- gate G7

decisions = st.fixed_dictionaries(
    {
        "plan_hash": st.sampled_from(["this", "another"]),
        "kind": st.sampled_from(["common_parts", "ordinary"]),
        "area_ref": st.sampled_from(["area", "elsewhere"]),
        "outcome": st.sampled_from(["adopted", "rejected"]),
    }
)


@given(st.lists(decisions, max_size=5))
def test_gate_g7_only_the_owners_adopted_decision_on_this_version_kind_and_area_lets_works_begin(heard):
    plan = passed_plan(owners_decision=build.owners_must_decide())
    topic = deliberating()
    right = {"plan_hash": "this", "kind": "common_parts", "area_ref": "area", "outcome": "adopted"}
    for number, said in enumerate(heard):
        given_hash = plan.latest.hash if said["plan_hash"] == "this" else "another"
        topic.hear_decision(
            Decision(**said | {"plan_hash": given_hash, "decision_ref": f"d{number}"}), now=NOW
        )
    if right in heard:
        topic.resolve(plan, maintainer_name="示例物业", now=NOW)
        assert topic.state == topics.DELIVERING
    else:
        with pytest.raises(DecisionMissing):
            topic.resolve(plan, maintainer_name="示例物业", now=NOW)
