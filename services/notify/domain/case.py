"""事项 What notify must know of grid's cases: the number that the reporter knows it by, and who reported it."""

from __future__ import annotations

from dataclasses import dataclass

from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class CaseNoted(DomainEvent):
    """A case was reported."""


class ReportedCase(Aggregate):
    """A case and its reporters; what may change of it stays with grid."""

    def __init__(self, *, case_ref: str, number: str, reporter_refs: list[str], place_path: str) -> None:
        self.id = new_id()
        self.case_ref = case_ref
        self.number = number
        self.reporter_refs = reporter_refs
        self.place_path = place_path

    @classmethod
    def note(cls, *, case_ref: str, number: str, reporter_refs: list[str], place_path: str) -> ReportedCase:
        """Remember a case."""
        case = cls(case_ref=case_ref, number=number, reporter_refs=reporter_refs, place_path=place_path)
        case.record(CaseNoted())
        return case
