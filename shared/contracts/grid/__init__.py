"""What grid (网格) says, a module per noun."""

from shared.contracts.grid.captains import (
    CAPTAIN_ORIGINS,
    CaptainAppointed,
    CaptainRetired,
    VacancyFilled,
    VacancyFound,
)
from shared.contracts.grid.cases import (
    RESOLUTIONS,
    CaseClosed,
    CaseDispatched,
    CaseHandled,
    CasePassed,
    CaseReopened,
    CaseReported,
    CaseWaiting,
    ExternalRef,
)
from shared.contracts.grid.organisations import OrganisationChanged, OrganisationEnded, OrganisationRegistered
from shared.contracts.grid.pairings import PairingEnded, PairingStarted
from shared.contracts.grid.places import PLACE_KINDS, PlaceChanged, PlaceRegistered, PlaceSuperseded
from shared.contracts.grid.staff import StaffAssigned, StaffReleased
from shared.contracts.grid.stewards import StewardAppointed, StewardExpired, StewardRequested
from shared.contracts.grid.visits import VisitRecorded, VisitRequested

__all__ = [
    "CAPTAIN_ORIGINS",
    "CaptainAppointed",
    "CaptainRetired",
    "CaseClosed",
    "CaseDispatched",
    "CaseHandled",
    "CasePassed",
    "CaseReopened",
    "CaseReported",
    "CaseWaiting",
    "ExternalRef",
    "OrganisationChanged",
    "OrganisationEnded",
    "OrganisationRegistered",
    "PLACE_KINDS",
    "PlaceChanged",
    "PairingEnded",
    "PairingStarted",
    "PlaceRegistered",
    "PlaceSuperseded",
    "RESOLUTIONS",
    "StaffAssigned",
    "StaffReleased",
    "StewardAppointed",
    "StewardExpired",
    "StewardRequested",
    "VacancyFilled",
    "VacancyFound",
    "VisitRecorded",
    "VisitRequested",
]
