"""Collect suggestions, one or many at once, sort and answer them, and say what was carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.consultation.domain.errors import OutsideSurvey
from services.consultation.domain.suggestion import Collected, Suggestion
from services.consultation.domain.survey import Survey
from services.consultation.use_cases.common import must_know_proposer, own_place_in
from services.consultation.use_cases.ports import Work
from shared.kernel.command import Command, use_case
from shared.kernel.errors import Term, Unknown
from shared.kernel.sheets.rows import CREATED, UNCHANGED, Report, Row, each_row

PLACE = Term("场所", "place")


@dataclass(frozen=True)
class CollectSuggestion(Command):
    """收集建议"""

    survey_id: str
    text: str
    channel: str
    category: str | None = None
    place_ref: str | None = None
    proposer_ref: str | None = None
    pairing_ref: str | None = None


@use_case
def collect_suggestion(command: CollectSuggestion, work: Work) -> Suggestion:
    """What one person said; whoever is confined to a place collects there. Raises NotNow, CategoryUnknown,
    PairingNotOfSurvey, OutsideSurvey, UnknownReference, Forbidden."""
    survey = work.surveys.held_open(command.survey_id, around=True)
    place = None
    place_ref = command.place_ref or own_place_in(survey.place_path, work)
    if place_ref is not None:
        place = work.copy_of("grid.place", place_ref, field="place_ref")
    return _collected(survey, command, place, work)


@dataclass(frozen=True)
class ImportSuggestions(Command):
    """导入建议 `form_no`, `text`, `channel`, `category`, `place_code`, `proposer_ref`."""

    survey_id: str
    rows: Sequence[Row]


@use_case
def import_suggestions(command: ImportSuggestions, work: Work) -> Report:
    """What stands on many forms; a form that is known already is left alone. Raises NotNow, RowOutsideScope."""
    survey = work.surveys.held_open(command.survey_id)
    survey.must_collect()
    known = work.suggestions.numbers(survey.id)
    names_places = any("place_code" in row.cells for row in command.rows)
    places = {place["code"]: place for place in work.copies_of("grid.place")} if names_places else {}

    def carry_out(cells: Mapping[str, Any]) -> str:
        if cells["form_no"] in known:
            return UNCHANGED
        said = {name: value for name, value in cells.items() if name not in ("form_no", "place_code")}
        place = None
        if "place_code" in cells:
            place = places.get(cells["place_code"])
            if place is None:
                raise Unknown(what=PLACE, ref=cells["place_code"], field="place_code")
        _collected(survey, CollectSuggestion(survey.id, **said), place, work, form_no=cells["form_no"])
        return CREATED

    return each_row(command.rows, carry_out)


def _collected(
    survey: Survey,
    said: CollectSuggestion,
    place: Mapping[str, Any] | None,
    work: Work,
    form_no: str | None = None,
) -> Suggestion:
    must_know_proposer(said.proposer_ref, work)
    if place is not None and not place["path"].startswith(survey.place_path or ""):
        raise OutsideSurvey(ref=said.place_ref or place["code"], field="place_ref")
    collected = Collected(
        text=said.text,
        channel=said.channel,
        category=said.category,
        proposer_ref=said.proposer_ref,
        pairing_ref=said.pairing_ref,
        collected_by=work.actor.id,
        form_no=form_no,
    )
    suggestion = Suggestion(
        survey,
        collected,
        place_ref=place["place_ref"] if place else survey.place_ref,
        place_path=place["path"] if place else survey.place_path,
        now=work.now,
    )
    work.suggestions.add(suggestion)
    return suggestion


@dataclass(frozen=True)
class ClassifySuggestions(Command):
    """分类"""

    survey_id: str
    suggestion_refs: list[str]
    category: str


@use_case
def classify_suggestions(command: ClassifySuggestions, work: Work) -> Survey:
    """All of them, or none. Raises Unknown, CategoryUnknown, NotNow."""
    survey = work.surveys.get(command.survey_id)
    for suggestion in _of(survey, command.suggestion_refs, work):
        suggestion.classify(command.category, survey)
    return survey


@dataclass(frozen=True)
class AnswerSuggestions(Command):
    """答复"""

    survey_id: str
    suggestion_refs: list[str]
    outcome: str
    reason: str


@use_case
def answer_suggestions(command: AnswerSuggestions, work: Work) -> Survey:
    """The same answer to all of them, or to none. Raises Unknown, NotNow, AnswerUnexplained."""
    survey = work.surveys.get(command.survey_id)
    for suggestion in _of(survey, command.suggestion_refs, work):
        suggestion.answer(command.outcome, reason=command.reason, by=work.actor.id, now=work.now)
    return survey


def _of(survey: Survey, refs: Sequence[str], work: Work) -> list[Suggestion]:
    """These suggestions of the survey. Raises Unknown, which names the first that is not."""
    found = [work.suggestions.named(ref, field="suggestion_refs") for ref in refs]
    for suggestion in found:
        if suggestion.survey_ref != survey.id:
            raise Unknown(what=Suggestion.term, ref=suggestion.id, field="suggestion_refs")
    return found


@dataclass(frozen=True)
class ImplementSuggestion(Command):
    """落实"""

    suggestion_id: str
    evidence: str


@use_case
def implement_suggestion(command: ImplementSuggestion, work: Work) -> Suggestion:
    """What was adopted is done. Raises NotNow, NothingToCarryOut."""
    suggestion = work.suggestions.get(command.suggestion_id)
    suggestion.implement(evidence=command.evidence, now=work.now)
    return suggestion
