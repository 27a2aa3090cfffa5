"""备注 Notes about a case: among staff."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.http.common import api
from services.grid.use_cases.case_notes import WriteNote
from shared.access.roles import STAFF
from shared.web.api import Call
from shared.web.fields import Instant, Paging, Ref, Text, Words

LONGEST_NOTE = 2000


class NoteBody(Schema):
    """What is noted; staff only read it."""

    text = Words(LONGEST_NOTE, required=True)


class NoteView(Schema):
    """A note."""

    id = Ref()
    case_ref = Ref()
    text = Text(LONGEST_NOTE)
    written_by = Text()
    written_at = Instant()


@api.post("/cases/{id}/notes", roles=STAFF, body=NoteBody, answer=NoteView, status=201)
def write_note(call: Call) -> Any:
    """备注事项（仅工作人员可见）"""
    return call.handle(WriteNote(call.path["id"], **call.body))


@api.get("/cases/{id}/notes", roles=STAFF, query=Paging, answer=NoteView, personal=True)
def notes(call: Call) -> Any:
    """一个事项的备注"""
    return call.ask(queries.case_notes.notes_about, call.path["id"], **call.query)
