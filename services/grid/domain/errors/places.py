"""What is refused of places (场所), households and addresses."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Invalid


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


class PlaceKindUnfit(Invalid):
    """A household, a captain or a visit wants a door; a posting or a patrol wants a grid."""

    code = "place_kind_unfit"
    zh = "{field}：“{name}”是{kind}，此处应为{wanted}"
    en = "{field}: '{name}' is a {kind}, where a {wanted} is wanted"


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


class NoGridAnywhere(Conflict):
    """Gate G1: first there are grids."""

    code = "no_grid_anywhere"
    zh = "还没有登记任何网格，请先登记（POST /grid/v1/places，kind=grid）"
    en = "no grid is registered yet; register grids first (POST /grid/v1/places, kind=grid)"


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
