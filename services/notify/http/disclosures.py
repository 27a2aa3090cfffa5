"""提供 Disclosures: a person's name and phone, for a purpose, on record."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.notify import queries
from services.notify.domain.disclosure import PURPOSE_NAMES, PURPOSES
from services.notify.http.common import ATTENDANTS, api
from services.notify.use_cases.disclosures import DiscloseContact
from shared.access.roles import ROLES
from shared.web.api import Call
from shared.web.fields import Instant, Named, Paging, Ref, Text, Words

_NAMED = {role for purpose in PURPOSES.values() for role in purpose.by_duty | purpose.by_consent}
RECIPIENTS = tuple(role for role in ROLES if role in _NAMED)


class DisclosureBody(Schema):
    """What for, and because of which matter."""

    purpose = Named(PURPOSE_NAMES, required=True)
    reason = Words(200, required=True)


class DisclosureView(Schema):
    """Who was told, and why; not what."""

    id = Ref()
    resident_ref = Ref()
    purpose = Named(PURPOSE_NAMES)
    basis = Text()
    reason = Text()
    recipient = Text()
    consent_ref = Ref(allow_none=True)
    disclosed_at = Instant()


class DisclosedView(Schema):
    """Name and phone, and the record of this."""

    id = Ref(attribute="record.id")
    resident_ref = Ref(attribute="record.resident_ref")
    name = Text(attribute="contact.name")
    phone = Text(attribute="contact.phone")
    purpose = Named(PURPOSE_NAMES, attribute="record.purpose")
    basis = Text(attribute="record.basis")
    disclosed_at = Instant(attribute="record.disclosed_at")


@api.post(
    "/contacts/{id}/disclosures",
    roles=RECIPIENTS,
    body=DisclosureBody,
    answer=DisclosedView,
    status=201,
    location="/disclosures/{id}",
    personal=True,
    subject="id",
)
def disclose_contact(call: Call) -> Any:
    """查看联系方式（说明目的）"""
    return call.handle(DiscloseContact(contact_id=call.path["id"], **call.body))


@api.get(
    "/contacts/{id}/disclosures",
    roles=ATTENDANTS,
    query=Paging,
    answer=DisclosureView,
    personal=True,
    subject="id",
)
def disclosures(call: Call) -> Any:
    """一人的联系方式提供记录"""
    return call.ask(queries.disclosures_of, call.path["id"], **call.query)


@api.get("/disclosures/{id}", roles=ATTENDANTS, answer=DisclosureView, personal=True)
def disclosure(call: Call) -> Any:
    """一条提供记录"""
    return call.ask(queries.disclosure, call.path["id"])
