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
from services.notify.domain import staff_notice as staff_notices
from services.notify.use_cases.delivery import HearOfVisit
from services.notify.use_cases.messages import TellBuilding, TellPeople, TellReporters, TellResidents
from services.notify.use_cases.questions import AskAboutCase, AskAboutTopic, landing
from services.notify.use_cases.staff_notices import SettleStaffNotice, TellStaff
from shared.contracts import consultation, grid, notify, property
from shared.following import PLACES
from shared.messaging.subscriptions import Received, Subscription, advance, copy, forget, start
from shared.persistence.unit_of_work import CurrentFacts, Translations, at_home

# ---- says: domain event -> contract


def _about_contact(contact: contacts.Contact) -> dict[str, Any]:
    return {
        "resident_ref": contact.id,
        "contact_class": contact.contact_class,
        "place_ref": contact.door_ref,
        "place_path": contact.place_path,
    }


def _contact_registered(contact: contacts.Contact, _event: contacts.ContactRegistered) -> Any:
    return notify.ContactRegistered, _about_contact(contact)


def _contact_moved(contact: contacts.Contact, event: contacts.ContactMoved) -> Any:
    moved = {"from_door_ref": event.from_door_ref, "to_door_ref": contact.door_ref}
    return notify.ContactMoved, {**_about_contact(contact), **moved}


def _contact_erased(contact: contacts.Contact, _event: contacts.ContactErased) -> Any:
    return notify.ContactErased, {"resident_ref": contact.id}


def _contact_now(contact: contacts.Contact, event: Any) -> Any:
    """As it is now; of one whose data are kept and not used nothing is said."""
    if contact.is_in_use:
        return _contact_registered(contact, event)
    return _contact_erased(contact, event) if contact.is_erased else None


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


def _message_failed(message: messages.Message, _event: messages.MessageFailed) -> Any:
    """Of one that must reach: a person has to go."""
    if not message.must_reach:
        return None
    return notify.MessageFailed, {
        "message_ref": message.id,
        "must_reach": True,
        "about": {"type": message.about_type, "ref": message.about_ref},
        "door_ref": message.door_ref,
        "by": message.reach_by,
    }


TRANSLATIONS: Translations = {
    contacts.ContactRegistered: _contact_registered,
    contacts.ContactCorrected: at_home,
    contacts.ContactMoved: _contact_moved,
    contacts.ContactStopped: at_home,
    contacts.ContactResumed: at_home,
    contacts.ContactErased: _contact_erased,
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
    messages.MessageFailed: _message_failed,
    messages.MessageVisited: at_home,
    messages.MessageWithheld: at_home,
    messages.MessageForgotten: at_home,
    questions.LinkVoided: at_home,
    questions.ReasonForgotten: at_home,
    alarms.AlarmRaised: at_home,
    staff_notices.StaffTold: at_home,
    staff_notices.NoticeReworded: at_home,
    staff_notices.NoticeSettled: at_home,
}

# reference facts that can be said anew, as they are now
CURRENT: CurrentFacts = {
    contacts.Contact: _contact_now,
}


# ---- hears: contract -> command

HOTLINE = "hotline"  # the source of its cases


def on_case_reported(event: Received) -> TellReporters | None:
    """The receipt: number and deadline. A case that grid only says anew, as it is now, was receipted in its time."""
    if not event.is_the_first:
        return None
    return _tell_reporters(event, "case", event.data["case_ref"], "reported", "case_reported")


GIVEN_TO_ANOTHER = (
    "taken_over",
    "objection_upheld",
    "responsibility_found",
    "gray_zone_assigned",
    "gray_zone_deadlocked",
)
WAITED_IN_VAIN = ("mediation_ended", "claim_denied")


def on_case_dispatched(event: Received) -> TellReporters | None:
    """A further dispatch is news to the reporters; the first one is in their receipt."""
    data = event.data
    reason, turn = data["reason_code"], f"turn{data['turn']}:{data['reason_code']}"
    if reason == "works_cancelled":
        return _tell_reporters(event, "works", data["works_ref"], "cancelled", "case_dispatched_again")
    if reason in WAITED_IN_VAIN:
        return _tell_reporters(event, "case", data["case_ref"], turn, "case_dispatched_again")
    if reason in GIVEN_TO_ANOTHER:
        party = f"{turn}:{data['lead_party_ref']}"
        return _tell_reporters(event, "case", data["case_ref"], party, "case_given_to_another")
    if reason == "reopened":
        return _tell_reporters(event, "case", data["case_ref"], turn, "case_reopened")
    return None


def on_case_waiting(event: Received) -> TellReporters:
    """The interim answer; of a topic under its milestone: whoever hears it here does not hear it there."""
    data = event.data
    if data["waiting_for"] == "topic":
        return _tell_reporters(event, "topic", data["topic_ref"], "accepted", "case_waits_for_topic")
    if data["waiting_for"] == "works":
        return _tell_reporters(event, "topic", data["topic_ref"], _resolved(event), "case_waits")
    wait = f"turn{data['turn']}:waiting:{data['waiting_for']}:{data['next_on'] or ''}"
    return _tell_reporters(event, "case", data["case_ref"], wait, "case_waits")


def on_case_merged(event: Received) -> TellReporters:
    """It goes on as another case, of which its reporters hear from now on."""
    return _tell_reporters(event, "case", event.data["case_ref"], "merged", "case_merged")


def on_case_verified(event: Received) -> AskAboutCase | None:
    """Whether it is good, the reporters say: with their answer about the topic, or about the case itself. Those of the
    hotline are asked by the hotline (接诉即办条例 23), and by nobody else."""
    data = event.data
    if data["source"] == HOTLINE:
        return None
    return AskAboutCase(
        **_news(event, "case", data["case_ref"], f"turn{data['turn']}:verified", "case_verified"),
        turn=data["turn"],
        number=data["number"],
        reporter_refs=data["reporter_refs"],
        topic_ref=data["topic_ref"],
    )


def on_survey_opened(event: Received) -> TellResidents:
    """People are asked what they need."""
    return TellResidents(**_news(event, "survey", event.data["survey_ref"], "opened", "survey_opened"))


def on_suggestion_answered(event: Received) -> TellPeople:
    """Whoever made it hears whether it is adopted, and why."""
    return _tell_proposer(event, "answered", f"suggestion_{event.data['outcome']}")


def on_suggestion_implemented(event: Received) -> TellPeople:
    """Whoever made it hears that it is done."""
    return _tell_proposer(event, "implemented", "suggestion_implemented")


def _tell_proposer(event: Received, happened: str, template: str) -> TellPeople:
    data = event.data
    news = _news(event, "suggestion", data["suggestion_ref"], happened, template)
    proposer_ref = data["proposer_ref"]
    return TellPeople(**news, person_refs=[proposer_ref] if proposer_ref else [])


def on_session_announced(event: Received) -> TellResidents:
    """The invitation."""
    session_ref = event.data["session_ref"]
    return TellResidents(**_news(event, "session", session_ref, "announced", "session_announced"))


def on_session_rescheduled(event: Received) -> TellResidents:
    """The new time; a session may get another one more than once."""
    data = event.data
    change = f"rescheduled{data['times_rescheduled']}"
    return TellResidents(**_news(event, "session", data["session_ref"], change, "session_rescheduled"))


def on_session_cancelled(event: Received) -> TellResidents:
    """Nobody need come."""
    session_ref = event.data["session_ref"]
    return TellResidents(**_news(event, "session", session_ref, "cancelled", "session_cancelled"))


def on_project_opened(event: Received) -> TellResidents:
    """What will be deliberated and built as one."""
    return TellResidents(**_news(event, "project", event.data["project_ref"], "opened", "project_opened"))


def on_project_paused(event: Received) -> TellResidents:
    """Why work rests; it may rest more than once, on different days."""
    data = event.data
    pause = f"paused:{data['paused_on']}"
    return TellResidents(**_news(event, "project", data["project_ref"], pause, "project_paused"))


def on_project_closed(event: Received) -> TellResidents:
    """It is done, or goes no further."""
    data = event.data
    template = f"project_{data['outcome']}"
    return TellResidents(**_news(event, "project", data["project_ref"], "closed", template))


def on_topic_accepted(event: Received) -> TellPeople:
    """Who has raised a topic hears what becomes of it, step by step."""
    return _tell_proposers(event, "accepted")


def on_topic_declined(event: Received) -> TellPeople:
    """Why not."""
    return _tell_proposers(event, "declined")


def on_topic_referred(event: Received) -> TellPeople:
    """It is attended to at once."""
    return _tell_proposers(event, "referred")


def on_topic_merged(event: Received) -> TellPeople:
    """It goes on together with another."""
    return _tell_proposers(event, "merged")


def on_topic_suspended(event: Received) -> TellPeople:
    """Why it rests."""
    return _tell_proposers(event, "suspended")


def _tell_proposers(event: Received, happened: str) -> TellPeople:
    data = event.data
    news = _news(event, "topic", data["topic_ref"], happened, f"topic_{happened}")
    return TellPeople(**news, person_refs=data["proposer_refs"])


def on_result_reopened(event: Received) -> TellResidents:
    """What was said to be good is not."""
    data = event.data
    return TellResidents(
        **_news(event, "topic", data["topic_ref"], f"reopened{data['turn']}", "topic_reopened"),
        proposer_refs=data["proposer_refs"],
    )


def on_topic_resolved(event: Received) -> TellResidents:
    """The residents, those whose cases the topic takes up, and those who raised it."""
    data = event.data
    news = _news(event, "topic", data["topic_ref"], _resolved(event), "topic_resolved")
    return TellResidents(**news, case_refs=data["case_refs"], proposer_refs=data["proposer_refs"])


def _resolved(event: Received) -> str:
    """Each adopted version is a milestone of its own: after cancelled works people hear of the next one."""
    return f"v{event.data['plan_version']}:resolved"


def on_result_landed(event: Received) -> AskAboutTopic:
    """Each is told and asked in one message."""
    data = event.data
    return AskAboutTopic(
        milestone=landing(data["topic_ref"], data["turn"]),
        about_ref=data["topic_ref"],
        template="topic_landed",
        facts=data,
        place_path=data["place_path"],
        turn=data["turn"],
        case_refs=data["case_refs"],
        proposer_refs=data["proposer_refs"],
    )


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


def on_vacancy_found(event: Received) -> TellStaff:
    """The staff of the place look for somebody (domain row 56)."""
    data = event.data
    return TellStaff(staff_notices.CAPTAINS_MISSING, data["door_ref"], data["place_path"], facts=data)


def on_vacancy_filled(event: Received) -> SettleStaffNotice:
    """Nobody is missing any more."""
    return SettleStaffNotice(staff_notices.CAPTAINS_MISSING, event.data["door_ref"])


def on_visit_recorded(event: Received) -> HearOfVisit | None:
    """Somebody went where no channel reached; other visits bring no message."""
    data = event.data
    if data["message_ref"] is None:
        return None
    return HearOfVisit(data["message_ref"], data["task_ref"], data["outcome"], data["occurred_at"])


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
    copy(grid.CasePlaced),
    start(grid.CaseDispatched, on_case_dispatched),
    start(grid.CaseWaiting, on_case_waiting),
    start(grid.CaseMerged, on_case_merged),
    advance(grid.CaseVerified, on_case_verified),
    copy(grid.VacancyFound, on_vacancy_found),
    forget(grid.VacancyFilled, on_vacancy_filled),
    start(grid.StewardAppointed, on_steward_appointed),
    start(grid.StewardExpired, on_steward_expired),
    advance(grid.VisitRecorded, on_visit_recorded),
    start(consultation.SurveyOpened, on_survey_opened),
    start(consultation.SuggestionAnswered, on_suggestion_answered),
    start(consultation.SuggestionImplemented, on_suggestion_implemented),
    start(consultation.SessionAnnounced, on_session_announced),
    start(consultation.SessionRescheduled, on_session_rescheduled),
    start(consultation.SessionCancelled, on_session_cancelled),
    start(consultation.ProjectOpened, on_project_opened),
    start(consultation.ProjectPaused, on_project_paused),
    start(consultation.ProjectClosed, on_project_closed),
    start(consultation.TopicAccepted, on_topic_accepted),
    start(consultation.TopicDeclined, on_topic_declined),
    start(consultation.TopicReferred, on_topic_referred),
    start(consultation.TopicMerged, on_topic_merged),
    start(consultation.TopicSuspended, on_topic_suspended),
    start(consultation.TopicResolved, on_topic_resolved),
    start(consultation.ResultReopened, on_result_reopened),
    start(consultation.ResultLanded, on_result_landed),
    start(property.WorksStarted, on_works_started),
    start(property.WorksAccepted, on_works_accepted),
    start(property.WorksCancelled, on_works_cancelled),
]
