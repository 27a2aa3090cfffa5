"""三率 The rates of a period, the rules by which they are counted, and what was published."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.grid import queries
from services.grid.domain.rate_report import RateReport
from services.grid.domain.rate_rules import GRADES, PER_MILLE, PERIOD_RULES, RateRules
from services.grid.domain.rates import BY, COMMUNITY
from services.grid.http.common import api
from services.grid.http.turns import RATED, Month
from services.grid.use_cases.rates import AdoptRateRules, PublishRates
from shared.access.roles import STAFF, STREET
from shared.kernel.clock import local_date
from shared.web.api import Call
from shared.web.fields import (
    Code,
    Codes,
    Day,
    Flag,
    Instant,
    Named,
    Paging,
    PublicWords,
    Ref,
    Sort,
    Text,
    Whole,
    distinct,
    nested,
    several,
)

MOST_SHARES = 10_000
MOST_HOURS = 24 * 30
EACH = "；".join(["1 很不满意", "2 不满意", "3 一般", "4 基本满意", "5 满意"])


class GradeWeights(fields.List[int]):
    """Per mille, for each grade."""

    def __init__(self, **options: Any) -> None:
        exactly = validate.Length(GRADES, GRADES)
        described = {"description": f"按满意度依次为 {EACH}，单位千分之一 per mille, by grade"}
        super().__init__(Whole(0, PER_MILLE), validate=exactly, metadata=described, **options)


class RateRulesBody(Schema):
    """How the rates are counted from a period on. Weights are per mille; those of the three rates make 1000."""

    first_period = Month(required=True)
    basis = PublicWords(200, required=True)
    period_rule = Named(PERIOD_RULES, required=True)
    response_weight = Whole(0, PER_MILLE, required=True)
    solution_weight = Whole(0, PER_MILLE, required=True)
    satisfaction_weight = Whole(0, PER_MILLE, required=True)
    partly_weight = Whole(0, PER_MILLE, required=True)
    grade_weights = GradeWeights(required=True)
    contact_hours = Whole(1, MOST_HOURS, required=True)
    excluded_categories = fields.List(
        Code(), validate=[validate.Length(max=500), distinct], load_default=list
    )


class RateRulesView(Schema):
    """Rules, and where they come from."""

    first_period = Text()
    basis = Text()
    period_rule = Named(PERIOD_RULES)
    response_weight = Whole()
    solution_weight = Whole()
    satisfaction_weight = Whole()
    partly_weight = Whole()
    grade_weights = GradeWeights()
    contact_hours = Whole()
    excluded_categories = Codes()


class AdoptedRateRulesView(Schema):
    """Rules that the street has adopted, and the first day that they hold for."""

    id = Ref()
    effective_on = Day()
    rules = nested(RateRulesView)


class AdoptedRateRulesFilter(Paging):
    """Which rules."""

    sort = Sort("first_period", default="first_period")


class FigureView(Schema):
    """An exact fraction, of so many turns; `percent` is “—” where there is nothing to count; `is_small`: greyed."""

    numerator = Whole()
    denominator = Whole()
    cases = Whole()
    percent = Text()
    is_small = Flag()


class FiguresView(Schema):
    """What is counted. Answers are weighed per mille, so that each adds 1000 to its denominator."""

    response = nested(FigureView)
    solution = nested(FigureView)
    satisfaction = nested(FigureView)
    overall = nested(FigureView)
    on_time = nested(FigureView)
    reopened = nested(FigureView)
    self_found = nested(FigureView)
    objected = nested(FigureView)
    objection_upheld = nested(FigureView)
    well_dispatched = nested(FigureView)


class ShareView(Schema):
    """The figures of one unit, place or category."""

    by = Code()
    key = Text()
    name = Text()
    figures = nested(FiguresView)


class RatesView(Schema):
    """The rates of a period as they are now; `report_ref`: as what they were published."""

    period = Text(attribute="period.name")
    first_day = Day(attribute="period.first")
    last_day = Day(attribute="period.last")
    rules = nested(RateRulesView)
    report_ref = Ref(allow_none=True)
    total = nested(FiguresView)
    shares = several(ShareView, most=MOST_SHARES)


class RateReportView(Schema):
    """The rates of a period as they were published, with the rules; what was excluded, why and by whom is among
    `/case-turns?report_ref=&state=excluded`."""

    id = Ref()
    period = Text()
    first_day = Day()
    last_day = Day()
    rules = nested(RateRulesView)
    total = nested(FiguresView)
    turn_count = Whole()
    excluded_count = Whole()
    published_by = Text()
    published_at = Instant()


class WholeRateReportView(RateReportView):
    """The same, by every unit, place and category."""

    shares = several(ShareView, most=MOST_SHARES)


class RatesQuery(Schema):
    """Of which period (none: the present one), told by what, and at which place."""

    period = Month(load_default=None)
    by = Code(*BY, load_default=COMMUNITY)
    place_ref = Ref(load_default=None)


class PeriodBody(Schema):
    """A period that is over."""

    period = Month(required=True)


class RateReportFilter(Paging):
    """Which reports."""

    sort = Sort("period", default="period")


@api.get("/rates", roles=RATED, query=RatesQuery, answer=RatesView)
def rates(call: Call) -> Any:
    """三率：某一周期的响应率、解决率、满意率等，按社区、网格、组织、责任主体或类别"""
    return call.ask(queries.rates.rates, **call.query, today=local_date(call.application.clock.now()))


@api.post("/rate-rules", roles=(STREET,), body=RateRulesBody, answer=AdoptedRateRulesView, status=201)
def adopt_rate_rules(call: Call) -> Any:
    """启用新的三率规则（用于尚未开始的周期）"""
    several = {name: tuple(call.body[name]) for name in ("grade_weights", "excluded_categories")}
    return call.handle(AdoptRateRules(RateRules(**{**call.body, **several})))


@api.get("/rate-rules", roles=STAFF, query=AdoptedRateRulesFilter, answer=AdoptedRateRulesView)
def rate_rules(call: Call) -> Any:
    """本街道启用过的三率规则"""
    return call.ask(queries.rates.rules, **call.query)


@api.post(
    "/rate-reports",
    roles=(STREET,),
    body=PeriodBody,
    answer=WholeRateReportView,
    status=201,
    location="/rate-reports/{id}",
)
def publish_rates(call: Call) -> RateReport:
    """公布某一周期的三率；公布后不再变动"""
    report: RateReport = call.handle(PublishRates(**call.body))
    return report


@api.get("/rate-reports", roles=STAFF, query=RateReportFilter, answer=RateReportView)
def rate_reports(call: Call) -> Any:
    """已公布的三率"""
    return call.ask(queries.rates.reports, **call.query)


@api.get("/rate-reports/{id}", roles=STAFF, answer=WholeRateReportView)
def rate_report(call: Call) -> Any:
    """一个周期已公布的三率"""
    return call.ask(queries.rates.report, call.path["id"])
