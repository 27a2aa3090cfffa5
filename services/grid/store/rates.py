"""The rules by which rates are counted, and the rates that were published."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, Date, Integer, String, select
from sqlalchemy.orm import Session

from services.grid.domain.rate_report import RateReport
from services.grid.domain.rate_rules import AdoptedRateRules, RateRules, RuleBook
from services.grid.domain.rates import (
    BY,
    CATEGORY,
    ORGANISATION,
    PARTY,
    Facts,
    Figure,
    Figures,
    Share,
    key_of,
)
from services.grid.store.base import mapper, metadata
from services.grid.store.organisations import organisations
from services.grid.store.places import places
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.repository import Repository, batched
from shared.persistence.types import Instant, kept, kept_list


def _rules(plain: dict[str, Any]) -> RateRules:
    several = {name: tuple(plain[name]) for name in ("grade_weights", "excluded_categories")}
    return RateRules(**{**plain, **several})


def _figures(plain: dict[str, Any]) -> Figures:
    return Figures(**{name: Figure(**figure) for name, figure in plain.items()})


def _share(plain: dict[str, Any]) -> Share:
    return Share(**{**plain, "figures": _figures(plain["figures"])})


rate_rules = aggregate_table(
    "rate_rules",
    metadata,
    Column("first_period", String(7), nullable=False, unique=True),
    Column("effective_on", Date, nullable=False),
    Column("rules", kept(RateRules, _rules), nullable=False),
)

rate_reports = aggregate_table(
    "rate_reports",
    metadata,
    Column("period", String(7), nullable=False, unique=True),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("rules", kept(RateRules, _rules), nullable=False),
    Column("total", kept(Figures, _figures), nullable=False),
    Column("shares", kept_list(Share, _share), nullable=False),
    Column("turn_count", Integer, nullable=False),
    Column("excluded_count", Integer, nullable=False),
    Column("published_by", String(120), nullable=False),
    Column("published_at", Instant, nullable=False),
)

map_aggregate(mapper, AdoptedRateRules, rate_rules)
map_aggregate(mapper, RateReport, rate_reports)


def rule_book(session: Session) -> RuleBook:
    """All rules that there are: a street adopts few."""
    return RuleBook(session.scalars(select(rate_rules.c.rules)).all())


def names_of(session: Session, by: str, turns: Sequence[Facts]) -> Mapping[str, str]:
    """What the units, places or categories of these turns are called now, by their keys; a party and a category as they
    were called last."""
    if by in (PARTY, CATEGORY):
        told = "lead_party_name" if by == PARTY else "category_name"
        latest = sorted(turns, key=lambda turn: turn.ended_at)
        return {key_of(turn, by): getattr(turn, told) for turn in latest}
    table = organisations if by == ORGANISATION else places
    return _names(session, table, {key_of(turn, by) for turn in turns})


def _names(session: Session, table: Any, ids: Collection[str]) -> Mapping[str, str]:
    named = select(table.c.id, table.c.name)
    found = (session.execute(named.where(table.c.id.in_(part))) for part in batched(ids))
    return {row.id: row.name for rows in found for row in rows}


class RateRulesKept(Repository[AdoptedRateRules]):
    """Rules of rates."""

    kind = AdoptedRateRules

    def book(self) -> RuleBook:
        """All of them."""
        return rule_book(self.session)


class RateReports(Repository[RateReport]):
    """Published rates."""

    kind = RateReport

    def of_period(self, period: str) -> RateReport | None:
        """That of a period."""
        return self.session.scalars(select(RateReport).where(rate_reports.c.period == period)).one_or_none()

    def of_day(self, day: date) -> RateReport | None:
        """That of the period which a day is in."""
        holds = (rate_reports.c.first_day <= day, rate_reports.c.last_day >= day)
        return self.session.scalars(select(RateReport).where(*holds)).one_or_none()

    def names(self, turns: Sequence[Facts]) -> Mapping[str, Mapping[str, str]]:
        """What all are called, by what figures are told by."""
        return {by: names_of(self.session, by, turns) for by in BY}
