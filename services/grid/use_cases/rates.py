"""Adopt the rules of the rates, and publish the rates of a period."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.errors.rates import ExclusionsPending, PublishedAlready
from services.grid.domain.rate_report import RateReport, must_be_over
from services.grid.domain.rate_rules import AdoptedRateRules, RateRules
from services.grid.use_cases.ports import Work
from shared.kernel.clock import local_date
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class AdoptRateRules(Command):
    """启用三率规则"""

    rules: RateRules


@use_case
def adopt_rate_rules(command: AdoptRateRules, work: Work) -> AdoptedRateRules:
    """For periods that have not begun. Raises OutsideScope, RateRulesNotLast, RateRulesNotAhead, RateWeightsWrong,
    GradeWeightsFall, CategoryUnknown."""
    work.actor.must_act_everywhere()
    today = local_date(work.now)
    categories = [each.code for each in work.category_tables.on(today).categories]
    book = work.rate_rules.book()
    adopted = AdoptedRateRules(command.rules, book=book, categories=categories, today=today)
    work.rate_rules.add(adopted)
    return adopted


@dataclass(frozen=True)
class PublishRates(Command):
    """公布三率"""

    period: str


@use_case
def publish_rates(command: PublishRates, work: Work) -> RateReport:
    """Of a period that is over, once all exclusions are decided. Raises OutsideScope, PeriodNotOver, PublishedAlready,
    ExclusionsPending."""
    work.actor.must_act_everywhere()
    book = work.rate_rules.book()
    period = book.period(command.period)
    must_be_over(period, local_date(work.now))
    published = work.rate_reports.of_period(period.name)
    if published is not None:
        raise PublishedAlready(period=period.name, ref=published.id)
    pending = work.turns.asked_in(period)
    if pending:
        raise ExclusionsPending(count=len(pending), numbers="、".join(pending[:10]))
    turns = work.turns.ended_in(period)
    report = RateReport(
        period,
        book.rules_for(period.name),
        turns,
        work.rate_reports.names(turns),
        by=work.actor.told,
        now=work.now,
    )
    work.rate_reports.add(report)
    work.turns.publish(turns, report.id)
    return report
