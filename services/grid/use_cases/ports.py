"""What the use cases need kept: the store's repositories, in their words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from services.grid.domain.attendance import Contender, Wanted
from services.grid.domain.captain import Captain
from services.grid.domain.captain_record import CaptainRecord, PointsEntry
from services.grid.domain.case import Case
from services.grid.domain.case_note import CaseNote
from services.grid.domain.catch_all import CatchAll
from services.grid.domain.category_table import AdoptedTable, CategoryTable
from services.grid.domain.cluster import Cluster
from services.grid.domain.community_list import CommunityList
from services.grid.domain.duty import DutyEntry
from services.grid.domain.hotline_order import HotlineOrder
from services.grid.domain.hotline_reconciliation import HotlineReconciliation
from services.grid.domain.household import Household
from services.grid.domain.organisation import Organisation
from services.grid.domain.pairing import Pairing
from services.grid.domain.patrol import CheckIn, Finding, Patrol
from services.grid.domain.place import Place
from services.grid.domain.point import Point
from services.grid.domain.post import Post
from services.grid.domain.rate_report import RateReport
from services.grid.domain.rate_rules import AdoptedRateRules, Period, RuleBook
from services.grid.domain.rates import Facts
from services.grid.domain.roster import Absence, Shift
from services.grid.domain.shape import Shape
from services.grid.domain.shift import OpenMatters, ShiftHandover
from services.grid.domain.staff import Staff
from services.grid.domain.steward import Steward, StewardRequest
from services.grid.domain.turn import Turn
from services.grid.domain.visit import Attempt, Campaign, Visit
from services.grid.domain.whistle import Whistle
from shared.kernel import ports
from shared.kernel.ports import Repository


class Places(Repository[Place], Protocol):
    """Places."""

    def by_code(self, code: str) -> Place | None:
        """The place with that official code."""

    def with_codes(self, codes: Collection[str]) -> dict[str, Place]:
        """Those with these codes, by their codes."""

    def grids(self) -> Sequence[Place]:
        """All grids that are there now."""

    def with_points(self) -> Sequence[Place]:
        """Those that are there now and stand at a known point."""

    def inside(self, place: Place) -> Sequence[Place]:
        """Those that are there now, inside `place`; what is around before what is inside it."""


class Households(Repository[Household], Protocol):
    """Households."""

    def behind(self, door_ref: str, room: str) -> Household | None:
        """The one that is there now."""

    def rooms_behind(self, door_refs: Collection[str]) -> set[tuple[str, str]]:
        """Door and room of all that are there now behind these doors."""


class Posts(Repository[Post], Protocol):
    """Captains' posts, by the ids of their doors."""

    def of_doors(self, door_refs: Collection[str]) -> dict[str, Post]:
        """Those of these doors, held until the transaction ends."""


class Shapes(Repository[Shape], Protocol):
    """Shapes of grids."""

    def current(self) -> Sequence[Shape]:
        """Those that are valid now."""

    def of_grid(self, grid_ref: str) -> Shape | None:
        """That of the grid, valid now."""

    def grid_at(self, point: Point) -> Place | None:
        """The grid in which the point lies, if there is one."""

    def take_turn(self) -> None:
        """Wait until no other transaction is redrawing, and let the others wait."""

    def replace(self, former: Shape | None, shape: Shape | None, today: date) -> None:
        """One ends, the other is there; every process's index is out of date."""


class Cases(Repository[Case], Protocol):
    """Cases."""

    def open_within(self, place_path: str) -> Sequence[str]:
        """The numbers of the open cases there."""

    def open_at_points(self) -> Sequence[Case]:
        """Those not closed that were reported at a point."""

    def with_provisional_clocks(self) -> Sequence[Case]:
        """Those not handled yet whose time was counted through a year that the calendar did not know."""

    def next_serial(self, day: str) -> int:
        """The next free serial of a day (yymmdd), from 1."""

    def is_referred(self, ref: str) -> bool:
        """Whether that topic or intake of consultation is a case already."""

    def in_hand_of(self, organisation_ref: str) -> int:
        """How many that are not closed the organisation has in hand."""

    def similar(self, category: str, place: Place, *, since: datetime) -> Sequence[Case]:
        """Those of a category in an estate (or in a grid, outside of estates) reported since then that belong to no
        cluster, whatever became of them; not those that were withdrawn."""

    def are_open_in(self, cluster_ref: str) -> bool:
        """Whether a case of the cluster has not ended."""

    def in_gray_zone(self, gray_zone_ref: str) -> Sequence[Case]:
        """The open ones that lie in it."""

    def attended_by(self, staff_ref: str) -> Sequence[Case]:
        """Those not handled yet that somebody attends to."""

    def open_in_area(self, area_ref: str, lead_party_ref: str | None) -> Sequence[Case]:
        """The cases of an area that are not handled yet, led by that party (None: by the street)."""


class Clusters(Repository[Cluster], Protocol):
    """Clusters of similar cases."""

    def under_way(self, category: str, place_ref: str) -> Cluster | None:
        """The one of a category in a place that is not dissolved."""


class CatchAlls(Repository[CatchAll], Protocol):
    """The grid that takes what nobody can place, by the street's code."""

    def grid(self, around: str | None = None) -> Place | None:
        """The one that is named, else the first by its code, of those in the actor's place, and in the place
        `around`."""


class HotlineOrders(Repository[HotlineOrder], Protocol):
    """Orders of the hotline, by its numbers."""

    def of_case(self, case_ref: str) -> HotlineOrder | None:
        """The one that has become that case, held until the transaction ends."""


class HotlineReconciliations(Repository[HotlineReconciliation], Protocol):
    """The days on which the hotline's numbers were compared, by their dates."""


class CategoryTables(Repository[AdoptedTable], Protocol):
    """Tables of categories."""

    def on(self, day: date) -> CategoryTable:
        """The one that holds on a day; the shipped one before the first."""

    def last(self) -> AdoptedTable | None:
        """The one adopted last, held or yet to come."""


class StewardRequests(Repository[StewardRequest], Protocol):
    """Requests for stewards."""

    def for_works(self, works_ref: str) -> StewardRequest | None:
        """The request of those works."""


class Stewards(Repository[Steward], Protocol):
    """Stewards."""

    def active_for(self, works_ref: str) -> Sequence[Steward]:
        """All who are active for those works."""

    def active_in(self, works_ref: str, building_ref: str) -> Steward | None:
        """The active one of a building."""


class Organisations(Repository[Organisation], Protocol):
    """Organisations. Those that a matter may go to lie above the caller's place too: the finders ask for no scope."""

    def of_ref(self, ref: str | None, *, locked: bool = False) -> Organisation | None:
        """The one with that id; `locked` as in `find`."""

    def level_at(self, place_path: str | None) -> Organisation | None:
        """The narrowest of the three levels (网格, 社区, 街道) that is there now around a place."""

    def called(self, names: Collection[str]) -> Sequence[Organisation]:
        """Those that are there now under these names."""

    def beside(self, organisation: Organisation) -> Sequence[Organisation]:
        """The one above it, and those under it that are there now."""

    def at(self, place_refs: Sequence[str]) -> Sequence[Organisation]:
        """Those that are there now at these places."""


class Staffs(Repository[Staff], Protocol):
    """Staff."""

    def by_number(self, staff_no: str) -> Staff | None:
        """Whoever has, or had, that number."""

    def with_numbers(self, numbers: Collection[str]) -> dict[str, Staff]:
        """Those who have, or had, these numbers, by them."""

    def at_work_as(self, subject: str) -> Staff | None:
        """Who is on duty with that account."""

    def posted_in(self, grid_ref: str) -> Sequence[Staff]:
        """Those who are posted to the grid now."""


class Pairings(Repository[Pairing], Protocol):
    """Pairings."""

    def of_worker(self, staff_ref: str) -> Sequence[Pairing]:
        """The worker's, those that have not ended."""

    def of_leader(self, person_ref: str) -> Sequence[Pairing]:
        """The leader's, those that have not ended."""


class Captains(Repository[Captain], Protocol):
    """Captains, and candidates."""

    def at(self, door_ref: str, person_ref: str) -> Captain | None:
        """The person at that door, a candidate or serving."""

    def at_doors(self, door_refs: Collection[str]) -> Sequence[Captain]:
        """All at these doors, candidates or serving."""

    def of_person(self, person_ref: str) -> Sequence[Captain]:
        """All that a person is, a candidate or serving."""

    def serving_in(self, building_ref: str) -> Sequence[Captain]:
        """Those who serve the doors of a building."""


class CaptainRecords(Repository[CaptainRecord], Protocol):
    """What is written down about captains."""


class Points(Repository[PointsEntry], Protocol):
    """The ledger of points."""

    def balance(self, captain_ref: str) -> int:
        """How many points a captain has."""


class Duties(Repository[DutyEntry], Protocol):
    """The duty log."""

    def open_of(self, steward_ref: str) -> Sequence[DutyEntry]:
        """What waits for a steward's answer."""


class Visits(Repository[Visit], Protocol):
    """Visits."""

    def add_all(self, visits: Sequence[Visit]) -> None:
        """Keep many new visits at once."""

    def for_message(self, message_ref: str) -> Visit | None:
        """The one that brings that message."""

    def households_of(self, place: Place) -> Sequence[Household]:
        """The households that are in a place now."""

    def doors_of(self, place: Place) -> Sequence[Place]:
        """The doors inside a place, and itself where it is one."""


class Attempts(Repository[Attempt], Protocol):
    """Visit records."""


class Campaigns(Repository[Campaign], Protocol):
    """Visit campaigns."""


class Patrols(Repository[Patrol], Protocol):
    """Patrols."""

    def under_way(self, by: str) -> Patrol | None:
        """The one that somebody has not ended."""


class CheckIns(Repository[CheckIn], Protocol):
    """Check-ins."""


class Findings(Repository[Finding], Protocol):
    """What was found on patrols, by the ids of the cases."""


class Turns(Repository[Turn], Protocol):
    """Turns of cases that have ended."""

    def of_case(self, case_ref: str, turn: int) -> Turn | None:
        """That turn, if it has ended, whoever asks."""

    def ended_in(self, period: Period) -> Sequence[Facts]:
        """The facts of all that ended in a period, wherever."""

    def asked_in(self, period: Period) -> Sequence[str]:
        """The numbers of the cases whose exclusion from a period is not decided yet."""

    def publish(self, turns: Sequence[Facts], report_ref: str) -> None:
        """Keep these as they are now."""


class RateRulesKept(Repository[AdoptedRateRules], Protocol):
    """Rules of rates."""

    def book(self) -> RuleBook:
        """All of them."""


class RateReports(Repository[RateReport], Protocol):
    """Published rates."""

    def of_period(self, period: str) -> RateReport | None:
        """That of a period."""

    def of_day(self, day: date) -> RateReport | None:
        """That of the period which a day is in."""

    def names(self, turns: Sequence[Facts]) -> Mapping[str, Mapping[str, str]]:
        """What all are called, by what figures are told by."""


class CaseNotes(Repository[CaseNote], Protocol):
    """Notes about cases."""


class ShiftHandovers(Repository[ShiftHandover], Protocol):
    """Hand-overs between shifts."""

    def open_matters(self, place: Place, midnight: datetime) -> OpenMatters:
        """What is open at a place now; `midnight`: until when something is due today."""


class Attendants(Protocol):
    """Who might attend to a case, whoever asks."""

    def in_grid(self, case: Case, now: datetime) -> list[Contender]:
        """Those of the case's own grid."""

    def around(self, case: Case, wanted: Wanted, now: datetime) -> list[Contender]:
        """Those of the other grids of its community who fit."""

    def on_duty(self, case: Case, now: datetime) -> list[Contender]:
        """Those whom the roster has on duty there now, wherever they work."""

    def of_ref(self, ref: str) -> Staff | None:
        """Somebody, held until the transaction ends; whoever works in a community may work in others too, so that their
        place is around the caller's."""

    def of_refs(self, refs: Collection[str], now: datetime) -> dict[str, Contender]:
        """These, where they are at work, by their ids."""

    def hold(self, ref: str) -> bool:
        """Whether somebody is at work still; they do not leave until the transaction ends."""


class Shifts(Repository[Shift], Protocol):
    """Shifts."""


class Absences(Repository[Absence], Protocol):
    """Absences."""

    def of(self, staff_refs: Collection[str], since: datetime) -> Sequence[Absence]:
        """Theirs that have not ended by then and were not taken back."""


class CommunityLists(Repository[CommunityList], Protocol):
    """Lists of what communities do."""

    def on(self, day: date) -> CommunityList | None:
        """The one that holds on a day."""

    def last(self) -> CommunityList | None:
        """The one adopted last, held or yet to come."""


class Whistles(Repository[Whistle], Protocol):
    """Whistles."""


class Work(ports.Work, Protocol):
    """One transaction of grid."""

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
