"""Find who attends to a case that the street itself leads; give a leaver's cases to others."""

from __future__ import annotations

from collections.abc import Iterable

from services.grid.domain.attendance import Attendance, Contender, Wanted, choose, with_substitutes
from services.grid.domain.case import Case
from services.grid.domain.staff import Staff
from services.grid.use_cases.categories import category_of
from services.grid.use_cases.ports import Work

LEFT, LEFT_GRID = "原经办人已离岗", "原经办人已撤出本网格"
TAKES_OVER = "接替离岗的经办人"


def find_attendant(case: Case, work: Work) -> None:
    """选定经办人 The best of those at work there, where the case needs somebody."""
    if case.needs_attendant:
        attendance = attendance_for(case, work)
        if attendance.staff_ref is not None:
            case.be_attended(attendance)


def attendance_for(case: Case, work: Work, *, passed_over: str | None = None) -> Attendance:
    """The choice as it is now, with the chosen one held: they do not leave meanwhile. Nobody of elsewhere is looked
    for where the own grid has somebody whom nobody could come before."""
    wanted = Wanted(category_of(case, work).staff, work.calendar.is_at_work(work.now))
    gone = {passed_over}
    while True:
        found = _others(work.attendants.in_grid(case, work.now), gone)
        if not wanted.is_working_time:
            found += _others(work.attendants.on_duty(case, work.now), gone)
        if not wanted.is_settled_by(found):
            found += _others(work.attendants.around(case, wanted, work.now), gone)
            if wanted.is_working_time:
                found += _others(work.attendants.on_duty(case, work.now), gone)
        absent = {each.substitute_ref for each in found if each.is_absent and each.substitute_ref}
        substitutes = work.attendants.of_refs(absent - gone, work.now) if absent else {}
        choice = choose(with_substitutes(found, substitutes), wanted)
        if choice.staff_ref is None or work.attendants.hold(choice.staff_ref):
            return choice
        gone.add(choice.staff_ref)


def hand_over(leaver: Staff, successor: Staff | None, work: Work) -> dict[str, str | None]:
    """移交 The leaver's open cases go to the successor, or to whoever is the best now (chain 12); who has each."""
    found = work.cases.attended_by(leaver.id)
    for case in found:
        if successor is None:
            case.be_attended(attendance_for(case, work, passed_over=leaver.id).after(LEFT))
        else:
            case.be_attended(Attendance(successor.id, TAKES_OVER))
    return {case.id: case.attendant_ref for case in found}


def hand_over_in(grid_ref: str, leaver: Staff, work: Work) -> None:
    """Those in one grid, which somebody has left."""
    for case in work.cases.attended_by(leaver.id):
        if case.grid_ref == grid_ref:
            case.be_attended(attendance_for(case, work, passed_over=leaver.id).after(LEFT_GRID))


def _others(contenders: Iterable[Contender], gone: set[str | None]) -> list[Contender]:
    return [each for each in contenders if each.staff_ref not in gone]
