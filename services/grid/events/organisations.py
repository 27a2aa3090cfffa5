"""What grid says of organisations."""

from __future__ import annotations

from typing import Any

from services.grid.domain import organisation as organisations
from shared.contracts import grid
from shared.persistence.unit_of_work import CurrentFacts, Translations


def _about(organisation: organisations.Organisation) -> dict[str, Any]:
    return {
        "organisation_ref": organisation.id,
        "kind": organisation.kind,
        "tree": organisation.tree,
        "name": organisation.name,
        "parent_ref": organisation.parent_ref,
        "place_ref": organisation.place_ref,
        "place_path": organisation.place_path,
        "powers": organisation.powers,
        "is_assumed": organisation.is_assumed,
        "person_ref": organisation.person_ref,
        "valid_from": organisation.valid_from,
        "valid_to": organisation.valid_to,
    }


def _registered(organisation: organisations.Organisation, _event: Any) -> Any:
    return grid.OrganisationRegistered, _about(organisation)


def _changed(organisation: organisations.Organisation, _event: Any) -> Any:
    return grid.OrganisationChanged, _about(organisation)


def _ended(organisation: organisations.Organisation, _event: Any) -> Any:
    return grid.OrganisationEnded, _about(organisation)


def _now(organisation: organisations.Organisation, event: Any) -> Any:
    return (_registered if organisation.valid_to is None else _ended)(organisation, event)


SAYS: Translations = {
    organisations.OrganisationRegistered: _registered,
    organisations.OrganisationChanged: _changed,
    organisations.OrganisationEnded: _ended,
}

CURRENT: CurrentFacts = {organisations.Organisation: _now}
