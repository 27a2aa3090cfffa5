"""方案 The plan of a topic, with all its versions (domain rows 26, 33); each is fixed by its hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from services.consultation.domain.errors import (
    DecisionKindMissing,
    FundingWrong,
    ItemTwice,
    PlanMovedOn,
    VersionUnknown,
)
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.money import yuan

DECISION_KINDS = {"common_parts": "改变共有部分等重大事项", "ordinary": "一般事项"}  # 民法典 278


@dataclass(frozen=True)
class Item:
    """项目 One thing to be built or done."""

    kind: str
    title: str
    location: str
    budget_fen: int

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the other items, from version to version."""
        return self.title, self.location


@dataclass(frozen=True)
class Funding:
    """资金来源 One source of money."""

    source: str
    amount_fen: int


@dataclass(frozen=True)
class OwnersDecision:
    """业主共同决定 Whether the owners must decide, by which majority, why, and who judged so (domain.md 0)."""

    required: bool
    kind: str | None
    reason: str
    judged_by: str


@dataclass(frozen=True)
class Content:
    """What a version says."""

    items: tuple[Item, ...]
    funding: tuple[Funding, ...]
    author_org_refs: tuple[str, ...]
    building_refs: tuple[str, ...]
    needs_stewards: bool
    area_ref: str
    maintainer_ref: str
    owners_decision: OwnersDecision

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Self:
        """Out of plain values."""
        return cls(
            items=tuple(Item(**item) for item in plain["items"]),
            funding=tuple(Funding(**part) for part in plain["funding"]),
            author_org_refs=tuple(plain["author_org_refs"]),
            building_refs=tuple(plain["building_refs"]),
            needs_stewards=plain["needs_stewards"],
            area_ref=plain["area_ref"],
            maintainer_ref=plain["maintainer_ref"],
            owners_decision=OwnersDecision(**plain["owners_decision"]),
        )

    @property
    def budget_fen(self) -> int:
        """What all items cost together."""
        return sum(item.budget_fen for item in self.items)

    def check(self) -> None:
        """Raises ItemTwice, FundingWrong, DecisionKindMissing."""
        keys = [item.key for item in self.items]
        for title, location in keys:
            if keys.count((title, location)) > 1:
                raise ItemTwice(title=title, location=location, field="items")
        funding_fen = sum(part.amount_fen for part in self.funding)
        if funding_fen != self.budget_fen:
            raise FundingWrong(funding=_money(funding_fen), budget=_money(self.budget_fen), field="funding")
        if self.owners_decision.required and self.owners_decision.kind is None:
            kinds = Term("、".join(DECISION_KINDS.values()), ", ".join(DECISION_KINDS))
            raise DecisionKindMissing(kinds=kinds, field="owners_decision.kind")


@dataclass(frozen=True)
class Version:
    """One version. The hash covers its number too, so that what was judged once cannot pass for what is new."""

    number: int
    hash: str
    proposed_at: datetime
    content: Content

    @classmethod
    def of(cls, content: Content, *, plan_ref: str, number: int, now: datetime) -> Self:
        """A version with its hash: SHA-256 over the canonical JSON of its content."""
        fixed = {"plan_ref": plan_ref, "version": number, **asdict(content)}
        canonical = json.dumps(fixed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return cls(number, hashlib.sha256(canonical.encode()).hexdigest(), now, content)

    @classmethod
    def kept(cls, plain: dict[str, Any]) -> Self:
        """Out of plain values, as it was."""
        return cls(**{**plain, "content": Content.of(plain["content"])})


@dataclass(frozen=True)
class Change:
    """An item that stands in both versions, and differs."""

    before: Item
    after: Item


@dataclass(frozen=True)
class Difference:
    """What one version changes in another."""

    added: list[Item]
    removed: list[Item]
    changed: list[Change]
    budget_change_fen: int


def difference(before: Content, after: Content) -> Difference:
    """版本比较 Items are the same where title and location are."""
    old, new = ({item.key: item for item in content.items} for content in (before, after))
    return Difference(
        added=[item for key, item in new.items() if key not in old],
        removed=[item for key, item in old.items() if key not in new],
        changed=[Change(old[key], item) for key, item in new.items() if key in old and old[key] != item],
        budget_change_fen=after.budget_fen - before.budget_fen,
    )


@dataclass(frozen=True)
class PlanProposed(DomainEvent):
    """提出方案 A version is laid before the topic."""

    version: Version


@dataclass(frozen=True)
class VersionPassed(DomainEvent):
    """方案过审 A version passed its review; where it needs the owners, they are asked."""

    version: Version


class Plan(Aggregate):
    """方案 The plan of a topic: one, with versions."""

    term = Term("方案", "plan")

    def __init__(self, *, topic_ref: str, place_ref: str, place_path: str | None) -> None:
        self.id = new_id()
        self.topic_ref = topic_ref
        self.place_ref = place_ref
        self.place_path = place_path
        self.versions: list[Version] = []
        self.passed_version: int | None = None

    @property
    def latest(self) -> Version:
        """The newest version."""
        return self.versions[-1]

    def propose(self, content: Content, *, now: datetime) -> None:
        """提出方案 A new version. Raises ItemTwice, FundingWrong, DecisionKindMissing."""
        content.check()
        version = Version.of(content, plan_ref=self.id, number=len(self.versions) + 1, now=now)
        self.versions = [*self.versions, version]
        self.record(PlanProposed(version))

    def must_be_at(self, number: int) -> None:
        """Raises PlanMovedOn where the newest version is another than `number`, 0 standing for none."""
        if number != len(self.versions):
            raise PlanMovedOn(version=len(self.versions))

    def numbered(self, number: int) -> Version:
        """The version with that number. Raises VersionUnknown."""
        if not 1 <= number <= len(self.versions):
            raise VersionUnknown(ref=number)
        return self.versions[number - 1]

    def pass_version(self, number: int) -> None:
        """双审通过"""
        self.passed_version = number
        self.record(VersionPassed(self.numbered(number)))


def _money(fen: int) -> Term:
    return Term(yuan(fen), f"{fen} fen")
