"""兜底网格 Say which grid takes what nobody can place, and find it."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.catch_all import CatchAll
from services.grid.domain.errors.places import NoGridAnywhere
from services.grid.domain.place import Place
from services.grid.use_cases.ports import Work
from shared.kernel.command import Command, OutsideScope, use_case


@dataclass(frozen=True)
class NameCatchAll(Command):
    """指定兜底网格"""

    grid_ref: str


@use_case
def name_catch_all(command: NameCatchAll, work: Work) -> CatchAll:
    """From now on. Raises OutsideScope, PlaceKindUnfit, PlaceEnded, Unknown."""
    work.actor.must_act_everywhere()
    grid = work.places.named(command.grid_ref, field="grid_ref")
    known = work.catch_alls.find(work.identity.street)
    if known is None:
        known = CatchAll(work.identity.street, grid)
        work.catch_alls.add(known)
    elif known.grid_ref != grid.id:
        known.name(grid)
    return known


def catch_all_grid(work: Work, around: str | None = None) -> Place:
    """The grid that the street has named, but one in the place `around`, where that is known and has any. Until the
    street has named one, or where that is not the actor's, the first by its code of those that are: nothing is lost
    because nobody has chosen. Raises OutsideScope, NoGridAnywhere."""
    grid = (work.catch_alls.grid(around) if around else None) or work.catch_alls.grid()
    if grid is None:
        raise NoGridAnywhere() if work.actor.place_ref is None else OutsideScope()
    return grid
