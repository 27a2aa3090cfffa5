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


class CaptainNeedsDoor(Invalid):
    """A captain serves a door."""

    code = "captain_needs_door"
    zh = "“{name}”不是楼门；楼门长按楼门推选"
    en = "'{name}' is no door; a captain serves a door"


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


class RecordedAhead(Invalid):
    """What is recorded has happened."""

    code = "recorded_ahead"
    zh = "{field}：时间还没有到，只能记录已发生的事"
    en = "{field}: this lies ahead; only what has happened can be recorded"


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


# ---- visits and patrols
