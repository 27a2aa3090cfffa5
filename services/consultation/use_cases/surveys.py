"""Plan surveys, open and close them, and see them through until everybody is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.consultation.domain.survey import Survey, SurveyPlan
from services.consultation.domain.topic import Site
from services.consultation.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class PlanSurvey(Command):
    """拟开展问需"""

    title: str
    text: str
    stage: str
    place_ref: str
    closes_at: datetime
    topic_ref: str | None = None
    pairing_refs: list[str] = field(default_factory=list)


@use_case
def plan_survey(command: PlanSurvey, work: Work) -> Survey:
    """A survey to come. Raises UnknownReference, Unknown, OutsideEstate, TimeIsPast, Forbidden."""
    place = work.copy_of("grid.place", command.place_ref, field="place_ref")
    for ref in command.pairing_refs:
        work.copy_of("grid.pairing", ref, field="pairing_refs")
    if command.topic_ref is not None:
        topic = work.topics.named(command.topic_ref, field="topic_ref")
        topic.must_hold(place["place_ref"], place["path"], field="place_ref")
    plan = SurveyPlan(
        title=command.title,
        text=command.text,
        stage=command.stage,
        closes_at=command.closes_at,
        topic_ref=command.topic_ref,
        pairing_refs=command.pairing_refs,
    )
    survey = Survey(plan, site=Site.of(place), now=work.now)
    work.surveys.add(survey)
    return survey


@dataclass(frozen=True)
class OpenSurvey(Command):
    """开始征集"""

    survey_id: str


@use_case
def open_survey(command: OpenSurvey, work: Work) -> Survey:
    """People are asked, until it closes by itself. Raises NotNow, TimeIsPast."""
    survey = work.surveys.get(command.survey_id)
    survey.open(now=work.now)
    work.schedule(survey.closes_at, EndCollection(survey.id), key=_end_of(survey))
    return survey


@dataclass(frozen=True)
class CallOffSurvey(Command):
    """取消问需"""

    survey_id: str


@use_case
def call_off_survey(command: CallOffSurvey, work: Work) -> Survey:
    """It does not begin. Raises NotNow."""
    survey = work.surveys.get(command.survey_id)
    survey.call_off()
    return survey


@dataclass(frozen=True)
class CloseSurvey(Command):
    """结束征集"""

    survey_id: str


@use_case
def close_survey(command: CloseSurvey, work: Work) -> Survey:
    """Before its time is over. Raises NotNow."""
    survey = work.surveys.get(command.survey_id, locked=True)
    _close(survey, work)
    work.unschedule(_end_of(survey))
    return survey


@dataclass(frozen=True)
class EndCollection(Command):
    """征集到期"""

    survey_id: str


@use_case
def end_collection(command: EndCollection, work: Work) -> None:
    """Its time is over. Nothing where it is closed already."""
    survey = work.surveys.get(command.survey_id, locked=True)
    if survey.is_open:
        _close(survey, work)


def _close(survey: Survey, work: Work) -> None:
    survey.close(received=work.suggestions.tally(survey.id).received, now=work.now)


@dataclass(frozen=True)
class AnalyseSurvey(Command):
    """完成分析"""

    survey_id: str
    conclusions: str


@use_case
def analyse_survey(command: AnalyseSurvey, work: Work) -> Survey:
    """What was said is sorted. Raises NotNow, SurveyUnclassified."""
    survey = work.surveys.get(command.survey_id)
    survey.analyse(work.suggestions.tally(survey.id), conclusions=command.conclusions)
    return survey


@dataclass(frozen=True)
class FeedBackSurvey(Command):
    """完成反馈"""

    survey_id: str


@use_case
def feed_back_survey(command: FeedBackSurvey, work: Work) -> Survey:
    """Everybody is answered. Raises NotNow, SurveyUnanswered."""
    survey = work.surveys.get(command.survey_id)
    survey.feed_back(work.suggestions.tally(survey.id), now=work.now)
    return survey


def _end_of(survey: Survey) -> str:
    return f"survey-end:{survey.id}"
