"""What is refused where places merge and split (承继)."""

from __future__ import annotations

from shared.kernel.errors import Invalid


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


class EstateLost(Invalid):
    """What lies in an estate does not leave it unnoticed: its doors would need fewer captains."""

    code = "estate_lost"
    zh = "“{name}”在小区内，承继它的“{successor}”不在任何小区内；请改由小区内的场所承继"
    en = "'{name}' lies in an estate, its successor '{successor}' in none; choose one that does"


class EffectiveInThePast(Invalid):
    """A merger or split takes effect today or later."""

    code = "effective_in_the_past"
    zh = "生效日 {day} 已过，应为今天（{today}）或以后"
    en = "{day} is past; it takes effect today ({today}) or later"
