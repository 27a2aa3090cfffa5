"""Orders of the hotline, and the days on which its numbers were compared with ours."""

from __future__ import annotations

from sqlalchemy import Column, String, Text, select

from services.grid.domain.hotline_order import HotlineOrder, Word
from services.grid.domain.hotline_reconciliation import HotlineReconciliation
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, Json, kept_list

# a contact is sealed to notify; the fingerprint is keyed, so that nobody finds a phone by trying them all
hotline_orders = aggregate_table(
    "hotline_orders",
    metadata,
    Column("received_at", Instant, nullable=False, index=True),
    Column("revised_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("content", Text, nullable=False),
    Column("address", String(200), nullable=False),
    Column("triage", String(20), nullable=False),
    Column("answer", Text, nullable=False),
    Column("category", String(10)),
    Column("due_at", Instant),
    Column("reporter_sealed", Text),
    Column("fingerprint", String(64), nullable=False),
    Column("case_ref", Id, unique=True),
    Column("words", kept_list(Word), nullable=False),
)

hotline_reconciliations = aggregate_table(
    "hotline_reconciliations",
    metadata,
    Column("numbers", Json, nullable=False),
    Column("sent_by", String(120), nullable=False),
    Column("sent_at", Instant, nullable=False),
)

map_aggregate(mapper, HotlineOrder, hotline_orders)
map_aggregate(mapper, HotlineReconciliation, hotline_reconciliations)


class HotlineOrders(Repository[HotlineOrder]):
    """Orders of the hotline, by its numbers."""

    kind = HotlineOrder

    def of_case(self, case_ref: str) -> HotlineOrder | None:
        """The one that has become that case, held until the transaction ends."""
        query = select(HotlineOrder).where(hotline_orders.c.case_ref == case_ref).with_for_update()
        return self.session.scalars(query).one_or_none()


class HotlineReconciliations(Repository[HotlineReconciliation]):
    """The days, by their dates."""

    kind = HotlineReconciliation
