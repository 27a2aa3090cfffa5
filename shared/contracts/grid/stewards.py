"""What grid says of construction stewards (施工楼栋管家)."""

from __future__ import annotations

from shared.contracts.common import Placed
from shared.contracts.fields import Code, Ref, Refs, Text, internal


class _AboutSteward(Placed):
    works_ref = Ref(required=True)
    topic_ref = Ref(required=True)


class StewardRequested(_AboutSteward):
    """征召施工楼栋管家 Works begin in a lived-in estate: the contractor must name a person for each building.

    Sent when: 需要管家的工程开工时 works that need stewards start (domain row 59).
    Not sent when: 方案不需要管家时 the plan needs none.
    """

    type = "grid.steward.requested.v1"
    request_ref = Ref(required=True)
    building_refs = Refs(required=True)
    contractor_ref = Ref(required=True)
    contractor_name = Text(100, required=True)


class StewardAppointed(_AboutSteward):
    """施工楼栋管家到岗 A person of the contractor answers for a building as its temporary captain.

    Sent when: 施工单位派定人员时 the contractor names the person.
    Not sent when: 楼门长到任时 a building captain (楼门长) is appointed.
    """

    type = "grid.steward.appointed.v1"
    steward_ref = Ref(required=True)
    building_ref = Ref(required=True)
    building_name = Text(100, required=True)
    contractor_name = Text(100, required=True)
    person_ref = internal(Ref(required=True))


class StewardExpired(_AboutSteward):
    """施工楼栋管家卸任 The works are accepted or cancelled; the temporary captain's time is over.

    Sent when: 工程结束时，每位管家一次 once per steward at the end of the works.
    Not sent when: 只是换人时 a person is replaced.
    """

    type = "grid.steward.expired.v1"
    steward_ref = Ref(required=True)
    building_ref = Ref(required=True)
    building_name = Text(100, required=True)
    reason_code = Code("works_accepted", "works_cancelled", required=True)
    captain_refs = internal(
        Refs(load_default=list, metadata={"description": "to whom the duty of the building goes back"})
    )
    door_refs = Refs(load_default=list, metadata={"description": "the doors of those captains"})
