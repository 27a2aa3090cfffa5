"""Caution: after a holder has died, what is taken in hand is written down first (谨慎模式).

A message whose handling kills the process leaves no error behind, and would be taken again by each next process.
So a holder that follows a dead one counts `deaths` on the rows before it begins with them: a whole batch at first,
then, where that died as well, each row of it alone. A row in hand at five deaths is given up; whatever ends
otherwise, by success or by an error, is counted no more. A process that stops in order leaves no suspicion, so that
the usual way costs nothing.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Table, func, select, update

from shared.kernel.clock import epoch
from shared.messaging.lease import Lease
from shared.persistence.database import CutOff, Database

# one as part of a batch, four alone: what is killed from outside hits the same one so often only by a long chance
MOST_DEATHS = 5
SPREAD_SECONDS = 3.0
# over one row alone, while the database is there for all that is read and written before it
MOST_CUTS = 5


class ProcessDied(Exception):
    """This was in hand each time when the process came to its end."""

    def __init__(self) -> None:
        super().__init__(
            f"处理它时进程已意外终止 {MOST_DEATHS} 次 (the process died {MOST_DEATHS} times over it)"
        )


class Caution:
    """What of one table (with `id`, `state`, `deaths`, `due`) is under suspicion."""

    def __init__(self, database: Database, lease: Lease, table: Table) -> None:
        self._database = database
        self._lease = lease
        self._table = table
        self._last = 0  # all rows up to here were there when somebody died
        self._survived: set[int] = set()
        self._cuts: Counter[int] = Counter()

    def begin(self) -> None:
        """The last holder died: be careful with all that is there."""
        row = self._table.c
        pending = row.state == "pending"
        with self._database.writing() as session:
            self._lease.guard(session)
            self._last = session.execute(select(func.max(row.id))).scalar_one() or 0
            # Several services may share the process, and each has something in hand when it dies. Those that were
            # taken alone, and will be again, come back at different moments, so that the innocent do not meet the
            # guilty again.
            again = row.deaths.between(2, MOST_DEATHS - 1)
            twice = session.execute(select(row.id, row.deaths).where(pending, again)).all()
            for id, deaths in twice:
                later = epoch() + random.uniform(0, SPREAD_SECONDS * 2**deaths)
                session.execute(update(self._table).where(row.id == id).values(due=later))
        self._survived.clear()

    def suspects(self, row: Row[Any]) -> bool:
        """Whether the row must be taken alone."""
        return self.deaths(row) > 0 or row.id in self._cuts

    def deaths(self, row: Row[Any]) -> int:
        """How often a process died with the row in hand."""
        return int(row.deaths) - (row.id in self._survived)

    def take(self, rows: Sequence[Row[Any]]) -> None:
        """Write down that the rows are in hand, where that is called for. Raises ProcessDied, LeaseLost."""
        careful = [row for row in rows if row.id <= self._last or row.deaths]
        if not careful:
            return
        deaths = max(self.deaths(row) for row in careful)
        if deaths >= MOST_DEATHS:
            raise ProcessDied
        with self._database.writing() as session:
            self._lease.guard(session)
            ids = self._table.c.id.in_([row.id for row in careful])
            session.execute(update(self._table).where(ids).values(deaths=deaths + 1))
        self._survived.difference_update(row.id for row in careful)

    def blames(self, rows: Sequence[Row[Any]], error: BaseException) -> bool:
        """Whether the one row that was in hand alone is at fault that the database is away: its connection has ended
        over it again and again. Once, and of a batch, nobody can say; they are counted, and taken alone next time."""
        if not isinstance(error, CutOff):
            return False
        self._cuts.update(row.id for row in rows)
        return len(rows) == 1 and self._cuts[rows[0].id] > MOST_CUTS

    def came_through(self, row: Row[Any]) -> None:
        """It was done, or its failure was noted: its cuts are counted anew."""
        self._cuts.pop(row.id, None)

    def survived(self, rows: Sequence[Row[Any]]) -> None:
        """This process lives on, but could not say so on the rows: the next `take` counts no further."""
        self._survived.update(row.id for row in rows if row.id <= self._last or row.deaths)
