"""Propose commendations, and award them."""

from __future__ import annotations

from dataclasses import dataclass

from example_honour.domain.commendation import Commendation, Result
from example_honour.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class ProposeCommendation(Command):
    """表彰建议"""

    result: Result


@use_case
def propose_commendation(command: ProposeCommendation, work: Work) -> None:
    """Once per topic, however often its result is heard of."""
    if work.commendations.of(command.result.topic_ref) is None:
        work.commendations.add(Commendation(command.result, now=work.now))


@dataclass(frozen=True)
class AwardCommendation(Command):
    """表彰"""

    commendation_id: str
    prize: str


@use_case
def award_commendation(command: AwardCommendation, work: Work) -> Commendation:
    """The street has decided. Raises NotFound, NotNow, Forbidden."""
    commendation = work.commendations.get(command.commendation_id)
    commendation.award(command.prize)
    return commendation
