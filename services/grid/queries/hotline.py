"""Orders of the hotline with what has become of them, and a day's numbers held against what is here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.grid.domain.case import Case
from services.grid.domain.hotline_order import HotlineOrder
from services.grid.domain.hotline_reconciliation import HotlineReconciliation
from services.grid.domain.place import Place
from services.grid.store.cases import cases
from services.grid.store.catch_alls import catch_all_grid, catch_alls
from services.grid.store.hotline import hotline_orders
from shared.access.roles import OUTSIDE_SYSTEM
from shared.kernel.clock import midnight
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.kernel.personal import masked
from shared.persistence.listing import one, page
from shared.persistence.repository import batched


@dataclass(frozen=True)
class OrderSeen:
    """An order, and the case that it has become; its words as the caller may read them."""

    order: HotlineOrder
    case: Case | None
    content: str
    address: str


@dataclass(frozen=True)
class DayCompared:
    """日对账 `known`: sent and here; `missing_here`: sent, but not here; `unknown_there`: received that day, but not
    sent."""

    on: date
    sent_by: str
    sent_at: datetime
    known: list[OrderSeen]
    missing_here: list[str]
    unknown_there: list[OrderSeen]

    @property
    def agrees(self) -> bool:
        """Whether both have the same."""
        return not self.missing_here and not self.unknown_there


@dataclass(frozen=True)
class CatchAllSeen:
    """The grid that takes what nobody can place, None where the caller has none; `is_named`: whether somebody has
    chosen it."""

    grid: Place | None
    is_named: bool


def hotline_order(session: Session, actor: Actor, number: str) -> OrderSeen:
    """One order. Raises NotFound, OutsideScope."""
    (seen,) = _with_cases(session, actor, [one(session, actor, HotlineOrder, number)])
    return seen


def hotline_orders_in_scope(
    session: Session, actor: Actor, *, received_on: date | None, **filters: Any
) -> Page:
    """Orders; those received on a day."""
    wanted = [] if received_on is None else [hotline_orders.c.received_at.between(*_day(received_on))]
    found = page(session, actor, HotlineOrder, *wanted, **filters)
    return Page(_with_cases(session, actor, found.items), found.next)


def day_compared(session: Session, actor: Actor, on: date) -> DayCompared:
    """As it is now. Raises NotFound where the hotline has sent nothing for that day, OutsideScope."""
    actor.must_act_everywhere()
    sent = one(session, actor, HotlineReconciliation, on.isoformat())
    known: list[HotlineOrder] = []
    for numbers in batched(sent.numbers):
        known += session.scalars(select(HotlineOrder).where(hotline_orders.c.id.in_(numbers)))
    of_day = select(HotlineOrder).where(hotline_orders.c.received_at.between(*_day(on)))
    there = set(sent.numbers)
    here = {order.id for order in known}
    unknown = [
        order for order in session.scalars(of_day.order_by(hotline_orders.c.id)) if order.id not in there
    ]
    return DayCompared(
        on=on,
        sent_by=sent.sent_by,
        sent_at=sent.sent_at,
        known=_with_cases(session, actor, sorted(known, key=lambda order: order.id)),
        missing_here=[number for number in sent.numbers if number not in here],
        unknown_there=_with_cases(session, actor, unknown),
    )


def catch_all(session: Session, actor: Actor) -> CatchAllSeen:
    """The grid that takes what nobody can place."""
    grid = catch_all_grid(session, actor)
    named = session.scalars(select(catch_alls.c.grid_ref)).first()
    return CatchAllSeen(grid, is_named=grid is not None and grid.id == named)


def _with_cases(session: Session, actor: Actor, orders: Iterable[HotlineOrder]) -> list[OrderSeen]:
    """With their cases; an outside system, which may be another than the hotline, needs nobody's phone or room."""
    orders = list(orders)
    refs = [order.case_ref for order in orders if order.case_ref is not None]
    found: dict[str, Case] = {}
    for part in batched(refs):
        found |= {case.id: case for case in session.scalars(select(Case).where(cases.c.id.in_(part)))}
    read = masked if actor.role == OUTSIDE_SYSTEM else str
    return [
        OrderSeen(order, found.get(order.case_ref or ""), read(order.content), read(order.address))
        for order in orders
    ]


def _day(on: date) -> tuple[datetime, datetime]:
    """Its first and its last moment, in Beijing."""
    begins = midnight(on)
    return begins, begins + timedelta(days=1, microseconds=-1)
