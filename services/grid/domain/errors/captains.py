"""What is refused of building captains (楼门长) and duties."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Invalid


class CaptainLivesElsewhere(Invalid):
    """A captain of the residents lives in the building (row 57)."""

    code = "captain_lives_elsewhere"
    zh = "来源为“居民”的楼门长应住在本楼；此人不住在“{name}”所在的楼。物业、商户、银行、地产中介人员请选相应来源"
    en = (
        "a captain of origin 'resident' lives in the building, and this person does not live in that of '{name}'; "
        "for staff of companies, shops, banks and agencies choose their origin"
    )


class CaptainAlreadyThere(Conflict):
    """The same person once per door."""

    code = "captain_already_there"
    zh = "此人已是“{name}”的楼门长或人选"
    en = "this person is a captain of '{name}' already, or a candidate"


class DoorFull(Conflict):
    """At most two captains serve a door (row 56)."""

    code = "door_full"
    zh = "“{name}”已有{most}名楼门长在任，最多{most}名；请先办理其中一名的卸任"
    en = "'{name}' has {most} captains, which is the most; retire one of them first"


class CaptainHasRetired(Conflict):
    """Nothing more is written down about who has retired."""

    code = "captain_has_retired"
    zh = "该楼门长已于 {retired_on} 卸任；再次担任请重新推选"
    en = "this captain retired on {retired_on}; propose the person anew to serve again"


class CaptainNotServing(Conflict):
    """A duty is done by who serves."""

    code = "captain_not_serving"
    zh = "该楼门长 {day} 不在任，不能记录当日的履职"
    en = "this captain did not serve on {day}; no duty of that day can be logged"


class PointsOverdrawn(Conflict):
    """Nobody spends more points than there are."""

    code = "points_overdrawn"
    zh = "积分余额为 {balance}，不能扣减 {points}"
    en = "the balance is {balance} points; {points} cannot be taken off"


class AnsweredBefore(Invalid):
    """An answer follows its question."""

    code = "answered_before"
    zh = "{field}：答复时间不能早于提出时间"
    en = "{field}: an answer cannot come before its question"


class DoorElsewhere(Invalid):
    """A steward answers for one building."""

    code = "door_elsewhere"
    zh = "“{name}”不在该管家负责的“{building}”"
    en = "'{name}' lies not in '{building}', for which the steward answers"
