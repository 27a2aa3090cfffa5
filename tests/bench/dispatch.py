"""派单与立案: whom to choose among 10,000 staff, beside a plain indexed query; cases taken in over HTTP, beside a bare
werkzeug application that inserts the same rows under the same server."""

from __future__ import annotations

import json
import random
import threading
import time
from datetime import UTC, datetime
from http.client import HTTPConnection
from itertools import count
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, Select, String, select, text
from sqlalchemy.orm import Session

from services.grid import migrations
from services.grid.domain.case_lifecycle import HANDLING
from services.grid.domain.category_table import SHIPPED
from services.grid.domain.staff_categories import STAFF_CATEGORIES
from services.grid.store.attendants import IN_GRID, Attendants
from services.grid.store.cases import cases
from services.grid.store.categories import CategoryTables
from services.grid.store.places import places
from services.grid.store.staff import OPEN, postings, staff
from services.grid.use_cases.attendants import attendance_for
from shared.access.tokens import Tokens
from shared.calendar import working_calendar
from shared.demo.processes import free_port
from shared.kernel.command import Actor
from shared.persistence.database import Database
from shared.persistence.migrate import migrate
from shared.persistence.types import Instant
from tests.bench.ground import child

STAFF, GRIDS, COMMUNITIES, OPEN_CASES = 10_000, 1000, 50, 100_000
KEY = "a key that is only for the bench, and long enough"
MORNING = datetime(2024, 5, 27, 2, tzinfo=UTC)  # everybody is on duty
STREET = Actor("bench", "street")
# what a row needs that nobody has said, by its column's type
FILLERS: tuple[tuple[type, str], ...] = (
    (String, "''"),
    (Integer, "0"),
    (Boolean, "false"),
    (Date, "DATE '2026-01-01'"),
    (Instant, "now()"),
)


class Bench:
    """A street of 10,000 staff in 1,000 grids, with 100,000 cases in their hands, in one database."""

    def __init__(self, url: str, *, staff_count: int = STAFF, open_cases: int = OPEN_CASES) -> None:
        self.url = url
        self.database = Database(url)
        migrate(self.database, migrations, "grid")
        self._grids = min(GRIDS, staff_count)
        self._fill(staff_count, open_cases)
        self._chance = random.Random(2157)
        self._numbers = count()

    def close(self) -> None:
        """Let go of it."""
        self.database.dispose()

    def choice(self, asked: int = 500) -> dict[str, float]:
        """Milliseconds per question, in turns: the staff of a grid by a plain indexed query, and our choice among
        them."""
        spent = {"plain query": 0.0, "our choice": 0.0}
        with self.database.reading() as session:
            work = self._work(session)
            for _ in range(asked):
                grid = self._chance.randrange(self._grids)
                case = self._case(grid)
                for name, ask in (
                    ("plain query", lambda case=case: session.execute(_plain(case.grid_ref)).all()),
                    ("our choice", lambda case=case: attendance_for(case, work)),
                ):
                    begun = time.perf_counter()
                    assert ask()
                    spent[name] += time.perf_counter() - begun
        return {name: seconds / asked * 1000 for name, seconds in spent.items()}

    def reads_no_table_through(self) -> bool:
        """Whether PostgreSQL makes our choice from indexes alone."""
        asked = {"grid_ref": "grid-0", "place_refs": ["street", "c-0", "grid-0"], "now": MORNING}
        with self.database.reading() as session:
            query = IN_GRID.params(asked)
            sql = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
            plan = session.connection().exec_driver_sql(f"EXPLAIN {sql}").scalars().all()
            return not any("Seq Scan on cases" in line or "Seq Scan on staff" in line for line in plan)

    def intake(self, cases_in_all: int = 1000, clients: int = 8) -> dict[str, float]:
        """Cases a second, committed and answered: ours, then the bare application's."""
        port = free_port()
        with child("intake", database=self.url, port=port, key=KEY) as server:
            server.go()
            self._take_in(port, "/grid/v1/cases", 20, clients)  # all is imported and prepared
            ours = self._take_in(port, "/grid/v1/cases", cases_in_all, clients)
            self._take_in(port, "/bare", 20, clients)
            return {"ours": ours, "bare": self._take_in(port, "/bare", cases_in_all, clients)}

    def _take_in(self, port: int, path: str, number: int, clients: int) -> float:
        left, failed = count(), []

        def work() -> None:
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            bearer = Tokens(KEY).issue("bench", "street", "*")
            headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
            while next(left) < number:
                connection.request("POST", path, json.dumps(self._report()), headers)
                answer = connection.getresponse()
                body = answer.read()
                if answer.status != 201:
                    failed.append(body)
                    return

        threads = [threading.Thread(target=work) for _ in range(clients)]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed, failed[0]
        return number / (time.perf_counter() - begun)

    def _report(self) -> dict[str, Any]:
        grid = next(self._numbers) % self._grids
        return {"category": "0601", "place_ref": f"grid-{grid}", "text": "路面破损", "source": "hotline"}

    def _case(self, grid: int) -> Any:
        path = f"/street/c-{grid % COMMUNITIES}/grid-{grid}/"
        return SimpleNamespace(grid_ref=f"grid-{grid}", place_path=path, category="0601", reported_at=MORNING)

    def _work(self, session: Session) -> Any:
        parts = (session, self.database, STREET, lambda _met: None)
        return SimpleNamespace(
            attendants=Attendants(*parts),
            category_tables=CategoryTables(*parts),
            calendar=working_calendar(),
            now=MORNING,
        )

    def _fill(self, staff_count: int, open_cases: int) -> None:
        category = SHIPPED.category("0601")
        kinds = "', '".join(code for code in STAFF_CATEGORIES if code != "captain")
        grid, community = f"(n % {self._grids})", f"(n % {self._grids} % {COMMUNITIES})"
        path = f"'/street/c-' || {community} || '/grid-' || {grid} || '/'"
        common = {"version": "1", "journey": "'bench'"}
        rows = [
            (
                places,
                COMMUNITIES,
                {
                    "id": "'c-' || n",
                    "place_path": "'/street/c-' || n || '/'",
                    "kind": "'community'",
                    "code": "'c-' || n",
                    "community_ref": "'c-' || n",
                },
            ),
            (
                places,
                self._grids,
                {
                    "id": "'grid-' || n",
                    "place_path": path,
                    "kind": "'grid'",
                    "code": "'grid-' || n",
                    "parent_ref": f"'c-' || {community}",
                    "community_ref": f"'c-' || {community}",
                    "grid_ref": "'grid-' || n",
                    "grid_code": "'grid-' || n",
                },
            ),
            (
                staff,
                staff_count,
                {
                    "id": "'staff-' || n",
                    "staff_no": "'S-' || n",
                    "place_path": path,
                    "category": f"(ARRAY['{kinds}'])[1 + n / {self._grids} % 7]",
                    "state": "'on_duty'",
                },
            ),
            (
                postings,
                staff_count,
                {
                    "id": "'posting-' || n",
                    "staff_ref": "'staff-' || n",
                    "grid_ref": f"'grid-' || {grid}",
                    "grid_code": f"'grid-' || {grid}",
                    "place_path": path,
                    "role": "'member'",
                },
            ),
            (
                cases,
                open_cases,
                {
                    "id": "'case-' || n",
                    "number": "'n-' || n",
                    "place_path": path,
                    "category": f"'{category.code}'",
                    "place_ref": f"'grid-' || {grid}",
                    "grid_ref": f"'grid-' || {grid}",
                    "state": f"'{HANDLING}'",
                    "attendant_ref": f"'staff-' || n % {staff_count}",
                },
            ),
        ]
        with self.database.writing() as session:
            for table, number, said in rows:
                own = {name: value for name, value in (common | said).items() if name in table.c}
                columns = own | {
                    column.name: _filler(column)
                    for column in table.c
                    if column.name not in own and not column.nullable
                }
                names, values = ", ".join(columns), ", ".join(columns.values())
                series = f"generate_series(0, {number - 1}) AS n"
                session.execute(text(f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {series}"))
        with self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _plain(grid_ref: str) -> Select[Any]:
    """The staff who are posted to a grid."""
    there = postings.c.staff_ref == staff.c.id
    return (
        select(staff.c.id, staff.c.category)
        .join(postings, there)
        .where(OPEN, postings.c.grid_ref == grid_ref)
    )


def _filler(column: Column[Any]) -> str:
    for kind, value in FILLERS:
        if isinstance(column.type, kind):
            return value
    return "'[]'"  # JSON
