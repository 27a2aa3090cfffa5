"""Which party or organisation is meant, where one of the two may be named."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.co_handler import Helper
from services.grid.domain.errors.co_handlers import HelperNotSaid
from services.grid.domain.errors.whistles import NotADepartment
from services.grid.domain.organisation import Organisation
from services.grid.domain.organisation_kinds import KINDS
from services.grid.domain.place import COMMUNITY, GRID
from services.grid.domain.policies import COMMUNITY as COMMUNITY_PARTY
from services.grid.use_cases.ports import Work
from shared.kernel.errors import Unknown

DEPARTMENT = "department"


@dataclass(frozen=True)
class Named:
    """Who is named, and whether that is a community (or a grid of one), or may be blown for."""

    helper: Helper
    is_community: bool
    is_department: bool


def helper_named(party_ref: str | None, organisation_ref: str | None, work: Work) -> Named:
    """Raises HelperNotSaid, Unknown, UnknownReference, OrganisationEndedAlready."""
    if (party_ref is None) == (organisation_ref is None):
        raise HelperNotSaid(field=["party_ref", "organisation_ref"])
    if party_ref is not None:
        party = work.copy_of("property.party", party_ref, field="party_ref")
        helper, kind = Helper(party["name"], party_ref=party_ref), party["kind"]
        return Named(helper, is_community=kind == COMMUNITY_PARTY, is_department=kind == DEPARTMENT)
    organisation = work.organisations.of_ref(organisation_ref)
    if organisation is None:
        raise Unknown(what=Organisation.term, ref=organisation_ref, field="organisation_ref")
    organisation.must_be_there(field="organisation_ref")
    is_community = KINDS[organisation.kind].place_kind in (COMMUNITY, GRID)
    helper = Helper(organisation.name, organisation_ref=organisation.id)
    return Named(helper, is_community=is_community, is_department=not is_community)


def department_named(party_ref: str | None, organisation_ref: str | None, work: Work) -> Helper:
    """The department, or the organisation that is no community. Raises NotADepartment, and as `helper_named`."""
    named = helper_named(party_ref, organisation_ref, work)
    if not named.is_department:
        raise NotADepartment(name=named.helper.name, field="party_ref" if party_ref else "organisation_ref")
    return named.helper
