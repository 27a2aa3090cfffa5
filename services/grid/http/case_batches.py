"""批量办理 One deed for many cases, each by itself: what one of them refuses is said in its row, and hurts no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, validate, validates_schema

from services.grid.domain.case_lifecycle import CAPACITIES, OFFICER
from services.grid.domain.errors.cases import NotYourPart
from services.grid.http.case_notes import LONGEST_NOTE
from services.grid.http.common import LEADS_AND_OFFICERS, api
from services.grid.use_cases.case_moves import AcceptCase, CloseCase, ContactReporter
from services.grid.use_cases.case_notes import WriteNote
from services.grid.use_cases.cases import PassCase
from shared.access.roles import STAFF
from shared.kernel.command import Command
from shared.kernel.errors import ConcurrentChange, JiushuError, Term
from shared.persistence.database import is_conflict
from shared.web.api import Call
from shared.web.fields import (
    Code,
    Codes,
    Flag,
    PublicWords,
    Ref,
    Refs,
    Text,
    Whole,
    Words,
    distinct,
    nested,
    several,
)
from shared.web.problems import refused

MOST_CASES = 100
NOTE = "note"
# what is the same deed for each: no evidence, no decision on what somebody has asked for, no words to one reporter
ACTIONS: Mapping[str, tuple[Callable[..., Command], tuple[str, ...]]] = {
    "accept": (AcceptCase, ()),
    "contact": (ContactReporter, ()),
    "pass": (PassCase, ("to_organisation_ref", "reason")),
    "close": (CloseCase, ()),
    NOTE: (WriteNote, ("text",)),
}
GIVEN = ("to_organisation_ref", "reason", "text")


class BatchBody(Schema):
    """What is to be done with which cases; `to_organisation_ref` and `reason` with `pass`, `text` with `note`."""

    action = Code(*ACTIONS, required=True)
    case_refs = Refs(required=True, validate=[validate.Length(1, MOST_CASES), distinct])
    to_organisation_ref = Ref()
    reason = PublicWords(500)
    text = Words(LONGEST_NOTE)

    @validates_schema(skip_on_field_errors=True)
    def must_fit(self, data: dict[str, Any], **_: Any) -> None:
        """What the action needs, and nothing else."""
        needed = ACTIONS[data["action"]][1]
        wrong = {name: "Missing data for required field." for name in needed if name not in data}
        wrong |= {name: "Unknown field." for name in GIVEN if name in data and name not in needed}
        if wrong:
            raise ValidationError({name: [text] for name, text in wrong.items()})


class RefusalView(Schema):
    """Why it was not done: what the deed's own door would have said."""

    status = Whole()
    code = Code()
    detail = Text()
    allowed_actions = Codes()


class BatchRow(Schema):
    """One case, and what has become of it; `state` where it was done, else the `refusal`."""

    case_ref = Ref()
    done = Flag()
    state = Code(allow_none=True)
    reporter_ref = Ref(allow_none=True)
    refusal = nested(RefusalView, allow_none=True)


class BatchView(Schema):
    """How many, and each in the order in which they were named."""

    done = Whole()
    refused = Whole()
    rows = several(BatchRow, most=MOST_CASES)


@api.post("/case-batches", roles=LEADS_AND_OFFICERS, body=BatchBody, answer=BatchView, subject="reporter_ref")
def act_on_cases(call: Call) -> Any:
    """批量办理：接办、联系反映人、转交、结案、备注，逐件答复"""
    action, refs = call.body["action"], call.body["case_refs"]
    if action == NOTE and call.actor.role not in STAFF:
        raise NotYourPart(who=Term(CAPACITIES[OFFICER], OFFICER))
    made, needed = ACTIONS[action]
    given = {name: call.body[name] for name in needed}
    # in one order, whoever asks: else two batches could wait for each other
    rows = {ref: _done(call, made(case_id=ref, **given)) for ref in sorted(refs)}
    done = sum(row["done"] for row in rows.values())
    answered = [{"case_ref": ref, **rows[ref]} for ref in refs]
    return {"done": done, "refused": len(refs) - done, "rows": answered}


def _done(call: Call, command: Command) -> dict[str, Any]:
    try:
        made = call.attempt(command)
    except Exception as error:
        refusal = ConcurrentChange() if is_conflict(error) else error
        if not isinstance(refusal, JiushuError):
            raise
        told = {"allowed_actions": [], **refused(refusal, call.language)}
        return {"done": False, "state": None, "reporter_ref": None, "refusal": told}
    state, reporter_ref = getattr(made, "state", None), getattr(made, "reporter_ref", None)
    return {"done": True, "state": state, "reporter_ref": reporter_ref, "refusal": None}
