"""What is refused of construction stewards (施工楼栋管家)."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Invalid


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
