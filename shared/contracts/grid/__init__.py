"""What grid (网格) says, a module per noun."""

from shared.contracts.grid.captains import VacancyFilled, VacancyFound
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
from shared.contracts.grid.places import PLACE_KINDS, PlaceChanged, PlaceRegistered, PlaceSuperseded
from shared.contracts.grid.stewards import StewardAppointed, StewardExpired, StewardRequested

__all__ = [
    "CaseClosed",
    "CaseDispatched",
    "CaseHandled",
    "CaseReopened",
    "CaseReported",
    "CaseWaiting",
    "ExternalRef",
    "PLACE_KINDS",
    "PlaceChanged",
    "PlaceRegistered",
    "PlaceSuperseded",
    "RESOLUTIONS",
    "StewardAppointed",
    "StewardExpired",
    "StewardRequested",
    "VacancyFilled",
    "VacancyFound",
]
