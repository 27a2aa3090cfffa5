"""选票 Ballots, and the interests that bar from voting: one of each per person and review."""

from __future__ import annotations

from dataclasses import dataclass

from services.consultation.domain.errors import RejectionUnexplained
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class BallotCast(DomainEvent):
    """Somebody judged. Stays at home: ballots are secret."""


@dataclass(frozen=True)
class InterestDeclared(DomainEvent):
    """Somebody stands back. Stays at home."""


class Ballot(Aggregate):
    """One person's verdict. `criteria` are the codes of what failed (domain row 34)."""

    def __init__(
        self,
        *,
        review_ref: str,
        place_path: str | None,
        voter_ref: str,
        chamber: str,
        approve: bool,
        criteria: list[str],
        reasons: str,
    ) -> None:
        self.id = new_id()
        self.review_ref = review_ref
        self.place_path = place_path
        self.voter_ref = voter_ref
        self.chamber = chamber
        self.approve = approve
        self.criteria = criteria
        self.reasons = reasons

    @classmethod
    def cast(
        cls,
        *,
        review_ref: str,
        place_path: str | None,
        voter_ref: str,
        chamber: str,
        approve: bool,
        criteria: list[str],
        reasons: str,
    ) -> Ballot:
        """投票 Raises RejectionUnexplained for a rejection without a criterion or a reason."""
        if not approve and not (criteria and reasons):
            raise RejectionUnexplained(field="reasons" if criteria else "criteria")
        ballot = cls(
            review_ref=review_ref,
            place_path=place_path,
            voter_ref=voter_ref,
            chamber=chamber,
            approve=approve,
            criteria=criteria,
            reasons=reasons,
        )
        ballot.record(BallotCast())
        return ballot


class Interest(Aggregate):
    """利害关系 What makes a person stand back."""

    def __init__(
        self, *, review_ref: str, place_path: str | None, voter_ref: str, chamber: str, text: str
    ) -> None:
        self.id = new_id()
        self.review_ref = review_ref
        self.place_path = place_path
        self.voter_ref = voter_ref
        self.chamber = chamber
        self.text = text

    @classmethod
    def declare(
        cls, *, review_ref: str, place_path: str | None, voter_ref: str, chamber: str, text: str
    ) -> Interest:
        """声明"""
        interest = cls(
            review_ref=review_ref, place_path=place_path, voter_ref=voter_ref, chamber=chamber, text=text
        )
        interest.record(InterestDeclared())
        return interest
