"""What grid says of building captains (楼门长) and their vacancies."""

from __future__ import annotations

from shared.contracts.common import Placed
from shared.contracts.fields import Code, Ref, Text, Whole


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
