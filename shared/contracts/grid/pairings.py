"""What grid says of pairings (结对): reference facts."""

from __future__ import annotations

from shared.contracts.common import Placed
from shared.contracts.fields import Code, Day, Ref, Refs, Text, internal


class _AboutPairing(Placed):
    pairing_ref = Ref(required=True)
    place_name = Text(100, required=True)
    worker_ref = Ref(
        required=True, allow_none=True, metadata={"description": "staff of grid; null: nobody has taken over"}
    )
    leader_refs = internal(Refs(required=True))
    valid_from = Day(required=True)
    valid_to = Day(required=True, allow_none=True)


class PairingStarted(_AboutPairing):
    """结对 A community worker and residents' leaders ask together what is needed: reference fact (domain row 28).

    Sent when: 结对开始时、换人接替时、成员或场所变更时 it starts, goes over to another worker, or its leaders or
    its place change.
    Not sent when: 只是拟结对时 it is only proposed.
    """

    type = "grid.pairing.started.v1"


class PairingEnded(_AboutPairing):
    """结对结束 It is over, or waits for somebody to take over: reference fact.

    Sent when: 结束时、工作者离岗而无人接替时、居民骨干都已离开时 it ends, its worker leaves without a successor, or its
    last leader is gone.
    Not sent when: 由接替人继续时 a successor goes on with it.
    """

    type = "grid.pairing.ended.v1"
    reason_code = Code("ended", "worker_left", "leaders_left", required=True)
