"""满意度 Questions and answers."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, validate

from services.notify import queries
from services.notify.domain.question import QUESTION_LIFECYCLE, RESPONDENT_LIFECYCLE
from services.notify.http.common import api
from services.notify.use_cases.questions import AnswerForResident, AnswerQuestion
from shared.access.roles import COMMUNITY, STAFF, STREET
from shared.contracts.grid import RESOLUTIONS
from shared.web.api import Call
from shared.web.fields import Code, Codes, Instant, Named, Paging, Ref, Sort, Text, Whole, nested
from shared.web.problems import ProblemView


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
    answered_by_staff = Whole()
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
    """An answer; `recorded_by` names the staff who took it, where the person did not give it themselves."""

    question_ref = Ref()
    state = Named(RESPONDENT_LIFECYCLE.states)
    resolution = Code(allow_none=True)
    grade = Whole(allow_none=True)
    reason_code = ReasonCode()
    answered_at = Instant(allow_none=True)
    recorded_by = Text(allow_none=True)
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
    """代为评价; the person may still correct it by the link"""
    return call.handle(AnswerForResident(**call.body))


@api.get("/answers/{token}", roles=None, answer=QuestionPutView, also={410: ProblemView})
def question_by_token(call: Call) -> Any:
    """评价页（消息里的链接）"""
    return call.ask(queries.question_by_token, call.path["token"])


@api.post("/answers/{token}", roles=None, body=AnswerBody, answer=AnswerView, also={410: ProblemView})
def answer_question(call: Call) -> Any:
    """评价"""
    return call.handle(AnswerQuestion(token=call.path["token"], **call.body))
