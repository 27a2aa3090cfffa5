"""同意 Consents: given and withdrawn in one step each."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.notify import queries
from services.notify.domain.consent import GIVERS, LIFECYCLE
from services.notify.domain.disclosure import PURPOSE_NAMES
from services.notify.http.common import ATTENDANTS, api
from services.notify.use_cases.consents import GiveConsent, WithdrawConsent
from shared.web import api as web
from shared.web.api import Call
from shared.web.fields import Codes, Instant, Named, Paging, Ref, Text, Words


class ConsentBody(Schema):
    """For what, towards whom, which text the person was shown, and, from staff, how it was given."""

    purpose = Named(PURPOSE_NAMES, required=True)
    recipient_ref = Ref(required=True)
    recipient_name = Words(100, required=True)
    text_version = Words(64, required=True)
    given_by = Named(GIVERS, load_default="self")
    evidence = Words(200, load_default=None)


class ConsentView(Schema):
    """A consent."""

    id = Ref()
    resident_ref = Ref()
    purpose = Named(PURPOSE_NAMES)
    recipient_ref = Ref()
    recipient_name = Text()
    text_version = Text()
    given_by = Named(GIVERS)
    evidence = Text()
    recorded_by = Text()
    given_at = Instant()
    withdrawn_at = Instant(allow_none=True)
    state = Named(LIFECYCLE.states)
    allowed_actions = Codes()


@api.post(
    "/contacts/{id}/consents",
    roles=ATTENDANTS,
    body=ConsentBody,
    answer=ConsentView,
    status=201,
    also={200: ConsentView},
    subject="id",
)
def give_consent(call: Call) -> Any:
    """同意提供; 200 where it is in force already"""
    given = call.handle(GiveConsent(contact_id=call.path["id"], **call.body))
    return web.Answer(given.consent, 201 if given.is_new else 200)


@api.get(
    "/contacts/{id}/consents",
    roles=ATTENDANTS,
    query=Paging,
    answer=ConsentView,
    personal=True,
    subject="id",
)
def consents(call: Call) -> Any:
    """一人的同意"""
    return call.ask(queries.consents_of, call.path["id"], **call.query)


@api.post("/consents/{id}/withdraw", roles=ATTENDANTS, answer=ConsentView)
def withdraw_consent(call: Call) -> Any:
    """撤回同意"""
    return call.handle(WithdrawConsent(consent_id=call.path["id"]))
