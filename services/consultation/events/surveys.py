"""What consultation says of surveys, and of what people suggest in them."""

from __future__ import annotations

from typing import Any

from services.consultation.domain import suggestion as suggestions
from services.consultation.domain import survey as surveys
from services.consultation.events.common import placed
from shared.contracts import consultation, grid
from shared.messaging.subscriptions import Subscription, copy, forget
from shared.persistence.unit_of_work import Translations, at_home


def _about_survey(survey: surveys.Survey) -> dict[str, Any]:
    return {
        **placed(survey),
        "survey_ref": survey.id,
        "topic_ref": survey.topic_ref,
        "title": survey.title,
        "place_name": survey.place_name,
        "stage": survey.stage,
    }


def _survey_opened(survey: surveys.Survey, _event: surveys.SurveyOpened) -> Any:
    asked = {"asked_text": survey.text, "closes_at": survey.closes_at}
    return consultation.SurveyOpened, {**_about_survey(survey), **asked}


def _survey_closed(survey: surveys.Survey, event: surveys.SurveyClosed) -> Any:
    return consultation.SurveyClosed, {**_about_survey(survey), "received": event.received}


def _survey_fed_back(survey: surveys.Survey, event: surveys.SurveyFedBack) -> Any:
    return consultation.SurveyFedBack, {
        **_about_survey(survey),
        "received": event.tally.received,
        "adopted": event.tally.adopted,
        "partly_adopted": event.tally.partly_adopted,
        "not_adopted": event.tally.not_adopted,
    }


def _about_suggestion(suggestion: suggestions.Suggestion) -> dict[str, Any]:
    return {
        **placed(suggestion),
        "suggestion_ref": suggestion.id,
        "survey_ref": suggestion.survey_ref,
        "topic_ref": suggestion.topic_ref,
        "stage": suggestion.stage,
        "category": suggestion.category,
        "proposer_ref": suggestion.proposer_ref,
    }


def _suggestion_received(suggestion: suggestions.Suggestion, _event: suggestions.SuggestionReceived) -> Any:
    return consultation.SuggestionReceived, {
        **_about_suggestion(suggestion),
        "channel": suggestion.channel,
    }


def _suggestion_answered(suggestion: suggestions.Suggestion, _event: suggestions.SuggestionAnswered) -> Any:
    return consultation.SuggestionAnswered, {
        **_about_suggestion(suggestion),
        "outcome": suggestion.outcome,
        "reason_text": suggestion.reason,
    }


def _suggestion_implemented(
    suggestion: suggestions.Suggestion, _event: suggestions.SuggestionImplemented
) -> Any:
    return consultation.SuggestionImplemented, {
        **_about_suggestion(suggestion),
        "evidence_text": suggestion.evidence,
    }


SAYS: Translations = {
    surveys.SurveyPlanned: at_home,
    surveys.SurveyOpened: _survey_opened,
    surveys.SurveyClosed: _survey_closed,
    surveys.SurveyAnalysed: at_home,
    surveys.SurveyFedBack: _survey_fed_back,
    surveys.SurveyCalledOff: at_home,
    suggestions.SuggestionReceived: _suggestion_received,
    suggestions.SuggestionClassified: at_home,
    suggestions.SuggestionAnswered: _suggestion_answered,
    suggestions.SuggestionImplemented: _suggestion_implemented,
}

HEARS: list[Subscription] = [
    copy(grid.PairingStarted),
    forget(grid.PairingEnded),
]
