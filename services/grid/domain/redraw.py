"""重新划格 What a redrawing of grids means for the places and cases with a known point: said before it is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.grid.domain.case import Case
from services.grid.domain.coverage import Gap
from services.grid.domain.place import Place
from services.grid.domain.point import Point
from services.grid.domain.shape import GridIndex


@dataclass(frozen=True)
class Move:
    """移格 A place, with everything inside it, comes to lie in another grid. `places`: itself and those inside."""

    place_ref: str
    kind: str
    name: str
    from_code: str
    to_code: str
    places: int
    open_cases: int


@dataclass(frozen=True)
class Split:
    """跨格 A place whose parts would lie in several grids, or in none that can hold it: it stays, until its own point
    says where it belongs."""

    place_ref: str
    kind: str
    name: str
    codes: list[str]


@dataclass(frozen=True)
class CaseMove:
    """An open case at a point, which comes to lie in another grid."""

    case_ref: str
    number: str
    from_code: str
    to_code: str


@dataclass(frozen=True)
class Redraw:
    """What happens, or would: codes of grids with a first shape, with another one, with the same; what lies in no grid;
    which grids still have no shape; what moves, and what would have to be cut."""

    dry_run: bool
    drawn: list[str]
    redrawn: list[str]
    unchanged: list[str]
    without_shape: list[str]
    gaps: list[Gap]
    moves: list[Move] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    case_moves: list[CaseMove] = field(default_factory=list)


@dataclass(frozen=True)
class Borders:
    """The grids before and after. What did not change grids by the redrawing is left where it is."""

    before: GridIndex
    after: GridIndex

    def new_code(self, point: Point) -> str | None:
        """The grid in which the point lies after it, if it did not before."""
        code = self.after.code_at(point)
        return code if code != self.before.code_at(point) else None


def places_that_move(
    pointed: Iterable[Place], units: Mapping[str, Place], grids: Mapping[str, Place], borders: Borders
) -> tuple[dict[str, Place], list[Split]]:
    """By the ids of the units that move, the grid that each comes into; and those that would have to be cut.

    What moves is a place directly inside its grid: its own point says where it lies, or else the points inside it, if
    they agree. `pointed`: places with a point; `units` by id; `grids` by code.
    """
    moves: dict[str, Place] = {}
    splits: list[Split] = []
    for unit_ref, points in _deciding_points(pointed).items():
        unit = units[unit_ref]
        if all(borders.new_code(point) is None for point in points):
            continue
        codes = sorted({code for code in map(borders.after.code_at, points) if code is not None})
        targets = [grids[code] for code in codes]
        if [grid.id for grid in targets] == [unit.grid_ref]:
            continue
        if len(targets) == 1 and not targets[0].lies_in(unit):
            moves[unit_ref] = targets[0]
        else:
            splits.append(Split(unit.id, unit.kind, unit.name, codes))
    return moves, splits


def _deciding_points(pointed: Iterable[Place]) -> dict[str, list[Point]]:
    """By the id of each unit: its own point, or else all those inside it."""
    own: dict[str, list[Point]] = {}
    inside: dict[str, list[Point]] = defaultdict(list)
    for place in pointed:
        if place.unit_ref is not None and place.point is not None:
            (own.setdefault(place.id, []) if place.id == place.unit_ref else inside[place.unit_ref]).append(
                place.point
            )
    return {**inside, **own}


def cases_that_move(
    pointed: Iterable[Case], grids: Mapping[str, Place], borders: Borders
) -> list[tuple[Case, Place]]:
    """The open cases at a point that comes to lie in another grid, and which."""
    located = [(case, borders.new_code(case.point)) for case in pointed if case.point is not None]
    return [
        (case, grids[code]) for case, code in located if code is not None and grids[code].id != case.grid_ref
    ]
