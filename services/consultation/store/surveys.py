"""Surveys, and what is suggested in them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Index, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Session as Reading

from services.consultation.domain.suggestion import ADOPTED, NOT_ADOPTED, PARTLY, Suggestion
from services.consultation.domain.survey import CALLED_OFF, FED_BACK, Survey, SurveyTally
from services.consultation.store.base import ManyWriteTo, mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, Json

surveys = aggregate_table(
    "surveys",
    metadata,
    Column("title", String(100), nullable=False),
    Column("text", Text, nullable=False),
    Column("stage", String(20), nullable=False),
    Column("topic_ref", Id, index=True),
    Column("pairing_refs", Json, nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("place_name", String(100), nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("opened_at", Instant),
    Column("closed_at", Instant),
    Column("fed_back_at", Instant),
    Column("conclusions", Text, nullable=False),
    Column("state", String(20), nullable=False, index=True),
)

map_aggregate(mapper, Survey, surveys)


suggestions = aggregate_table(
    "suggestions",
    metadata,
    Column("survey_ref", Id, nullable=False),
    Column("form_no", String(30)),
    Column("topic_ref", Id),
    Column("stage", String(20), nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("text", Text, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("proposer_ref", Id),
    Column("pairing_ref", Id),
    Column("collected_by", String(120), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("category", String(30)),
    Column("outcome", String(20)),
    Column("reason", Text, nullable=False),
    Column("answered_at", Instant),
    Column("answered_by", String(120)),
    Column("evidence", Text, nullable=False),
    Column("implemented_at", Instant),
    Column("state", String(20), nullable=False),
    UniqueConstraint("survey_ref", "form_no"),
)
Index("ix_suggestions_survey_ref_id", suggestions.c.survey_ref, suggestions.c.id)

map_aggregate(mapper, Suggestion, suggestions)


_goes_on = surveys.c.state.not_in((FED_BACK, CALLED_OFF))
FOLLOWS = [
    Follows(
        suggestions,
        suggestions.c.survey_ref.in_(select(surveys.c.id).where(_goes_on)),
        at=suggestions.c.place_ref,
    ),
    Follows(surveys, _goes_on, at=surveys.c.place_ref, facts={"place_name": "name"}),
]


class Surveys(ManyWriteTo[Survey]):
    """Surveys."""

    kind = Survey

    def of_topic(self, topic_ref: str) -> Sequence[Survey]:
        """The surveys about a topic."""
        return self.session.scalars(select(Survey).where(surveys.c.topic_ref == topic_ref)).all()


class Suggestions(Repository[Suggestion]):
    """Suggestions."""

    kind = Suggestion

    def numbers(self, survey_ref: str) -> set[str]:
        """The numbers of the forms that a survey has."""
        query = select(suggestions.c.form_no).where(
            suggestions.c.survey_ref == survey_ref, suggestions.c.form_no.is_not(None)
        )
        return set(self.session.scalars(query))

    def tally(self, survey_ref: str) -> SurveyTally:
        """How many there are, and what became of them."""
        self.session.flush()
        return survey_tally(self.session, survey_ref)

    def adopted_for(self, topic_ref: str) -> int:
        """How many suggestions for a topic were adopted, wholly or partly."""
        of_topic = select(surveys.c.id).where(surveys.c.topic_ref == topic_ref)
        query = select(func.count()).where(
            suggestions.c.survey_ref.in_(of_topic), suggestions.c.outcome.in_((ADOPTED, PARTLY))
        )
        return self.session.execute(query).scalar_one()


def survey_tally(session: Reading, survey_ref: str) -> SurveyTally:
    """How many suggestions a survey has, and what became of them."""
    outcome = suggestions.c.outcome
    query = select(
        func.count(),
        func.count().filter(suggestions.c.category.is_(None)),
        func.count().filter(outcome == ADOPTED),
        func.count().filter(outcome == PARTLY),
        func.count().filter(outcome == NOT_ADOPTED),
    ).where(suggestions.c.survey_ref == survey_ref)
    return SurveyTally(*session.execute(query).one())
