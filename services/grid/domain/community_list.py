"""社区职责清单 With which matters a community may help (gate G2, 接诉即办 17): data that the street adopts.

What is not on the list goes to no community, not even as a helper; and a community never leads. Without a list there is
nothing that a community may be asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from services.grid.domain.errors.co_handlers import ListNotAhead, ListNotLast
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class CommunityListAdopted(DomainEvent):
    """启用社区职责清单. Stays at home."""


class CommunityList(Aggregate):
    """社区职责清单 The codes of the categories, from `effective_on` until the next list's day; `basis`: by whose
    decision."""

    term = Term("社区职责清单", "list of what communities do")
    leads_journey = False

    effective_on: date
    basis: str
    categories: list[str]

    def __init__(
        self,
        *,
        effective_on: date,
        basis: str,
        categories: Collection[str],
        last: CommunityList | None,
        today: date,
    ) -> None:
        """启用 From tomorrow at the earliest, after the last list's day. Raises ListNotAhead, ListNotLast."""
        if effective_on <= today:
            raise ListNotAhead(today=today.isoformat(), field="effective_on")
        if last is not None and effective_on <= last.effective_on:
            raise ListNotLast(last=last.effective_on.isoformat(), field="effective_on")
        self.id = new_id()
        self.effective_on = effective_on
        self.basis = basis
        self.categories = sorted(set(categories))
        self.record(CommunityListAdopted())
