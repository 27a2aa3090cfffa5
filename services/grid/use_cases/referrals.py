"""转办 What consultation does not deliberate, or was told at a reception point, becomes a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.grid.domain.errors.categories import CategoryUnknown
from services.grid.use_cases.cases import ReportCase, report_case
from services.grid.use_cases.ports import Work
from shared.kernel.clock import local_date
from shared.kernel.command import Command, use_case
from shared.kernel.errors import EndedReference, NotYet, UnknownReference

SYSTEM = "consultation"  # by whose numbers such cases are known there
UNSORTED = "0901"  # 改造工程咨询投诉: where it is told as what nobody here knows


@dataclass(frozen=True)
class TakeUpReferral(Command):
    """转办事项 `number`: that of the topic or of the intake."""

    number: str
    place_ref: str
    category: str
    text: str
    source: str
    reporter_refs: Sequence[str] = ()


@use_case
def take_up_referral(command: TakeUpReferral, work: Work) -> None:
    """A case, dispatched at once; once for each number. Of a place that is larger than a grid it is not known where in
    it it is: staff put it there, as they do with what the hotline sends. Raises NotYet where place or reporters are not
    known yet."""
    if work.cases.is_referred(command.number):
        return
    if work.places.find(command.place_ref) is None:
        raise NotYet(f"place {command.place_ref} is not known")
    place = work.places.named(command.place_ref, field="place_ref")  # or what has taken over from it
    reporters = _still_known(command.reporter_refs, work)
    report = ReportCase(
        category=_known(command.category, work),
        place_ref=place.id if place.grid_ref else None,
        address="" if place.grid_ref else place.name,
        around_ref=None if place.grid_ref else place.id,
        text=command.text,
        source=command.source,
        reporter_ref=reporters[0] if reporters else None,
        external_refs=[{"system": SYSTEM, "number": command.number}],
    )
    report_case(report, work).be_referral(command.number, also_reported_by=reporters[1:])


def _still_known(resident_refs: Sequence[str], work: Work) -> list[str]:
    """Those of them who were not erased meanwhile: the matter is attended to all the same. Raises NotYet."""
    found = []
    for ref in resident_refs:
        try:
            work.copy_of("notify.contact", ref, field="reporter_refs")
        except EndedReference:
            continue
        except UnknownReference:
            raise NotYet(f"resident {ref} is not known") from None
        found.append(ref)
    return found


def _known(category: str, work: Work) -> str:
    try:
        return work.category_tables.on(local_date(work.now)).category(category).code
    except CategoryUnknown:
        return UNSORTED
