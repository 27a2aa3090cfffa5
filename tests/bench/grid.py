"""grid's questions at a size that no street has: a point among 100,000 grids, a household among 1,000,000, and the doors
that miss a captain among 40,000."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable, Sequence
from io import StringIO

import psycopg2
import shapely
from sqlalchemy import Select, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from services.grid import migrations
from services.grid.domain.point import SOUTH, WEST, Point
from services.grid.domain.shape import GridIndex, to_geojson
from services.grid.queries.households import surroundings, surroundings_of
from services.grid.store.posts import posts
from services.grid.store.shapes import grid_at
from shared.kernel.command import Actor
from shared.persistence.database import Database
from shared.persistence.migrate import migrate

COLUMNS, ROWS, SIDE = 400, 250, 0.005  # grids, in degrees
COMMUNITIES, GRIDS, BUILDINGS, DOORS, ROOMS = 10, 1000, 10_000, 40_000, 25
ASKED = 2000
STREET = Actor("bench", "street")


def lattice() -> dict[str, shapely.Polygon]:
    """100,000 squares beside each other, by their codes."""
    return {
        f"{row * COLUMNS + column:015}": shapely.box(
            WEST + column * SIDE, SOUTH + row * SIDE, WEST + (column + 1) * SIDE, SOUTH + (row + 1) * SIDE
        )
        for row in range(ROWS)
        for column in range(COLUMNS)
    }


class Bench:
    """The grids of a city and the households of a district in one database, filled by COPY."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        migrate(self.database, migrations, "grid")
        shapes = lattice()
        self._index = GridIndex(shapes)
        self._tree = shapely.STRtree(list(shapes.values()))
        self._fill(url, shapes)
        self._chance = random.Random(2157)

    def close(self) -> None:
        """Let go of it."""
        self.database.dispose()

    def index(self) -> dict[str, float]:
        """Microseconds per point: the bare tree's query and ours, in turns of a hundred; then with the database, which is
        asked for the revision and the grid."""
        points = [self._point() for _ in range(ASKED)]
        bare = [shapely.Point(point.longitude, point.latitude) for point in points]
        spent = {"bare tree": 0.0, "our index": 0.0}
        for begin in range(0, ASKED, 100):
            part = slice(begin, begin + 100)
            spent["bare tree"] += _seconds(self._bare, bare[part])
            spent["our index"] += _seconds(self._index.code_at, points[part])
        with self.database.reading() as session:
            grid_at(session, points[0])  # builds this process's index
            spent["with the database"] = _seconds(lambda point: grid_at(session, point), points)
        return {name: seconds / ASKED * 1e6 for name, seconds in spent.items()}

    def index_seconds(self) -> float:
        """How long a process builds its index when the shapes have changed."""
        with Database(self.database.url.render_as_string(hide_password=False)).reading() as session:
            return _seconds(lambda point: grid_at(session, point), [self._point()])

    def surroundings(self) -> list[float]:
        """Milliseconds of each question: from a household to all that is around it."""
        with self.database.reading() as session:
            return _each(lambda id: surroundings(session, STREET, id), self._some_households())

    def vacancies(self) -> list[float]:
        """Milliseconds of each question: the doors that miss somebody, after one more has left."""
        found = []
        for _ in range(50):
            door = f"door-{self._chance.randrange(DOORS)}"
            with self.database.writing() as session:
                session.execute(posts.update().where(posts.c.id == door).values(serving=0, missing=1))
            with self.database.reading() as session:
                found += _each(lambda query: session.execute(query).all(), [vacancies_of()])
        return found

    def reads_no_table_through(self) -> bool:
        """Whether PostgreSQL answers both questions from indexes alone; to read through an empty table is cheaper."""
        with self.database.reading() as session:
            plans = [_plan(session, query) for query in (surroundings_of("household-1"), vacancies_of())]
            read = {name for plan in plans for name in re.findall(r"Seq Scan on (\w+)", plan)}
            return not any(session.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first() for name in read)

    def _bare(self, point: shapely.Point) -> object:
        return self._tree.query(point, predicate="intersects")

    def _point(self) -> Point:
        return Point.at(
            WEST + self._chance.random() * COLUMNS * SIDE, SOUTH + self._chance.random() * ROWS * SIDE
        )

    def _some_households(self) -> list[str]:
        return [f"household-{self._chance.randrange(DOORS * ROOMS)}" for _ in range(ASKED)]

    def _fill(self, url: str, shapes: dict[str, shapely.Polygon]) -> None:
        where = make_url(url)
        connection = psycopg2.connect(
            host=where.host,
            port=where.port,
            user=where.username,
            password=where.password,
            dbname=where.database,
        )
        with connection, connection.cursor() as cursor:
            copy = lambda table, columns, rows: cursor.copy_expert(  # noqa: E731
                f"COPY {table} ({columns}) FROM STDIN", _lines(rows)
            )
            copy("places", PLACES, _places(shapes))
            copy("grid_shapes", SHAPES, _shapes(shapes))
            copy("shape_revisions", "id, revision", [(1, "filled")])
            copy("posts", POSTS, _posts())
            copy("households", HOUSEHOLDS, _households())
        connection.autocommit = True
        connection.cursor().execute("VACUUM ANALYZE")
        connection.close()


def vacancies_of() -> Select[tuple[str, str, int]]:
    """The doors that miss somebody."""
    return (
        select(posts.c.id, posts.c.door_name, posts.c.missing).where(posts.c.missing > 0).order_by(posts.c.id)
    )


PLACES = """id, version, journey, place_path, kind, name, code, estate_type, household_count, parent_ref, valid_from,
    community_ref, grid_ref, grid_code, building_ref"""
SHAPES = "id, version, journey, place_path, grid_ref, grid_code, geometry, valid_from"
POSTS = "id, version, journey, place_path, door_name, required, serving, missing"
HOUSEHOLDS = "id, version, journey, place_path, door_ref, room, valid_from"
NOTHING = r"\N"


def _places(shapes: Iterable[str]) -> Iterable[Sequence[object]]:
    def row(
        id: str, path: str, kind: str, code: str, parent: str, grid: str = NOTHING, building: str = NOTHING
    ):
        community = path.split("/")[2] or NOTHING
        return (
            id,
            1,
            "bench",
            path,
            kind,
            id,
            code,
            "old",
            0,
            parent,
            "2026-01-01",
            community,
            grid,
            code,
            building,
        )

    yield row("street", "/street/", "street", "110112010", NOTHING)
    for number in range(COMMUNITIES):
        yield row(f"c-{number}", f"/street/c-{number}/", "community", f"c-{number}", "street")
    for number, code in enumerate(shapes):
        community = f"c-{number % COMMUNITIES}"
        yield row(
            f"grid-{number}", f"/street/{community}/grid-{number}/", "grid", code, community, f"grid-{number}"
        )
    for number in range(BUILDINGS):
        id, grid = f"building-{number}", f"grid-{number % GRIDS}"
        yield row(id, _building_path(number), "building", id, grid, grid, id)
    for number in range(DOORS):
        id, building = f"door-{number}", number % BUILDINGS
        path = f"{_building_path(building)}{id}/"
        yield row(
            id, path, "door", id, f"building-{building}", f"grid-{building % GRIDS}", f"building-{building}"
        )


def _building_path(number: int) -> str:
    grid = number % GRIDS
    return f"/street/c-{grid % COMMUNITIES}/grid-{grid}/building-{number}/"


def _shapes(shapes: dict[str, shapely.Polygon]) -> Iterable[Sequence[object]]:
    for number, (code, shape) in enumerate(shapes.items()):
        geometry = str(to_geojson(shape)).replace("'", '"')
        yield f"shape-{number}", 1, "bench", "/street/", f"grid-{number}", code, geometry, "2026-01-01"


def _posts() -> Iterable[Sequence[object]]:
    for number in range(DOORS):
        yield f"door-{number}", 1, "bench", "/street/", f"door-{number}", 1, 1, 0


def _households() -> Iterable[Sequence[object]]:
    for number in range(DOORS * ROOMS):
        door = number % DOORS
        path = f"{_building_path(door % BUILDINGS)}door-{door}/"
        yield f"household-{number}", 1, "bench", path, f"door-{door}", number // DOORS, "2026-01-01"


def _lines(rows: Iterable[Sequence[object]]) -> StringIO:
    return StringIO("".join("\t".join(map(str, row)) + "\n" for row in rows))


def _seconds(ask: Callable[[object], object], asked: Sequence[object]) -> float:
    begun = time.perf_counter()
    for one in asked:
        ask(one)
    return time.perf_counter() - begun


def _each(ask: Callable[[object], object], asked: Sequence[object]) -> list[float]:
    return [_seconds(ask, [one]) * 1000 for one in asked]


def _plan(session: Session, query: Select) -> str:
    sql = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    return "\n".join(row[0] for row in session.connection().exec_driver_sql(f"EXPLAIN {sql}"))
