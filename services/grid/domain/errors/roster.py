"""What is refused of the roster (值班表)."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Invalid


class PeriodBackwards(Invalid):
    """A period ends after it begins."""

    code = "period_backwards"
    zh = "{field}：结束时间须晚于开始时间"
    en = "{field}: it must end after it begins"


class PeriodTooLong(Invalid):
    """More is a slip of the pen."""

    code = "period_too_long"
    zh = "{field}：一段最长 {days} 天，请分段填写或核对日期"
    en = "{field}: at most {days} days at once; split it, or check the dates"


class PeriodOver(Conflict):
    """What is past stays as it was."""

    code = "period_over"
    zh = "这段时间已经过去，值班表只记录尚未结束的时段"
    en = "this period is over; the roster is kept for what has not ended"


class ShiftElsewhere(Invalid):
    """On duty where one works."""

    code = "shift_elsewhere"
    zh = "{field}：“{name}”不在“{place}”工作，请先增派网格或另选他人"
    en = "{field}: '{name}' does not work in '{place}'; post them to a grid there first, or choose another"


class AbsentThen(Invalid):
    """Who is not there is not on duty."""

    code = "absent_then"
    zh = "{field}：“{name}”在 {period} 不在岗，请另选他人或先撤销该段"
    en = "{field}: '{name}' is absent {period}; choose another, or take that absence back first"


class AbsentAlready(Conflict):
    """One absence at a time."""

    code = "absent_already"
    zh = "“{name}”在这段时间内已登记不在岗，请先撤销原来的一段"
    en = "'{name}' is absent then already; take that absence back first"


class StandsInForOneself(Invalid):
    """Somebody else stands in."""

    code = "stands_in_for_oneself"
    zh = "{field}：替班须是另一人"
    en = "{field}: somebody else must stand in"


class TakenBack(Conflict):
    """Once."""

    code = "taken_back"
    zh = "这一段已经撤销"
    en = "this was taken back already"
