"""What is refused of visits (入户), patrols (巡查) and photographs."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Forbidden, Invalid


class VisitTooEarly(Invalid):
    """It was before the visit was asked for."""

    code = "visit_too_early"
    zh = "{field}：早于任务下达的时间；此前的走访请另建任务记录"
    en = "{field}: is before the visit was asked for; record an earlier one as a visit of its own"


class VisitNeedsDoor(Invalid):
    """A visit is made to a household or to a door."""

    code = "visit_needs_door"
    zh = "请写明户（household_ref）或楼门（door_ref）之一"
    en = "name either a household (household_ref) or a door (door_ref)"


class RecordIdTaken(Conflict):
    """The id that the phone has made stands for something else already."""

    code = "record_id_taken"
    zh = "编号 {ref} 已用于另一条记录；内容有改动时请换一个新编号"
    en = "the id {ref} belongs to another record; what differs needs an id of its own"


class PatrolUnderWay(Conflict):
    """One person is out on one patrol."""

    code = "patrol_under_way"
    zh = "您在“{grid}”的巡查（{ref}）尚未结束，请先结束"
    en = "your patrol {ref} in '{grid}' is still under way; end it first"


class PatrolOfAnother(Forbidden):
    """Nobody checks in for somebody else."""

    code = "patrol_of_another"
    zh = "这是他人的巡查；请开始自己的巡查"
    en = "this is another person's patrol; begin one of your own"


class CheckInElsewhere(Invalid):
    """A place outside the grid that is patrolled."""

    code = "check_in_elsewhere"
    zh = "{field}：“{name}”不在“{grid}”内；请选择本网格内的场所，或结束本次巡查，到该场所所在的网格另行开始"
    en = "{field}: '{name}' is not in '{grid}'; choose a place of this grid, or end the patrol and begin one there"


class CheckInOutsideTime(Invalid):
    """It was before the patrol began, after it ended, or is not yet."""

    code = "check_in_outside_time"
    zh = "{field}：不在本次巡查的起止时间之内，请核对手机时间"
    en = "{field}: is not between the beginning and the end of the patrol; check the phone's clock"


class NoStreetYet(Invalid):
    """Who acts for the whole street asks before it is registered."""

    code = "no_street_yet"
    zh = "{field}：街道尚未登记，请先登记场所"
    en = "{field}: the street is not registered yet; register its places first"
