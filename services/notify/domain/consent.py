"""同意 Consents: for one purpose, towards one recipient, withdrawn as easily as given (个保法 14, 15, 23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.notify.domain.contact import Contact
from services.notify.domain.errors import EvidenceMissing, NoLongerInUse
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

IN_FORCE, WITHDRAWN = "in_force", "withdrawn"
GIVERS = {"self": "本人", "guardian": "监护人"}

LIFECYCLE = Lifecycle(
    Term("同意", "consent"),
    {IN_FORCE: "有效", WITHDRAWN: "已撤回"},
    move("withdraw", "撤回", IN_FORCE, WITHDRAWN),
)


@dataclass(frozen=True)
class ConsentGiven(DomainEvent):
    """同意 A person lets somebody know of them."""


@dataclass(frozen=True)
class ConsentWithdrawn(DomainEvent):
    """撤回同意 No more from now on; what was done before stays done, and on record."""


@dataclass(frozen=True)
class ConsentForgotten(DomainEvent):
    """删除 The evidence and the recipient's name, who may be a person, are gone; to whose ref it was given stays."""


@dataclass(frozen=True)
class Terms:
    """To what a person consents: the purpose, who receives it, and which text they were shown; from staff also the
    `evidence` (凭据) of how it was given: a signed form, a call, at the counter."""

    purpose: str
    recipient_ref: str
    recipient_name: str
    text_version: str
    given_by: str
    evidence: str


class Consent(Aggregate):
    """同意 A person's own permission. It lies nowhere of its own: whose place covers the person, it covers."""

    term = LIFECYCLE.name
    leads_journey = False

    def __init__(
        self, contact: Contact, terms: Terms, *, in_person: bool, recorded_by: str, now: datetime
    ) -> None:
        """Unless given `in_person`, by one's own token, it has evidence. Raises NoLongerInUse, EvidenceMissing."""
        if not contact.is_in_use:
            raise NoLongerInUse
        if not (in_person or terms.evidence):
            raise EvidenceMissing(field="evidence")
        self.id = new_id()
        self.resident_ref = contact.id
        self.purpose = terms.purpose
        self.recipient_ref = terms.recipient_ref
        self.recipient_name = terms.recipient_name
        self.text_version = terms.text_version
        self.given_by = terms.given_by
        self.evidence = terms.evidence
        self.recorded_by = recorded_by
        self.given_at = now
        self.withdrawn_at: datetime | None = None
        self.withdrawn_by: str | None = None
        self.state = IN_FORCE
        self.record(ConsentGiven())

    @property
    def allowed_actions(self) -> list[str]:
        """What the person can do."""
        return LIFECYCLE.actions(self.state)

    def withdraw(self, *, by: str, now: datetime) -> None:
        """撤回 Raises NotNow."""
        self.state = LIFECYCLE.after("withdraw", self.state)
        self.withdrawn_at, self.withdrawn_by = now, by
        self.record(ConsentWithdrawn())

    def forget(self, *, by: str, now: datetime) -> None:
        """删除 The person is erased."""
        if self.state == IN_FORCE:
            self.withdraw(by=by, now=now)
        self.recipient_name = self.evidence = ""
        self.record(ConsentForgotten())
