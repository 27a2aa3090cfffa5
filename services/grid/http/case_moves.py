"""办理事项 What the responsible party, the officers and the reporter do with a case, each at a door that is called like
the action in `allowed_actions`."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, validate

from services.grid.domain.case import ENDS_ASKED_FOR, MODES, RESOLUTIONS
from services.grid.domain.countdown import PAUSE_REASONS
from services.grid.http.cases import CaseView, shown
from services.grid.http.common import CASE_OFFICERS, LEADS, LEADS_AND_OFFICERS, api
from services.grid.use_cases.case_answers import RevisitCase
from services.grid.use_cases.case_clocks import RecountClocks
from services.grid.use_cases.case_moves import (
    AcceptCase,
    AskEnd,
    AskExtension,
    CloseCase,
    ContactReporter,
    EndCase,
    ExtendCase,
    FinishPhase,
    HandleCase,
    MergeCase,
    ObjectToCase,
    OverruleObjection,
    PauseClock,
    RefuseEnd,
    RefuseExtension,
    ResumeClock,
    SendBackCase,
    TryRevisit,
    UpholdObjection,
    VerifyCase,
    WithdrawCase,
)
from shared.access.roles import RESIDENT, STREET
from shared.web.api import Call
from shared.web.fields import Code, Codes, Named, PublicText, PublicWords, Ref, Refs, Whole

WITHDRAWERS = (*CASE_OFFICERS, RESIDENT)
MOST_PHOTOGRAPHS = 10
LONGEST_EXTENSION = 1000


class ReasonBody(Schema):
    """Why; residents may read it."""

    reason = PublicWords(500, required=True)


class UpholdBody(ReasonBody):
    """To whom it goes, and why. Null: the street itself."""

    party_ref = Ref(required=True, allow_none=True)


class MergeBody(Schema):
    """The earlier case that is the same matter."""

    into_ref = Ref(required=True)


class PauseBody(Schema):
    """For which reason of the list."""

    reason_code = Named(PAUSE_REASONS, required=True)
    reason = PublicText(500, load_default="")


class ExtensionBody(ReasonBody):
    """How much more, in the unit of the phase's limit."""

    amount = Whole(1, LONGEST_EXTENSION, required=True)


class HandleBody(Schema):
    """What was done, by which means, and photographs of it."""

    outcome = PublicWords(500, required=True)
    modes = Codes(*MODES, load_default=list)
    photographs = Refs(load_default=list, validate=validate.Length(max=MOST_PHOTOGRAPHS))


class VerifyBody(Schema):
    """What was found, and photographs of it."""

    finding = PublicWords(500, required=True)
    photographs = Refs(required=True, validate=validate.Length(1, MOST_PHOTOGRAPHS))


class ReporterAnswerBody(Schema):
    """What the reporter said."""

    resolution = Named(RESOLUTIONS, required=True)
    grade = Whole(1, 5, required=True)
    reason_code = Code(load_default=None, allow_none=True)


class EndBody(ReasonBody):
    """How it is to end without being handled, and why."""

    outcome = Named(ENDS_ASKED_FOR, required=True)


class RecountView(Schema):
    """How many clocks were counted anew."""

    recounted = Whole()


@api.post(
    "/cases/{id}/accept",
    roles=LEADS,
    answer=CaseView,
    subject="reporter_ref",
)
def accept_case(call: Call) -> Any:
    """接办"""
    return shown(call, call.handle(AcceptCase(call.path["id"])))


@api.post(
    "/cases/{id}/object",
    roles=LEADS,
    body=ReasonBody,
    answer=CaseView,
    subject="reporter_ref",
)
def object_to_case(call: Call) -> Any:
    """提出派单异议；计时不停"""
    return shown(call, call.handle(ObjectToCase(call.path["id"], **call.body)))


@api.post(
    "/cases/{id}/uphold",
    roles=CASE_OFFICERS,
    body=UpholdBody,
    answer=CaseView,
    subject="reporter_ref",
)
def uphold_objection(call: Call) -> Any:
    """支持派单异议，改派"""
    return shown(call, call.handle(UpholdObjection(call.path["id"], **call.body)))


@api.post(
    "/cases/{id}/overrule",
    roles=CASE_OFFICERS,
    body=ReasonBody,
    answer=CaseView,
    subject="reporter_ref",
)
def overrule_objection(call: Call) -> Any:
    """驳回派单异议"""
    return shown(call, call.handle(OverruleObjection(call.path["id"], **call.body)))


@api.post(
    "/cases/{id}/contact",
    roles=LEADS,
    answer=CaseView,
    subject="reporter_ref",
)
def contact_reporter(call: Call) -> Any:
    """联系反映人"""
    return shown(call, call.handle(ContactReporter(call.path["id"])))


@api.post(
    "/cases/{id}/pause",
    roles=LEADS,
    body=PauseBody,
    answer=CaseView,
    subject="reporter_ref",
)
def pause_clock(call: Call) -> Any:
    """暂停计时"""
    return shown(call, call.handle(PauseClock(call.path["id"], **call.body)))


@api.post(
    "/cases/{id}/resume",
    roles=LEADS,
    answer=CaseView,
    subject="reporter_ref",
)
def resume_clock(call: Call) -> Any:
    """恢复计时"""
    return shown(call, call.handle(ResumeClock(call.path["id"])))


@api.post(
    "/cases/{id}/ask-extension",
    roles=LEADS,
    body=ExtensionBody,
    answer=CaseView,
    subject="reporter_ref",
)
def ask_extension(call: Call) -> Any:
    """申请延期"""
    return shown(call, call.handle(AskExtension(call.path["id"], **call.body)))


@api.post(
    "/cases/{id}/extend",
    roles=CASE_OFFICERS,
    answer=CaseView,
    subject="reporter_ref",
)
def extend_case(call: Call) -> Any:
    """同意延期"""
    return shown(call, call.handle(ExtendCase(call.path["id"])))


@api.post(
    "/cases/{id}/refuse-extension",
    roles=CASE_OFFICERS,
    answer=CaseView,
    subject="reporter_ref",
)
def refuse_extension(call: Call) -> Any:
    """不同意延期"""
    return shown(call, call.handle(RefuseExtension(call.path["id"])))


@api.post(
    "/cases/{id}/finish-phase",
    roles=LEADS,
    answer=CaseView,
    subject="reporter_ref",
)
def finish_phase(call: Call) -> Any:
    """完成当前阶段"""
    return shown(call, call.handle(FinishPhase(call.path["id"])))


@api.post(
    "/cases/{id}/handle",
    roles=LEADS,
    body=HandleBody,
    answer=CaseView,
    subject="reporter_ref",
)
def handle_case(call: Call) -> Any:
    """办结反馈"""
    return shown(call, call.handle(HandleCase(call.path["id"], **call.body)))


@api.post(
    "/cases/{id}/verify",
    roles=CASE_OFFICERS,
    body=VerifyBody,
    answer=CaseView,
    subject="reporter_ref",
)
def verify_case(call: Call) -> Any:
    """核实通过（须由办理人以外的人，并附照片）"""
    return shown(call, call.handle(VerifyCase(call.path["id"], **call.body)))


@api.post(
    "/cases/{id}/send-back",
    roles=CASE_OFFICERS,
    body=ReasonBody,
    answer=CaseView,
    subject="reporter_ref",
)
def send_back_case(call: Call) -> Any:
    """退回重办"""
    return shown(call, call.handle(SendBackCase(call.path["id"], **call.body)))


@api.post(
    "/cases/{id}/try-revisit",
    roles=CASE_OFFICERS,
    answer=CaseView,
    subject="reporter_ref",
)
def try_revisit(call: Call) -> Any:
    """记录一次未能回访到反映人"""
    return shown(call, call.handle(TryRevisit(call.path["id"])))


@api.post(
    "/cases/{id}/revisit",
    roles=CASE_OFFICERS,
    body=ReporterAnswerBody,
    answer=CaseView,
    subject="reporter_ref",
)
def revisit_case(call: Call) -> Any:
    """录入回访结果：结案或重新办理"""
    return shown(call, call.handle(RevisitCase(call.path["id"], **call.body)))


@api.post(
    "/cases/{id}/close",
    roles=CASE_OFFICERS,
    answer=CaseView,
    subject="reporter_ref",
)
def close_case(call: Call) -> Any:
    """结案（无反映人，或多次未能回访）"""
    return shown(call, call.handle(CloseCase(call.path["id"])))


@api.post(
    "/cases/{id}/ask-end",
    roles=LEADS_AND_OFFICERS,
    body=EndBody,
    answer=CaseView,
    subject="reporter_ref",
)
def ask_end(call: Call) -> Any:
    """申请不经办理结案"""
    return shown(call, call.handle(AskEnd(call.path["id"], **call.body)))


@api.post(
    "/cases/{id}/end",
    roles=CASE_OFFICERS,
    answer=CaseView,
    subject="reporter_ref",
)
def end_case(call: Call) -> Any:
    """批准不经办理结案（须由另一人）"""
    return shown(call, call.handle(EndCase(call.path["id"])))


@api.post(
    "/cases/{id}/refuse-end",
    roles=CASE_OFFICERS,
    answer=CaseView,
    subject="reporter_ref",
)
def refuse_end(call: Call) -> Any:
    """不予批准不经办理结案"""
    return shown(call, call.handle(RefuseEnd(call.path["id"])))


@api.post(
    "/cases/{id}/withdraw",
    roles=WITHDRAWERS,
    body=ReasonBody,
    answer=CaseView,
    subject="reporter_ref",
)
def withdraw_case(call: Call) -> Any:
    """撤回"""
    return shown(call, call.handle(WithdrawCase(call.path["id"], **call.body)))


@api.post(
    "/cases/{id}/merge",
    roles=CASE_OFFICERS,
    body=MergeBody,
    answer=CaseView,
    subject="reporter_ref",
)
def merge_case(call: Call) -> Any:
    """并案：并入更早登记的同一事项，其反映人随之得知进展"""
    return shown(call, call.handle(MergeCase(call.path["id"], **call.body)))


@api.post("/case-clocks/recount", roles=(STREET,), answer=RecountView)
def recount_clocks(call: Call) -> Any:
    """重算按临时日历计算的期限（导入新一年的工作日历之后）"""
    return {"recounted": call.handle(RecountClocks())}
