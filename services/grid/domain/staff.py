"""网格力量 Staff: who is at work in which grids (domain rows 12–13). Everyone on duty has at least one grid."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.grid.domain.errors.people import (
    AlreadyPosted,
    CaptainsAreAppointed,
    LastPosting,
    NotPosted,
    StaffNeedsGrid,
    StaffNumberOfAnother,
    SuccessorUnfit,
)
from services.grid.domain.place import GRID, Place
from services.grid.domain.staff_categories import CAPTAIN, CATEGORY_NAMES
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

ON_DUTY, OFF_DUTY, REPLACED = "on_duty", "off_duty", "replaced"

LIFECYCLE = Lifecycle(
    Term("网格力量", "member of staff"),
    {ON_DUTY: "在岗", OFF_DUTY: "离岗", REPLACED: "已接替"},
    #     action                from                   to
    move("post", "增派网格", ON_DUTY, ON_DUTY),
    move("release", "撤出网格", ON_DUTY, ON_DUTY),
    move("end_duty", "离岗", ON_DUTY, OFF_DUTY),
    move("replace", "接替", ON_DUTY, REPLACED),
    move("resume", "返岗", (OFF_DUTY, REPLACED), ON_DUTY),
)

LEAD, MEMBER = "lead", "member"
POSTING_ROLES = {LEAD: "网格长", MEMBER: "成员"}


@dataclass(frozen=True)
class StaffAssigned(DomainEvent):
    """入格 Somebody is at work in a grid."""

    posting: Posting


@dataclass(frozen=True)
class StaffReleased(DomainEvent):
    """出格 Somebody is no longer at work in a grid."""

    posting: Posting
    reason_code: str


@dataclass(frozen=True)
class StaffRenamed(DomainEvent):
    """更名 Somebody is called otherwise. Stays at home."""


class Posting:
    """入格 Being at work in one grid, from `valid_from` until `valid_to` (None: still), in local days."""

    def __init__(self, grid: Place, role: str, *, today: date) -> None:
        """Raises PlaceKindUnfit for another kind of place, PlaceEnded for a grid that is no more."""
        grid.must_be(GRID, field="grid_ref")
        grid.must_be_there(field="grid_ref")
        self.id = new_id()
        self.grid_ref = grid.id
        self.grid_code = grid.code
        self.grid_name = grid.name
        self.place_path = grid.place_path
        self.role = role
        self.valid_from = today
        self.valid_to: date | None = None


class Staff(Aggregate):
    """网格力量 An employee or volunteer at work in grids; `staff_no` is never given to another.

    `subject` is the id in the tokens of whoever it is, so that what somebody does with a token is known to be theirs.
    `place_path` is the narrowest place around all its grids. Phones are kept nowhere here.
    """

    term = LIFECYCLE.name
    leads_journey = False

    def __init__(
        self,
        *,
        staff_no: str,
        name: str,
        category: str,
        grids: Sequence[tuple[Place, str]],
        today: date,
        subject: str | None = None,
        organisation_ref: str | None = None,
    ) -> None:
        """登记 with the grids and the role in each. Raises CaptainsAreAppointed, StaffNeedsGrid, AlreadyPosted,
        PlaceKindUnfit, PlaceEnded."""
        if category == CAPTAIN:
            raise CaptainsAreAppointed(field="category")
        if not grids:
            raise StaffNeedsGrid(name=name, field="grids")
        self.id = new_id()
        self.staff_no = staff_no
        self.name = name
        self.category = category
        self.subject = subject
        self.organisation_ref = organisation_ref
        self.state = ON_DUTY
        self.postings: list[Posting] = []
        for grid, role in grids:
            self._post(grid, role, today)

    @property
    def category_name(self) -> str:
        """What the category is called."""
        return CATEGORY_NAMES[self.category]

    @property
    def open_postings(self) -> list[Posting]:
        """Where it is at work now."""
        return [posting for posting in self.postings if posting.valid_to is None]

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done."""
        return LIFECYCLE.actions(self.state)

    def posting_in(self, grid_ref: str) -> Posting | None:
        """That in a grid, where it is at work there now."""
        return next((posting for posting in self.open_postings if posting.grid_ref == grid_ref), None)

    def works_in(self, place_path: str) -> bool:
        """Whether one of its grids lies in that place, or around it."""
        paths = [posting.place_path for posting in self.open_postings]
        return any(path.startswith(place_path) or place_path.startswith(path) for path in paths)

    def must_be_of(self, category: str) -> None:
        """Raises StaffNumberOfAnother where whoever has the number is of another category."""
        if category != self.category:
            raise StaffNumberOfAnother(
                staff_no=self.staff_no, name=self.name, category=self.category_name, field="category"
            )

    def rename(self, name: str) -> None:
        """更名 Nothing where that is the name already."""
        if name != self.name:
            self.name = name
            self.record(StaffRenamed())

    def post(self, grid: Place, role: str, *, today: date) -> None:
        """增派网格 One grid more, or another role in one.

        Raises AlreadyPosted, PlaceKindUnfit, PlaceEnded, NotNow."""
        self.state = LIFECYCLE.after("post", self.state)
        posting = self.posting_in(grid.id)
        if posting is None or posting.role == role:
            self._post(grid, role, today)
        else:
            posting.role = role
            self.record(StaffAssigned(posting))

    def release(self, grid_ref: str, *, today: date) -> None:
        """撤出网格 Raises NotPosted, LastPosting, NotNow."""
        self.state = LIFECYCLE.after("release", self.state)
        posting = self.posting_in(grid_ref)
        if posting is None:
            raise NotPosted(name=self.name, grid_ref=grid_ref, field="grid_ref")
        if len(self.open_postings) == 1:
            raise LastPosting(name=self.name, grid=posting.grid_name, field="grid_ref")
        self._release(posting, "released", today)

    def end_duty(self, *, today: date) -> None:
        """离岗 All its postings end. Raises NotNow."""
        self.state = LIFECYCLE.after("end_duty", self.state)
        for posting in self.open_postings:
            self._release(posting, "off_duty", today)

    def resume(self, grids: Sequence[tuple[Place, str]], *, today: date) -> None:
        """返岗 Raises StaffNeedsGrid, AlreadyPosted, PlaceKindUnfit, PlaceEnded, NotNow."""
        state = LIFECYCLE.after("resume", self.state)
        if not grids:
            raise StaffNeedsGrid(name=self.name, field="grids")
        for grid, role in grids:
            self._post(grid, role, today)
        self.state = state

    def replace(self, successor: Staff, grids: Sequence[Place], *, today: date) -> None:
        """接替 The successor takes over the postings in `grids`, those of them that are still there.

        Raises SuccessorUnfit for oneself, for somebody of another category or not on duty; NotNow.
        """
        state = LIFECYCLE.after("replace", self.state)
        if successor is self or successor.category != self.category or successor.state != ON_DUTY:
            raise SuccessorUnfit(name=successor.name, category=self.category_name, field="successor_ref")
        self.state = state
        roles = {posting.grid_ref: posting.role for posting in self.open_postings}
        for grid in grids:
            if successor.posting_in(grid.id) is None:
                successor._post(grid, roles[grid.id], today)
        for posting in self.open_postings:
            self._release(posting, "replaced", today)

    def follow(self, old_grid_ref: str, new_grid: Place, *, today: date) -> None:
        """A grid has become another one, or is called otherwise or lies elsewhere now: so does the posting.
        Nothing where there is none."""
        posting = self.posting_in(old_grid_ref)
        if posting is None:
            return
        if new_grid.id == old_grid_ref:
            posting.grid_name, posting.place_path = new_grid.name, new_grid.place_path
            self._settle()
            self.record(StaffAssigned(posting))
            return
        if self.posting_in(new_grid.id) is None:
            self._post(new_grid, posting.role, today)
        self._release(posting, "grid_ended", today)

    def _post(self, grid: Place, role: str, today: date) -> None:
        if self.posting_in(grid.id) is not None:
            raise AlreadyPosted(name=self.name, grid=grid.name, field="grid_ref")
        posting = Posting(grid, role, today=today)
        self.postings.append(posting)
        self._settle()
        self.record(StaffAssigned(posting))

    def _release(self, posting: Posting, reason_code: str, today: date) -> None:
        posting.valid_to = today
        self._settle()
        self.record(StaffReleased(posting, reason_code))

    def _settle(self) -> None:
        paths = [posting.place_path for posting in self.open_postings]
        if paths:
            self.place_path = f"{posixpath.commonpath(paths)}/"
