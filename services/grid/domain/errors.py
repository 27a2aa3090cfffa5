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


# ---- places that merge and split


class NotSuperseded(Invalid):
    """Some kinds of places are never merged or split."""

    code = "not_superseded"
    zh = "“{name}”是{kind}，不作合并或拆分。可以合并或拆分：{possible}"
    en = "'{name}' is a {kind}, which is neither merged nor split; possible: {possible}"


class SuccessorWrong(Invalid):
    """What takes over is a place of the same kind that stays and lies elsewhere."""

    code = "successor_wrong"
    zh = "“{successor}”不能承继“{name}”：应为同类、仍然存在、且不在其内的场所"
    en = "'{successor}' cannot take over from '{name}': it must be of the same kind, stay, and lie outside"


class NewPlaceUnused(Invalid):
    """A new place of the deed takes over from nothing."""

    code = "new_place_unused"
    zh = "新场所 {place_code} 没有承继任何场所，请写入 into，或改用场所登记"
    en = "the new place {place_code} takes over from nothing; name it in 'into', or register it by itself"


class MoveWrong(Invalid):
    """A move names what lies directly in the old place and stays, and one of its successors."""

    code = "move_wrong"
    zh = "moves：{place_code} 不能这样移动。只能把“{name}”直接包含的、不在本次终止的场所移到它的承继场所之一"
    en = "moves: {place_code} cannot move so: only what lies directly in '{name}' and stays, to one of its successors"


class GridNeedsNewCode(Invalid):
    """A grid's code begins with that of its community: it does not go to another one."""

    code = "grid_needs_new_code"
    zh = "网格“{name}”的编码 {place_code} 属于原社区，请在 supersede 中一并写明承继它的新网格"
    en = "the code {place_code} of grid '{name}' is its community's; supersede it by a new grid in the same deed"


class EffectiveInThePast(Invalid):
    """A merger or split takes effect today or later."""

    code = "effective_in_the_past"
    zh = "生效日 {day} 已过，应为今天（{today}）或以后"
    en = "{day} is past; it takes effect today ({today}) or later"


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
