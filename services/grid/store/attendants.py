"""Those who might attend to a case, each with all that a choice asks of them, in one statement; from indexes alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from services.grid.domain.attendance import ELSEWHERE, OWN_COMMUNITY, OWN_GRID, Contender, Wanted
from services.grid.domain.case import Case
from services.grid.domain.case_lifecycle import OPEN as OPEN_CASES
from services.grid.domain.place import GRID
from services.grid.domain.staff import Staff
from services.grid.domain.staff_categories import GRID_WORKER
from services.grid.store.cases import cases
from services.grid.store.places import places
from services.grid.store.roster import absences, covering, shifts
from services.grid.store.staff import AT_WORK, OPEN, postings, staff
from shared.persistence.repository import Repository


class Attendants(Repository[Staff]):
    """Who might attend to a case. It asks for no scope: whoever reports a case need not see the staff."""

    kind = Staff

    def in_grid(self, case: Case, wanted: Wanted, now: datetime) -> list[Contender]:
        """Those of the case's own grid who might."""
        return self._read(in_grid(case.grid_ref, case.place_path or "", wanted, now), OWN_GRID)

    def around(self, case: Case, wanted: Wanted, now: datetime) -> list[Contender]:
        """Those of the other grids of its community who might, and those whom the roster has on duty there now; who is
        posted to several grids, several times."""
        path = case.place_path or ""
        return [
            *self._read(_in_community(case.grid_ref, path, wanted, now), OWN_COMMUNITY),
            *self._read(_on_duty(path, now), ELSEWHERE),
        ]

    def of_ref(self, ref: str) -> Staff | None:
        """Somebody, held until the transaction ends; whoever works in a community may work in others too, so that their
        place is around the caller's."""
        return self.session.get(Staff, ref, with_for_update=True)

    def of_refs(self, refs: Collection[str], now: datetime) -> dict[str, Contender]:
        """These, where they are at work, by their ids."""
        query = _contenders("", now).where(staff.c.id.in_(refs))
        return {each.staff_ref: each for each in self._read(query, ELSEWHERE)}

    def hold(self, ref: str) -> bool:
        """Whether somebody is at work still; they do not leave until the transaction ends."""
        query = select(staff.c.id).where(staff.c.id == ref, AT_WORK).with_for_update(read=True)
        return self.session.execute(query).first() is not None

    def _read(self, query: Select[Any], distance: int) -> list[Contender]:
        return [
            Contender(
                staff_ref=row.id,
                category=row.category,
                distance=distance,
                in_hand=row.in_hand,
                is_on_shift=row.shift is not None,
                is_absent=row.absence is not None,
                substitute_ref=row.substitute_ref,
            )
            for row in self.session.execute(query)
        ]


def in_grid(grid_ref: str, place_path: str, wanted: Wanted, now: datetime) -> Select[Any]:
    """Those who are posted to a grid and might attend to something at that place."""
    there = postings.c.staff_ref == staff.c.id
    query = _contenders(place_path, now).join(postings, there).where(OPEN, postings.c.grid_ref == grid_ref)
    return query.where(_able(wanted, place_path, now))


def _in_community(grid_ref: str, place_path: str, wanted: Wanted, now: datetime) -> Select[Any]:
    community = select(places.c.community_ref).where(places.c.id == grid_ref).scalar_subquery()
    return (
        _contenders(place_path, now)
        .join(postings, postings.c.staff_ref == staff.c.id)
        .join(places, places.c.id == postings.c.grid_ref)
        .where(OPEN, places.c.community_ref == community, places.c.kind == GRID, places.c.id != grid_ref)
        .where(_able(wanted, place_path, now))
    )


def _on_duty(place_path: str, now: datetime) -> Select[Any]:
    there = shifts.alias("there")
    return (
        _contenders(place_path, now)
        .join(there, there.c.staff_ref == staff.c.id)
        .where(there.c.place_ref.in_(_refs(place_path)), covering(there, now))
    )


def _contenders(place_path: str, now: datetime) -> Select[Any]:
    in_hand = (
        select(func.count())
        .where(cases.c.attendant_ref == staff.c.id, cases.c.state.in_(OPEN_CASES))
        .scalar_subquery()
    )
    absent = (absences.c.staff_ref == staff.c.id) & covering(absences, now)
    return (
        select(
            staff.c.id,
            staff.c.category,
            absences.c.id.label("absence"),
            absences.c.substitute_ref,
            _shift(place_path, now).label("shift"),
            in_hand.label("in_hand"),
        )
        .outerjoin(absences, absent)
        .where(AT_WORK)
    )


def _shift(place_path: str, now: datetime) -> Any:
    return (
        select(func.min(shifts.c.id))
        .where(shifts.c.staff_ref == staff.c.id, shifts.c.place_ref.in_(_refs(place_path)))
        .where(covering(shifts, now))
        .scalar_subquery()
    )


def _able(wanted: Wanted, place_path: str, now: datetime) -> Any:
    fits = staff.c.category.in_({wanted.category, GRID_WORKER})
    return or_(fits, _shift(place_path, now).is_not(None))


def _refs(place_path: str) -> list[str]:
    """The places around, itself among them."""
    return [ref for ref in place_path.split("/") if ref]
