"""What notify says and hears. Everything that it listens to stands in one list, at the end."""

from __future__ import annotations

import dataclasses
from typing import Any

from services.notify.domain import alarm as alarms
from services.notify.domain import consent as consents
from services.notify.domain import contact as contacts
from services.notify.domain import disclosure as disclosures
from services.notify.domain import message as messages
from services.notify.domain import question as questions
from services.notify.use_cases.messages import TellBuilding, TellReporters, TellResidents
from services.notify.use_cases.questions import AskAboutCase, AskAboutTopic
from shared.contracts import consultation, grid, notify, property
from shared.following import PLACES
from shared.messaging.subscriptions import Received, Subscription, advance, copy, start
from shared.persistence.unit_of_work import CurrentFacts, Translations, at_home

# ---- says: domain event -> contract


def _contact_registered(contact: contacts.Contact, _event: Any) -> Any:
    """As it is now; of one whose data may not be used nothing is said any more."""
    if not contact.is_in_use:
        return None
    return notify.ContactRegistered, {
        "resident_ref": contact.id,
        "contact_class": contact.contact_class,
        "place_ref": contact.door_ref,
        "place_path": contact.place_path,
    }


def _contact_corrected(contact: contacts.Contact, event: contacts.ContactCorrected) -> Any:
    return _contact_registered(contact, event) if event.has_moved else None


def _feedback_received(respondent: questions.Respondent, event: questions.FeedbackReceived) -> Any:
    return notify.FeedbackReceived, {
        "question_ref": respondent.question_ref,
        "about": dataclasses.asdict(event.about),
        "covers": [dataclasses.asdict(case) for case in event.covers],
        "resident_ref": respondent.resident_ref,
        "resolution": respondent.resolution,
        "grade": respondent.grade,
        "reason_code": respondent.reason_code,
        "recorded_by_staff": respondent.recorded_by is not None,
    }


def _question_closed(question: questions.Question, _event: questions.QuestionClosed) -> Any:
    return notify.QuestionClosed, {
        "question_ref": question.id,
        "about": dataclasses.asdict(question.about),
        "asked": question.asked,
        "answered": question.answered,
        "resolved": question.resolved,
    }


TRANSLATIONS: Translations = {
    contacts.ContactRegistered: _contact_registered,
    contacts.ContactCorrected: _contact_corrected,
    contacts.ContactStopped: at_home,
    contacts.ContactResumed: at_home,
    contacts.ContactErased: at_home,
    consents.ConsentGiven: at_home,
    consents.ConsentWithdrawn: at_home,
    consents.ConsentForgotten: at_home,
    disclosures.ContactDisclosed: at_home,
    questions.FeedbackReceived: _feedback_received,
    questions.QuestionClosed: _question_closed,
    questions.QuestionOpened: at_home,
    questions.PeopleAsked: at_home,
    questions.PersonAsked: at_home,
    questions.AnswerCounted: at_home,
    questions.CaseCovered: at_home,
    messages.MessageCreated: at_home,
    messages.MessageClaimed: at_home,
    messages.MessageDelivered: at_home,
    messages.MessageRetried: at_home,
    messages.MessageFailed: at_home,
    messages.MessageWithheld: at_home,
    messages.MessageForgotten: at_home,
    questions.LinkVoided: at_home,
    questions.ReasonForgotten: at_home,
    alarms.AlarmRaised: at_home,
}

# reference facts that can be said anew, as they are now
CURRENT: CurrentFacts = {
    contacts.Contact: _contact_registered,
}


# ---- hears: contract -> command


def on_case_reported(event: Received) -> TellReporters:
    """The receipt: number and deadline."""
    return _tell_reporters(event, "case", event.data["case_ref"], "reported", "case_reported")


def on_case_dispatched(event: Received) -> TellReporters | None:
    """A further dispatch is news to the reporters; the first one is in their receipt."""
    data = event.data
    if data["reason_code"] == "works_cancelled":
        return _tell_reporters(event, "works", data["works_ref"], "cancelled", "case_dispatched_again")
    if data["reason_code"] == "reopened":
        turn = f"turn{data['turn']}:reopened"
        return _tell_reporters(event, "case", data["case_ref"], turn, "case_reopened")
    return None


def on_case_waiting(event: Received) -> TellReporters:
    """The interim answer, under the milestone of the topic: whoever hears it here does not hear it there."""
    topic_ref = event.data["topic_ref"]
    if event.data["waiting_for"] == "works":
        return _tell_reporters(event, "topic", topic_ref, _resolved(event), "case_waits_for_works")
    return _tell_reporters(event, "topic", topic_ref, "accepted", "case_waits_for_topic")


def on_case_handled(event: Received) -> AskAboutCase:
    """Whether it is good, the reporters say: with their answer about the topic, or about the case itself."""
    data = event.data
    return AskAboutCase(
        **_news(event, "case", data["case_ref"], f"turn{data['turn']}:handled", "case_handled"),
        turn=data["turn"],
        number=data["number"],
        reporter_refs=data["reporter_refs"],
        topic_ref=data["topic_ref"],
    )


def on_session_announced(event: Received) -> TellResidents:
    """The invitation."""
    session_ref = event.data["session_ref"]
    return TellResidents(**_news(event, "session", session_ref, "announced", "session_announced"))


def on_topic_resolved(event: Received) -> TellResidents:
    """The residents, and those whose cases the topic takes up."""
    data = event.data
    news = _news(event, "topic", data["topic_ref"], _resolved(event), "topic_resolved")
    return TellResidents(**news, case_refs=data["case_refs"])


def _resolved(event: Received) -> str:
    """Each adopted version is a milestone of its own: after cancelled works people hear of the next one."""
    return f"v{event.data['plan_version']}:resolved"


def on_result_landed(event: Received) -> AskAboutTopic:
    """Each is told and asked in one message."""
    data = event.data
    news = _news(event, "topic", data["topic_ref"], "landed", "topic_landed")
    return AskAboutTopic(**news, case_refs=data["case_refs"])


def on_works_started(event: Received) -> TellResidents:
    """Who builds, and until when."""
    return TellResidents(**_news(event, "works", event.data["works_ref"], "started", "works_started"))


def on_works_accepted(event: Received) -> TellResidents:
    """It is built."""
    return TellResidents(**_news(event, "works", event.data["works_ref"], "accepted", "works_accepted"))


def on_works_cancelled(event: Received) -> TellResidents:
    """The residents and the waiting reporters are told why."""
    data = event.data
    news = _news(event, "works", data["works_ref"], "cancelled", "works_cancelled")
    return TellResidents(**news, case_refs=data["case_refs"])


def on_steward_appointed(event: Received) -> TellBuilding:
    """Whom to turn to while it is built."""
    return _tell_building(event, "appointed", "steward_appointed")


def on_steward_expired(event: Received) -> TellBuilding:
    """The steward's time is over."""
    return _tell_building(event, "expired", "steward_expired")


def _news(event: Received, about: str, ref: str, deed: str, template: str) -> dict[str, Any]:
    return {
        "milestone": f"{about}:{ref}:{deed}",
        "about_ref": ref,
        "template": template,
        "facts": event.data,
        "place_path": event.data["place_path"],
    }


def _tell_reporters(event: Received, about: str, ref: str, deed: str, template: str) -> TellReporters:
    news = _news(event, about, ref, deed, template)
    return TellReporters(**news, number=event.data["number"], reporter_refs=event.data["reporter_refs"])


def _tell_building(event: Received, deed: str, template: str) -> TellBuilding:
    data = event.data
    news = _news(event, "steward", data["steward_ref"], deed, template)
    return TellBuilding(**news, building_ref=data["building_ref"])


SUBSCRIPTIONS: list[Subscription] = [
    *PLACES,
    copy(grid.CaseReported, on_case_reported),
    start(grid.CaseDispatched, on_case_dispatched),
    start(grid.CaseWaiting, on_case_waiting),
    advance(grid.CaseHandled, on_case_handled),
    start(grid.StewardAppointed, on_steward_appointed),
    start(grid.StewardExpired, on_steward_expired),
    start(consultation.SessionAnnounced, on_session_announced),
    start(consultation.TopicResolved, on_topic_resolved),
    start(consultation.ResultLanded, on_result_landed),
    start(property.WorksStarted, on_works_started),
    start(property.WorksAccepted, on_works_accepted),
    start(property.WorksCancelled, on_works_cancelled),
]
