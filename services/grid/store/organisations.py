"""Organisations."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Boolean, Column, Date, Index, String, func, select

from services.grid.domain.organisation import Organisation
from services.grid.domain.organisation_kinds import LEVEL_KINDS
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Json

organisations = aggregate_table(
    "organisations",
    metadata,
    Column("kind", String(30), nullable=False),
    Column("name", String(100), nullable=False),
    Column("parent_ref", Id, index=True),
    Column("place_ref", Id),
    Column("powers", Json, nullable=False),
    Column("person_ref", Id),
    Column("is_assumed", Boolean, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
)
NOW = organisations.c.valid_to.is_(None)
Index("ix_organisations_now", organisations.c.place_ref, sqlite_where=NOW, postgresql_where=NOW)

map_aggregate(mapper, Organisation, organisations)


class Organisations(Repository[Organisation]):
    """Organisations. A matter may go to one above the caller's place too: the finders ask for no scope."""

    kind = Organisation

    def of_ref(self, ref: str | None, *, locked: bool = False) -> Organisation | None:
        """The one with that id; `locked` as in `find`."""
        lock = True if locked else None
        return self.session.get(Organisation, ref, with_for_update=lock) if ref else None

    def level_at(self, place_path: str | None) -> Organisation | None:
        """The narrowest of the three levels (网格, 社区, 街道) that is there now around a place."""
        around = [ref for ref in (place_path or "").split("/") if ref]
        wanted = (NOW, organisations.c.place_ref.in_(around), organisations.c.kind.in_(LEVEL_KINDS))
        narrowest = (func.length(organisations.c.place_path).desc(), organisations.c.id)
        return self.session.scalars(select(Organisation).where(*wanted).order_by(*narrowest).limit(1)).first()

    def called(self, names: Collection[str]) -> Sequence[Organisation]:
        """Those that are there now under these names."""
        return [*self.among(organisations.c.name, names, NOW)]

    def beside(self, organisation: Organisation) -> Sequence[Organisation]:
        """The one above it, and those under it, that are there now."""
        above, under = (
            organisations.c.id == organisation.parent_ref,
            organisations.c.parent_ref == organisation.id,
        )
        return self.session.scalars(
            select(Organisation).where(NOW, above | under).order_by(organisations.c.id)
        ).all()

    def at(self, place_refs: Sequence[str]) -> Sequence[Organisation]:
        """Those that are there now at these places."""
        return [*self.among(organisations.c.place_ref, place_refs, NOW)]
