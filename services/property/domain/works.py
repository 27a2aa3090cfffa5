"""小微工程 Works and their items (domain rows 41–43, 92–93): from an adopted plan to acceptance, or cancelled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.property.domain.errors import (
    AmountOverBudget,
    ItemsNotAccepted,
    ItemUnknown,
    MaintainerNotResponsible,
    PlannedEndWrong,
    WarrantyWrong,
)
from services.property.domain.party import CONTRACTOR, MAINTAINERS, Party
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.clock import local_date
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move
from shared.kernel.money import yuan

PLANNED, CONTRACTED, STARTED, ACCEPTED, CANCELLED = (
    "planned",
    "contracted",
    "started",
    "accepted",
    "cancelled",
)
OPEN, REJECTED = "open", "rejected"

LONGEST_WORKS, LONGEST_WARRANTY = 5, 30  # years

LIFECYCLE = Lifecycle(
    Term("工程", "works"),
    {PLANNED: "已立项", CONTRACTED: "已发包", STARTED: "施工中", ACCEPTED: "已验收", CANCELLED: "已取消"},
    #    action                      from                            to
    move("contract", "发包", PLANNED, CONTRACTED),
    move("start", "开工", CONTRACTED, STARTED),
    move("accept_item", "单项验收", STARTED, STARTED),
    move("reject_item", "单项退回", STARTED, STARTED),
    move("accept", "竣工验收", STARTED, ACCEPTED),
    move("cancel", "取消", (PLANNED, CONTRACTED, STARTED), CANCELLED),
)
ITEM_LIFECYCLE = Lifecycle(
    Term("工程项目", "item"),
    {OPEN: "待验收", ACCEPTED: "已通过", REJECTED: "已退回"},
    move("accept", "验收通过", (OPEN, REJECTED), ACCEPTED),
    move("reject", "退回", (OPEN, REJECTED), REJECTED),
)


@dataclass(frozen=True)
class WorksCreated(DomainEvent):
    """立项 An adopted plan is to be built (rows 41–42)."""


@dataclass(frozen=True)
class WorksContracted(DomainEvent):
    """发包 A contractor has the works (row 43)."""


@dataclass(frozen=True)
class WorksStarted(DomainEvent):
    """开工 The contractor is on site (row 43)."""


@dataclass(frozen=True)
class ItemAccepted(DomainEvent):
    """单项验收 An item passed inspection (row 92)."""

    item: Item


@dataclass(frozen=True)
class ItemRejected(DomainEvent):
    """单项退回 An item failed inspection and must be mended (row 92)."""

    item: Item


@dataclass(frozen=True)
class WorksAccepted(DomainEvent):
    """竣工验收 Every item is good, and somebody maintains it (row 93)."""


@dataclass(frozen=True)
class WorksCancelled(DomainEvent):
    """工程取消 The works end without a result."""


@dataclass(frozen=True)
class Item:
    """修复项目 One thing to be built, and how it was judged last."""

    number: int
    kind: str
    title: str
    location: str
    budget_fen: int
    state: str = OPEN
    accepted_by: str = ""
    evidence: str = ""
    reason: str = ""


@dataclass(frozen=True)
class AdoptedPlan:
    """What a resolved topic says is to be built."""

    topic_ref: str
    plan_version: int
    plan_hash: str
    title: str
    place_ref: str
    place_path: str
    case_refs: list[str]
    area_ref: str
    building_refs: list[str]
    items: list[Item]
    budget_fen: int
    needs_owners_decision: bool
    needs_stewards: bool
    maintainer_ref: str
    maintainer_name: str


class Works(Aggregate):
    """The building of one adopted plan. Made by the event alone, never by hand."""

    term = LIFECYCLE.name

    def __init__(self, plan: AdoptedPlan) -> None:
        """立项"""
        self.id = new_id()
        self.topic_ref = plan.topic_ref
        self.plan_version = plan.plan_version
        self.plan_hash = plan.plan_hash
        self.title = plan.title
        self.place_ref = plan.place_ref
        self.place_path = plan.place_path
        self.case_refs = plan.case_refs
        self.area_ref = plan.area_ref
        self.building_refs = plan.building_refs
        self.items = plan.items
        self.budget_fen = plan.budget_fen
        self.needs_stewards = plan.needs_stewards
        self.maintainer_ref = plan.maintainer_ref
        self.maintainer_name = plan.maintainer_name
        self.contractor_ref: str | None = None
        self.contractor_name = ""
        self.amount_fen: int | None = None
        self.planned_start_on: date | None = None
        self.planned_end_on: date | None = None
        self.permit = ""
        self.started_at: datetime | None = None
        self.representatives = ""
        self.defects = ""
        self.warranty_until_on: date | None = None
        self.ended_at: datetime | None = None
        self.cancelled_because = ""
        self.state = PLANNED
        self.record(WorksCreated())

    def contract(
        self, contractor: Party, *, amount_fen: int, planned_start_on: date, planned_end_on: date
    ) -> None:
        """发包 Raises NotNow, PartyKindWrong, AmountOverBudget, PlannedEndWrong."""
        state = LIFECYCLE.after("contract", self.state)
        contractor.must_be(CONTRACTOR, field="contractor_ref")
        if amount_fen > self.budget_fen:
            raise AmountOverBudget(amount=yuan(amount_fen), budget=yuan(self.budget_fen), field="amount_fen")
        if not _follows(planned_start_on, planned_end_on, years=LONGEST_WORKS):
            raise PlannedEndWrong(
                planned_start_on=planned_start_on, years=LONGEST_WORKS, field="planned_end_on"
            )
        self.state = state
        self.contractor_ref, self.contractor_name = contractor.id, contractor.name
        self.amount_fen = amount_fen
        self.planned_start_on, self.planned_end_on = planned_start_on, planned_end_on
        self.record(WorksContracted())

    def start(self, *, permit: str, now: datetime) -> None:
        """开工 Raises NotNow."""
        self.state = LIFECYCLE.after("start", self.state)
        self.permit = permit
        self.started_at = now
        self.record(WorksStarted())

    def accept_item(self, number: int, *, accepted_by: str, evidence: str) -> None:
        """单项验收 Raises ItemUnknown, NotNow."""
        item = self._judge(number, "accept", accepted_by=accepted_by, evidence=evidence, reason="")
        self.record(ItemAccepted(item))

    def reject_item(self, number: int, *, reason: str) -> None:
        """单项退回: it must be mended and is looked at again. Raises ItemUnknown, NotNow."""
        self.record(ItemRejected(self._judge(number, "reject", reason=reason)))

    def accept(
        self,
        *,
        representatives: str,
        defects: str,
        warranty_until_on: date,
        maintainer: Party,
        now: datetime,
    ) -> None:
        """竣工验收, with residents' representatives.

        Raises NotNow, ItemsNotAccepted, PartyKindWrong, MaintainerNotResponsible, WarrantyWrong.
        """
        state = LIFECYCLE.after("accept", self.state)
        self._must_have_accepted_every_item()
        self._must_be_maintained_by(maintainer)
        accepted_on = local_date(now)
        if not _follows(accepted_on, warranty_until_on, years=LONGEST_WARRANTY):
            raise WarrantyWrong(accepted_on=accepted_on, years=LONGEST_WARRANTY, field="warranty_until_on")
        self.state = state
        self.representatives = representatives
        self.defects = defects
        self.warranty_until_on = warranty_until_on
        self.maintainer_ref, self.maintainer_name = maintainer.id, maintainer.name
        self.ended_at = now
        self.record(WorksAccepted())

    def cancel(self, *, reason: str, now: datetime) -> None:
        """取消: the reason is fit to be read by anyone. Raises NotNow."""
        self.state = LIFECYCLE.after("cancel", self.state)
        self.cancelled_because = reason
        self.ended_at = now
        self.record(WorksCancelled())

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done."""
        return LIFECYCLE.actions(self.state)

    @property
    def items_accepted(self) -> int:
        """销项: how many items are done."""
        return sum(item.state == ACCEPTED for item in self.items)

    def _judge(self, number: int, action: str, **judgement: Any) -> Item:
        item = self._item(number)
        self.state = LIFECYCLE.after(f"{action}_item", self.state)
        judged = replace(item, state=ITEM_LIFECYCLE.after(action, item.state), **judgement)
        self.items = [judged if other.number == number else other for other in self.items]
        return judged

    def _item(self, number: int) -> Item:
        for item in self.items:
            if item.number == number:
                return item
        raise ItemUnknown(ref=number)

    def _must_have_accepted_every_item(self) -> None:
        missing = [f"{item.number} {item.title}" for item in self.items if item.state != ACCEPTED]
        if missing:
            raise ItemsNotAccepted(items="、".join(missing))

    def _must_be_maintained_by(self, maintainer: Party) -> None:
        maintainer.must_be(*MAINTAINERS, field="maintainer_ref")
        if maintainer.id != self.maintainer_ref and not maintainer.answers_for(self.area_ref):
            raise MaintainerNotResponsible(name=maintainer.name, field="maintainer_ref")


def _follows(first: date, last: date, *, years: int) -> bool:
    """Whether `last` is not before `first`, and at most so many calendar years after it."""
    return first <= last and (last.year - years, last.month, last.day) <= (first.year, first.month, first.day)
