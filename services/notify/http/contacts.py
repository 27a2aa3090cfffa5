"""联系人 Contacts, and what a person may demand of us: to see, to correct, to erase (个保法 45, 46, 47)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, validate

from services.notify import queries
from services.notify.domain.contact import CLASSES, LIFECYCLE
from services.notify.http.common import ATTENDANTS, REGISTRARS, api
from services.notify.http.consents import ConsentView
from services.notify.http.disclosures import DisclosureView
from services.notify.http.messages import MessageView
from services.notify.http.questions import AnswerView
from services.notify.use_cases.contacts import (
    CorrectContact,
    EraseContact,
    RegisterContact,
    ResumeContact,
    StopContact,
)
from shared.access.roles import STREET
from shared.web import api as web
from shared.web.api import Call
from shared.web.fields import Code, Codes, Instant, Named, Ref, Text, Words, distinct, nested, several


class ContactBody(Schema):
    """A person who can be reached."""

    name = Words(50, required=True)
    phone = Words(30, required=True)
    email = Text(254, load_default="")
    channels = Codes(load_default=list, validate=[validate.Length(1, 10), distinct])
    door_ref = Ref(required=True)
    contact_class = Code(*CLASSES, required=True)
    basis = Words(200, required=True)


class ContactView(Schema):
    """A contact; name, phone and e-mail are never shown in full, the address only to the building."""

    id = Ref()
    resident_ref = Ref(attribute="id", dump_only=True)
    name = Text(attribute="masked_name")
    phone = Text(attribute="masked_phone")
    email = Text(attribute="masked_email")
    channels = Codes()
    building_ref = Ref()
    contact_class = Code()
    basis = Text()
    state = Named(LIFECYCLE.states)
    kept_until = Instant(allow_none=True)
    kept_because = Text()
    allowed_actions = Codes()


class CorrectionBody(Schema):
    """What was wrong; what is left out stays."""

    name = Words(50, load_default=None)
    phone = Words(30, load_default=None)
    email = Text(254, load_default=None)
    channels = Codes(load_default=None, validate=[validate.Length(1, 10), distinct])
    door_ref = Ref(load_default=None)


class StopBody(Schema):
    """Until when which law demands that the data be kept: three years ahead at most."""

    until = Instant(required=True)
    because = Words(200, required=True)


class ResumeBody(Schema):
    """On which legal basis the person is reached again."""

    basis = Words(200, required=True)


class PersonalFileView(Schema):
    """All that is held about a person; name, phone, e-mail, door and texts in full for the person alone."""

    resident_ref = Ref()
    name = Text()
    phone = Text()
    email = Text()
    building_ref = Ref(attribute="contact.building_ref")
    door_ref = Ref(allow_none=True)
    contact = nested(ContactView)
    consents = several(ConsentView)
    disclosures = several(DisclosureView)
    messages = several(MessageView)
    answers = several(AnswerView)


@api.post(
    "/contacts",
    roles=REGISTRARS,
    body=ContactBody,
    answer=ContactView,
    status=201,
    also={200: ContactView},
    location="/contacts/{id}",
    personal=True,
)
def register_contact(call: Call) -> Any:
    """登记联系人; 200 where phone and name are known"""
    registered = call.handle(RegisterContact(**call.body))
    return web.Answer(registered.contact, 201 if registered.is_new else 200)


@api.get(
    "/contacts/{id}",
    roles=REGISTRARS,
    answer=ContactView,
    personal=True,
    subject="id",
)
def contact(call: Call) -> Any:
    """一个联系人"""
    return call.ask(queries.contact, call.path["id"])


@api.get(
    "/contacts/{id}/data",
    roles=ATTENDANTS,
    answer=PersonalFileView,
    personal=True,
    subject="id",
)
def personal_file(call: Call) -> Any:
    """查阅、复制个人信息"""
    return call.ask(queries.personal_file, call.path["id"])


@api.post(
    "/contacts/{id}/correct",
    roles=ATTENDANTS,
    body=CorrectionBody,
    answer=ContactView,
    personal=True,
    subject="id",
)
def correct_contact(call: Call) -> Any:
    """更正个人信息"""
    return call.handle(CorrectContact(contact_id=call.path["id"], **call.body))


@api.post(
    "/contacts/{id}/stop",
    roles=(STREET,),
    body=StopBody,
    answer=ContactView,
    personal=True,
    subject="id",
)
def stop_contact(call: Call) -> Any:
    """停止使用个人信息（法定保存期限未到）"""
    return call.handle(StopContact(contact_id=call.path["id"], **call.body))


@api.post(
    "/contacts/{id}/resume",
    roles=(STREET,),
    body=ResumeBody,
    answer=ContactView,
    personal=True,
    subject="id",
)
def resume_contact(call: Call) -> Any:
    """恢复使用个人信息"""
    return call.handle(ResumeContact(contact_id=call.path["id"], **call.body))


@api.post(
    "/contacts/{id}/erase",
    roles=ATTENDANTS,
    answer=ContactView,
    personal=True,
    subject="id",
)
def erase_contact(call: Call) -> Any:
    """删除个人信息"""
    return call.handle(EraseContact(contact_id=call.path["id"]))
