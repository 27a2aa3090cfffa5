"""Surveys, suggestions, and figures about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Reading

from services.consultation.domain.suggestion import ANSWERED, CHANNELS, IMPLEMENTED, Suggestion
from services.consultation.domain.survey import Survey, SurveyTally
from services.consultation.store.surveys import suggestions, survey_tally
from shared.kernel.command import Actor, OutsideScope
from shared.kernel.listing import Page
from shared.persistence.listing import one, one_around, page


def survey(session: Reading, actor: Actor, id: str) -> Survey:
    """One survey. Raises NotFound, Forbidden."""
    return one_around(session, actor, Survey, id)


def surveys_in_scope(session: Reading, actor: Actor, **filters: Any) -> Page:
    """Surveys, oldest first."""
    return page(session, actor, Survey, around=True, **filters)


def suggestion(session: Reading, actor: Actor, id: str) -> Suggestion:
    """One suggestion; a resident sees the own ones only. Raises NotFound, Forbidden."""
    found = one(session, actor, Suggestion, id)
    if actor.person_ref is not None and actor.person_ref != found.proposer_ref:
        raise OutsideScope()
    return found


def suggestions_of(session: Reading, actor: Actor, survey_id: str, **filters: Any) -> Page:
    """The suggestions of a survey, oldest first. Raises NotFound, Forbidden."""
    survey(session, actor, survey_id)
    return page(session, actor, Suggestion, survey_ref=survey_id, **filters)


def answers_of(session: Reading, actor: Actor, survey_id: str, **paging: Any) -> Page:
    """公布的答复 What was suggested and answered, as anyone may read it. Raises NotFound."""
    survey(session, actor, survey_id)
    is_answered = suggestions.c.state.in_((ANSWERED, IMPLEMENTED))
    return page(session, actor, Suggestion, is_answered, survey_ref=survey_id, **paging)


@dataclass(frozen=True)
class Share:
    """How many suggestions have one value of something."""

    code: str
    name: str
    count: int


@dataclass(frozen=True)
class SurveyFigures:
    """What was collected in a survey: how many, by which channels, about what, and what became of it."""

    survey: Survey
    tally: SurveyTally
    categories: Sequence[Share]
    channels: Sequence[Share]


def survey_figures(session: Reading, actor: Actor, id: str) -> SurveyFigures:
    """Counted now, from the suggestions themselves. Raises NotFound."""
    counted = survey(session, actor, id)
    return SurveyFigures(
        counted,
        survey_tally(session, id),
        _shares(session, id, "category", counted.categories),
        _shares(session, id, "channel", CHANNELS),
    )


def _shares(session: Reading, survey_ref: str, column: str, names: Mapping[str, str]) -> Sequence[Share]:
    by = suggestions.c[column]
    query = select(by, func.count()).where(suggestions.c.survey_ref == survey_ref).group_by(by)
    counts: dict[str, int] = dict(session.execute(query).all())
    return [Share(code, name, counts.get(code, 0)) for code, name in names.items()]
