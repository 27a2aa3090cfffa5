"""事项计数 How much there is to be done."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.http.common import HANDLERS, api
from services.grid.queries.case_counts import BY
from shared.access.roles import GRID_WORKER, STAFF
from shared.kernel.clock import next_midnight
from shared.web.api import Call
from shared.web.fields import Code, Ref, Text, Whole, nested, several

MOST_GROUPS = 5000


class TallyView(Schema):
    """How many that are not closed: by state; overdue, due until midnight, and waiting for the caller's decision."""

    dispatched = Whole()
    handling = Whole()
    waiting = Whole()
    handled = Whole()
    verified = Whole()
    overdue = Whole()
    due_today = Whole()
    to_decide = Whole()


class GroupView(Schema):
    """Those of one grid or community."""

    place_ref = Ref(allow_none=True)
    place_name = Text()
    tally = nested(TallyView)


class CountsView(Schema):
    """In all; and by grid or community, where that was asked for."""

    total = nested(TallyView)
    groups = several(GroupView, most=MOST_GROUPS)


class CountsFilter(Schema):
    """Of which place, and by what."""

    place_ref = Ref(load_default=None, metadata={"description": "在此场所或其内 there, or anywhere inside"})
    by = Code(*BY, load_default=None)


@api.get("/case-counts", roles=(*STAFF, GRID_WORKER, *HANDLERS), query=CountsFilter, answer=CountsView)
def case_counts(call: Call) -> Any:
    """未办结事项计数：按状态，超期、今日到期、待决定；可按网格或社区"""
    midnight = next_midnight(call.application.clock.now())
    return call.ask(queries.case_counts.case_counts, midnight, **call.query)
