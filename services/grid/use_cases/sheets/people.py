"""导入组织、网格力量、楼门长 Import organisations, staff and captains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.grid.domain.errors.people import OrganisationAmbiguous, OrganisationSitsElsewhere
from services.grid.domain.organisation import Organisation
from services.grid.domain.organisation_kinds import KINDS
from services.grid.domain.staff import MEMBER
from services.grid.use_cases.captains import ProposeCaptain, nominate
from services.grid.use_cases.organisations import RegisterOrganisation, set_up
from services.grid.use_cases.ports import Work
from services.grid.use_cases.sheets.rows import changed_since, known_place
from services.grid.use_cases.staff import RegisterStaff, enlist
from shared.kernel.clock import local_date
from shared.kernel.command import Command, use_case
from shared.kernel.errors import Unknown
from shared.kernel.sheets.rows import CHANGED, CREATED, UNCHANGED, Report, Row, each_row


@dataclass(frozen=True)
class ImportOrganisations(Command):
    """导入组织 `kind`, `name`, `parent_name`, `place_code`, `is_assumed`."""

    rows: Sequence[Row]


@use_case
def import_organisations(command: ImportOrganisations, work: Work) -> Report:
    """Those that are new are registered; those known by kind and name come under the parent that is said. In any
    order: what stands under another one of the sheet comes after it."""
    places = work.places.with_codes(
        {row.cells["place_code"] for row in command.rows if "place_code" in row.cells}
    )
    named = {row.cells.get(name) for row in command.rows for name in ("name", "parent_name")}
    known: dict[tuple[str, str], list[Organisation]] = {}
    for organisation in work.organisations.called({name for name in named if name is not None}):
        known.setdefault((organisation.kind, organisation.name), []).append(organisation)

    def carry_out(cells: Mapping[str, Any]) -> str:
        parent = (
            _the_one(known, KINDS[cells["kind"]].under, cells, "parent_name")
            if "parent_name" in cells
            else None
        )
        place = known_place(places, cells, "place_code", work) if "place_code" in cells else None
        here = (cells["kind"], cells["name"])
        if here not in known:
            new = RegisterOrganisation(
                kind=cells["kind"], name=cells["name"], is_assumed=cells.get("is_assumed", False)
            )
            known[here] = [set_up(new, parent, place, work)]
            return CREATED
        organisation = _the_one(known, [cells["kind"]], cells, "name")
        work.actor.must_cover(organisation.place_path)
        if place is not None and organisation.place_ref != place.id:
            raise OrganisationSitsElsewhere(name=organisation.name, field="place_code")
        before = organisation.version
        if parent is not None and organisation.parent_ref != parent.id:
            organisation.change(name=None, powers=None, parent=parent)
        return changed_since(before, organisation)

    depth = {kind: at for at, kind in enumerate(KINDS)}  # what others stand under comes first
    return each_row(sorted(command.rows, key=lambda row: depth[row.cells["kind"]]), carry_out)


def _the_one(
    known: Mapping[tuple[str, str], Sequence[Organisation]],
    kinds: Sequence[str],
    cells: Mapping[str, Any],
    name: str,
) -> Organisation:
    """The organisation of one of these kinds that a cell names. Raises Unknown, OrganisationAmbiguous."""
    found = [each for kind in kinds for each in known.get((kind, cells[name]), ())]
    if not found:
        raise Unknown(what=Organisation.term, ref=cells[name], field=name)
    if len(found) > 1:
        raise OrganisationAmbiguous(name=cells[name], count=len(found), field=name)
    return found[0]


@dataclass(frozen=True)
class ImportStaff(Command):
    """导入网格力量 `staff_no`, `name`, `category`, `grid_code`, `role`, `subject`: a row for each grid of a person."""

    rows: Sequence[Row]


@use_case
def import_staff(command: ImportStaff, work: Work) -> Report:
    """Numbers that are new are registered; those known get the name that is said, and a posting to the grid, in the
    role that is said. Postings that the sheet does not name stay."""
    grids = work.places.with_codes({row.cells["grid_code"] for row in command.rows})
    known = work.staffs.with_numbers({row.cells["staff_no"] for row in command.rows})
    today = local_date(work.now)

    def carry_out(cells: Mapping[str, Any]) -> str:
        grid = known_place(grids, cells, "grid_code", work)
        number, role = cells["staff_no"], cells.get("role", MEMBER)
        staff = known.get(number)
        if staff is None:
            new = RegisterStaff(number, cells["name"], cells["category"], (), cells.get("subject"))
            known[number] = enlist(new, [(grid, role)], work)
            return CREATED
        work.actor.must_cover(staff.place_path)
        staff.must_be_of(cells["category"])
        before = staff.version
        staff.rename(cells["name"])
        posting = staff.posting_in(grid.id)
        if posting is None or posting.role != cells.get("role", posting.role):
            staff.post(grid, role, today=today)
        return changed_since(before, staff)

    return each_row(command.rows, carry_out)


@dataclass(frozen=True)
class ImportCaptains(Command):
    """导入楼门长 `door_code`, `person_ref`, `origin`, `chosen_how`, `chosen_on`."""

    rows: Sequence[Row]


@use_case
def import_captains(command: ImportCaptains, work: Work) -> Report:
    """Who is new is proposed and appointed at once, a candidate appointed. Those that the sheet does not name stay."""
    doors = work.places.with_codes({row.cells["door_code"] for row in command.rows})
    refs = [door.id for door in doors.values()]
    known = {(each.door_ref, each.person_ref): each for each in work.captains.at_doors(refs)}
    posts = work.posts.of_doors(refs)
    today = local_date(work.now)

    def carry_out(cells: Mapping[str, Any]) -> str:
        door = known_place(doors, cells, "door_code", work)
        captain, outcome = known.get((door.id, cells["person_ref"])), CHANGED
        if captain is not None and captain.is_serving:
            return UNCHANGED
        if captain is None:
            facts = {name: cells[name] for name in ("person_ref", "origin", "chosen_how", "chosen_on")}
            captain, outcome = nominate(ProposeCaptain(door.id, **facts), door, work), CREATED
        captain.appoint(posts[door.id], today)
        return outcome

    return each_row(command.rows, carry_out)
