"""What is open follows (随所走) when a place changes, moves, or another takes over from it; what is closed stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from services.grid.domain.place import DOOR, GRID, Place
from services.grid.use_cases.ports import Work
from shared.kernel.clock import local_date


def let_follow(places: Mapping[str, Place], work: Work) -> Counter[str]:
    """How much of which kind has followed; `places`: what each is now, by its id before.

    Most of it only repeats where its place lies (`FOLLOWS` in the store). What says more does it itself: posts count
    anew, organisations and staff tell of it. Organisations are not made one by that: somebody ends the one that is too
    many, after passing on its cases.
    """
    followed = Counter(posts=count_anew(places.values(), work))
    today = local_date(work.now)
    for organisation in work.organisations.at(list(places)):
        organisation.follow(places[organisation.place_ref or ""])
        followed["organisations"] += 1
    for ref, place in places.items():
        for staff in work.staffs.posted_in(ref) if place.kind == GRID else ():
            staff.follow(ref, place, today=today)
            followed["staff"] += 1
    followed.update(work.follow(*places))
    return +followed


def count_anew(places: Iterable[Place], work: Work) -> int:
    """A door may be called otherwise, or stand in an estate of another type; how many posts that was."""
    doors = [place for place in places if place.kind == DOOR]
    for door in doors:
        work.posts.get(door.id).follow(door)
    return len(doors)
