"""协办 Who helps whoever is responsible: the first receiver leads, the others report their part in time (接诉即办 14).

A community helps only with what its list says (gate G2): the list is the street's, see community_list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.grid.domain.errors.co_handlers import PartDone, PartReleased
from shared.kernel.ids import new_id

ASKED, DONE, RELEASED = "asked", "done", "released"
CO_HANDLER_STATES = {ASKED: "待反馈", DONE: "已反馈结果", RELEASED: "已撤销"}


@dataclass(frozen=True)
class Helper:
    """协办单位 A party or an organisation that may be asked to help."""

    name: str
    party_ref: str | None = None
    organisation_ref: str | None = None


class CoHandler:
    """协办 One who helps with a case: what is asked of it, until when, and what it has reported.

    `remark`: why it will not be done in time and how far it is, where that was said; `reported_at`: when it last said
    something. `released_because`: why it is asked for nothing any more.
    """

    def __init__(self, helper: Helper, asked: str, due_at: datetime, *, now: datetime) -> None:
        self.id = new_id()
        self.party_ref = helper.party_ref
        self.organisation_ref = helper.organisation_ref
        self.name = helper.name
        self.asked = asked
        self.asked_at = now
        self.due_at = due_at
        self.state = ASKED
        self.result: str | None = None
        self.remark: str | None = None
        self.reported_at: datetime | None = None
        self.released_because: str | None = None

    @property
    def is_on_time(self) -> bool | None:
        """Whether its result came in time; None where there is none yet."""
        return None if self.state != DONE or self.reported_at is None else self.reported_at <= self.due_at

    def is_the(self, helper: Helper) -> bool:
        """Whether it is that party or organisation."""
        return (self.party_ref, self.organisation_ref) == (helper.party_ref, helper.organisation_ref)

    def report(self, text: str, *, is_done: bool, now: datetime) -> None:
        """反馈 The result; or why it cannot be in time, and how far it is. Raises PartDone, PartReleased."""
        self._must_be_asked()
        self.reported_at = now
        if is_done:
            self.state, self.result = DONE, text
        else:
            self.remark = text

    def release(self, reason: str) -> None:
        """撤销 Raises PartDone, PartReleased."""
        self._must_be_asked()
        self.state, self.released_because = RELEASED, reason

    def _must_be_asked(self) -> None:
        if self.state == RELEASED:
            raise PartReleased(name=self.name)
        if self.state == DONE:
            raise PartDone(name=self.name)
