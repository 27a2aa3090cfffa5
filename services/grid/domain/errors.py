"""What grid refuses, and why."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound

# ---- places


class PlaceKindWrong(Invalid):
    """A place cannot lie where it is said to lie."""

    code = "place_kind_wrong"
    zh = "{kind}不能直接设在{parent_kind}之下，可以设在：{allowed}"
    en = "a {kind} cannot lie directly in a {parent_kind}; possible: {allowed}"


class PlaceAlreadyRegistered(Conflict):
    """The code belongs to another place."""

    code = "place_already_registered"
    zh = "编码 {place_code} 已登记为“{name}”"
    en = "the code {place_code} is registered already, as '{name}'"


class GridCodeWrong(Invalid):
    """A grid's code has 15 digits and begins with its community's (DB11/T 2157)."""

    code = "grid_code_wrong"
    zh = "网格编码 {place_code} 应为15位数字：所在社区的编码 {community} 加3位顺序号"
    en = "the grid code {place_code} must have 15 digits: its community's code {community} and 3 digits of its own"


class CommunityCodeWrong(Invalid):
    """A community's code has 12 digits and begins with its street's (DB11/T 2157)."""

    code = "community_code_wrong"
    zh = "社区编码 {place_code} 应为12位数字：街道编码 {street} 加3位社区码"
    en = "the community code {place_code} must have 12 digits: the street's code {street} and 3 digits of its own"


class PlaceEnded(Conflict):
    """Nothing new begins in a place that is no more."""

    code = "place_ended"
    zh = "“{name}”已于 {ended_on} 终止，请改用现在的场所"
    en = "'{name}' ended on {ended_on}; use the place that is there now"


class HouseholdNeedsDoor(Invalid):
    """A household lies behind a door."""

    code = "household_needs_door"
    zh = "“{name}”不是楼门；户应登记在楼门之下"
    en = "'{name}' is no door; a household is registered behind a door"


class HouseholdAlreadyThere(Conflict):
    """The room is registered behind that door."""

    code = "household_already_there"
    zh = "“{name}”的 {room} 已登记"
    en = "the room {room} is registered behind '{name}' already"


class StreetCodeWrong(Invalid):
    """One deployment serves one street."""

    code = "street_code_wrong"
    zh = "本系统服务的街道编码是 {street}，不是 {place_code}"
    en = "this installation serves the street {street}, not {place_code}"


class NoGridHere(Invalid):
    """Gate G1: no matter without a grid."""

    code = "no_grid_here"
    zh = "“{name}”不在任何网格内，请选择更具体的位置"
    en = "'{name}' lies in no grid; choose a more precise place"


class AddressUnknown(Invalid):
    """No place is called that."""

    code = "address_unknown"
    zh = "{field}：没有名称或编码为“{address}”的场所，请用登记的名称，或用 address_id 给出场所编码"
    en = "{field}: no place is called '{address}'; use a registered name, or name its code in address_id"


class AddressAmbiguous(Invalid):
    """Several places are called that."""

    code = "address_ambiguous"
    zh = "{field}：“{address}”有多个场所：{places}。请加上所在小区的名称，或用 address_id 给出场所编码"
    en = (
        "{field}: several places are called '{address}': {places}; "
        "add the name of its estate, or name its code in address_id"
    )


# ---- cases


class ReporterElsewhere(Forbidden):
    """Who looks after a place speaks for those who live there."""

    code = "reporter_elsewhere"
    zh = "{field}：反映人 {ref} 不住在您负责的范围内，您只能代本范围内的居民反映"
    en = "{field}: {ref} does not live in your place; you report for residents who do"


class CategoryUnknown(Invalid):
    """No such category of matters."""

    code = "category_unknown"
    zh = "没有类别 {category}。可用类别：{known}"
    en = "there is no category {category}; known: {known}"


class NumberUnknown(NotFound):
    """A spoken number that belongs to no case, or whose check digit is wrong."""

    code = "number_unknown"
    zh = "没有编号为 {ref} 的事项，请核对末位校验码"
    en = "no case has the number {ref}; check its last digit"


# ---- construction stewards


class StewardNotAsked(Invalid):
    """The building is not one of those that stewards were asked for."""

    code = "steward_not_asked"
    zh = "楼栋 {building_ref} 不在本次管家需求之内"
    en = "no steward was asked for building {building_ref}"


class StewardAlreadyThere(Conflict):
    """One steward per building and works."""

    code = "steward_already_there"
    zh = "楼栋 {building_ref} 已有施工楼栋管家"
    en = "building {building_ref} has a steward already"


# ---- staff and organisations


# ---- captains


# ---- visits and patrols


class VisitInFuture(Invalid):
    """Nobody was there yet."""

    code = "visit_in_future"
    zh = "{field}：不能晚于现在，请核对手机时间"
    en = "{field}: must not lie in the future; check the phone's clock"


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


class NotADoor(Invalid):
    """The place is another kind of place."""

    code = "not_a_door"
    zh = "{field}：“{name}”不是楼门"
    en = "{field}: '{name}' is no door"


class RecordIdTaken(Conflict):
    """The id that the phone has made stands for something else already."""

    code = "record_id_taken"
    zh = "编号 {ref} 已用于另一条记录；内容有改动时请换一个新编号"
    en = "the id {ref} belongs to another record; what differs needs an id of its own"


class PatrolNeedsGrid(Invalid):
    """A patrol is made in a grid."""

    code = "patrol_needs_grid"
    zh = "{field}：“{name}”不是网格；巡查在一个网格内进行"
    en = "{field}: '{name}' is no grid; a patrol is made in one"


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


class PhotographUnknown(Invalid):
    """The photograph was not uploaded."""

    code = "photograph_unknown"
    zh = "{field}：附件 {refs} 不存在或不是照片，请先上传"
    en = "{field}: {refs} is no photograph that was uploaded; upload it first"
