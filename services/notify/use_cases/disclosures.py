"""Tell somebody a person's name and phone, and keep on record that it was done."""

from __future__ import annotations

from dataclasses import dataclass

from services.notify.domain.contact import Contact
from services.notify.domain.disclosure import Disclosure
from services.notify.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class DiscloseContact(Command):
    """提供联系方式 For one of the purposes, because of a matter that `reason` names."""

    contact_id: str
    purpose: str
    reason: str


@dataclass(frozen=True)
class Disclosed:
    """What was told, once, and the record of it."""

    record: Disclosure
    contact: Contact


@use_case
def disclose_contact(command: DiscloseContact, work: Work) -> Disclosed:
    """Name and phone. Raises NotFound, Forbidden, NoLongerInUse, PurposeNotYours, ConsentMissing."""
    contact = work.contacts.get(command.contact_id, locked=True)
    party = work.actor.party_ref
    consent = work.consents.in_force(contact.id, command.purpose, party) if party else None
    record = Disclosure(
        contact,
        purpose=command.purpose,
        reason=command.reason,
        role=work.actor.role,
        recipient=work.actor.told if party is None else f"{work.actor.told}@{party}",
        consent=consent,
        now=work.now,
    )
    work.disclosures.add(record)
    return Disclosed(record, contact)
