"""组织 The organisations of a street, as trees (domain rows 6–10): a matter moves up and down only along them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.grid.domain.errors.people import (
    NotAlongTheTree,
    OrganisationEndedAlready,
    OrganisationMisplaced,
    OrganisationStillHolds,
    PowersNotHeld,
)
from services.grid.domain.organisation_kinds import KINDS, PARTY_BACKBONE, POWERS, must_stand_under
from services.grid.domain.place import KINDS as PLACE_KINDS
from services.grid.domain.place import Place
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id

UP, DOWN = "up", "down"


@dataclass(frozen=True)
class OrganisationRegistered(DomainEvent):
    """组织登记 It exists."""


@dataclass(frozen=True)
class OrganisationChanged(DomainEvent):
    """组织变更 Its name, its powers, or where it stands or sits."""


@dataclass(frozen=True)
class OrganisationEnded(DomainEvent):
    """组织撤销 It is no more."""


class Organisation(Aggregate):
    """组织 A node of one of the trees, from `valid_from` until `valid_to` (None: still), in local days.

    It sits at a place where its kind says so, else where it is said to; without one, where its parent does.
    A 党员骨干 is a person (`person_ref`, a resident_ref of notify) bound to a branch, its parent, and a grid (row 8);
    nobody's name is kept here, so that its name says the grid. `is_assumed` marks a name that the article does not
    give (row 10).
    """

    term = Term("组织", "organisation")
    leads_journey = False

    place_ref: str | None

    def __init__(
        self,
        *,
        kind: str,
        name: str,
        parent: Organisation | None,
        place: Place | None,
        today: date,
        powers: Sequence[str] | None = None,
        person_ref: str | None = None,
        is_assumed: bool = False,
    ) -> None:
        """登记 `powers` None: those of its kind. Raises OrganisationKindWrong, OrganisationMisplaced,
        OrganisationEndedAlready, PowersNotHeld, PlaceEnded."""
        must_stand_under(kind, parent.kind if parent else None)
        if parent is not None:
            parent.must_be_there(field="parent_ref")
        self.id = new_id()
        self.kind: str = kind
        self.name = name
        self.parent_ref = parent.id if parent else None
        self._sit_at(place, parent)
        self.powers = self._held(powers)
        self.person_ref = person_ref
        self.is_assumed = is_assumed
        self.valid_from = today
        self.valid_to: date | None = None
        self.record(OrganisationRegistered())

    @classmethod
    def backbone(cls, branch: Organisation, grid: Place, person_ref: str, *, today: date) -> Organisation:
        """党员骨干 A member of a branch who is there for a grid."""
        name = _of_grid(grid)
        return cls(
            kind=PARTY_BACKBONE, name=name, parent=branch, place=grid, person_ref=person_ref, today=today
        )

    @property
    def tree(self) -> str:
        """Which tree it is of, a code of TREES."""
        return KINDS[self.kind].tree

    def must_be_there(self, *, field: str) -> None:
        """Raises OrganisationEndedAlready, naming the input `field`, where it is no more."""
        if self.valid_to is not None:
            raise OrganisationEndedAlready(name=self.name, ended_on=self.valid_to.isoformat(), field=field)

    def change(self, *, name: str | None, powers: Sequence[str] | None, parent: Organisation | None) -> None:
        """变更 What is None stays. Raises as registering does."""
        self.must_be_there(field="id")
        if parent is not None:
            must_stand_under(self.kind, parent.kind)
            parent.must_be_there(field="parent_ref")
            if not (self.place_path or "").startswith(parent.place_path or ""):
                raise OrganisationMisplaced(
                    kind=KINDS[self.kind].term, place=KINDS[parent.kind].term, field="parent_ref"
                )
            self.parent_ref = parent.id
        self.name = name or self.name
        self.powers = self.powers if powers is None else self._held(powers)
        self.record(OrganisationChanged())

    def follow(self, place: Place) -> None:
        """Its place has become another one, or lies elsewhere now."""
        self.place_ref, self.place_path = place.id, place.place_path
        if self.kind == PARTY_BACKBONE:
            self.name = _of_grid(place)
        self.record(OrganisationChanged())

    def end(self, *, under: int, in_hand: int, today: date) -> None:
        """撤销 `under`: how many stand under it; `in_hand`: how many open cases it has.

        Raises OrganisationStillHolds."""
        self.must_be_there(field="id")
        if under or in_hand:
            raise OrganisationStillHolds(name=self.name, under=under, in_hand=in_hand, field="id")
        self.valid_to = today
        self.record(OrganisationEnded())

    def reaches(self, place_path: str | None) -> bool:
        """Whether something at `place_path` lies where it works."""
        return (place_path or "").startswith(self.place_path or "")

    def _sit_at(self, place: Place | None, parent: Organisation | None) -> None:
        wanted = KINDS[self.kind].place_kind
        if wanted is not None and (place is None or place.kind != wanted):
            raise OrganisationMisplaced(
                kind=KINDS[self.kind].term, place=Term(PLACE_KINDS[wanted], wanted), field="place_ref"
            )
        if place is not None:
            place.must_be_there(field="place_ref")
            if parent is not None and not parent.reaches(place.place_path):
                raise OrganisationMisplaced(
                    kind=KINDS[self.kind].term, place=KINDS[parent.kind].term, field="place_ref"
                )
        self.place_ref = place.id if place else (parent.place_ref if parent else None)
        self.place_path = place.place_path if place else (parent.place_path if parent else None)

    def _held(self, powers: Sequence[str] | None) -> list[str]:
        held = KINDS[self.kind].powers
        for power in powers or ():
            if power not in held:
                raise PowersNotHeld(kind=KINDS[self.kind].term, power=POWERS[power], field="powers")
        return list(held if powers is None else powers)


def _of_grid(grid: Place) -> str:
    return f"{KINDS[PARTY_BACKBONE].name}（{grid.name}）"


@dataclass(frozen=True)
class Next:
    """The organisations that a matter may go to from the one that has it: one up, or several down."""

    holder: Organisation
    up: Organisation | None
    down: tuple[Organisation, ...]

    def towards(self, ref: str) -> tuple[Organisation, str]:
        """The one with that id, and the direction. Raises NotAlongTheTree with those that are possible."""
        if self.up is not None and self.up.id == ref:
            return self.up, UP
        for organisation in self.down:
            if organisation.id == ref:
                return organisation, DOWN
        possible = [self.up, *self.down] if self.up else list(self.down)
        named = "、".join(f"{each.name}（{each.id}）" for each in possible)
        raise NotAlongTheTree(
            holder=self.holder.name,
            possible=Term(
                named or "无，请先登记其上级或下级组织", named or "none; register one above or below it first"
            ),
            field="to_organisation_ref",
        )


def next_along(holder: Organisation, others: Iterable[Organisation], place_path: str | None) -> Next:
    """上下级 Where a matter at `place_path` may go from `holder`: to its parent, or to those under it that work there
    (事在格中办). Who is no more is passed over."""
    there = [each for each in others if each.valid_to is None]
    up = next((each for each in there if each.id == holder.parent_ref), None)
    down = tuple(each for each in there if each.parent_ref == holder.id and each.reaches(place_path))
    return Next(holder, up, down)
