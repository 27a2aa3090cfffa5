"""Give consent and withdraw it; both need the same single step (个保法 15).

Both happen under the contact's lock, as what is told by a consent: each comes before or after the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.notify.domain.consent import Consent, Terms
from services.notify.domain.contact import Contact
from services.notify.domain.disclosure import PURPOSE_NAMES
from services.notify.use_cases.contacts import own_contact
from services.notify.use_cases.messages import News, tell
from services.notify.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class GiveConsent(Command):
    """同意 By the person, or recorded by staff, who say by what `evidence`."""

    contact_id: str
    purpose: str
    recipient_ref: str
    recipient_name: str
    text_version: str
    given_by: str
    evidence: str | None


@dataclass(frozen=True)
class Given:
    """The consent, and whether there was none in force until now."""

    consent: Consent
    is_new: bool


@use_case
def give_consent(command: GiveConsent, work: Work) -> Given:
    """A new consent, or the one that is in force already; the person hears of what staff recorded.

    Raises NotFound, Forbidden, NoLongerInUse, EvidenceMissing.
    """
    contact = own_contact(command.contact_id, work, locked=True)
    known = work.consents.in_force(contact.id, command.purpose, command.recipient_ref)
    if known is not None:
        return Given(known, is_new=False)
    terms = Terms(
        command.purpose,
        command.recipient_ref,
        command.recipient_name,
        command.text_version,
        command.given_by,
        command.evidence or "",
    )
    in_person = work.actor.person_ref is not None
    consent = Consent(contact, terms, in_person=in_person, recorded_by=work.actor.told, now=work.now)
    work.consents.add(consent)
    if not in_person:
        tell(_recorded(consent, contact), [contact], {}, work)
    return Given(consent, is_new=True)


def _recorded(consent: Consent, contact: Contact) -> News:
    return News(
        milestone=f"consent:{consent.id}:recorded",
        about_ref=consent.id,
        template="consent_recorded",
        facts={"purpose_name": PURPOSE_NAMES[consent.purpose], "recipient_name": consent.recipient_name},
        place_path=contact.place_path or "",
    )


@dataclass(frozen=True)
class WithdrawConsent(Command):
    """撤回同意"""

    consent_id: str


@use_case
def withdraw_consent(command: WithdrawConsent, work: Work) -> Consent:
    """From now on nothing is shared by it. Raises NotFound, Forbidden, NotNow."""
    consent = work.consents.get(command.consent_id)
    own_contact(consent.resident_ref, work, locked=True)
    consent.withdraw(by=work.actor.told, now=work.now)
    return consent
