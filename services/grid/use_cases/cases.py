"""Report cases, pass them on, let them wait for topics and works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.grid.domain import anonymity
from services.grid.domain.attached import CASE
from services.grid.domain.case import Case, Report
from services.grid.domain.categories import Category
from services.grid.domain.errors.cases import AnonymousNamed, ReporterElsewhere, SourceOfStaff
from services.grid.domain.errors.people import (
    NobodyHasIt,
    OrganisationChosenByStaff,
)
from services.grid.domain.errors.shapes import (
    NoGridAt,
    WhereNotSaid,
)
from services.grid.domain.organisation import Organisation, next_along
from services.grid.domain.place import DOOR, Place
from services.grid.domain.point import Point
from services.grid.use_cases.answers import take_waiting_word
from services.grid.use_cases.case_clocks import follow_up
from services.grid.use_cases.case_moves import case_for
from services.grid.use_cases.catch_all import catch_all_grid
from services.grid.use_cases.categories import category_of
from services.grid.use_cases.clusters import GatherCase
from services.grid.use_cases.dispatch import area_of, choose
from services.grid.use_cases.places import point_of
from services.grid.use_cases.ports import Work
from shared.attaching import attach_photographs
from shared.kernel.clock import local, local_date
from shared.kernel.command import Actor, Command, use_case
from shared.kernel.ids import spoken_number

RESIDENT = "resident"
ANYONE = Actor(id="anyone", role="anyone")
LOOKING_AFTER = ("grid_worker", "captain", "steward")  # one place each; staff record for whoever calls
TOPIC_REASON = "已列入社区协商议题“{title}”，正在与居民共议方案"
WORKS_REASON = "议题“{title}”的方案已通过，等待工程实施"
CANCELLED_REASON = "原定工程因故取消（{reason}）"
OUTCOME = "议题“{title}”的成果已落地，由{maintainer}负责日常维护"


@dataclass(frozen=True)
class ReportCase(Command):
    """立案 At a place, or at a point: then in the grid there; or at an `address` in words, wherever that is.

    `around_ref`: the larger place in which an address lies. `anonymous`: nobody is to know who reported it.
    `reporter_sealed` and `due_at` are the hotline's.
    """

    category: str
    place_ref: str | None
    text: str
    source: str
    reporter_ref: str | None = None
    external_refs: list[dict[str, str]] = field(default_factory=list)
    longitude: float | None = None
    latitude: float | None = None
    organisation_ref: str | None = None
    respondent_door_ref: str | None = None
    is_hazardous: bool = False
    occurred_at: datetime | None = None
    address: str = ""
    around_ref: str | None = None
    anonymous: bool = False
    photographs: Sequence[str] = field(default_factory=tuple)
    reporter_sealed: str | None = None
    due_at: datetime | None = None


@use_case
def report_case(command: ReportCase, work: Work) -> Case:
    """A new case, dispatched at once.

    Raises CategoryUnknown, WhereNotSaid, NoGridHere, NoGridAt, PointIncomplete, CoordinatesSwapped, PointOutside,
    Unknown, UnknownReference, OutsideScope, ReporterElsewhere, OrganisationChosenByStaff, OrganisationElsewhere,
    OrganisationEndedAlready, RecordedAhead, SourceOfStaff, NotAnonymous, AnonymousNamed, PhotographUnknown.
    """
    _must_be_own_source(command, work)
    kind = work.category_tables.on(local_date(work.now)).category(command.category)
    reporter_ref = _reporter(command, kind, work)
    where = whereabouts(
        command.place_ref, command.longitude, command.latitude, command.address, work, command.around_ref
    )
    place = where.place
    area_ref = area_of(place.building_ref, place.estate_ref, work)
    report = Report(
        number=_next_number(work),
        category=kind,
        text=command.text,
        area_ref=area_ref,
        reporter_ref=reporter_ref,
        recorded_by=work.actor.told if work.actor.person_ref is None else None,
        source=command.source,
        external_refs=command.external_refs,
        point=where.point,
        organisation=_first_in_hand(command.organisation_ref, place.place_path, work),
        respondent_door_ref=_respondent(command.respondent_door_ref, work),
        is_hazardous=command.is_hazardous,
        occurred_at=command.occurred_at,
        address=command.address,
        place_is_unknown=where.is_unknown,
        photographs=command.photographs,
        reporter_sealed=command.reporter_sealed,
        due_at=command.due_at,
    )
    choice = choose(kind, area_ref, work)
    case = Case(report, place=place, choice=choice, now=work.now, calendar=work.calendar)
    work.cases.add(case)
    if kind.route:
        work.schedule(work.now, GatherCase(case.id), key=f"case-cluster:{case.id}")
    attach_photographs(command.photographs, CASE, case.id, work)
    follow_up(case, work)
    if command.anonymous and work.actor.person_ref is not None:
        _forget_actor(command.photographs, work)
    return case


@dataclass(frozen=True)
class Whereabouts:
    """Where something is: a place, and the point there if one was said; or, where nobody knows, the catch-all grid."""

    place: Place
    point: Point | None = None
    is_unknown: bool = False


def whereabouts(
    place_ref: str | None,
    longitude: float | None,
    latitude: float | None,
    address: str,
    work: Work,
    around: str | None = None,
) -> Whereabouts:
    """At a place, or at a point: then in the grid there. Whoever takes in what others say may know only an `address`,
    and perhaps the place `around`.

    Raises WhereNotSaid, NoGridAt, PointIncomplete, CoordinatesSwapped, PointOutside, Unknown, OutsideScope.
    """
    point = point_of(longitude, latitude)
    if place_ref is not None:
        if point is not None:
            raise WhereNotSaid(field="place_ref")
        return Whereabouts(work.places.named(place_ref, field="place_ref"))
    grid = work.shapes.grid_at(point) if point is not None else None
    if grid is not None:
        return Whereabouts(grid, point)
    if address and work.actor.person_ref is None and work.actor.role not in LOOKING_AFTER:
        return Whereabouts(catch_all_grid(work, around), point, is_unknown=True)
    if point is None:
        raise WhereNotSaid(field="place_ref")
    raise NoGridAt(longitude=point.longitude, latitude=point.latitude, field=["longitude", "latitude"])


def _next_number(work: Work) -> str:
    day = local(work.now).strftime("%y%m%d")
    return spoken_number(day, work.cases.next_serial(day))


def _must_be_own_source(command: ReportCase, work: Work) -> None:
    if work.actor.person_ref is not None and command.source != RESIDENT:
        raise SourceOfStaff(source=command.source, field="source")


def _reporter(command: ReportCase, kind: Category, work: Work) -> str | None:
    """Who reported it: a resident only for oneself, who looks after a place only for those who live there; nobody where
    that is not to be known."""
    if command.anonymous:
        anonymity.must_be_possible(kind, field="anonymous")
        if command.reporter_ref is not None:
            raise AnonymousNamed(field="anonymous")
        return None
    reporter_ref = command.reporter_ref or work.actor.person_ref
    if reporter_ref:
        work.actor.must_speak_for(reporter_ref)
        contact = work.copy_of("notify.contact", reporter_ref, field="reporter_ref")
        if work.actor.role in LOOKING_AFTER and not work.actor.covers(contact["place_path"]):
            raise ReporterElsewhere(ref=reporter_ref, field="reporter_ref")
    return reporter_ref


def _respondent(door_ref: str | None, work: Work) -> str | None:
    """The other side's door, in a dispute between neighbours."""
    if door_ref is None:
        return None
    door = work.places.named(door_ref, field="respondent_door_ref")
    door.must_be(DOOR, field="respondent_door_ref")
    return door.id


def _forget_actor(photographs: Sequence[str], work: Work) -> None:
    """Events and attachments name who did it: not even they know who reports anonymously."""
    for ref in photographs:
        work.attachments.disown(ref)
    work.actor = ANYONE


def _first_in_hand(ref: str | None, place_path: str | None, work: Work) -> Organisation | None:
    """The organisation that takes it up: the one named, else the narrowest of the three levels there (row 9)."""
    if ref is None:
        return work.organisations.level_at(place_path)
    if work.actor.person_ref is not None:
        raise OrganisationChosenByStaff(field="organisation_ref")
    return work.organisations.named(ref, field="organisation_ref")


@dataclass(frozen=True)
class PlaceCase(Command):
    """定位 At a place, or at a point."""

    case_id: str
    place_ref: str | None = None
    longitude: float | None = None
    latitude: float | None = None


@use_case
def place_case(command: PlaceCase, work: Work) -> Case:
    """It is put where it belongs, and dispatched there. Raises NotFound, Forbidden, NotNow, WhereNotSaid, NoGridAt,
    NoGridHere, PointIncomplete, CoordinatesSwapped, PointOutside, Unknown."""
    case = case_for("place", command.case_id, work)
    where = whereabouts(command.place_ref, command.longitude, command.latitude, "", work)
    return put_at(case, where, work)


def put_at(case: Case, where: Whereabouts, work: Work) -> Case:
    """As `place_case`, of a case that the actor may put there."""
    place = where.place
    area_ref = area_of(place.building_ref, place.estate_ref, work)
    holder = work.organisations.of_ref(case.organisation_ref)
    if holder is None or not holder.reaches(place.place_path):
        holder = work.organisations.level_at(place.place_path)
    choice = choose(category_of(case, work), area_ref, work)
    case.place(place, where.point, area_ref=area_ref, organisation=holder, choice=choice, now=work.now)
    return follow_up(case, work)


@dataclass(frozen=True)
class PassCase(Command):
    """转交事项"""

    case_id: str
    to_organisation_ref: str
    reason: str


@use_case
def pass_case(command: PassCase, work: Work) -> Case:
    """To the organisation above the one that has it in hand, or to one below it. Where nobody has it yet, it is with
    the narrowest of the three levels there. Raises NotAlongTheTree, NobodyHasIt, NotNow, NotFound, OutsideScope."""
    case = case_for("pass", command.case_id, work)
    holder = work.organisations.of_ref(case.organisation_ref) or work.organisations.level_at(case.place_path)
    if holder is None:
        raise NobodyHasIt(number=case.number, field="to_organisation_ref")
    possible = next_along(holder, work.organisations.beside(holder), case.place_path)
    case.pass_along(possible, command.to_organisation_ref, reason=command.reason, now=work.now)
    return case


@dataclass(frozen=True)
class LetCasesWaitForTopic(Command):
    """A topic that takes up cases was accepted."""

    topic_ref: str
    title: str
    case_refs: list[str]
    place_path: str


@use_case
def let_cases_wait_for_topic(command: LetCasesWaitForTopic, work: Work) -> None:
    """Each linked case waits, with an interim answer."""
    for case in _linked(command.case_refs, command.place_path, work):
        reason = TOPIC_REASON.format(title=command.title)
        case.wait_for_topic(command.topic_ref, reason=reason, now=work.now, calendar=work.calendar)
        follow_up(case, work)


@dataclass(frozen=True)
class LetCasesWaitForWorks(Command):
    """The topic that took up the cases has an adopted plan."""

    topic_ref: str
    plan_version: int
    title: str
    case_refs: list[str]
    place_path: str


@use_case
def let_cases_wait_for_works(command: LetCasesWaitForWorks, work: Work) -> None:
    """Each linked case waits for the works now."""
    reason = WORKS_REASON.format(title=command.title)
    for case in _linked(command.case_refs, command.place_path, work):
        case.wait_for_works(
            command.topic_ref, command.plan_version, reason=reason, now=work.now, calendar=work.calendar
        )
        follow_up(case, work)


@dataclass(frozen=True)
class DispatchCasesAgain(Command):
    """The works that cases waited for were cancelled."""

    topic_ref: str
    plan_version: int
    works_ref: str
    reason: str
    case_refs: list[str]
    place_path: str


@use_case
def dispatch_cases_again(command: DispatchCasesAgain, work: Work) -> None:
    """Each waiting case gets its responsible party and a fresh clock."""
    reason = CANCELLED_REASON.format(reason=command.reason)
    for case in _linked(command.case_refs, command.place_path, work):
        kind = category_of(case, work)
        choice = replace(choose(kind, case.area_ref, work), reason=reason)
        case.lose_works(
            command.topic_ref,
            command.plan_version,
            command.works_ref,
            choice,
            kind,
            now=work.now,
            calendar=work.calendar,
        )
        follow_up(case, work)


@dataclass(frozen=True)
class HandleLinkedCases(Command):
    """The result of a topic has landed."""

    topic_ref: str
    works_ref: str
    title: str
    maintainer_name: str
    case_refs: list[str]
    place_path: str


@use_case
def handle_linked_cases(command: HandleLinkedCases, work: Work) -> None:
    """Each linked case is handled and verified; whether it is good, its reporter will say."""
    outcome = OUTCOME.format(title=command.title, maintainer=command.maintainer_name)
    for case in _linked(command.case_refs, command.place_path, work):
        case.land(
            topic_ref=command.topic_ref,
            works_ref=command.works_ref,
            outcome=outcome,
            now=work.now,
            calendar=work.calendar,
        )
        follow_up(case, work)
        take_waiting_word(case, work)


def _linked(case_refs: Sequence[str], place_path: str, work: Work) -> list[Case]:
    """The cases that are known here and lie where the topic does: a topic takes up nothing from elsewhere."""
    found = (work.cases.find(ref) for ref in case_refs)
    return [case for case in found if case is not None and (case.place_path or "").startswith(place_path)]
