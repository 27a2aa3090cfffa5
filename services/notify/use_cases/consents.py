"""Give consent and withdraw it; both need the same single step (个保法 15).

Both happen under the contact's lock, as what is told by a consent: each comes before or after the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.notify.domain.consent import Consent, Terms
from services.notify.use_cases.contacts import own_contact
from services.notify.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class GiveConsent(Command):
    """同意 By the person, or recorded by staff who saw it signed."""

    contact_id: str
    purpose: str
    recipient_ref: str
    recipient_name: str
    text_version: str
    given_by: str


@dataclass(frozen=True)
class Given:
    """The consent, and whether there was none in force until now."""

    consent: Consent
    is_new: bool


@use_case
def give_consent(command: GiveConsent, work: Work) -> Given:
    """A new consent, or the one that is in force already. Raises NotFound, Forbidden, NoLongerInUse."""
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
    )
    consent = Consent(contact, terms, recorded_by=work.actor.told, now=work.now)
    work.consents.add(consent)
    return Given(consent, is_new=True)


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
