"""Questions: who is asked, whose answer counts, when they end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.errors import AlreadyAnswered, QuestionOver
from services.notify.domain.question import About, FeedbackReceived, QuestionClosed
from tests.builders.notify import NOW, question

RESOLUTIONS = ("resolved", "partly", "unresolved")
CASE = About("case", "case", 1)


def answer(asked, of, resolution="resolved", grade=5, recorded_by=None):
    asked.answer(of, resolution=resolution, grade=grade, reason_code="", recorded_by=recorded_by, now=NOW)


def feedback(asked):
    facts = [recorded.event for recorded in asked.take_recorded()]
    return [fact for fact in facts if isinstance(fact, FeedbackReceived)]


@given(st.lists(st.sampled_from(RESOLUTIONS), min_size=1, max_size=30), st.integers(0, 5))
def test_a_question_closes_with_the_last_answer_and_counts_each_once(resolutions, silent):
    subject = question()
    people = [subject.ask(f"r{n}", token=f"t{n}") for n in range(len(resolutions) + silent)]
    for person, resolution in zip(people, resolutions, strict=False):
        assert subject.is_open
        answer(person, subject, resolution)
    assert subject.asked == len(resolutions) + silent
    assert subject.answered == len(resolutions)
    assert subject.resolved == resolutions.count("resolved")
    assert subject.is_open == (silent > 0)


def test_the_first_answer_counts():
    subject = question()
    person = subject.ask("r1", token="t1")
    subject.ask("r2", token="t2")
    answer(person, subject, "unresolved", 1)
    with pytest.raises(AlreadyAnswered):
        answer(person, subject)
    assert (person.resolution, person.grade, subject.answered) == ("unresolved", 1, 1)


def test_the_persons_own_answer_goes_once_before_one_that_staff_recorded():
    subject = question()
    person = subject.ask("r1", token="t1")
    subject.ask("r2", token="t2")
    person.cover(CASE, subject)
    answer(person, subject, recorded_by="community:li")
    assert (person.recorded_by, person.allowed_actions) == ("community:li", ["answer"])
    answer(person, subject, "unresolved", 1)
    assert (person.resolution, person.recorded_by, person.allowed_actions) == ("unresolved", None, [])
    assert [fact.covers for fact in feedback(person)] == [[CASE], [CASE]]
    with pytest.raises(AlreadyAnswered):
        answer(person, subject)


def test_staff_record_nothing_for_whom_an_answer_is_known():
    subject = question()
    own, recorded = (subject.ask(ref, token=ref) for ref in ("r1", "r2"))
    answer(own, subject)
    answer(recorded, subject, recorded_by="community:li")
    for person in (own, recorded):
        with pytest.raises(AlreadyAnswered):
            answer(person, subject, "unresolved", 1, recorded_by="community:wang")


def test_a_recorded_answer_is_counted_at_once_and_leaves_the_question_open_for_the_persons_own():
    subject = question()
    first, second = (subject.ask(ref, token=ref) for ref in ("r1", "r2"))
    answer(first, subject, recorded_by="community:li")
    answer(second, subject)
    tallies = (subject.answered, subject.answered_by_staff, subject.resolved)
    assert (subject.is_open, *tallies) == (True, 2, 1, 2)
    answer(first, subject, "unresolved", 1)
    tallies = (subject.answered, subject.answered_by_staff, subject.resolved)
    assert (subject.is_open, *tallies) == (False, 2, 0, 1)


def test_of_who_is_erased_a_recorded_answer_stays_and_can_be_corrected_no_more():
    subject = question()
    person = subject.ask("r1", token="t1")
    subject.ask("r2", token="t2")
    answer(person, subject, recorded_by="community:li")
    person.forget()
    assert (person.has_answered, person.allowed_actions) == (True, [])
    with pytest.raises(AlreadyAnswered):
        answer(person, subject, "unresolved", 1)


def test_nobody_answers_and_nobody_is_asked_after_the_end():
    subject = question()
    person = subject.ask("r1", token="t1")
    subject.close(now=NOW)
    with pytest.raises(QuestionOver):
        answer(person, subject)
    with pytest.raises(QuestionOver):
        subject.ask("r2", token="t2")
    assert (subject.asked, subject.answered) == (1, 0)


def test_a_question_closes_once():
    subject = question()
    subject.close(now=NOW)
    subject.close(now=NOW)
    closed = [fact for fact in subject.take_recorded() if isinstance(fact.event, QuestionClosed)]
    assert len(closed) == 1


def test_an_answer_speaks_for_the_cases_known_by_then_and_for_each_later_one_by_itself():
    subject = question()
    person = subject.ask("r1", token="t1")
    later = About("case", "later", 2)
    assert person.cover(CASE, subject)
    assert feedback(person) == []
    answer(person, subject)
    assert person.cover(later, subject)
    assert [fact.covers for fact in feedback(person)] == [[CASE], [later]]


def test_a_case_is_covered_once():
    subject = question()
    person = subject.ask("r1", token="t1")
    answer(person, subject)
    for _ in range(2):
        assert person.cover(CASE, subject)
    assert [fact.covers for fact in feedback(person)] == [[], [CASE]]


def test_silence_covers_no_case_after_the_end():
    subject = question()
    person = subject.ask("r1", token="t1")
    subject.close(now=NOW)
    assert not person.cover(CASE, subject)
    assert person.covers == []


def test_what_can_be_done_ends_with_the_answer_and_with_the_question():
    subject = question()
    person = subject.ask("r1", token="t1")
    assert (subject.allowed_actions, person.allowed_actions) == (["answer"], ["answer"])
    answer(person, subject)
    assert (subject.allowed_actions, person.allowed_actions) == ([], [])
