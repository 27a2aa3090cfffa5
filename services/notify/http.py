"""How staff, residents and other systems reach notify: each endpoint loads, handles or asks, and dumps."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, validate

from services.notify import queries
from services.notify.domain.contact import CLASSES
from services.notify.domain.message import LIFECYCLE, OUTCOMES
from services.notify.domain.question import QUESTION_LIFECYCLE, RESPONDENT_LIFECYCLE
from services.notify.use_cases.contacts import RegisterContact
from services.notify.use_cases.questions import AnswerForResident, AnswerQuestion
from shared.access.roles import COMMUNITY, CONVENOR, GRID_WORKER, OUTSIDE_SYSTEM, RESIDENT, STAFF, STREET
from shared.contracts.grid import RESOLUTIONS
from shared.web import api as web
from shared.web.api import Api, Call
from shared.web.fields import (
    Code,
    Codes,
    Instant,
    Named,
    Paging,
    Ref,
    Sort,
    Text,
    Whole,
    Words,
    distinct,
    nested,
    several,
)
from shared.web.problems import ProblemView

api = Api("notify")

REGISTRARS = (STREET, COMMUNITY, CONVENOR, GRID_WORKER, OUTSIDE_SYSTEM)


# ---- contacts 联系人


class ContactBody(Schema):
    """A person who can be reached."""

    name = Words(50, required=True)
    phone = Words(20, required=True)
    channels = Codes(load_default=list, validate=[validate.Length(1, 10), distinct])
    door_ref = Ref(required=True)
    contact_class = Code(*CLASSES, required=True)
    basis = Words(200, required=True)


class ContactView(Schema):
    """A contact; name and phone are never shown in full."""

    id = Ref()
    resident_ref = Ref(attribute="id", dump_only=True)
    name = Text(attribute="masked_name")
    phone = Text(attribute="masked_phone")
    channels = Codes()
    door_ref = Ref()
    contact_class = Code()
    basis = Text()


@api.post(
    "/contacts",
    roles=REGISTRARS,
    body=ContactBody,
    answer=ContactView,
    status=201,
    also={200: ContactView},
    location="/contacts/{id}",
    personal=True,
)
def register_contact(call: Call) -> Any:
    """登记联系人; 200 where the phone is known"""
    registered = call.handle(RegisterContact(**call.body))
    return web.Answer(registered.contact, 201 if registered.is_new else 200)


@api.get("/contacts/{id}", roles=REGISTRARS, answer=ContactView, personal=True, subject="id")
def contact(call: Call) -> Any:
    """一个联系人"""
    return call.ask(queries.contact, call.path["id"])


# ---- messages 消息


class ReceiptView(Schema):
    """What became of one attempt at delivery."""

    at = Instant()
    channel = Code()
    outcome = Named(OUTCOMES)
    provider_ref = Text()


class MessageView(Schema):
    """A message and the proof of its delivery."""

    id = Ref()
    resident_ref = Ref()
    milestone = Text()
    about_ref = Ref()
    title = Text()
    text = Text()
    state = Named(LIFECYCLE.states)
    channel = Code()
    receipts = several(ReceiptView)
    created_at = Instant()
    delivered_at = Instant(allow_none=True)
    allowed_actions = Codes()


class MessageFilter(Paging):
    """Which messages."""

    resident_ref = Ref(load_default=None)
    about_ref = Ref(load_default=None)
    state = Code(*LIFECYCLE.states, load_default=None)


@api.get("/messages", roles=(*STAFF, RESIDENT), query=MessageFilter, answer=MessageView, personal=True)
def messages(call: Call) -> Any:
    """消息列表; staff see no link to answer by, residents their own messages whole"""
    return call.ask(queries.messages_in_scope, **call.query)


class AlarmView(Schema):
    """A milestone of which nobody heard."""

    id = Ref()
    about = Ref(attribute="about_ref")
    milestone = Text()
    raised_at = Instant()


@api.get("/alarms", roles=STAFF, query=Paging, answer=AlarmView)
def alarms(call: Call) -> Any:
    """无人收到的通知"""
    return call.ask(queries.alarms_in_scope, **call.query)


# ---- questions and answers 满意度


class AboutView(Schema):
    """What is asked about."""

    type = Code()
    ref = Ref()
    turn = Whole()


class QuestionView(Schema):
    """A question and its tallies."""

    id = Ref()
    about = nested(AboutView)
    text = Text()
    state = Named(QUESTION_LIFECYCLE.states)
    asked = Whole()
    answered = Whole()
    resolved = Whole()
    opened_at = Instant()
    closes_at = Instant()
    closed_at = Instant(allow_none=True)
    allowed_actions = Codes()


class QuestionFilter(Paging):
    """Which questions."""

    about_ref = Ref(load_default=None)
    state = Code(*QUESTION_LIFECYCLE.states, load_default=None)
    sort = Sort("closes_at")


class QuestionPutView(Schema):
    """A question as the person who was asked it sees it."""

    text = Text()
    about = nested(AboutView)
    closes_at = Instant()
    allowed_actions = Codes()


class ReasonCode(Code):
    """A short word of the Latin alphabet, or none: never what somebody wrote."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators = [validate.Regexp(r"[a-z0-9_]{0,32}\Z")]


class AnswerBody(Schema):
    """Whether it is good."""

    resolution = Code(*RESOLUTIONS, required=True)
    grade = Whole(least=1, most=5, required=True)
    reason_code = ReasonCode(load_default="")


class AnswerForResidentBody(AnswerBody):
    """What a person told staff."""

    question_ref = Ref(required=True)
    resident_ref = Ref(required=True)


class AnswerView(Schema):
    """An answer."""

    question_ref = Ref()
    state = Named(RESPONDENT_LIFECYCLE.states)
    resolution = Code(allow_none=True)
    grade = Whole(allow_none=True)
    reason_code = ReasonCode()
    answered_at = Instant(allow_none=True)
    allowed_actions = Codes()


@api.get("/questions", roles=STAFF, query=QuestionFilter, answer=QuestionView)
def questions(call: Call) -> Any:
    """满意度问题列表"""
    return call.ask(queries.questions_in_scope, **call.query)


@api.post(
    "/answers",
    roles=(STREET, COMMUNITY),
    body=AnswerForResidentBody,
    answer=AnswerView,
    also={404: ProblemView, 410: ProblemView},
)
def answer_for_resident(call: Call) -> Any:
    """代为评价"""
    return call.handle(AnswerForResident(**call.body))


@api.get("/answers/{token}", roles=None, answer=QuestionPutView, also={410: ProblemView})
def question_by_token(call: Call) -> Any:
    """评价页（消息里的链接）"""
    return call.ask(queries.question_by_token, call.path["token"])


@api.post("/answers/{token}", roles=None, body=AnswerBody, answer=AnswerView, also={410: ProblemView})
def answer_question(call: Call) -> Any:
    """评价"""
    return call.handle(AnswerQuestion(token=call.path["token"], **call.body))
