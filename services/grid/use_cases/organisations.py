"""Register, change and end organisations."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.organisation import Organisation
from services.grid.domain.place import Place
from services.grid.use_cases.ports import Work
from shared.kernel.clock import local_date
from shared.kernel.command import Command, use_case
from shared.kernel.errors import Unknown


@dataclass(frozen=True)
class RegisterOrganisation(Command):
    """登记组织 `powers` None: those of its kind."""

    kind: str
    name: str
    parent_ref: str | None = None
    place_ref: str | None = None
    powers: list[str] | None = None
    is_assumed: bool = False


@use_case
def register_organisation(command: RegisterOrganisation, work: Work) -> Organisation:
    """A new node of a tree; one that sits nowhere by those who act for the whole street.

    Raises OrganisationKindWrong, OrganisationMisplaced, OrganisationEndedAlready, PowersNotHeld, PlaceEnded, Unknown,
    OutsideScope.
    """
    place = work.places.named(command.place_ref, field="place_ref") if command.place_ref else None
    return set_up(command, _parent(command.parent_ref, work), place, work)


def set_up(
    command: RegisterOrganisation, parent: Organisation | None, place: Place | None, work: Work
) -> Organisation:
    """As `register_organisation`, under the parent and at the place that the command names."""
    organisation = Organisation(
        kind=command.kind,
        name=command.name,
        parent=parent,
        place=place,
        powers=command.powers,
        is_assumed=command.is_assumed,
        today=local_date(work.now),
    )
    _must_be_theirs(organisation, work)
    work.organisations.add(organisation)
    return organisation


@dataclass(frozen=True)
class BindBackbone(Command):
    """登记党员骨干"""

    branch_id: str
    person_ref: str
    grid_ref: str


@use_case
def bind_backbone(command: BindBackbone, work: Work) -> Organisation:
    """A party member is there for a grid, on behalf of a branch. Raises as registering does, UnknownReference."""
    branch = work.organisations.get(command.branch_id, locked=True)
    work.copy_of("notify.contact", command.person_ref, field="person_ref")
    grid = work.places.named(command.grid_ref, field="grid_ref")
    member = Organisation.backbone(branch, grid, command.person_ref, today=local_date(work.now))
    work.organisations.add(member)
    return member


@dataclass(frozen=True)
class ChangeOrganisation(Command):
    """变更组织 What is None stays."""

    id: str
    name: str | None = None
    powers: list[str] | None = None
    parent_ref: str | None = None


@use_case
def change_organisation(command: ChangeOrganisation, work: Work) -> Organisation:
    """Its name, powers, or what it stands under. Raises as registering does."""
    organisation = work.organisations.get(command.id)
    _must_be_theirs(organisation, work)
    organisation.change(name=command.name, powers=command.powers, parent=_parent(command.parent_ref, work))
    return organisation


@dataclass(frozen=True)
class EndOrganisation(Command):
    """撤销组织"""

    id: str


@use_case
def end_organisation(command: EndOrganisation, work: Work) -> Organisation:
    """It is no more. Raises OrganisationStillHolds while others stand under it or it has open cases in hand."""
    organisation = work.organisations.get(command.id, locked=True)
    _must_be_theirs(organisation, work)
    beside = work.organisations.beside(organisation)
    organisation.end(
        under=sum(other.parent_ref == organisation.id for other in beside),
        in_hand=work.cases.in_hand_of(organisation.id),
        today=local_date(work.now),
    )
    return organisation


def _parent(ref: str | None, work: Work) -> Organisation | None:
    """The one above, held: it does not end meanwhile. It may lie around the caller's place."""
    if ref is None:
        return None
    parent = work.organisations.of_ref(ref, locked=True)
    if parent is None:
        raise Unknown(what=Organisation.term, ref=ref, field="parent_ref")
    return parent


def _must_be_theirs(organisation: Organisation, work: Work) -> None:
    if organisation.place_path is None:
        work.actor.must_act_everywhere()
