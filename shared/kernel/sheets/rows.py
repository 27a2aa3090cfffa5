"""表格 What importing any kind of sheet has in common: its rows, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.kernel.command import OutsideScope
from shared.kernel.errors import JiushuError
from shared.kernel.sheets.errors import RowOutsideScope

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"


@dataclass(frozen=True)
class Row:
    """A row of a sheet: its number as people count them, and the values by the columns' keys; what is empty is not
    there."""

    number: int
    cells: Mapping[str, Any]


@dataclass
class Report:
    """What became of the rows, and what is wrong with which."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    wrong: list[tuple[int, JiushuError]] = field(default_factory=list)


def each_row(rows: Sequence[Row], carry_out: Callable[[Mapping[str, Any]], str]) -> Report:
    """Carry out every row, those after a wrong one too: `carry_out` says CREATED, CHANGED or UNCHANGED, or refuses.

    Raises RowOutsideScope: who reaches beyond his place is not told what else is wrong.
    """
    report = Report()
    for row in rows:
        try:
            outcome = carry_out(row.cells)
        except OutsideScope as error:
            raise RowOutsideScope(row=row.number, field=f"rows.{row.number}") from error
        except JiushuError as error:
            report.wrong.append((row.number, error))
        else:
            setattr(report, outcome, getattr(report, outcome) + 1)
    return report
