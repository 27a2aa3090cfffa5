"""The rates of a period, those that were published, and the turns behind each figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.orm import Session

from services.grid.domain.errors.rates import FigureWithoutPeriod, KeyWithoutBy
from services.grid.domain.rate_report import RateReport
from services.grid.domain.rate_rules import SHIPPED, AdoptedRateRules, Period, RateRules
from services.grid.domain.rates import BY, Figures, Share, figures, is_behind, shares
from services.grid.domain.turn import LIFECYCLE, Turn
from services.grid.store.rates import names_of, rate_reports, rule_book
from services.grid.store.turns import case_turns, ended_in, published_turns, rows_of
from shared.kernel.command import Actor
from shared.kernel.errors import Unknown
from shared.kernel.listing import Page
from shared.persistence.listing import inside, one, page, rows, within


@dataclass(frozen=True)
class Rates:
    """The figures of a period as they are now, of all that the caller may see and by one thing."""

    period: Period
    rules: RateRules
    report_ref: str | None
    total: Figures
    shares: Sequence[Share]


def rates(
    session: Session, actor: Actor, *, period: str | None, by: str, place_ref: str | None, today: date
) -> Rates:
    """Of the turns that ended in a period (None: the one that today is in), at a place or anywhere inside it."""
    book = rule_book(session)
    asked = book.period(period) if period else book.period_at(today)
    rules = book.rules_for(asked.name)
    wanted = (
        *ended_in(asked, case_turns),
        *_seen_by(actor, case_turns),
        *inside(case_turns.c.place_path, place_ref),
    )
    turns: Sequence[Any] = rows_of(session, case_turns, *wanted)
    published = select(rate_reports.c.id).where(rate_reports.c.period == asked.name)
    return Rates(
        asked,
        rules,
        session.execute(published).scalar_one_or_none(),
        figures(turns, rules),
        shares(turns, by, rules, names_of(session, by, turns)),
    )


def turn(session: Session, actor: Actor, id: str) -> Turn:
    """One turn; a party sees those that it was responsible for. Raises NotFound, Forbidden."""
    found = one(session, actor, Turn, id)
    actor.must_act_for(found.lead_party_ref or "nobody")
    return found


def turns(
    session: Session,
    actor: Actor,
    *,
    period: str | None,
    report_ref: str | None,
    figure: str | None,
    part: str,
    by: str | None,
    key: str | None,
    place_ref: str | None,
    case_ref: str | None,
    state: str | None,
    **paging: Any,
) -> Page:
    """Turns as they are known now, or as they were when a report was published; with a figure only those that make it.
    Raises Unknown where there is no such report, FigureWithoutPeriod, KeyWithoutBy."""
    if figure and not (period or report_ref):
        raise FigureWithoutPeriod(field="period")
    if (by is None) != (key is None):
        raise KeyWithoutBy(field="by" if by is None else "key")
    table = case_turns if report_ref is None else published_turns
    wanted = [*_seen_by(actor, table), *inside(table.c.place_path, place_ref)]
    rules = SHIPPED
    if period is not None:
        book = rule_book(session)
        rules = book.rules_for(period)
        wanted += ended_in(book.period(period), table)
    if report_ref is not None:
        rules = _report(session, report_ref).rules
        wanted.append(table.c.report_ref == report_ref)
    if by is not None:
        wanted.append(func.coalesce(table.c[BY[by]], "") == key)
    equals = {"case_ref": case_ref, "state": state}
    wanted += [table.c[name] == value for name, value in equals.items() if value is not None]
    found = rows(
        session,
        table,
        *wanted,
        keeps=None if figure is None else lambda row: is_behind(row, figure, part, rules),
        **paging,
    )
    return Page([_shown(row) for row in found.items], found.next)


def report(session: Session, actor: Actor, id: str) -> RateReport:
    """One period's, as it was published: everybody in the street reads it. Raises NotFound."""
    return one(session, actor, RateReport, id)


def reports(session: Session, actor: Actor, **paging: Any) -> Page:
    """Those that were published."""
    return page(session, actor, RateReport, **paging)


def rules(session: Session, actor: Actor, **paging: Any) -> Page:
    """Those that the street has adopted, the first one first."""
    return page(session, actor, AdoptedRateRules, **paging)


def _seen_by(actor: Actor, table: Table) -> list[ColumnElement[bool]]:
    seen = within(table.c.place_path, actor)
    return seen if actor.party_ref is None else [*seen, table.c.lead_party_ref == actor.party_ref]


def _report(session: Session, ref: str) -> RateReport:
    found = session.get(RateReport, ref)
    if found is None:
        raise Unknown(what=RateReport.term, ref=ref, field="report_ref")
    return found


def _shown(row: Any) -> Mapping[str, Any]:
    """What was published can be read only."""
    is_published = "report_ref" in row._fields
    return {**row._mapping, "allowed_actions": [] if is_published else LIFECYCLE.actions(row.state)}
