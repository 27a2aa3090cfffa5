"""Ask whether it is good, take the answers, close the question."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.notify.domain.contact import Contact
from services.notify.domain.errors import LinkUnknown
from services.notify.domain.question import CASE, TOPIC, About, Question, Respondent
from services.notify.domain.templates import question_text
from services.notify.use_cases.messages import (
    News,
    audience,
    own_numbers,
    residents_and_others,
    tell,
)
from services.notify.use_cases.ports import Work
from shared.kernel.command import Command, use_case
from shared.kernel.errors import NotYet, Unknown

ANSWERS = "/notify/v1/answers/{token}"


@dataclass(frozen=True)
class AskAboutTopic(News):
    """The result of a topic has landed: the first time, or again after it was not good."""

    turn: int
    case_refs: list[str]
    proposer_refs: Sequence[str]


@use_case
def ask_about_topic(command: AskAboutTopic, work: Work) -> None:
    """Each resident of the place, each reporter and each proposer is asked, once a turn."""
    about = About(TOPIC, command.about_ref, command.turn)
    if work.questions.about(about) is None:
        numbers = own_numbers(command.case_refs, command.place_path, work)
        people = residents_and_others(command, (*numbers, *command.proposer_refs), work)
        _ask(_open(about, command, work), command, people, numbers, work)


@dataclass(frozen=True)
class AskAboutCase(News):
    """A case is handled; where a topic settled it, `topic_ref` says which."""

    turn: int
    number: str
    reporter_refs: list[str]
    topic_ref: str | None


@use_case
def ask_about_case(command: AskAboutCase, work: Work) -> None:
    """The reporters are asked, unless their answer about the topic speaks for the case. Raises NotYet."""
    if not command.reporter_refs:
        return
    reporters = audience(command, work.contacts.known(command.reporter_refs), work)
    if command.topic_ref is not None:
        topic = _question_about_topic(command.topic_ref, work)
        reporters = [person for person in reporters if not _covers(topic, person, command, work)]
    if reporters:
        about = About(CASE, command.about_ref, command.turn)
        question = work.questions.about(about, locked=True) or _open(about, command, work)
        _ask(question, command, reporters, _numbers(command, reporters), work)


@dataclass(frozen=True)
class AnswerQuestion(Command):
    """回访 An answer by link."""

    token: str
    resolution: str
    grade: int
    reason_code: str = ""


@use_case
def answer_question(command: AnswerQuestion, work: Work) -> Respondent:
    """The person's own answer. Raises LinkUnknown, LinkVoid, QuestionOver, AlreadyAnswered."""
    respondent = work.respondents.by_token(command.token)
    if respondent is None:
        raise LinkUnknown
    return _take(respondent, command, work, recorded_by=None)


@dataclass(frozen=True)
class AnswerForResident(Command):
    """代为评价 An answer that staff took, by phone or at the door."""

    question_ref: str
    resident_ref: str
    resolution: str
    grade: int
    reason_code: str = ""


@use_case
def answer_for_resident(command: AnswerForResident, work: Work) -> Respondent:
    """What the person told staff. Raises Unknown, Forbidden, LinkVoid, QuestionOver, AlreadyAnswered."""
    question = work.questions.named(command.question_ref, field="question_ref")
    respondent = work.respondents.of(question.id, command.resident_ref)
    if respondent is None:
        raise Unknown(what=Respondent.term, ref=command.resident_ref, field="resident_ref")
    return _take(respondent, command, work, recorded_by=work.actor.told)


@dataclass(frozen=True)
class CloseQuestion(Command):
    """The time to answer is over."""

    question_ref: str


@use_case
def close_question(command: CloseQuestion, work: Work) -> None:
    """No more answers."""
    work.questions.get(command.question_ref, locked=True).close(now=work.now)


def _open(about: About, news: News, work: Work) -> Question:
    text = question_text(about.type, news.facts)
    question = Question(about, text=text, place_path=news.place_path, now=work.now)
    work.questions.add(question)
    work.schedule(question.closes_at, CloseQuestion(question.id), key=_deadline(question))
    return question


def _ask(
    question: Question,
    news: News,
    people: Sequence[Contact],
    numbers: Mapping[str, Sequence[str]],
    work: Work,
) -> None:
    """Ask those who have not been asked, and send each the link to answer by."""
    before = work.respondents.residents(question.id)
    new = [person for person in people if person.id not in before]
    respondents = [question.ask(person.id, token=secrets.token_urlsafe(24)) for person in new]
    work.respondents.add_all(respondents)
    links = {one.resident_ref: {"link": ANSWERS.format(token=one.token)} for one in respondents}
    until = dataclasses.replace(news, facts={**news.facts, "closes_at": question.closes_at})
    tell(until, new, numbers, work, personal=links)


def landing(topic_ref: str, turn: int) -> str:
    """The milestone of a result."""
    return f"topic:{topic_ref}:landed" + (f":turn{turn}" if turn > 1 else "")


def _question_about_topic(topic_ref: str, work: Work) -> Question:
    """That of its last landing."""
    question = work.questions.latest_about(TOPIC, topic_ref)
    if question is None:
        raise NotYet(f"nobody has been asked about topic {topic_ref}")
    return question


def _covers(topic: Question, person: Contact, case: AskAboutCase, work: Work) -> bool:
    """Whether the person's answer about the topic speaks for the case; asks the person where there is time.

    Raises NotYet where the topic has settled it again, and nobody has been asked about that yet.
    """
    respondent = work.respondents.of(topic.id, person.id)
    if respondent is not None and respondent.covered_before(case.about_ref, case.turn):
        raise NotYet(f"nobody has been asked about the next result of topic {topic.about_ref}")
    if topic.is_open:
        landed = dataclasses.replace(
            case, milestone=landing(topic.about_ref, topic.turn), about_ref=topic.about_ref
        )
        _ask(topic, landed, [person], _numbers(case, [person]), work)
    respondent = work.respondents.of(topic.id, person.id)
    return respondent is not None and respondent.cover(About(CASE, case.about_ref, case.turn), topic)


def _numbers(case: AskAboutCase, people: Sequence[Contact]) -> dict[str, list[str]]:
    return {person.id: [case.number] for person in people}


def _take(
    respondent: Respondent,
    given: AnswerQuestion | AnswerForResident,
    work: Work,
    *,
    recorded_by: str | None,
) -> Respondent:
    """The question's lock makes answers follow each other, so that the last one is known."""
    question = work.questions.get(respondent.question_ref, locked=True)
    respondent.answer(
        question,
        resolution=given.resolution,
        grade=given.grade,
        reason_code=given.reason_code,
        recorded_by=recorded_by,
        now=work.now,
    )
    if not question.is_open:
        work.unschedule(_deadline(question))
    return respondent


def _deadline(question: Question) -> str:
    return f"close:{question.id}"
