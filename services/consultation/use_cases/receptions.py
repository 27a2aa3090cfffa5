"""Reception points of a project, and what people say there."""

from __future__ import annotations

from dataclasses import dataclass

from services.consultation.domain.reception import Intake, ReceptionPoint
from services.consultation.use_cases.common import must_know_proposer, own_place_in
from services.consultation.use_cases.ports import Work
from services.consultation.use_cases.suggestions import CollectSuggestion, collect_suggestion
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class SetUpReceptionPoint(Command):
    """设置群众接待点"""

    project_id: str
    name: str
    hours: str
    duty: dict[str, str]


@use_case
def set_up_reception_point(command: SetUpReceptionPoint, work: Work) -> ReceptionPoint:
    """People can come. Raises NotNow."""
    project = work.projects.get(command.project_id)
    project.must_go_on()
    point = ReceptionPoint(project, name=command.name, hours=command.hours, duty=command.duty)
    work.reception_points.add(point)
    return point


@dataclass(frozen=True)
class RearrangeReceptionPoint(Command):
    """调整值班"""

    point_id: str
    hours: str
    duty: dict[str, str]


@use_case
def rearrange_reception_point(command: RearrangeReceptionPoint, work: Work) -> ReceptionPoint:
    """Other hours, other people. Raises NotNow."""
    point = work.reception_points.get(command.point_id)
    point.rearrange(hours=command.hours, duty=command.duty)
    return point


@dataclass(frozen=True)
class CloseReceptionPoint(Command):
    """撤销群众接待点"""

    point_id: str


@use_case
def close_reception_point(command: CloseReceptionPoint, work: Work) -> ReceptionPoint:
    """What was said there is dealt with all the same. Raises NotNow."""
    point = work.reception_points.get(command.point_id)
    point.close()
    return point


@dataclass(frozen=True)
class TakeIn(Command):
    """接待登记"""

    point_id: str
    text: str
    place_ref: str | None = None
    proposer_ref: str | None = None


@use_case
def take_in(command: TakeIn, work: Work) -> Intake:
    """What one person said, of the project or of a place in it. Raises NotNow, UnknownReference, OutsideProject."""
    point = work.reception_points.reached(command.point_id)
    place_ref = command.place_ref or own_place_in(point.place_path, work)
    must_know_proposer(command.proposer_ref, work)
    intake = Intake(
        point,
        place_ref=place_ref or point.place_ref,
        place_path=_path(point, place_ref, work),
        text=command.text,
        proposer_ref=command.proposer_ref,
        received_by=work.actor.id,
        now=work.now,
    )
    work.intakes.add(intake)
    return intake


@dataclass(frozen=True)
class AnswerIntake(Command):
    """当场答复"""

    intake_id: str
    text: str


@use_case
def answer_intake(command: AnswerIntake, work: Work) -> Intake:
    """It is solved on the spot. Raises NotNow."""
    intake = work.intakes.get(command.intake_id)
    intake.answer(text=command.text, now=work.now)
    return intake


@dataclass(frozen=True)
class SuggestIntake(Command):
    """转为建议"""

    intake_id: str
    survey_ref: str
    category: str | None = None


@use_case
def suggest_intake(command: SuggestIntake, work: Work) -> Intake:
    """It is taken up in a survey, and answered there. Raises NotNow, Unknown, OutsideSurvey, CategoryUnknown."""
    intake = work.intakes.get(command.intake_id)
    intake.must_allow("suggest")
    survey = work.surveys.named(command.survey_ref, field="survey_ref")
    said = CollectSuggestion(
        survey.id,
        text=intake.text,
        channel="reception",
        category=command.category,
        proposer_ref=intake.proposer_ref,
    )
    intake.suggest(collect_suggestion(said, work).id)
    return intake


@dataclass(frozen=True)
class ReferIntake(Command):
    """转为事项"""

    intake_id: str
    case_category: str


@use_case
def refer_intake(command: ReferIntake, work: Work) -> Intake:
    """Grid has it attended to. Raises NotNow."""
    intake = work.intakes.get(command.intake_id)
    intake.refer(case_category=command.case_category)
    return intake


@dataclass(frozen=True)
class HearIntakeCase(Command):
    """Grid has made a case of it, or that has ended."""

    intake_ref: str
    case_ref: str
    is_closed: bool = False


@use_case
def hear_intake_case(command: HearIntakeCase, work: Work) -> None:
    """The register knows what became of it. Nothing for what is no intake: topics are referred too."""
    intake = work.intakes.find(command.intake_ref)
    if intake is None:
        return
    intake.hear_case(command.case_ref)
    if command.is_closed:
        intake.hear_closed(now=work.now)


def _path(point: ReceptionPoint, place_ref: str | None, work: Work) -> str | None:
    """Raises UnknownReference, OutsideProject."""
    if place_ref is None:
        return point.place_path
    place = work.copy_of("grid.place", place_ref, field="place_ref")
    work.projects.reached(point.project_ref).must_hold(place_ref, place["path"], field="place_ref")
    return str(place["path"])
