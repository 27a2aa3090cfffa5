"""派单 Who is responsible for a matter at a place."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from services.grid.domain.categories import COMPANY, Category
from services.grid.domain.policies import BUILT_IN, COMMUNITY, Candidate, Choice, ReceiverRefused, permitted
from services.grid.use_cases.ports import Work
from shared.kernel.clock import local_date
from shared.plugins import preferred

log = logging.getLogger(__name__)

LISTED = "责任清单载明：{duty}"


def candidates_for(area_ref: str | None, work: Work) -> list[Candidate]:
    """The parties whose areas hold the place."""
    return [
        Candidate(party["party_ref"], party["kind"], party["name"])
        for party in work.copies_of("property.party")
        if area_ref is not None and area_ref in party["area_refs"]
    ]


def choose(kind: Category, area_ref: str | None, work: Work) -> Choice:
    """The party that the area's responsibility list names; else whom the preferred rule chooses. That is for the time
    being where a company should have it: then property is asked whose it is (domain row 92)."""
    responsibilities = None if area_ref is None else work.find_copy("property.responsibility", area_ref)
    listed = _listed(kind, responsibilities, work)
    if listed is not None:
        return listed
    choice = _by_rule(kind, area_ref, work)
    is_open = responsibilities is not None or (area_ref is not None and choice.party_ref is None)
    return replace(choice, is_provisional=is_open and kind.first_receiver == COMPANY)


def _listed(kind: Category, responsibilities: dict[str, Any] | None, work: Work) -> Choice | None:
    """Whom the list names, if it holds today and names a party that is known here and may have matters."""
    if responsibilities is None or responsibilities["effective_on"] > local_date(work.now).isoformat():
        return None
    for entry in responsibilities["entries"]:
        if entry["category"] != kind.code:
            continue
        party = work.find_copy("property.party", entry["party_ref"])
        if party is not None and party["kind"] != COMMUNITY:
            return Choice(entry["party_ref"], party["name"], LISTED.format(duty=entry["duty"]))
    return None


def _by_rule(kind: Category, area_ref: str | None, work: Work) -> Choice:
    """Whom the preferred rule chooses; the built-in one where that chose somebody who may not have it."""
    rules = work.plugins["dispatch_rules"]
    candidates = candidates_for(area_ref, work)
    name = preferred(rules)
    try:
        return permitted(rules[name].choose(kind, candidates), candidates)
    except ReceiverRefused as refused:
        log.error(
            "dispatch rule %s gave %s to %s, which may not have it; %s chooses",
            name,
            kind.code,
            refused,
            BUILT_IN,
        )
        return permitted(rules[BUILT_IN].choose(kind, candidates), candidates)


def area_of(building_ref: str | None, estate_ref: str | None, work: Work) -> str | None:
    """The area of property management that holds the place: by its building, else the estate's only one."""
    areas: list[dict[str, Any]] = work.copies_of("property.area")
    if building_ref is not None:
        for area in areas:
            if building_ref in area["building_refs"]:
                return str(area["area_ref"])
    in_estate = [str(area["area_ref"]) for area in areas if area["estate_ref"] == estate_ref]
    return in_estate[0] if len(in_estate) == 1 else None
