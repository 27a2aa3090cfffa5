"""各轮办理 The turns of cases as they ended: what the rates are made of, and which of them are not to count."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, validate

from services.grid import queries
from services.grid.domain.case import OUTCOMES, RESOLUTIONS, SOURCES
from services.grid.domain.rates import BY, DENOMINATOR, NAMES, NUMERATOR
from services.grid.domain.turn import LIFECYCLE, REOPENED
from services.grid.http.case_moves import ReasonBody
from services.grid.http.common import HANDLERS, LEADS_AND_OFFICERS, api
from services.grid.use_cases.turns import AskExclusion, ExcludeTurn, RefuseExclusion
from shared.access.roles import GRID_WORKER, STAFF, STREET
from shared.web.api import Call
from shared.web.fields import Code, Codes, Flag, Instant, Named, Paging, Ref, Text, Whole, nested

MONTH = validate.Regexp(r"2[01]\d\d-(0[1-9]|1[0-2])\Z", error="Not a valid month.")
RATED = (*STAFF, GRID_WORKER, *HANDLERS)  # those whose work it is, each their own


class Month(Text):
    """A period, by the month that it is named after."""

    def __init__(self, **options: Any) -> None:
        described = {"description": "周期，以月份命名 a period, by its month: 2024-05"}
        super().__init__(7, metadata=described, **options)
        self.validators.append(MONTH)


class ExclusionView(Schema):
    """Why it should not count, who asked, and who decided."""

    by = Text()
    reason = Text(500)
    asked_at = Instant()
    decided_by = Text(allow_none=True)
    decided_at = Instant(allow_none=True)


class TurnView(Schema):
    """A turn of a case, as it ended; who reported it is not told here."""

    id = Ref()
    case_ref = Ref()
    number = Text()
    turn = Whole()
    state = Named(LIFECYCLE.states)
    category = Code()
    category_name = Text()
    source = Named(SOURCES)
    has_reporter = Flag()
    place_ref = Ref()
    place_name = Text()
    community_ref = Ref()
    grid_ref = Ref()
    grid_code = Text()
    organisation_ref = Ref(allow_none=True)
    lead_party_ref = Ref(allow_none=True)
    lead_party_name = Text()
    dispatches = Whole()
    objections = Whole()
    objections_upheld = Whole()
    begun_at = Instant()
    answer_due_at = Instant()
    contacted_at = Instant(allow_none=True)
    answered_at = Instant(allow_none=True)
    handled_at = Instant(allow_none=True)
    ended_at = Instant()
    outcome = Named({**OUTCOMES, REOPENED: "反映人不认可，重新办理"})
    reopened_at = Instant(allow_none=True)
    resolution = Named(RESOLUTIONS, allow_none=True)
    grade = Whole(allow_none=True)
    exclusion = nested(ExclusionView, allow_none=True)
    allowed_actions = Codes()


class TurnFilter(Paging):
    """Which turns. `figure` and `part`: those behind a figure of a `period`, or of what was published as `report_ref`;
    `by` and `key`: of one unit, place or category (an empty key: of none)."""

    period = Month(load_default=None)
    report_ref = Ref(load_default=None)
    figure = Named(NAMES, load_default=None)
    part = Code(NUMERATOR, DENOMINATOR, load_default=DENOMINATOR)
    by = Code(*BY, load_default=None)
    key = Text(64, load_default=None)
    place_ref = Ref(load_default=None)
    case_ref = Ref(load_default=None)
    state = Code(*LIFECYCLE.states, load_default=None)


@api.get("/case-turns", roles=RATED, query=TurnFilter, answer=TurnView)
def case_turns(call: Call) -> Any:
    """各轮办理：某项指标背后的事项，逐件列出"""
    return call.ask(queries.rates.turns, **call.query)


@api.get("/case-turns/{id}", roles=RATED, answer=TurnView)
def case_turn(call: Call) -> Any:
    """一轮办理"""
    return call.ask(queries.rates.turn, call.path["id"])


@api.post("/case-turns/{id}/ask-exclusion", roles=LEADS_AND_OFFICERS, body=ReasonBody, answer=TurnView)
def ask_exclusion(call: Call) -> Any:
    """申请剔除：不计入三率"""
    return call.handle(AskExclusion(call.path["id"], **call.body))


@api.post("/case-turns/{id}/exclude", roles=(STREET,), answer=TurnView)
def exclude_turn(call: Call) -> Any:
    """同意剔除（须由另一人）"""
    return call.handle(ExcludeTurn(call.path["id"]))


@api.post("/case-turns/{id}/refuse-exclusion", roles=(STREET,), answer=TurnView)
def refuse_exclusion(call: Call) -> Any:
    """不同意剔除（须由另一人）"""
    return call.handle(RefuseExclusion(call.path["id"]))
