"""提供 Disclosures: who was told a person's name and phone, what for, and on what legal basis (个保法 13, 23, 55, 56).

One table says which purposes there are, and who may state them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.notify.domain.consent import Consent
from services.notify.domain.contact import Contact
from services.notify.domain.errors import ConsentMissing, NoLongerInUse, PurposeNotYours
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class Purpose:
    """目的 What a person's name and phone are needed for. Roles `by_duty` need no consent (个保法 13), those
    `by_consent` the person's own, for them and for this purpose (个保法 23)."""

    zh: str
    basis: str
    by_duty: frozenset[str]
    by_consent: frozenset[str] = frozenset()


_STREET = frozenset({"street", "community", "convenor"})
_ON_THE_SPOT = _STREET | {"grid_worker"}
_PARTIES = frozenset({"property", "owner_unit", "owners_body", "contractor"})
_HELPERS = frozenset({"professional", "social_org", "member_unit"})
_CONSENT = "个人信息保护法第14、23条：个人单独同意"

PURPOSES: Mapping[str, Purpose] = {
    #                        name        legal basis                                  by duty        by consent
    "handle_matter": Purpose("处理事项", "个人信息保护法第13条第3项：履行法定职责", _ON_THE_SPOT, _PARTIES),
    "revisit": Purpose("回访", "个人信息保护法第13条第3项；接诉即办工作条例", _STREET),
    "home_visit": Purpose("入户走访", "个人信息保护法第13条第3项；街道办事处条例", _ON_THE_SPOT),
    "emergency": Purpose(
        "紧急情况",
        "个人信息保护法第13条第4项：保护生命健康和财产安全",
        _ON_THE_SPOT | {"police", "chengguan"},
    ),
    "repair": Purpose("上门维修", _CONSENT, frozenset(), _PARTIES),
    "service": Purpose("对接服务", _CONSENT, frozenset(), _HELPERS),
}
PURPOSE_NAMES = {code: purpose.zh for code, purpose in PURPOSES.items()}


@dataclass(frozen=True)
class ContactDisclosed(DomainEvent):
    """提供 Somebody was told who a person is."""


class Disclosure(Aggregate):
    """提供记录 One time that somebody was told a person's name and phone. It holds neither, and lies nowhere
    of its own, as a consent."""

    term = Term("提供记录", "disclosure")
    leads_journey = False

    def __init__(
        self,
        contact: Contact,
        *,
        purpose: str,
        reason: str,
        role: str,
        recipient: str,
        consent: Consent | None,
        now: datetime,
    ) -> None:
        """Raises NoLongerInUse, PurposeNotYours, ConsentMissing."""
        stated = PURPOSES[purpose]
        if not contact.is_in_use:
            raise NoLongerInUse
        if role not in stated.by_duty | stated.by_consent:
            raise PurposeNotYours(purpose=stated.zh, code=purpose, field="purpose")
        if role not in stated.by_duty and consent is None:
            raise ConsentMissing(purpose=stated.zh, code=purpose)
        self.id = new_id()
        self.resident_ref = contact.id
        self.purpose = purpose
        self.basis = stated.basis
        self.reason = reason
        self.recipient = recipient
        self.consent_ref = consent.id if consent else None
        self.disclosed_at = now
        self.record(ContactDisclosed())
