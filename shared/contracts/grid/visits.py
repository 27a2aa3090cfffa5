"""What grid says of visits (入户)."""

from __future__ import annotations

from shared.contracts.common import Placed
from shared.contracts.fields import Code, Instant, Ref, internal


class _AboutVisit(Placed):
    """`place_ref` and `place_path` are of the building: whose door it is, outsiders need not know."""

    task_ref = Ref(required=True)
    message_ref = internal(Ref(required=True, allow_none=True))
    campaign_ref = Ref(required=True, allow_none=True)
    purpose = Code(required=True)
    door_ref = internal(Ref(required=True))


class VisitRequested(_AboutVisit):
    """入户任务下达 Somebody is to go to a household or a door (domain row 23).

    Sent when: 单独下达任务时、消息送不到而须当面送达时 a visit is asked for, or a message that must reach has not.
    Not sent when: 入户行动一次安排很多户时 a campaign plans many at once.
    """

    type = "grid.visit.requested.v1"
    due_at = Instant(required=True, allow_none=True)


class VisitRecorded(_AboutVisit):
    """入户结果 What became of a visit so far: met, absent (to be visited again), refused, or board: absent too often,
    so that it ends with a notice on the board.

    Sent when: 每次入户改变任务结果时 an attempt changes what has become of it.
    Not sent when: 记录重发、或任务已有更好的结果时 a record is sent again, or the visit has come further already.
    """

    type = "grid.visit.recorded.v1"
    outcome = Code("met", "absent", "refused", "board", required=True, metadata={"title": "入户结果"})
    answer = Code(required=True, allow_none=True, metadata={"description": "a code, never somebody's words"})
    occurred_at = Instant(required=True)
