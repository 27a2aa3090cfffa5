"""Reviews: whose ballot counts, and what both chambers make of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.consultation.domain.ballot import Ballot, Vote
from services.consultation.domain.errors import ExpertNotYours, OtherChamber, TooFarAhead, VotingGoesOn
from services.consultation.domain.plan import Content, Plan
from services.consultation.domain.policies import CHAMBERS, Thresholds
from services.consultation.domain.professionals import Engagement
from services.consultation.domain.review import MOST_REASON_CODES, PASSED, RETURNED, Convening, Review
from services.consultation.domain.topic import Problem, Site, Topic
from services.consultation.plugins.more_than_threshold import MoreThanThreshold
from shared.kernel.errors import NotNow
from tests.builders import consultation as build
from tests.builders import facts

NOW = datetime(2024, 5, 27, 1, tzinfo=UTC)
RESIDENTS = [f"resident-{number}" for number in range(6)]
CLOSES_AT = NOW + timedelta(days=10)
EXPERTS = [f"expert-{number}" for number in range(4)]


def deliberated_topic():
    body = build.topic_body()
    del body["place_ref"]
    site = Site("estate", facts.ESTATE_PATH, "金侨时代家园", "estate")
    topic = Topic(Problem(area_ref=None, **body), site=site, now=NOW)
    topic.accept(party_org="社区党委", note="", now=NOW)
    return topic


def open_review(authors=(), designers=(), closes_at=CLOSES_AT):
    topic = deliberated_topic()
    plan = Plan(topic_ref=topic.id, place_ref="estate", place_path="/estate/")
    plan.propose(Content.of(build.plan_body(author_org_refs=list(authors))), now=NOW)
    convening = Convening(
        expertise=["planning"],
        experts_needed=1,
        answer_by=NOW + timedelta(days=5),
        resident_refs=list(RESIDENTS),
        thresholds=Thresholds(50, 50),
        closes_at=closes_at,
    )
    return Review(topic, plan, convening, designer_refs=designers, now=NOW)


def vote(review, voter, chamber, approve, *, criteria=None, entered=False, earlier=None):
    given = Vote(
        voter_ref=voter,
        chamber=chamber,
        plan_hash=review.plan_hash,
        approve=approve,
        criteria=[] if approve else criteria or [f"failed_by_{chamber}"],
        reasons="" if approve else "不达标",
        cast_by="convenor" if entered else voter,
        entered_for_other=entered,
    )
    return review.cast(given, interest=None, earlier=earlier, joint_session_held=True, now=NOW)


def stand_back(review, voter, chamber="residents"):
    return review.declare_interest(voter_ref=voter, chamber=chamber, text="亲属", earlier=None)


def close(review, ballots, interests=(), now=CLOSES_AT):
    review.close(ballots=ballots, interests=interests, rule=MoreThanThreshold(), now=now)


votes = st.dictionaries(st.sampled_from(RESIDENTS), st.booleans())
expert_votes = st.dictionaries(st.sampled_from(EXPERTS), st.booleans())


@given(votes, expert_votes, st.sets(st.sampled_from(RESIDENTS)), st.booleans())
def test_a_review_passes_exactly_when_both_chambers_do(residents, experts, barred, withdrawn):
    review = open_review()
    review.engage(Engagement("first", "institute", tuple(EXPERTS[:3])))
    review.engage(Engagement("second", "academy", tuple(EXPERTS[3:])))
    ballots = [vote(review, voter, "residents", approve) for voter, approve in residents.items()]
    ballots += [vote(review, voter, "professionals", approve) for voter, approve in experts.items()]
    interests = [stand_back(review, voter) for voter in sorted(barred)]
    if withdrawn:
        review.withdraw("second", "academy")

    close(review, ballots, interests)

    expected = []
    staying = EXPERTS[:3] if withdrawn else EXPERTS
    for roster, cast in ((set(RESIDENTS) - barred, residents), (set(staying), experts)):
        counted = [approve for voter, approve in cast.items() if voter in roster]
        enough = bool(roster) and 2 * len(counted) >= len(roster)
        expected.append(enough and 2 * sum(counted) > len(counted))
    assert [verdict.passed for verdict in review.verdicts] == expected
    assert review.state == (PASSED if all(expected) else RETURNED)


def test_only_the_chamber_that_failed_gives_the_reasons():
    review = open_review()
    review.engage(Engagement("first", "institute", tuple(EXPERTS[:1])))
    ballots = [vote(review, voter, "residents", voter != "resident-0") for voter in RESIDENTS]
    ballots.append(vote(review, "expert-0", "professionals", False))
    close(review, ballots)
    assert review.reason_codes == ["failed_by_professionals"]


def test_a_review_without_professionals_never_passes():
    review = open_review()
    close(review, [vote(review, voter, "residents", True) for voter in RESIDENTS])
    assert review.state == RETURNED
    assert review.verdicts[1].why == "专业机构一方名册无人，不能通过"


def test_a_ballot_smuggled_in_for_another_chamber_or_person_is_not_counted():
    review = open_review()
    given = Vote("stranger", "residents", review.plan_hash, True, [], "", "stranger")
    stranger = Ballot(given, review_ref=review.id, place_path=None)
    close(review, [stranger])
    assert review.verdicts[0].voted == 0


def test_what_others_put_in_for_the_voters_is_counted_for_each_chamber():
    review = open_review()
    review.engage(Engagement("first", "institute", ("expert-0",)))
    ballots = [vote(review, voter, "residents", True, entered=voter in RESIDENTS[:2]) for voter in RESIDENTS]
    ballots.append(vote(review, "expert-0", "professionals", True))
    close(review, ballots)
    assert [verdict.entered_for_others for verdict in review.verdicts] == [2, 0]


def test_an_organisation_lends_its_own_experts_only():
    review = open_review()
    review.engage(Engagement("first", "institute", ("expert-0",)))
    review.engage(Engagement("second", "academy", ("expert-1",)))
    review.must_be_lent("expert-0", "institute")
    for org_ref in ("academy", "stranger", None):
        with pytest.raises(ExpertNotYours):
            review.must_be_lent("expert-0", org_ref)


def test_a_review_is_closed_once():
    review = open_review()
    close(review, [])
    with pytest.raises(NotNow):
        close(review, [])


@pytest.mark.parametrize("chamber", CHAMBERS)
def test_who_drew_the_version_lends_no_experts_to_its_review(chamber):
    review = open_review(authors=["institute"])
    review.engage(Engagement("first", "institute", tuple(EXPERTS)))
    assert not set(EXPERTS) & set(review.roster(chamber))


def test_whoever_designs_for_the_topic_lends_no_experts_whatever_authors_the_plan_names():
    review = open_review(authors=["institute"], designers=["studio", "institute"])
    assert review.excluded_org_refs == ["institute", "studio"]
    review.engage(Engagement("first", "studio", tuple(EXPERTS)))
    assert review.expert_refs == []


def test_who_turns_out_to_be_a_designer_leaves_the_roster():
    review = open_review()
    review.engage(Engagement("first", "institute", ("expert-0",)))
    review.engage(Engagement("second", "academy", ("expert-1",)))
    review.exclude(["institute"])
    review.engage(Engagement("third", "institute", ("expert-2",)))
    assert (review.expert_refs, review.excluded_org_refs) == (["expert-1"], ["institute"])


def test_after_the_closing_nobody_is_excluded_any_more():
    review = open_review()
    review.engage(Engagement("first", "institute", ("expert-0",)))
    close(review, [])
    review.exclude(["institute"])
    assert (review.expert_refs, review.excluded_org_refs) == (["expert-0"], [])


def test_nobody_stands_in_both_chambers():
    review = open_review()
    review.engage(Engagement("first", "institute", ("resident-1", "expert-0")))
    assert review.expert_refs == ["expert-0"]


def test_who_has_voted_in_one_chamber_has_no_ballot_in_the_other():
    review = open_review()
    review.engage(Engagement("first", "institute", ("expert-0",)))
    earlier = vote(review, "resident-0", "residents", True)
    with pytest.raises(OtherChamber):
        vote(review, "resident-0", "professionals", True, earlier=earlier)


@given(st.permutations(["accept", "accept", "withdraw", "withdraw"]))
def test_an_engagement_ends_withdrawn_in_whatever_order_it_is_heard(order):
    review = open_review()
    for what in order:
        if what == "accept":
            review.engage(Engagement("first", "institute", tuple(EXPERTS)))
        else:
            review.withdraw("first", "institute")
    assert review.expert_refs == []


def test_an_expert_lent_by_two_organisations_is_one_voter():
    review = open_review()
    review.engage(Engagement("first", "institute", ("expert-0",)))
    review.engage(Engagement("second", "academy", ("expert-0", "expert-1")))
    assert review.expert_refs == ["expert-0", "expert-1"]


def test_a_review_closes_early_only_when_everybody_has_voted():
    review = open_review()
    ballots = [vote(review, voter, "residents", True) for voter in RESIDENTS]
    with pytest.raises(VotingGoesOn):
        close(review, ballots, now=NOW)
    review.engage(Engagement("first", "institute", ("expert-0",)))
    with pytest.raises(VotingGoesOn):
        close(review, ballots, now=CLOSES_AT - timedelta(seconds=1))
    close(review, [*ballots, vote(review, "expert-0", "professionals", True)], now=NOW)
    assert review.state == PASSED


def test_who_stands_back_is_not_waited_for():
    review = open_review()
    review.engage(Engagement("first", "institute", ("expert-0",)))
    ballots = [vote(review, voter, "residents", True) for voter in RESIDENTS[1:]]
    ballots.append(vote(review, "expert-0", "professionals", True))
    close(review, ballots, [stand_back(review, RESIDENTS[0])], now=NOW)
    assert review.state == PASSED


def test_a_vote_that_would_go_on_for_longer_than_ninety_days_is_refused():
    open_review(closes_at=NOW + timedelta(days=90))
    with pytest.raises(TooFarAhead):
        open_review(closes_at=NOW + timedelta(days=90, seconds=1))


def test_of_very_many_reasons_the_most_frequent_are_published():
    review = open_review()
    ballots = [
        vote(review, voter, "residents", False, criteria=["common", *(f"{voter}.{n:02}" for n in range(30))])
        for voter in RESIDENTS
    ]
    close(review, ballots)
    assert len(review.reason_codes) == MOST_REASON_CODES
    assert "common" in review.reason_codes


# ---- what follows from the count


def judged(residents, experts, round=1):
    """A review in which so many (approve, reject) in each chamber."""
    review = open_review()
    review.round = round
    review.engage(Engagement("engagement", "org", tuple(EXPERTS)))
    ballots = [
        vote(review, voter, chamber, number < approve)
        for chamber, roster, (approve, reject) in (
            ("residents", RESIDENTS, residents),
            ("professionals", EXPERTS, experts),
        )
        for number, voter in enumerate(roster[: approve + reject])
    ]
    close(review, ballots)
    return review


@pytest.mark.parametrize(
    ("residents", "experts", "next_step"),
    [
        ((4, 2), (3, 1), "resolve"),
        ((3, 3), (4, 0), "revise"),  # a tie
        ((2, 4), (4, 0), "revise"),
        ((2, 0), (4, 0), "vote_again"),  # too few
        ((4, 2), (1, 0), "vote_again"),
        ((2, 0), (0, 0), "vote_again"),
        ((2, 0), (1, 3), "revise"),  # too few here, and a no there
    ],
)
def test_ties_are_revised_and_a_failed_quorum_is_voted_on_again_once(residents, experts, next_step):
    assert judged(residents, experts).next_step == next_step
    if next_step == "vote_again":
        assert judged(residents, experts, round=2).next_step == "revise"


sides = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda side: sum(side) <= 6)
few = st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda side: sum(side) <= 4)


@given(sides, few)
def test_gate_g5_a_version_passes_exactly_where_more_than_half_of_enough_in_both_chambers_approve(
    residents, experts
):
    review = judged(residents, experts)

    def passes(side, roster):
        approve, reject = side
        return 2 * (approve + reject) >= roster and approve > reject

    both = passes(residents, len(RESIDENTS)) and passes(experts, len(EXPERTS))
    assert (review.state == PASSED) == both == (review.next_step == "resolve")
