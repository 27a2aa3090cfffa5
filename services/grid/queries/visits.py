"""Visits, what came of them, and how far a campaign has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.grid.domain.share import percent
from services.grid.domain.visit import (
    ABSENT,
    BOARD,
    MET,
    PLANNED,
    REFUSED,
    Attempt,
    Campaign,
    Visit,
)
from services.grid.store.visits import visits
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def visit(session: Session, actor: Actor, id: str) -> Visit:
    """One visit. Raises NotFound, Forbidden."""
    return one(session, actor, Visit, id)


def records_of(session: Session, actor: Actor, id: str, **paging: Any) -> Page:
    """What came of a visit, record by record. Raises NotFound, Forbidden."""
    return page(session, actor, Attempt, visit_ref=visit(session, actor, id).id, **paging)


def visits_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Visits, oldest first."""
    return page(session, actor, Visit, **filters)


@dataclass(frozen=True)
class Progress:
    """How far a campaign has come. `in_scope`: households; `absent`: nobody was there, `board`: too often."""

    campaign: Campaign
    in_scope: int
    planned: int
    met: int
    absent: int
    board: int
    refused: int

    @property
    def percent(self) -> str | None:
        """入户覆盖率 Households met ÷ households in scope; None where there is none."""
        return percent(self.met, self.in_scope)


def campaign(session: Session, actor: Actor, id: str) -> Progress:
    """One campaign. Raises NotFound, Forbidden."""
    found = one(session, actor, Campaign, id)
    return _progress(found, _counts(session, [id]))


def campaigns_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Campaigns, oldest first."""
    found = page(session, actor, Campaign, **filters)
    counts = _counts(session, [one.id for one in found.items])
    return Page([_progress(one, counts) for one in found.items], found.next)


def _counts(session: Session, campaign_refs: Sequence[str]) -> Mapping[tuple[str, str], int]:
    """How many visits of these campaigns are in which state: from the index alone."""
    columns = visits.c.campaign_ref, visits.c.state
    query = select(*columns, func.count()).where(visits.c.campaign_ref.in_(campaign_refs)).group_by(*columns)
    return {(ref, state): count for ref, state, count in session.execute(query)}


def _progress(campaign: Campaign, counts: Mapping[tuple[str, str], int]) -> Progress:
    def in_state(state: str) -> int:
        return counts.get((campaign.id, state), 0)

    return Progress(
        campaign,
        in_scope=sum(count for (ref, _), count in counts.items() if ref == campaign.id),
        planned=in_state(PLANNED),
        met=in_state(MET),
        absent=in_state(ABSENT),
        board=in_state(BOARD),
        refused=in_state(REFUSED),
    )
