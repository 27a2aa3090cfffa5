"""Staff, and where they are posted."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Column, Date, Index, String, Table, select
from sqlalchemy.orm import relationship

from services.grid.domain.staff import ON_DUTY, Posting, Staff
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import PLACE_PATH, aggregate_table, map_aggregate
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Sealed

staff = aggregate_table(
    "staff",
    metadata,
    Column("staff_no", String(30), nullable=False, unique=True),
    Column("name", Sealed("staff.name"), nullable=False),
    Column("category", String(30), nullable=False),
    Column("subject", String(64)),
    Column("organisation_ref", Id),
    Column("state", String(20), nullable=False),
)
AT_WORK = staff.c.state == ON_DUTY
Index("ix_staff_at_work", staff.c.category, sqlite_where=AT_WORK, postgresql_where=AT_WORK)
# one token, one person at work
Index("uq_staff_subject", staff.c.subject, unique=True, sqlite_where=AT_WORK, postgresql_where=AT_WORK)

postings = Table(
    "postings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("staff_ref", Id, nullable=False, index=True),
    Column("grid_ref", Id, nullable=False),
    Column("grid_code", String(30), nullable=False),
    Column("grid_name", String(100), nullable=False),
    Column("place_path", PLACE_PATH, nullable=False),
    Column("role", String(20), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
)
OPEN = postings.c.valid_to.is_(None)
# once per grid now; those that have ended keep their rows
Index(
    "uq_postings_now",
    postings.c.grid_ref,
    postings.c.staff_ref,
    unique=True,
    sqlite_where=OPEN,
    postgresql_where=OPEN,
)

mapper.map_imperatively(Posting, postings)
map_aggregate(
    mapper,
    Staff,
    staff,
    postings=relationship(
        Posting,
        primaryjoin=staff.c.id == postings.c.staff_ref,
        foreign_keys=postings.c.staff_ref,
        order_by=postings.c.id,
        lazy="selectin",
        cascade="all",
    ),
)


class Staffs(Repository[Staff]):
    """Staff."""

    kind = Staff

    def by_number(self, staff_no: str) -> Staff | None:
        """Whoever has, or had, that number."""
        return self.session.scalars(select(Staff).where(staff.c.staff_no == staff_no)).one_or_none()

    def with_numbers(self, numbers: Collection[str]) -> dict[str, Staff]:
        """Those who have, or had, these numbers, by them."""
        return {each.staff_no: each for each in self.among(staff.c.staff_no, numbers)}

    def at_work_as(self, subject: str) -> Staff | None:
        """Who is on duty with that account."""
        return self.session.scalars(select(Staff).where(AT_WORK, staff.c.subject == subject)).one_or_none()

    def posted_in(self, grid_ref: str) -> Sequence[Staff]:
        """Those who are posted to the grid now."""
        there = select(postings.c.staff_ref).where(OPEN, postings.c.grid_ref == grid_ref)
        return self.session.scalars(select(Staff).where(staff.c.id.in_(there)).order_by(staff.c.id)).all()
