"""工作提醒 Notices to staff."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.notify import queries
from services.notify.domain.staff_notice import KINDS, LIFECYCLE
from services.notify.http.common import api
from shared.access.roles import STAFF
from shared.web.api import Call
from shared.web.fields import Code, Codes, Instant, Named, Paging, Ref, Text


class StaffNoticeView(Schema):
    """What waits for the staff of a place."""

    id = Ref()
    kind = Named(KINDS)
    about_ref = Ref()
    title = Text()
    text = Text()
    told_at = Instant()
    settled_at = Instant(allow_none=True)
    state = Named(LIFECYCLE.states)
    allowed_actions = Codes()


class StaffNoticeFilter(Paging):
    """Which notices."""

    kind = Code(*KINDS, load_default=None)
    about_ref = Ref(load_default=None)
    state = Code(*LIFECYCLE.states, load_default=None)


@api.get("/staff-notices", roles=STAFF, query=StaffNoticeFilter, answer=StaffNoticeView)
def staff_notices(call: Call) -> Any:
    """工作提醒列表"""
    return call.ask(queries.staff_notices_in_scope, **call.query)
