"""承继 One deed in which places merge and split (chain 12): some end, others take over, what they hold goes along.

The official code of a grid begins with its community's, and no code is ever used again: so where communities merge,
their grids are superseded in the same deed. What carries no such code (estate, building, door, spot) keeps its own and
only moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.grid.domain.errors.places import PlaceAlreadyRegistered
from services.grid.domain.errors.successions import (
    EstateLost,
    MoveWrong,
    NewPlaceUnused,
    NotSuperseded,
    SuccessorWrong,
)
from services.grid.domain.place import BUILDING, COMMUNITY, ESTATE, GRID, KINDS, SPOT, Place
from shared.kernel.errors import Term, Unknown

# the street stays, since one installation serves one; behind a door are households, whose rooms would collide
SUPERSEDED_KINDS = (COMMUNITY, ESTATE, GRID, BUILDING, SPOT)


@dataclass(frozen=True)
class NewPlace:
    """A place that begins with the deed, in the place with the code `parent`, which may be new too.

    What is not said it has from those that it takes over from: an estate its type, any place the households that it
    gets undivided.
    """

    kind: str
    name: str
    code: str
    parent: str
    estate_type: str = ""
    household_count: int | None = None


@dataclass(frozen=True)
class Ending:
    """The place `code` ends; the places `into` take over. What lies directly in it goes to the first of them, but for
    those children that `moves` (code of the child: code of the successor) sends to another."""

    code: str
    into: list[str]
    moves: dict[str, str] = field(default_factory=dict)


class Succession:
    """承继 Done with `carry_out`; then `registered`, `moved` and `ended` say to which places, and `places_now` what
    each that moved or ended is now, by its id."""

    def __init__(
        self,
        endings: Iterable[Ending],
        new: Iterable[NewPlace],
        *,
        known: Mapping[str, Place],
        inside: Iterable[Place],
        street_code: str,
        on: date,
    ) -> None:
        """`known` are the places by their codes that the deed names and that exist; `inside` all that are there now in
        those which end, at any depth."""
        self.registered: list[Place] = []
        self.moved: list[Place] = []
        self.ended: list[Place] = []
        self.places_now: dict[str, Place] = {}
        self._endings = {ending.code: ending for ending in endings}
        self._new = {place.code: place for place in new}
        self._known = dict(known)
        self._street_code, self._on = street_code, on
        self._children: dict[str, list[Place]] = {}
        for place in inside:
            self._children.setdefault(place.parent_ref or "", []).append(place)

    def carry_out(self) -> None:
        """From the widest place to the narrowest, so that each is registered or moves after what it will lie in.

        Raises PlaceAlreadyRegistered, NotSuperseded, SuccessorWrong, EstateLost, NewPlaceUnused, MoveWrong,
        GridNeedsNewCode, PlaceEnded, Unknown, and what registering a place raises.
        """
        for code in self._new.keys() & self._known.keys():
            raise PlaceAlreadyRegistered(place_code=code, name=self._known[code].name, field="register")
        old = [self._known_place(code, "supersede") for code in self._endings]
        for place in sorted(old, key=lambda place: place.place_path.count("/")):
            self._end(place, self._endings[place.code])
        for code in self._new:
            raise NewPlaceUnused(place_code=code, field="register")

    def _end(self, old: Place, ending: Ending) -> None:
        if old.kind not in SUPERSEDED_KINDS:
            possible = Term("、".join(KINDS[kind] for kind in SUPERSEDED_KINDS), ", ".join(SUPERSEDED_KINDS))
            kind = Term(KINDS[old.kind], old.kind)
            raise NotSuperseded(name=old.name, kind=kind, possible=possible, field="supersede")
        successors = {code: self._successor(code, old) for code in ending.into}
        staying = {c.code: c for c in self._children.get(old.id, []) if c.code not in self._endings}
        for code, to in ending.moves.items():
            if code not in staying or to not in successors:
                raise MoveWrong(place_code=code, name=old.name, field="moves")
        for code, child in staying.items():
            parent = successors[ending.moves.get(code, ending.into[0])]
            self._move(child, parent, former_type=old.estate_type)
            self._children.setdefault(parent.id, []).append(child)
        together = [code for code, other in self._endings.items() if other.into[0] == ending.into[0]]
        old.supersede(
            list(successors.values()), old_refs=[self._known[code].id for code in together], on=self._on
        )
        self.ended.append(old)
        self.places_now[old.id] = successors[ending.into[0]]

    def _move(self, place: Place, parent: Place, *, former_type: str) -> None:
        inner_type = place.estate_type
        place.move(parent, former_type=former_type)
        self.moved.append(place)
        self.places_now[place.id] = place
        for child in self._children.get(place.id, []):
            if child.code not in self._endings:
                self._move(child, place, former_type=inner_type)

    def _successor(self, code: str, old: Place) -> Place:
        if code in self._new:
            self._register(self._new.pop(code), old)
        place = self._known_place(code, "into")
        path = place.place_path
        if place.kind != old.kind or code in self._endings or f"/{old.id}/" in path:
            raise SuccessorWrong(name=old.name, successor=place.name, field="into")
        if old.kind != ESTATE and old.estate_ref and not place.estate_ref:
            raise EstateLost(name=old.name, successor=place.name, field="into")
        place.must_be_there(field="into")
        return place

    def _register(self, new: NewPlace, old: Place) -> None:
        """When it is first needed: what it lies in is there by then. Raises SuccessorWrong, Unknown."""
        parent = self._known_place(new.parent, "parent")
        if new.parent in self._endings:
            raise SuccessorWrong(name=parent.name, successor=new.name, field="parent")
        households = [
            self._known[e.code].household_count for e in self._endings.values() if e.into == [new.code]
        ]
        place = Place(
            kind=new.kind,
            name=new.name,
            code=new.code,
            parent=parent,
            street_code=self._street_code,
            today=self._on,
            estate_type=new.estate_type or (old.estate_type if old.kind == ESTATE else ""),
            household_count=sum(households) if new.household_count is None else new.household_count,
        )
        self._known[new.code] = place
        self._children.setdefault(parent.id, []).append(place)
        self.registered.append(place)

    def _known_place(self, code: str, field: str) -> Place:
        if code not in self._known:
            raise Unknown(what=Place.term, ref=code, field=field)
        return self._known[code]
