"""The conformance suites: our own plugins and services pass them, and what is wrong fails them."""

from __future__ import annotations

import inspect
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import Column, Integer

from services.alliance.service import AllianceService
from services.consultation.domain.policies import Verdict
from services.consultation.plugins.conformance import DecisionRuleConformance
from services.consultation.plugins.more_than_threshold import MoreThanThreshold
from services.consultation.service import ConsultationService
from services.grid.domain.policies import Choice
from services.grid.plugins.conformance import DispatchRuleConformance
from services.grid.plugins.first_receiver import FirstReceiver
from services.grid.service import GridService
from services.notify.plugins.conformance import ChannelConformance
from services.notify.plugins.mailbox import Mailbox
from services.notify.service import NotifyService
from services.notify.use_cases.delivery import Receipt
from services.property.service import PropertyService
from shared.testing.conformance import ServiceConformance


class TestMoreThanThreshold(DecisionRuleConformance):
    def make(self):
        return MoreThanThreshold()


class TestFirstReceiver(DispatchRuleConformance):
    def make(self):
        return FirstReceiver()


class TestMailbox(ChannelConformance):
    def make(self):
        return Mailbox()

    def make_away(self):
        return None


class TestGrid(ServiceConformance):
    service = GridService


class TestConsultation(ServiceConformance):
    service = ConsultationService


class TestProperty(ServiceConformance):
    service = PropertyService


class TestAlliance(ServiceConformance):
    service = AllianceService


class TestNotify(ServiceConformance):
    service = NotifyService


@pytest.fixture
def failures(tmp_path, caplog):
    """The tests of a suite that fail for one plugin (or service)."""
    fixtures = {"tmp_path": tmp_path, "caplog": caplog}

    def of(suite, **members):
        tested = type("Tested", (suite,), members)()
        failed = set()
        for name, test in inspect.getmembers(tested, inspect.ismethod):
            if name.startswith("test_"):
                wanted = [fixtures[parameter] for parameter in inspect.signature(test).parameters]
                try:
                    test(*wanted)
                except Exception:  # pytest calls that a failure too
                    failed.add(name.removeprefix("test_"))
        return failed

    return of


def rule(decide):
    return type("Rule", (), {"api": 1, "decide": decide})


ANSWERS = "it_answers_with_a_verdict_that_fits_into_the_event_and_is_said_in_chinese"
LAX = "it_passes_nothing_that_misses_the_thresholds_of_the_review"
ALL_APPROVE = "a_chamber_in_which_all_vote_and_all_approve_passes"
SAME = "the_same_question_has_the_same_answer"


class Moody(MoreThanThreshold):
    """Remembers that it was asked."""

    asked = 0

    def decide(self, chamber, tally, thresholds):
        self.asked += 1
        return Verdict(self.asked % 2 == 0 and tally.on_roster == tally.approved, f"第{self.asked}次")


class Odd(MoreThanThreshold):
    """Wants an odd number of approvals."""

    def decide(self, chamber, tally, thresholds):
        verdict = super().decide(chamber, tally, thresholds)
        return replace(verdict, passed=verdict.passed and tally.approved % 2 == 1)


@pytest.mark.parametrize(
    ("broken", "failed"),
    [
        (rule(lambda self, chamber, tally: Verdict(False, "否")), "the_registry_takes_it"),
        (rule(lambda self, chamber, tally, thresholds: Verdict(True, "总是通过")), LAX),
        (rule(lambda self, chamber, tally, thresholds: Verdict(False, "总不通过")), ALL_APPROVE),
        (rule(lambda self, chamber, tally, thresholds: Verdict(False, "no")), ANSWERS),
        (rule(lambda self, chamber, tally, thresholds: Verdict(False, "否" * 301)), ANSWERS),
        (rule(lambda self, chamber, tally, thresholds: Verdict(1, "是")), ANSWERS),
        (Odd, "one_more_approval_never_turns_a_pass_into_a_failure"),
        (Moody, SAME),
    ],
)
def test_a_broken_decision_rule_fails(failures, broken, failed):
    assert failed in failures(DecisionRuleConformance, make=lambda self: broken())


def dispatch(choose):
    return type("Rule", (), {"api": 1, "choose": choose})


STREET = Choice(None, "街道办事处", "由街道首接")


@pytest.mark.parametrize(
    ("broken", "failed"),
    [
        (
            dispatch(
                lambda self, category, candidates: (
                    Choice(candidates[0].party_ref, candidates[0].name, "第一个")
                    if candidates[:1] and candidates[0].kind == "community"
                    else STREET
                )
            ),
            "it_never_chooses_a_community",
        ),
        (
            dispatch(lambda self, category, candidates: Choice("stranger", "外人", "他有空")),
            "it_chooses_a_candidate_or_the_street_itself_and_says_why_in_chinese",
        ),
        (
            dispatch(lambda self, category, candidates: replace(STREET, reason="because")),
            "it_chooses_a_candidate_or_the_street_itself_and_says_why_in_chinese",
        ),
        (dispatch(lambda self, category, candidates: (candidates.clear(), STREET)[1]), SAME),
    ],
)
def test_a_broken_dispatch_rule_fails(failures, broken, failed):
    assert failed in failures(DispatchRuleConformance, make=lambda self: broken())


def channel(deliver):
    return type("Way", (), {"api": 1, "deliver": deliver})


def raising(error):
    def deliver(self, message):
        raise error

    return channel(deliver)


class Chatty(Mailbox):
    """Tells the log all it knows."""

    def deliver(self, message):
        import logging

        logging.getLogger("chatty").info("to %s", message.address)
        return super().deliver(message)


class Once(Mailbox):
    """Refuses what it knows."""

    known: set[str] = set()

    def deliver(self, message):
        if message.message_ref in self.known:
            raise ValueError("known")
        self.known.add(message.message_ref)
        return Receipt("1")


RECEIPT = "a_delivered_message_has_a_receipt"
AWAY = "a_provider_that_is_away_is_a_temporary_failure"


@pytest.mark.parametrize(
    ("broken", "away", "failed"),
    [
        (channel(lambda self, message: True), None, RECEIPT),
        (channel(lambda self, message: Receipt("")), None, RECEIPT),
        (Chatty, None, "neither_address_nor_text_get_into_a_log"),
        (Once, None, "a_message_that_is_tried_again_is_delivered_again_or_known"),
        (
            raising(ValueError()),
            None,
            "an_address_to_which_nothing_can_be_delivered_fails_for_ever_and_by_no_other_error",
        ),
        (Mailbox, Mailbox, AWAY),
        (Mailbox, raising(ConnectionError()), AWAY),
    ],
)
def test_a_broken_channel_fails(failures, broken, away, failed):
    made = broken()
    assert failed in failures(
        ChannelConformance, make=lambda self: made, make_away=lambda self: away and away()
    )


def test_a_service_whose_tables_are_not_those_of_its_migrations_fails(failures, monkeypatch):
    metadata = type(AllianceService.definition.metadata)()
    for table in AllianceService.definition.metadata.sorted_tables:
        table.to_metadata(metadata)
    metadata.tables["organisations"].append_column(Column("forgotten", Integer))
    definition = replace(AllianceService.definition, metadata=metadata)
    broken = SimpleNamespace(name="alliance", definition=definition)
    found = failures(ServiceConformance, service=broken)
    assert "migrations_lead_to_the_tables_that_the_code_uses" in found


def test_a_service_that_listens_to_itself_or_is_called_differently_fails(failures):
    other = replace(AllianceService.definition, name="consultation")
    found = failures(ServiceConformance, service=SimpleNamespace(name="alliance", definition=other))
    assert {"the_registry_takes_it", "it_listens_only_to_what_exists_and_never_to_itself"} <= found
