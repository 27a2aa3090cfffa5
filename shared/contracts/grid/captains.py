"""What grid says of building captains (楼门长) and their vacancies."""

from __future__ import annotations

from shared.contracts.common import Placed
from shared.contracts.fields import Code, Day, Ref, Text, Whole, internal

CAPTAIN_ORIGINS = ("resident", "property", "merchant", "bank", "agent")


class _AboutCaptain(Placed):
    """Outsiders see of a captain the building and the role only: whoever serves a door lives or works there."""

    captain_ref = Ref(required=True)
    building_ref = Ref(required=True)
    door_ref = internal(Ref(required=True))
    person_ref = internal(Ref(required=True))
    role = Code("captain", required=True)
    origin = Code(*CAPTAIN_ORIGINS, required=True)
    valid_from = Day(required=True)


class CaptainAppointed(_AboutCaptain):
    """楼门长到任 A person takes up the duty for a door: reference fact (domain rows 52–57).

    Sent when: 聘任楼门长时 a captain is appointed.
    Not sent when: 只是推选为人选时、施工楼栋管家到岗时 a person is only a candidate, or a construction steward is
    appointed.
    """

    type = "grid.captain.appointed.v1"


class CaptainRetired(_AboutCaptain):
    """楼门长卸任 A captain's duty ends; the door may miss somebody now, which its vacancy says.

    Sent when: 辞任、届满、调整、迁居、个人信息删除时 a captain resigns, has served the term, is replaced, moves away
    or is erased.
    Not sent when: 人选落选时 a candidate is not appointed.
    """

    type = "grid.captain.retired.v1"
    valid_to = Day(required=True)
    reason_code = Code(required=True)


class _AboutPost(Placed):
    door_ref = Ref(required=True)
    door_name = Text(100, required=True)
    required_captains = Whole(required=True, metadata={"description": "how many captains the door must have"})


class VacancyFound(_AboutPost):
    """缺岗 A door has fewer captains than its type requires (domain rows 55–56, gate G13).

    Sent when: 楼门登记时、楼门长卸任时、小区类型改变时，人数不足 a door is registered, a captain leaves, or the type
    of the estate changes, and somebody is missing.
    Not sent when: 走了一人仍够数时 one leaves and there are still enough.
    """

    type = "grid.vacancy.found.v1"
    missing = Whole(required=True, least=1)
    reason_code = Code(required=True)


class VacancyFilled(_AboutPost):
    """补岗 The door has as many captains as its type requires.

    Sent when: 缺岗补齐时、楼门终止时 the last one missing is appointed, or the door is no more.
    Not sent when: 补了一人仍缺人时 one is appointed and another is still missing.
    """

    type = "grid.vacancy.filled.v1"
