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
    CaseReopened,
    CaseReported,
    CaseWaiting,
    ExternalRef,
)
from shared.contracts.grid.places import PLACE_KINDS, PlaceRegistered
from shared.contracts.grid.stewards import StewardAppointed, StewardExpired, StewardRequested

__all__ = [
    "CAPTAIN_ORIGINS",
    "CaptainAppointed",
    "CaptainRetired",
    "CaseClosed",
    "CaseDispatched",
    "CaseHandled",
    "CaseReopened",
    "CaseReported",
    "CaseWaiting",
    "ExternalRef",
    "PLACE_KINDS",
    "PlaceRegistered",
    "RESOLUTIONS",
    "StewardAppointed",
    "StewardExpired",
    "StewardRequested",
    "VacancyFilled",
    "VacancyFound",
]
