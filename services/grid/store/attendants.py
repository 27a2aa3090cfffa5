"""Those who might attend to a case, each with all that a choice asks of them, in one statement; from indexes alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, select

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
from shared.persistence.types import Instant

# what each statement is asked with; they are made once, since making one takes as long as asking it
_NOW = bindparam("now", type_=Instant())
_PLACES: BindParameter[Any] = bindparam("place_refs", expanding=True)
_GRID: BindParameter[Any] = bindparam("grid_ref")

_IN_HAND = (
    select(func.count())
    .where(cases.c.attendant_ref == staff.c.id, cases.c.state.in_(OPEN_CASES))
    .scalar_subquery()
)
_SHIFT = (
    select(func.min(shifts.c.id))
    .where(shifts.c.staff_ref == staff.c.id, shifts.c.place_ref.in_(_PLACES), covering(shifts, _NOW))
    .scalar_subquery()
)
_CONTENDERS = (
    select(
        staff.c.id,
        staff.c.category,
        absences.c.id.label("absence"),
        absences.c.substitute_ref,
        _SHIFT.label("shift"),
        _IN_HAND.label("in_hand"),
    )
    .outerjoin(absences, (absences.c.staff_ref == staff.c.id) & covering(absences, _NOW))
    .where(AT_WORK)
)
_POSTED = _CONTENDERS.join(postings, postings.c.staff_ref == staff.c.id).where(OPEN)
_COMMUNITY = select(places.c.community_ref).where(places.c.id == _GRID).scalar_subquery()
_there = shifts.alias("there")

IN_GRID = _POSTED.where(postings.c.grid_ref == _GRID)
AROUND = _POSTED.join(places, places.c.id == postings.c.grid_ref).where(
    places.c.community_ref == _COMMUNITY,
    places.c.kind == GRID,
    places.c.id != _GRID,
    staff.c.category.in_(bindparam("categories", expanding=True)),
)
ON_DUTY = _CONTENDERS.join(_there, _there.c.staff_ref == staff.c.id).where(
    _there.c.place_ref.in_(_PLACES), covering(_there, _NOW)
)
OF_REFS = _CONTENDERS.where(staff.c.id.in_(bindparam("refs", expanding=True)))


class Attendants(Repository[Staff]):
    """Who might attend to a case. It asks for no scope: whoever reports a case need not see the staff."""

    kind = Staff

    def in_grid(self, case: Case, now: datetime) -> list[Contender]:
        """Those of the case's own grid."""
        return self._read(IN_GRID, OWN_GRID, case.place_path, now, grid_ref=case.grid_ref)

    def around(self, case: Case, wanted: Wanted, now: datetime) -> list[Contender]:
        """Those of the other grids of its community who fit; who is posted to several of them, several times."""
        categories = sorted({wanted.category, GRID_WORKER})
        asked = {"grid_ref": case.grid_ref, "categories": categories}
        return self._read(AROUND, OWN_COMMUNITY, case.place_path, now, **asked)

    def on_duty(self, case: Case, now: datetime) -> list[Contender]:
        """Those whom the roster has on duty there now, wherever they work."""
        return self._read(ON_DUTY, ELSEWHERE, case.place_path, now)

    def of_refs(self, refs: Collection[str], now: datetime) -> dict[str, Contender]:
        """These, where they are at work, by their ids."""
        return {each.staff_ref: each for each in self._read(OF_REFS, ELSEWHERE, "", now, refs=sorted(refs))}

    def of_ref(self, ref: str) -> Staff | None:
        """Somebody, held until the transaction ends; whoever works in a community may work in others too, so that their
        place is around the caller's."""
        return self.session.get(Staff, ref, with_for_update=True)

    def hold(self, ref: str) -> bool:
        """Whether somebody is at work still; they do not leave until the transaction ends."""
        query = select(staff.c.id).where(staff.c.id == ref, AT_WORK).with_for_update(read=True)
        return self.session.execute(query).first() is not None

    def _read(
        self, query: Select[Any], distance: int, place_path: str | None, now: datetime, **asked: Any
    ) -> list[Contender]:
        around = [ref for ref in (place_path or "").split("/") if ref]
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
            for row in self.session.execute(query, {"now": now, "place_refs": around, **asked})
        ]
