"""Shapes of grids, and the index that every process keeps of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from weakref import WeakKeyDictionary

from sqlalchemy import Column, Date, Dialect, Index, Integer, String, Table, select
from sqlalchemy.orm import Session

from services.grid.domain.place import Place
from services.grid.domain.point import Point
from services.grid.domain.shape import GridIndex, Shape, from_geojson
from services.grid.store.base import mapper, metadata
from services.grid.store.places import places
from shared.kernel.ids import new_id
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Json

grid_shapes = aggregate_table(
    "grid_shapes",
    metadata,
    Column("grid_ref", Id, nullable=False),
    Column("grid_code", String(30), nullable=False),
    Column("geometry", Json, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
)
# one shape per grid now; those that are no more keep their rows
Index(
    "uq_grid_shapes_now",
    grid_shapes.c.grid_ref,
    unique=True,
    sqlite_where=grid_shapes.c.valid_to.is_(None),
    postgresql_where=grid_shapes.c.valid_to.is_(None),
)

FOLLOWS = [Follows(grid_shapes, grid_shapes.c.valid_to.is_(None), at=grid_shapes.c.grid_ref)]

# one row: it is another one whenever a shape is, and its lock makes redrawings follow each other
shape_revisions = Table(
    "shape_revisions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Id, nullable=False),
)
THE_ROW = {"id": 1, "revision": ""}

map_aggregate(mapper, Shape, grid_shapes)

# this process's index of each database; a database's dialect is its own, and goes with it
_indexes: WeakKeyDictionary[Dialect, tuple[str, GridIndex]] = WeakKeyDictionary()


def grid_index(session: Session) -> GridIndex:
    """Which grid a point lies in, as the shapes are now: built anew when their revision is another one."""
    revision = session.execute(select(shape_revisions.c.revision)).scalar_one_or_none() or ""
    dialect = session.get_bind().dialect
    known = _indexes.get(dialect)
    if known is None or known[0] != revision:
        there = grid_shapes.c.valid_to.is_(None)
        rows = session.execute(select(grid_shapes.c.grid_code, grid_shapes.c.geometry).where(there))
        known = revision, GridIndex({code: from_geojson(geometry) for code, geometry in rows})
        _indexes[dialect] = known
    return known[1]


def grid_at(session: Session, point: Point) -> Place | None:
    """The grid in which a point lies, if there is one and it is there still."""
    code = grid_index(session).code_at(point)
    query = select(Place).where(places.c.code == code, places.c.valid_to.is_(None))
    return session.scalars(query).one_or_none() if code is not None else None


class Shapes(Repository[Shape]):
    """Shapes of grids."""

    kind = Shape

    def current(self) -> Sequence[Shape]:
        """Those that are valid now."""
        query = select(Shape).where(grid_shapes.c.valid_to.is_(None))
        return self.session.scalars(query.order_by(grid_shapes.c.grid_code)).all()

    def of_grid(self, grid_ref: str) -> Shape | None:
        """That of the grid, valid now."""
        there = (grid_shapes.c.grid_ref == grid_ref, grid_shapes.c.valid_to.is_(None))
        return self.session.scalars(select(Shape).where(*there)).one_or_none()

    def grid_at(self, point: Point) -> Place | None:
        """The grid in which the point lies, if there is one."""
        return grid_at(self.session, point)

    def take_turn(self) -> None:
        """Wait until no other transaction is redrawing, and let the others wait."""
        self.session.execute(self.database.insert_new(shape_revisions, ["id"]), [THE_ROW])
        self.session.execute(select(shape_revisions.c.id).with_for_update())

    def replace(self, former: Shape | None, shape: Shape | None, today: date) -> None:
        """One ends, the other is there; every process's index is out of date."""
        if former is not None:
            former.end(today)
            self.session.flush()  # before its successor comes: there is one of a grid at a time
        if shape is not None:
            self.add(shape)
        self.session.execute(shape_revisions.update().values(revision=new_id()))
