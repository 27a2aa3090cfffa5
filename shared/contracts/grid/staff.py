"""What grid says of those who are at work in the grids (网格力量): reference facts, without names and numbers."""

from __future__ import annotations

from shared.contracts.common import Placed
from shared.contracts.fields import Code, Part, Ref, Text, several

STAFF_STATES = ("on_duty", "off_duty", "replaced")


class Posting(Part):
    """入格 Being at work in one grid."""

    grid_ref = Ref(required=True)
    grid_code = Text(30, required=True)
    place_path = Text(500, required=True)
    role = Code(required=True, metadata={"description": "lead 网格长, member 成员"})


class _AboutStaff(Placed):
    staff_ref = Ref(required=True)
    category = Code(required=True, metadata={"title": "人员类别"})
    category_name = Text(50, required=True)
    state = Code(*STAFF_STATES, required=True, metadata={"title": "在岗状态"})
    organisation_ref = Ref(required=True, allow_none=True)
    grid_ref = Ref(required=True, metadata={"description": "the grid that this is about"})
    role = Code(required=True)
    postings = several(Posting, required=True, metadata={"description": "all grids, as they are now"})


class StaffAssigned(_AboutStaff):
    """入格 Somebody is at work in a grid: reference fact (domain row 12).

    Sent when: 登记、增派、接替、返岗时，每个网格一次；网格改名或改设时 at registration, posting, succession and return,
    once per grid; and when the grid is called otherwise or lies elsewhere.
    Not sent when: 楼门长选任时（见 grid.vacancy.filled） a captain is appointed (see grid.vacancy.filled).
    """

    type = "grid.staff.assigned.v1"


class StaffReleased(_AboutStaff):
    """出格 Somebody is no longer at work in a grid: reference fact.

    Sent when: 撤出、离岗、被接替、网格终止时，每个网格一次 at release, end of duty, succession and end of the grid,
    once per grid.
    Not sent when: 楼门长卸任时（见 grid.vacancy.found） a captain leaves (see grid.vacancy.found).
    """

    type = "grid.staff.released.v1"
    reason_code = Code("released", "off_duty", "replaced", "grid_ended", required=True)
