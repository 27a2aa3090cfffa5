"""Places that move and are superseded: what grid's doors are given, and what the other services hear."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from services.grid.use_cases.places import RegisterPlace
from shared.contracts import grid
from shared.contracts.registry import Event
from shared.testing.harness import Message
from tests.builders import facts

MERGED = "/street/merged/estate/"
SUCCESSOR = "/street/merged/estate-2/"
AROUND = {
    "street": "110112010",
    "community": "110112010904",
    "estate": "JQ",
    "grid": "110112010904001",
    "spot": "JQ-POOL",
}


def a_spot(service: Any) -> Any:
    """A spot in a grid of an estate, with all that is around it; each is called as its kind."""
    place = None
    for kind, code in AROUND.items():
        place = service.handle(RegisterPlace(kind, kind, code, place.id if place else None))
    return place


def inside(service: Any, parent: Any, kind: str, code: str, **more: Any) -> Any:
    """A place registered over HTTP, called like its code."""
    body = {"kind": kind, "name": code, "code": code, "parent_ref": parent["id"]}
    return service.post("/places", body | more)


def changed(service: Any, place: dict[str, Any], path: str, *, version: int) -> Message:
    """grid.place.changed: it lies in another community now"""
    moved = place | {"path": path, "community_ref": "merged", "former_path": place["path"]}
    message: Message = service.message(grid.PlaceChanged, place["place_ref"], moved, version=version)
    return message


def superseded(service: Any, place: dict[str, Any], rest: str, *, version: int) -> Message:
    """grid.place.superseded by one that has everything"""
    ref = place["place_ref"]
    ended = {"old_refs": [ref], "new_refs": [rest], "rest_ref": rest, "effective_on": date(2024, 6, 1)}
    message: Message = service.message(grid.PlaceSuperseded, ref, place | ended, version=version)
    return message


def move_the_estate(service: Any) -> None:
    """The community of the estate has merged into another; twice and out of order, which must change nothing."""
    estate = facts.estate()
    newest = changed(service, estate, MERGED, version=3)
    older = changed(service, estate, "/street/between/estate/", version=2)
    first = service.message(grid.PlaceRegistered, "estate", estate, version=1)
    _heard_once_for_all(service, newest, older, first)


def supersede_the_estate(service: Any) -> None:
    """The estate merges into another one, of which is heard later; twice and out of order."""
    estate = facts.estate() | {"path": MERGED}
    ended = superseded(service, estate, "estate-2", version=5)
    late = changed(service, estate, "/street/late/estate/", version=4)
    service.deliver(ended)
    _hear_of_the_successor(service)
    _heard_once_for_all(service, ended, late)


def hear_of_the_estate(service: Any, event: type[Event]) -> None:
    """One of the events that tell of a place: the newest is kept, twice and out of order."""
    _hear_of_the_successor(service)
    estate = facts.estate()
    told = {
        grid.PlaceRegistered: service.message(grid.PlaceRegistered, "estate", estate, version=3),
        grid.PlaceChanged: changed(service, estate, MERGED, version=3),
        grid.PlaceSuperseded: superseded(service, estate, "estate-2", version=3),
    }
    late = changed(service, estate, "/street/late/estate/", version=2)
    first = service.message(grid.PlaceRegistered, "estate", estate, version=1)
    _heard_once_for_all(service, told[event], late, first)
    kept = {place["place_ref"]: place["path"] for place in service.copies("grid.place")}
    assert kept["estate"] == (MERGED if event is grid.PlaceChanged else facts.ESTATE_PATH)


def _hear_of_the_successor(service: Any) -> None:
    successor = facts.estate("estate-2") | {"path": SUCCESSOR, "estate_ref": "estate-2"}
    service.hear(grid.PlaceRegistered, "estate-2", successor)


def _heard_once_for_all(service: Any, newest: Message, *older: Message) -> None:
    service.deliver(newest)
    known = service.snapshot()
    service.forget()
    service.deliver(newest, *older)
    assert service.snapshot() == known, "it changed something when it came again, or late"
    assert set(service.heard()) == {"done"}, service.reasons()


def paths(service: Any, *tables: str) -> dict[str, set[str | None]]:
    """Where the rows of these tables lie."""
    every = service.application.definition.metadata.tables
    with service.database.reading() as session:
        return {name: set(session.scalars(select(every[name].c.place_path))) for name in tables}
