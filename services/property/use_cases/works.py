"""Create works from adopted plans, contract and start them, judge their items, accept or cancel them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.property.domain.works import AdoptedPlan, Works
from services.property.use_cases.parties import must_answer_for
from services.property.use_cases.ports import Work
from shared.kernel.command import Command, use_case
from shared.kernel.errors import NotYet


@dataclass(frozen=True)
class CreateWorks(Command):
    """A topic is resolved: its plan is to be built."""

    plan: AdoptedPlan


@use_case
def create_works(command: CreateWorks, work: Work) -> None:
    """Works, once per plan. Raises NotYet while the area or the owners' decision is not known here."""
    plan = command.plan
    if work.works.of_plan(plan.topic_ref, plan.plan_hash) is not None:
        return
    if work.areas.find(plan.area_ref) is None:
        raise NotYet(f"area {plan.area_ref} is not registered")
    if plan.needs_owners_decision and work.decisions.adopted(plan.topic_ref, plan.plan_hash) is None:
        raise NotYet(f"the owners have not adopted plan {plan.plan_hash}")
    work.works.add(Works(plan))


@dataclass(frozen=True)
class ContractWorks(Command):
    """发包"""

    works_id: str
    contractor_ref: str
    amount_fen: int
    planned_start_on: date
    planned_end_on: date


@use_case
def contract_works(command: ContractWorks, work: Work) -> Works:
    """Give them out. Raises Unknown, PartyKindWrong, AmountOverBudget, PlannedEndWrong, NotNow."""
    works = _works_in_charge(command.works_id, work)
    works.contract(
        work.parties.named(command.contractor_ref, field="contractor_ref"),
        amount_fen=command.amount_fen,
        planned_start_on=command.planned_start_on,
        planned_end_on=command.planned_end_on,
    )
    return works


@dataclass(frozen=True)
class StartWorks(Command):
    """开工"""

    works_id: str
    permit: str


@use_case
def start_works(command: StartWorks, work: Work) -> Works:
    """The contractor is on site; another party may not say so. Raises OutsideScope, NotNow."""
    works = work.works.get(command.works_id, locked=True)
    work.actor.must_act_for(works.contractor_ref or "")
    works.start(permit=command.permit, now=work.now)
    return works


@dataclass(frozen=True)
class AcceptItem(Command):
    """单项验收"""

    works_id: str
    number: int
    accepted_by: str
    evidence: str


@use_case
def accept_item(command: AcceptItem, work: Work) -> Works:
    """An item passes inspection. Raises ItemUnknown, NotNow."""
    works = _works_in_charge(command.works_id, work)
    works.accept_item(command.number, accepted_by=command.accepted_by, evidence=command.evidence)
    return works


@dataclass(frozen=True)
class RejectItem(Command):
    """单项退回"""

    works_id: str
    number: int
    reason: str


@use_case
def reject_item(command: RejectItem, work: Work) -> Works:
    """An item fails inspection. Raises ItemUnknown, NotNow."""
    works = _works_in_charge(command.works_id, work)
    works.reject_item(command.number, reason=command.reason)
    return works


@dataclass(frozen=True)
class AcceptWorks(Command):
    """竣工验收"""

    works_id: str
    representatives: str
    defects: str
    warranty_until_on: date
    maintainer_ref: str


@use_case
def accept_works(command: AcceptWorks, work: Work) -> Works:
    """The works are accepted and have a maintainer.

    Raises Unknown, PartyKindWrong, MaintainerNotResponsible, WarrantyWrong, ItemsNotAccepted, NotNow.
    """
    works = _works_in_charge(command.works_id, work)
    works.accept(
        representatives=command.representatives,
        defects=command.defects,
        warranty_until_on=command.warranty_until_on,
        maintainer=work.parties.named(command.maintainer_ref, field="maintainer_ref"),
        now=work.now,
    )
    return works


@dataclass(frozen=True)
class CancelWorks(Command):
    """取消工程"""

    works_id: str
    reason: str


@use_case
def cancel_works(command: CancelWorks, work: Work) -> Works:
    """No result. Raises NotNow: of acceptance and cancelling, whichever comes first counts."""
    works = _works_in_charge(command.works_id, work)
    works.cancel(reason=command.reason, now=work.now)
    return works


def _works_in_charge(works_id: str, work: Work) -> Works:
    """The works, held until the end, where the actor may speak for their area."""
    works = work.works.get(works_id, locked=True)
    must_answer_for(works.area_ref, work)
    return works
