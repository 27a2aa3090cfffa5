"""What is open of organisations, staff and pairings follows when a place changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.grid.use_cases.ports import Work
from shared.kernel.clock import local_date
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class FollowPlace(Command):
    """`new_ref` is now what `old_refs` were; where it is one of them, it is called otherwise or lies elsewhere."""

    old_refs: Sequence[str]
    new_ref: str


@use_case
def follow_place(command: FollowPlace, work: Work) -> None:
    """Organisations, postings and pairings there go along; what has ended stays where it was.

    Organisations are not made one by that: somebody ends the one that is too many, after passing on its cases.
    """
    place, today = work.places.get(command.new_ref), local_date(work.now)
    for organisation in work.organisations.at(command.old_refs):
        organisation.follow(place)
    for staff in work.staffs.posted_in(command.old_refs):
        for old_ref in command.old_refs:
            staff.follow(old_ref, place, today=today)
    for pairing in work.pairings.at(command.old_refs):
        pairing.follow(place)
