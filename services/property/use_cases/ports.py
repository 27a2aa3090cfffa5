"""What the use cases need kept: the store's repositories, in their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.property.domain.area import Area
from services.property.domain.decision import ExpectedDecision, OwnersDecision
from services.property.domain.party import Party
from services.property.domain.works import Works
from shared.kernel import ports
from shared.kernel.ports import Repository


class Areas(Repository[Area], Protocol):
    """Areas."""

    def holding_any(self, building_refs: Sequence[str]) -> Area | None:
        """An area that one of the buildings belongs to."""


class Parties(Repository[Party], Protocol):
    """Parties. They lie nowhere: whoever may act may name any of them."""

    def by_credit_code(self, credit_code: str) -> Party | None:
        """The party with that unified social credit code."""


class ExpectedDecisions(Repository[ExpectedDecision], Protocol):
    """Plans that need the owners."""

    def of_plan(self, topic_ref: str, plan_hash: str, *, locked: bool = False) -> ExpectedDecision | None:
        """What that plan waits for. `locked`: no other result of the plan is recorded meanwhile."""


class Decisions(Repository[OwnersDecision], Protocol):
    """Owners' decisions."""

    def adopted(self, topic_ref: str, plan_hash: str) -> OwnersDecision | None:
        """The decision that adopted that plan."""


class WorksRepository(Repository[Works], Protocol):
    """Works."""

    def of_plan(self, topic_ref: str, plan_hash: str) -> Works | None:
        """The works made from that plan."""


class Work(ports.Work, Protocol):
    """One transaction of property."""

    areas: Areas
    parties: Parties
    expected_decisions: ExpectedDecisions
    decisions: Decisions
    works: WorksRepository
