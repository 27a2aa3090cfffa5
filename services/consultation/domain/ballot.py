"""选票 Ballots, and the interests that bar from voting: one of each per person and review."""

from __future__ import annotations

from dataclasses import dataclass

from services.consultation.domain.errors import RejectionUnexplained
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class BallotCast(DomainEvent):
    """投票 Somebody judged. Stays at home: ballots are secret."""


@dataclass(frozen=True)
class InterestDeclared(DomainEvent):
    """声明利害关系 Somebody stands back. Stays at home."""


@dataclass(frozen=True)
class Vote:
    """What a person says of the version with that hash, and who put it in (`cast_by`): the convenor for a paper
    ballot, which is `entered_for_other`. `criteria` are the codes of what failed (domain row 34)."""

    voter_ref: str
    chamber: str
    plan_hash: str
    approve: bool
    criteria: list[str]
    reasons: str
    cast_by: str
    entered_for_other: bool = False


class Ballot(Aggregate):
    """选票 One person's verdict."""

    term = Term("选票", "ballot")

    def __init__(self, vote: Vote, *, review_ref: str, place_path: str | None) -> None:
        """投票 Raises RejectionUnexplained for a rejection without a criterion or a reason."""
        if not vote.approve and not (vote.criteria and vote.reasons):
            raise RejectionUnexplained(field="reasons" if vote.criteria else "criteria")
        self.id = new_id()
        self.review_ref = review_ref
        self.place_path = place_path
        self.voter_ref = vote.voter_ref
        self.chamber = vote.chamber
        self.approve = vote.approve
        self.criteria = vote.criteria
        self.reasons = vote.reasons
        self.cast_by = vote.cast_by
        self.entered_for_other = vote.entered_for_other
        self.record(BallotCast())


class Interest(Aggregate):
    """利害关系 What makes a person stand back."""

    term = Term("利害关系声明", "interest")

    def __init__(
        self, *, review_ref: str, place_path: str | None, voter_ref: str, chamber: str, text: str
    ) -> None:
        self.id = new_id()
        self.review_ref = review_ref
        self.place_path = place_path
        self.voter_ref = voter_ref
        self.chamber = chamber
        self.text = text
        self.record(InterestDeclared())
