"""问需 Surveys, what is suggested in them, and what becomes of it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.consultation import queries
from services.consultation.domain.suggestion import CHANNELS, OUTCOMES
from services.consultation.domain.suggestion import LIFECYCLE as SUGGESTED
from services.consultation.domain.survey import CATEGORIES, LIFECYCLE, STAGES
from services.consultation.http.common import ORGANISERS, READERS, api, distinct_refs
from services.consultation.use_cases.suggestions import (
    AnswerSuggestions,
    ClassifySuggestions,
    CollectSuggestion,
    ImplementSuggestion,
    ImportSuggestions,
)
from services.consultation.use_cases.surveys import (
    AnalyseSurvey,
    CallOffSurvey,
    CloseSurvey,
    FeedBackSurvey,
    OpenSurvey,
    PlanSurvey,
)
from shared.access.roles import CAPTAIN, GRID_WORKER, RESIDENT, SOCIAL_ORG, STAFF, STEWARD
from shared.web.api import Call
from shared.web.fields import (
    Code,
    Codes,
    Instant,
    Named,
    Paging,
    PublicText,
    PublicWords,
    Ref,
    Refs,
    Text,
    Whole,
    nested,
    several,
)
from shared.web.files import CSV, XLSX, File
from shared.web.sheets import rows
from shared.web.sheets.columns import Labelled, SheetCode, column
from shared.web.sheets.doors import FORMATS, SHEETS, FormatQuery, ImportQuery, ImportView, imported

GOERS = (*STAFF, GRID_WORKER, CAPTAIN, STEWARD)  # to people's doors; they see what others have brought
COLLECTORS = (*GOERS, SOCIAL_ORG)  # domain rows 26, 28, 29
CATEGORY_NAMES = {code: name for names in CATEGORIES.values() for code, name in names.items()}
MOST_AT_ONCE = 200


class SurveyBody(Schema):
    """What is to be asked, where, and until when."""

    title = PublicWords(100, required=True)
    text = PublicWords(2000, required=True)
    stage = Named(STAGES, required=True)
    place_ref = Ref(required=True)
    closes_at = Instant(required=True)
    topic_ref = Ref(load_default=None, allow_none=True)
    pairing_refs = distinct_refs(load_default=list)


class SurveyView(Schema):
    """A survey."""

    id = Ref()
    state = Named(LIFECYCLE.states)
    title = Text()
    text = Text()
    stage = Named(STAGES)
    topic_ref = Ref(allow_none=True)
    pairing_refs = Refs()
    place_ref = Ref()
    place_name = Text()
    closes_at = Instant()
    opened_at = Instant(allow_none=True)
    closed_at = Instant(allow_none=True)
    fed_back_at = Instant(allow_none=True)
    conclusions = Text()
    allowed_actions = Codes()


class SurveyFilter(Paging):
    """Which surveys."""

    state = Code(*LIFECYCLE.states, load_default=None)
    stage = Code(*STAGES, load_default=None)
    topic_ref = Ref(load_default=None)


class ConclusionsBody(Schema):
    """What was found, in words that anyone may read."""

    conclusions = PublicWords(5000, required=True)


@api.post(
    "/surveys", roles=ORGANISERS, body=SurveyBody, answer=SurveyView, status=201, location="/surveys/{id}"
)
def plan_survey(call: Call) -> Any:
    """拟开展问需"""
    return call.handle(PlanSurvey(**call.body))


@api.get("/surveys", roles=READERS, query=SurveyFilter, answer=SurveyView)
def surveys(call: Call) -> Any:
    """问需列表"""
    return call.ask(queries.surveys.surveys_in_scope, **call.query)


@api.get("/surveys/{id}", roles=READERS, answer=SurveyView)
def survey(call: Call) -> Any:
    """一次问需"""
    return call.ask(queries.surveys.survey, call.path["id"])


@api.post("/surveys/{id}/open", roles=ORGANISERS, answer=SurveyView)
def open_survey(call: Call) -> Any:
    """开始征集，到期自动结束"""
    return call.handle(OpenSurvey(call.path["id"]))


@api.post("/surveys/{id}/call-off", roles=ORGANISERS, answer=SurveyView)
def call_off_survey(call: Call) -> Any:
    """取消尚未开始的问需"""
    return call.handle(CallOffSurvey(call.path["id"]))


@api.post("/surveys/{id}/close", roles=ORGANISERS, answer=SurveyView)
def close_survey(call: Call) -> Any:
    """提前结束征集"""
    return call.handle(CloseSurvey(call.path["id"]))


@api.post("/surveys/{id}/analyse", roles=ORGANISERS, body=ConclusionsBody, answer=SurveyView)
def analyse_survey(call: Call) -> Any:
    """完成分析：所有建议都已分类"""
    return call.handle(AnalyseSurvey(call.path["id"], **call.body))


@api.post("/surveys/{id}/feed-back", roles=ORGANISERS, answer=SurveyView)
def feed_back_survey(call: Call) -> Any:
    """完成反馈：所有建议都已答复"""
    return call.handle(FeedBackSurvey(call.path["id"]))


class TallyView(Schema):
    """How many, and what became of them."""

    received = Whole()
    unclassified = Whole()
    answered = Whole()
    unanswered = Whole()
    adopted = Whole()
    partly_adopted = Whole()
    not_adopted = Whole()


class ShareView(Schema):
    """How many of one kind."""

    code = Code()
    name = Text()
    count = Whole()


class FiguresView(Schema):
    """What was collected, as anyone may read it."""

    survey_ref = Ref(attribute="survey.id")
    title = Text(attribute="survey.title")
    place_name = Text(attribute="survey.place_name")
    stage = Named(STAGES, attribute="survey.stage")
    state = Named(LIFECYCLE.states, attribute="survey.state")
    conclusions = Text(attribute="survey.conclusions")
    tally = nested(TallyView)
    categories = several(ShareView)
    channels = several(ShareView)


@api.get("/surveys/{id}/figures", roles=None, answer=FiguresView)
def survey_figures(call: Call) -> Any:
    """问需统计"""
    return call.ask(queries.surveys.survey_figures, call.path["id"])


# ---- suggestions 建议


class SuggestionBody(Schema):
    """What somebody said. Without `proposer_ref` nobody is named; without `place_ref` it is said of the whole place."""

    text = PublicWords(1000, required=True)
    channel = Named(CHANNELS, required=True)
    category = Code(load_default=None, allow_none=True)
    place_ref = Ref(load_default=None, allow_none=True)
    proposer_ref = Ref(load_default=None, allow_none=True)
    pairing_ref = Ref(load_default=None, allow_none=True)


class SuggestionView(Schema):
    """A suggestion as staff, and who made it, see it."""

    id = Ref()
    survey_ref = Ref()
    topic_ref = Ref(allow_none=True)
    form_no = Text(allow_none=True)
    state = Named(SUGGESTED.states)
    stage = Named(STAGES)
    place_ref = Ref()
    text = Text()
    channel = Named(CHANNELS)
    category = Named(CATEGORY_NAMES, allow_none=True)
    proposer_ref = Ref(allow_none=True)
    pairing_ref = Ref(allow_none=True)
    received_at = Instant()
    outcome = Named(OUTCOMES, allow_none=True)
    reason = Text()
    answered_at = Instant(allow_none=True)
    evidence = Text()
    implemented_at = Instant(allow_none=True)
    allowed_actions = Codes()


class SuggestionFilter(Paging):
    """Which suggestions."""

    state = Code(*SUGGESTED.states, load_default=None)
    category = Code(*CATEGORY_NAMES, load_default=None)
    channel = Code(*CHANNELS, load_default=None)
    outcome = Code(*OUTCOMES, load_default=None)


@api.post(
    "/surveys/{id}/suggestions",
    roles=(*COLLECTORS, RESIDENT),
    body=SuggestionBody,
    answer=SuggestionView,
    status=201,
    location="/suggestions/{id}",
)
def collect_suggestion(call: Call) -> Any:
    """收集建议"""
    return call.handle(CollectSuggestion(call.path["id"], **call.body))


@api.get("/surveys/{id}/suggestions", roles=GOERS, query=SuggestionFilter, answer=SuggestionView)
def suggestions(call: Call) -> Any:
    """建议列表"""
    return call.ask(queries.surveys.suggestions_of, call.path["id"], **call.query)


@api.get("/suggestions/{id}", roles=(*GOERS, RESIDENT), answer=SuggestionView)
def suggestion(call: Call) -> Any:
    """一条建议"""
    return call.ask(queries.surveys.suggestion, call.path["id"])


class SuggestionColumns(Schema):
    """What a sheet of suggestions says: a row for each."""

    form_no = SheetCode(30, required=True, metadata=column("表号", "同一问需内不可重复；已有的表号不再导入"))
    text = PublicWords(1000, required=True, metadata=column("建议内容", "不填姓名、电话、房号"))
    channel = Labelled(CHANNELS, title="渠道", required=True)
    category = Labelled(CATEGORY_NAMES, title="类别")
    place_code = SheetCode(30, metadata=column("场所编码", "楼、楼门等的编码；不填则为整个问需范围"))
    proposer_ref = Ref(metadata=column("联系人编号", "先在 notify 登记联系人；不填姓名、电话"))


SHEET = rows.Kind("suggestions", "建议", SuggestionColumns(), ("form_no",))


@api.post("/surveys/{id}/imports", roles=ORGANISERS, takes=SHEETS, query=ImportQuery, answer=ImportView)
def import_suggestions(call: Call) -> Any:
    """导入建议：全部正确才导入；dry_run 只检查"""
    return imported(call, SHEET, lambda given: ImportSuggestions(call.path["id"], given))


@api.get("/suggestions/template", roles=ORGANISERS, query=FormatQuery, gives=(CSV, XLSX))
def suggestion_template(call: Call) -> Any:
    """导入建议用的空白模板"""
    format = call.query["format"]
    return File(rows.template(SHEET, FORMATS[format]), FORMATS[format], f"建议模板.{format}")


class ManyBody(Schema):
    """Which suggestions of the survey."""

    suggestion_refs = distinct_refs(least=1, most=MOST_AT_ONCE, required=True)


class ClassifyBody(ManyBody):
    """What they are about."""

    category = Code(required=True)


class AnswerBody(ManyBody):
    """What becomes of them, and why, in words that anyone may read."""

    outcome = Named(OUTCOMES, required=True)
    reason = PublicText(1000, load_default="")


class EvidenceBody(Schema):
    """What shows that it is done."""

    evidence = PublicWords(1000, required=True)


@api.post("/surveys/{id}/classifications", roles=ORGANISERS, body=ClassifyBody, answer=SurveyView)
def classify_suggestions(call: Call) -> Any:
    """为多条建议分类"""
    return call.handle(ClassifySuggestions(call.path["id"], **call.body))


@api.post("/surveys/{id}/answers", roles=ORGANISERS, body=AnswerBody, answer=SurveyView)
def answer_suggestions(call: Call) -> Any:
    """答复多条建议：采纳、部分采纳或不采纳，并说明理由"""
    return call.handle(AnswerSuggestions(call.path["id"], **call.body))


@api.post("/suggestions/{id}/implement", roles=ORGANISERS, body=EvidenceBody, answer=SuggestionView)
def implement_suggestion(call: Call) -> Any:
    """落实已采纳的建议"""
    return call.handle(ImplementSuggestion(call.path["id"], **call.body))


class AnsweredView(Schema):
    """A suggestion and its answer, as anyone may read them: never who made it."""

    text = Text()
    category = Named(CATEGORY_NAMES)
    state = Named(SUGGESTED.states)
    outcome = Named(OUTCOMES)
    reason = Text()
    answered_at = Instant()


@api.get("/surveys/{id}/answers", roles=None, query=Paging, answer=AnsweredView)
def answers(call: Call) -> Any:
    """公布的建议与答复"""
    return call.ask(queries.surveys.answers_of, call.path["id"], **call.query)
