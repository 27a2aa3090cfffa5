"""What grid says of staff: in which grids somebody of which category is at work, and nobody's name."""

from __future__ import annotations

from typing import Any

from services.grid.domain import staff as staffs
from shared.contracts import grid
from shared.persistence.unit_of_work import CurrentFacts, Translations, at_home


def _about(staff: staffs.Staff, posting: staffs.Posting) -> dict[str, Any]:
    return {
        "staff_ref": staff.id,
        "category": staff.category,
        "category_name": staff.category_name,
        "state": staff.state,
        "organisation_ref": staff.organisation_ref,
        "place_ref": posting.grid_ref,
        "place_path": posting.place_path,
        "grid_ref": posting.grid_ref,
        "role": posting.role,
        "postings": [
            {
                "grid_ref": each.grid_ref,
                "grid_code": each.grid_code,
                "place_path": each.place_path,
                "role": each.role,
            }
            for each in staff.open_postings
        ],
    }


def _assigned(staff: staffs.Staff, event: staffs.StaffAssigned) -> Any:
    return grid.StaffAssigned, _about(staff, event.posting)


def _released(staff: staffs.Staff, event: staffs.StaffReleased) -> Any:
    return grid.StaffReleased, {**_about(staff, event.posting), "reason_code": event.reason_code}


def _now(staff: staffs.Staff, _event: None) -> Any:
    """The last thing that is true of them: where they are at work, or that they no longer are."""
    if staff.open_postings:
        return grid.StaffAssigned, _about(staff, staff.open_postings[-1])
    return grid.StaffReleased, {**_about(staff, staff.postings[-1]), "reason_code": staff.state}


SAYS: Translations = {
    staffs.StaffAssigned: _assigned,
    staffs.StaffReleased: _released,
    staffs.StaffRenamed: at_home,
}

CURRENT: CurrentFacts = {staffs.Staff: _now}
