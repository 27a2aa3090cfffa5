"""Projects: a stage begins when what it stands on is there; what belongs to a project ends with it (gate G14)."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.consultation.domain.branch import SIDES, Branch, Member
from services.consultation.domain.opinion import Consensus
from services.consultation.domain.project import CAUSES, KINDS, STAGES, Progress, Project
from services.consultation.domain.project_errors import (
    GateShut,
    MemberTwice,
    NotLedByStreet,
    SideMissing,
    StagesLeft,
    TaskUnknown,
    TopicTwice,
)
from services.consultation.domain.reception import Intake, IntakeTally, ReceptionPoint
from services.consultation.domain.team import Team, TeamMember
from services.consultation.domain.topic import Site
from shared.kernel.errors import NotNow

NOW = datetime(2024, 5, 27, 1, tzinfo=UTC)
ALL_OPEN = Progress(**{field.name: True for field in fields(Progress)})
SITE = Site("estate", "/street/estate/", "云景里", "estate")


def project(kind="key"):
    return Project(
        kind=kind, title="云景里综合改造", site=SITE, topic_refs=["topic"], campaign_refs=[], now=NOW
    )


def at_last_stage(kind="key"):
    found = project(kind)
    while found.next_stage is not None:
        found.advance(ALL_OPEN, note="", now=NOW)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_project_passes_all_its_stages_in_order_and_is_then_completed(kind):
    done = at_last_stage(kind)
    assert [line.stage for line in done.history] == [stage.code for stage in STAGES[kind]]
    with pytest.raises(NotNow):
        done.advance(ALL_OPEN, note="", now=NOW)
    done.complete(note="已移交", now=NOW)
    assert (done.state, done.allowed_actions) == ("completed", [])


GATED = [(kind, stage) for kind, stages in STAGES.items() for stage in stages if stage.gates]


@pytest.mark.parametrize(("kind", "stage"), GATED, ids=lambda value: getattr(value, "code", value))
@pytest.mark.parametrize("missing", [field.name for field in fields(Progress)])
def test_a_stage_does_not_begin_while_one_of_its_gates_is_shut_and_minds_no_other(kind, stage, missing):
    waiting = project(kind)
    while waiting.next_stage != stage:
        waiting.advance(ALL_OPEN, note="", now=NOW)
    short = replace(ALL_OPEN, **{missing: False})
    shut = [gate for gate in stage.gates if not gate.is_open(short)]
    if not shut:
        waiting.advance(short, note="", now=NOW)
        assert waiting.stage == stage.code
        return
    before = waiting.stage
    with pytest.raises(GateShut) as refused:
        waiting.advance(short, note="", now=NOW)
    assert shut[0].name.zh in refused.value.text("zh")
    assert (waiting.stage, len(waiting.history)) == (before, len(waiting.history))


def test_every_part_of_the_progress_opens_some_gate():
    for field in fields(Progress):
        only = Progress(**{field.name: True})
        gates = {gate for stages in STAGES.values() for stage in stages for gate in stage.gates}
        assert [gate for gate in gates if gate.is_open(only)], field.name


def test_a_project_with_stages_left_is_not_completed():
    with pytest.raises(StagesLeft):
        project().complete(note="已移交", now=NOW)


def test_a_project_that_is_paused_goes_no_further_until_it_is_resumed():
    paused = project()
    paused.pause(cause="conflict", reason="三户反对", now=NOW)
    with pytest.raises(NotNow):
        paused.advance(ALL_OPEN, note="", now=NOW)
    paused.resume(now=NOW)
    paused.advance(ALL_OPEN, note="", now=NOW)


@given(
    st.lists(st.tuples(st.sampled_from(sorted(CAUSES)), st.integers(0, 40), st.integers(0, 40)), max_size=6)
)
def test_the_days_lost_are_those_between_a_pause_and_the_day_on_which_work_goes_on(pauses):
    lost, now = project(), NOW
    for cause, worked, rested in pauses:
        now += timedelta(days=worked)
        lost.pause(cause=cause, reason="停工", now=now)
        now += timedelta(days=rested)
        lost.resume(now=now)
    today = date(2030, 1, 1)
    assert lost.days_lost(today) == sum(rested for _, _, rested in pauses)
    assert sum(lost.days_lost(today, cause) for cause in CAUSES) == lost.days_lost(today)


def test_a_pause_goes_on_counting_until_today_and_ends_with_the_project():
    paused = project()
    paused.pause(cause="weather", reason="暴雨", now=NOW)
    assert paused.days_lost(date(2024, 5, 30)) == 3
    paused.call_off(reason="居民不同意", now=NOW + timedelta(days=2))
    assert paused.days_lost(date(2030, 1, 1)) == 2


def test_a_topic_belongs_to_a_project_once():
    with pytest.raises(TopicTwice):
        project().link(["topic"], [])


# ---- branch (gate G14)

ALL_SIDES = [Member(side, f"{side}-1", is_secretary=side == "street") for side in SIDES]


@given(st.sets(st.sampled_from(sorted(SIDES))))
def test_gate_g14_a_branch_has_members_of_all_four_sides_or_is_not_established(present):
    members = [member for member in ALL_SIDES if member.side in present]
    branch = Branch(project(), name="云景里项目临时党支部", members=members)
    if present == set(SIDES):
        branch.establish(now=NOW)
        assert branch.sides == dict.fromkeys(SIDES, 1)
        return
    with pytest.raises(SideMissing):
        branch.establish(now=NOW)
    assert not branch.is_established


@pytest.mark.parametrize("secretaries", [(), ("community",), ("street", "community")])
def test_gate_g14_the_street_alone_leads_a_branch(secretaries):
    members = [Member(side, side, is_secretary=side in secretaries) for side in SIDES]
    with pytest.raises(NotLedByStreet):
        Branch(project(), name="临时党支部", members=members).establish(now=NOW)


def test_gate_g14_an_established_branch_never_loses_a_side():
    branch = Branch(project(), name="临时党支部", members=ALL_SIDES)
    branch.establish(now=NOW)
    with pytest.raises(SideMissing):
        branch.compose(ALL_SIDES[:3])
    assert branch.members == ALL_SIDES


def test_gate_g14_a_branch_ends_once_and_what_it_was_stays():
    branch = Branch(project(), name="临时党支部", members=ALL_SIDES)
    branch.establish(now=NOW)
    branch.dissolve(now=NOW)
    branch.dissolve(now=NOW + timedelta(days=1))
    assert (branch.state, branch.dissolved_at, branch.members) == ("dissolved", NOW, ALL_SIDES)
    with pytest.raises(NotNow):
        branch.compose(ALL_SIDES)


def test_nobody_is_in_a_branch_or_a_team_twice():
    with pytest.raises(MemberTwice):
        Branch(project(), name="临时党支部", members=[Member("street", "a"), Member("community", "a")])
    with pytest.raises(MemberTwice):
        Team(project(), name="先锋队", members=[TeamMember("area", "a"), TeamMember("registered", "a")])


def test_a_task_is_finished_once_and_only_by_the_team_that_has_it():
    team = Team(project(), name="先锋队", members=[TeamMember("area", "a"), TeamMember("registered", "b")])
    assert team.kinds == {"area": 1, "registered": 1}
    team.assign(title="入户宣讲", building_refs=["building"], due_on=date(2024, 6, 1))
    (task,) = team.tasks
    team.finish(task.id, result="走访48户", now=NOW)
    team.finish(task.id, result="又一次", now=NOW + timedelta(days=1))
    assert (team.tasks[0].result, team.tasks[0].done_at) == ("走访48户", NOW)
    with pytest.raises(TaskUnknown):
        team.finish("no such", result="", now=NOW)


# ---- reception points


def taken_in():
    point = ReceptionPoint(project(), name="3号楼前", hours="9:00—17:00", duty={"1": "居委会"})
    return Intake(
        point,
        place_ref="estate",
        place_path="/street/estate/",
        text="夜间施工",
        proposer_ref=None,
        received_by="worker",
        now=NOW,
    )


@pytest.mark.parametrize("first", ["answer", "suggest", "refer"])
def test_what_was_taken_in_is_dealt_with_once(first):
    deeds = {
        "answer": lambda intake: intake.answer(text="已告知工期", now=NOW),
        "suggest": lambda intake: intake.suggest("suggestion"),
        "refer": lambda intake: intake.refer(case_category="0404"),
    }
    intake = taken_in()
    deeds[first](intake)
    for deed in deeds.values():
        with pytest.raises(NotNow):
            deed(intake)


@given(st.permutations(["reported", "closed", "reported", "closed"]))
def test_the_register_knows_what_became_of_a_case_in_whatever_order_it_hears_of_it(order):
    intake = taken_in()
    intake.refer(case_category="0404")
    for heard in order:
        intake.hear_case("case")
        if heard == "closed":
            intake.hear_closed(now=NOW)
    assert (intake.state, intake.case_ref, intake.answered_at) == ("answered", "case", NOW)


def test_a_closed_point_takes_nothing_in():
    point = ReceptionPoint(project(), name="3号楼前", hours="9:00—17:00", duty={"1": "居委会"})
    point.close()
    with pytest.raises(NotNow):
        Intake(
            point,
            place_ref="estate",
            place_path="/street/estate/",
            text="夜间施工",
            proposer_ref=None,
            received_by="worker",
            now=NOW,
        )
    point.end()


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_the_share_solved_at_first_hand_is_exact_to_a_thousandth_and_leaves_out_what_is_open(
    waiting, suggested, referred, answered
):
    tally = IntakeTally(waiting + suggested + referred + answered, suggested, referred, answered)
    assert tally.open == waiting
    dealt_with = suggested + referred + answered
    if not dealt_with:
        assert tally.first_line_permille is None
        return
    share = tally.first_line_permille
    assert share * dealt_with <= (suggested + answered) * 1000 < (share + 1) * dealt_with


# ---- opinions


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 3000))
def test_consensus_counts_all_households_and_is_exact_at_the_edge(agree, disagree, abstain, unreached):
    households = agree + disagree + abstain + unreached
    consensus = Consensus(households, agree, disagree, abstain)
    assert consensus.unreached == unreached
    assert consensus.reaches(2, 3) == (households > 0 and 3 * agree >= 2 * households)
    if households:
        assert consensus.agree_permille * households <= agree * 1000
    else:
        assert consensus.agree_permille is None


@given(st.integers(0, 20), st.integers(0, 20))
def test_of_more_opinions_than_known_households_no_share_is_told(households, more):
    consensus = Consensus(households, households + more + 1, 0, 0)
    assert (consensus.unreached, consensus.agree_permille, consensus.reaches(1, 2)) == (0, None, False)
