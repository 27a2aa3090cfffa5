"""What grid says of whistles (吹哨报到)."""

from __future__ import annotations

from shared.contracts.common import Placed
from shared.contracts.fields import Code, Flag, Instant, Ref, Text


class _AboutWhistle(Placed):
    whistle_ref = Ref(required=True)
    case_ref = Ref(required=True)
    number = Text(20, required=True)
    category = Code(required=True)
    category_name = Text(50, required=True)
    place_name = Text(100, required=True)
    grid_ref = Ref(required=True)
    party_ref = Ref(required=True, allow_none=True)
    organisation_ref = Ref(required=True, allow_none=True)
    called_name = Text(100, required=True)
    need_text = Text(700, required=True)
    answer_due_at = Instant(required=True, metadata={"title": "报到期限"})
    solve_due_at = Instant(required=True)


class WhistleBlown(_AboutWhistle):
    """吹哨 The street or a community calls a department to a case; `party_ref` or `organisation_ref` says whom.

    Sent when: 街道或社区吹哨时 somebody blows.
    Not sent when: 请求协办时 a co-handler is asked for.
    """

    type = "grid.whistle.blown.v1"


class WhistleAnswered(_AboutWhistle):
    """报到 The department is there; who leads the case stays.

    Sent when: 部门报到时 the department answers.
    Not sent when: 部门反馈结果、吹哨方确认时 it reports a result, or that is confirmed.
    """

    type = "grid.whistle.answered.v1"
    answered_at = Instant(required=True)
    on_time = Flag(required=True, metadata={"description": "answered before answer_due_at"})
