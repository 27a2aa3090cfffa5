"""Draw the shapes of grids, and let places and cases follow their points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.grid.domain.coverage import gaps, overlaps
from services.grid.domain.errors.shapes import (
    GridUnknown,
    ShapesOverlap,
)
from services.grid.domain.place import Place
from services.grid.domain.redraw import Borders, CaseMove, Move, Redraw, cases_that_move, places_that_move
from services.grid.domain.shape import Drawing, Geometry, GridIndex, Shape, from_geojson, read_features
from services.grid.use_cases.places import relocate
from services.grid.use_cases.ports import Work
from shared.kernel.clock import local_date
from shared.kernel.command import Command, use_case
from shared.kernel.errors import JiushuError, Several


@dataclass(frozen=True)
class DrawShapes(Command):
    """导入网格图形 The features of a GeoJSON FeatureCollection; `dry_run`: only say what would happen."""

    features: list[Any]
    dry_run: bool = False


@use_case
def draw_shapes(command: DrawShapes, work: Work) -> Redraw:
    """All shapes of the file or none. Grids that it does not name keep theirs. What has a point in another grid then
    moves there. The same file again changes nothing.

    Raises Several with what is wrong with each feature, OutsideScope.
    """
    work.actor.must_act_everywhere()
    drawings = read_features(command.features)
    if not command.dry_run:
        work.shapes.take_turn()
    grids = {grid.code: grid for grid in work.places.grids()}
    current = {shape.grid_code: shape for shape in work.shapes.current() if shape.grid_code in grids}
    before = {code: from_geojson(shape.geometry) for code, shape in current.items()}
    after = before | {drawing.code: drawing.geometry for drawing in drawings}
    _must_fit(drawings, after, grids)
    changed = [drawing for drawing in drawings if before.get(drawing.code) != drawing.geometry]
    borders = Borders(GridIndex(before), GridIndex(after))
    moves, splits = _place_moves(grids, borders, work)
    case_moves = cases_that_move(work.cases.open_at_points(), grids, borders)
    redraw = Redraw(
        dry_run=command.dry_run,
        drawn=[drawing.code for drawing in changed if drawing.code not in current],
        redrawn=[drawing.code for drawing in changed if drawing.code in current],
        unchanged=[drawing.code for drawing in drawings if drawing not in changed],
        without_shape=sorted(grids.keys() - after.keys()),
        gaps=gaps(after),
        moves=[_move(unit, grid, work) for unit, grid in moves],
        splits=splits,
        case_moves=[CaseMove(case.id, case.number, case.grid_code, grid.code) for case, grid in case_moves],
    )
    if not command.dry_run:
        for drawing in changed:
            shape = Shape(grids[drawing.code], drawing.geometry, today=local_date(work.now))
            work.shapes.replace(current.get(drawing.code), shape, local_date(work.now))
        for unit, grid in moves:
            relocate(unit, grid, work)
        for case, grid in case_moves:
            case.follow(grid)
    return redraw


def end_shape(grid: Place, work: Work) -> None:
    """The grid is no more: nothing lies in it."""
    shape = work.shapes.of_grid(grid.id)
    if shape is not None:
        work.shapes.replace(shape, None, local_date(work.now))


def _must_fit(drawings: list[Drawing], after: dict[str, Geometry], grids: dict[str, Place]) -> None:
    fields = {drawing.code: drawing.field for drawing in drawings}
    wrong: list[JiushuError] = [
        GridUnknown(grid_code=code, field=f"{field}.properties.code")
        for code, field in fields.items()
        if code not in grids
    ]
    wrong += [
        ShapesOverlap(
            grid_code=overlap.code,
            other=overlap.other,
            square_metres=overlap.square_metres,
            field=[fields[code] for code in (overlap.code, overlap.other) if code in fields],
        )
        for overlap in overlaps(after, fields)
    ]
    if wrong:
        raise Several(wrong)


def _place_moves(
    grids: dict[str, Place], borders: Borders, work: Work
) -> tuple[list[tuple[Place, Place]], list[Any]]:
    pointed = work.places.with_points()
    units = {ref: work.places.get(ref) for place in pointed if (ref := place.unit_ref) is not None}
    moves, splits = places_that_move(pointed, units, grids, borders)
    return [(units[ref], grid) for ref, grid in moves.items()], splits


def _move(unit: Place, grid: Place, work: Work) -> Move:
    return Move(
        place_ref=unit.id,
        kind=unit.kind,
        name=unit.name,
        from_code=unit.grid_code or "",
        to_code=grid.code,
        places=1 + len(work.places.inside(unit)),
        open_cases=len(work.cases.open_within(unit.place_path)),
    )
