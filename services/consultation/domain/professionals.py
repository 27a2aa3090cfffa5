"""专业机构 The organisations that came to a request, and the experts whom they lend."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Self


@dataclass(frozen=True)
class Engagement:
    """应征 One organisation, with its experts."""

    engagement_ref: str
    org_ref: str
    expert_refs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Professionals:
    """Who came and has not gone. Who is heard to have gone never comes, in whatever order it is heard."""

    engagements: tuple[Engagement, ...] = ()
    withdrawn_refs: tuple[str, ...] = ()
    gone_org_refs: tuple[str, ...] = ()

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Self:
        """Out of plain values."""
        return cls(
            tuple(
                Engagement(one["engagement_ref"], one["org_ref"], tuple(one["expert_refs"]))
                for one in plain["engagements"]
            ),
            tuple(plain["withdrawn_refs"]),
            tuple(plain.get("gone_org_refs", ())),
        )

    @property
    def org_refs(self) -> list[str]:
        """The organisations that are engaged."""
        return [engagement.org_ref for engagement in self.engagements]

    @property
    def all_org_refs(self) -> list[str]:
        """The organisations that are or were engaged."""
        return list(dict.fromkeys((*self.org_refs, *self.gone_org_refs)))

    @property
    def expert_refs(self) -> list[str]:
        """Their experts, each once."""
        return list(dict.fromkeys(ref for engagement in self.engagements for ref in engagement.expert_refs))

    def lends(self, org_ref: str | None, expert_ref: str) -> bool:
        """Whether that expert is one of that organisation's."""
        return any(one.org_ref == org_ref and expert_ref in one.expert_refs for one in self.engagements)

    def joined(self, engagement: Engagement) -> Self:
        """应征 The same where it is known, or was withdrawn already."""
        known = [one.engagement_ref for one in self.engagements]
        if engagement.engagement_ref in (*known, *self.withdrawn_refs):
            return self
        return replace(self, engagements=(*self.engagements, engagement))

    def left(self, engagement_ref: str, org_ref: str) -> Self:
        """退出 The same where it is known."""
        if engagement_ref in self.withdrawn_refs:
            return self
        staying = tuple(one for one in self.engagements if one.engagement_ref != engagement_ref)
        return replace(
            self,
            engagements=staying,
            withdrawn_refs=(*self.withdrawn_refs, engagement_ref),
            gone_org_refs=(*self.gone_org_refs, org_ref),
        )

    def without(self, org_refs: Collection[str]) -> Self:
        """Those of other organisations."""
        staying = tuple(one for one in self.engagements if one.org_ref not in org_refs)
        return replace(self, engagements=staying)
