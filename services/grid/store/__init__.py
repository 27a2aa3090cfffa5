"""How grid keeps what it knows: tables, mapping, repositories; a module per noun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from sqlalchemy.orm import Session

from services.grid.store import (
    captains,
    case_search,
    cases,
    catch_alls,
    duties,
    pairings,
    patrols,
    places,
    roster,
    shapes,
    stewards,
    visits,
    whistles,
)
from services.grid.store.attendants import Attendants
from services.grid.store.base import metadata
from services.grid.store.captains import CaptainRecords, Captains, Points
from services.grid.store.case_notes import CaseNotes
from services.grid.store.cases import Cases
from services.grid.store.catch_alls import CatchAlls
from services.grid.store.categories import CategoryTables
from services.grid.store.clusters import Clusters
from services.grid.store.community_lists import CommunityLists
from services.grid.store.duties import Duties
from services.grid.store.hotline import HotlineOrders, HotlineReconciliations
from services.grid.store.organisations import Organisations
from services.grid.store.pairings import Pairings
from services.grid.store.patrols import CheckIns, Findings, Patrols
from services.grid.store.places import Households, Places
from services.grid.store.posts import Posts
from services.grid.store.rates import RateReports, RateRulesKept
from services.grid.store.roster import Absences, Shifts
from services.grid.store.shapes import Shapes
from services.grid.store.shifts import ShiftHandovers
from services.grid.store.staff import Staffs
from services.grid.store.stewards import StewardRequests, Stewards
from services.grid.store.turns import Turns
from services.grid.store.visits import Attempts, Campaigns, Visits
from services.grid.store.whistles import Whistles
from shared.persistence.places import Facts, Follows
from shared.persistence.unit_of_work import UnitOfWork

__all__ = ["Store", "metadata"]


class Store(UnitOfWork):
    """One transaction of grid."""

    # what goes with the place that it lies in, as long as it is open
    follows: ClassVar[list[Follows]] = [
        *places.FOLLOWS,
        *shapes.FOLLOWS,
        *cases.FOLLOWS,
        *catch_alls.FOLLOWS,
        *stewards.FOLLOWS,
        *pairings.FOLLOWS,
        *captains.FOLLOWS,
        *duties.FOLLOWS,
        *visits.FOLLOWS,
        *patrols.FOLLOWS,
        *roster.FOLLOWS,
        *whistles.FOLLOWS,
    ]

    places: Places
    households: Households
    posts: Posts
    shapes: Shapes
    cases: Cases
    clusters: Clusters
    catch_alls: CatchAlls
    hotline_orders: HotlineOrders
    hotline_reconciliations: HotlineReconciliations
    category_tables: CategoryTables
    steward_requests: StewardRequests
    stewards: Stewards
    organisations: Organisations
    staffs: Staffs
    pairings: Pairings
    captains: Captains
    captain_records: CaptainRecords
    points: Points
    duties: Duties
    visits: Visits
    attempts: Attempts
    campaigns: Campaigns
    patrols: Patrols
    check_ins: CheckIns
    findings: Findings
    turns: Turns
    rate_rules: RateRulesKept
    rate_reports: RateReports
    case_notes: CaseNotes
    shift_handovers: ShiftHandovers
    attendants: Attendants
    shifts: Shifts
    absences: Absences
    community_lists: CommunityLists
    whistles: Whistles

    @staticmethod
    def read_place(session: Session, ref: str) -> Facts | None:
        """One of its own."""
        return places.facts_of(session, ref)

    def follow(self, *place_refs: str) -> Mapping[str, int]:
        """As everywhere; and cases are found by where they are now."""
        went = super().follow(*place_refs)
        if went.get(cases.cases.name):
            lines = [self.place_line(self.session, ref) for ref in place_refs]
            case_search.find_anew(self.session, [line[-1]["place_ref"] for line in lines if line])
        return went
