"""What is refused of a sheet of places."""

from __future__ import annotations

from shared.kernel.errors import Conflict


class PlaceLiesElsewhere(Conflict):
    """A sheet registers and corrects; it moves nothing."""

    code = "place_lies_elsewhere"
    zh = "{place_code} 已登记在“{parent}”之下；导入不迁移场所，请核对上级编码"
    en = "{place_code} is registered in '{parent}'; a sheet moves no place: check the code of what it lies in"


class PlaceIsOfAnotherKind(Conflict):
    """The code belongs to a place of another kind."""

    code = "place_is_of_another_kind"
    zh = "{place_code} 已登记为{kind}“{name}”，编码不可改作他用"
    en = "{place_code} is registered as the {kind} '{name}'; a code is never given to another"
