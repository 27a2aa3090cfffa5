"""组织种类 Which kinds of organisations there are, and which may stand under which (domain rows 6–10). Data.

纵向到底   党工委 → 党建协调委员会 → 基层党组织
                 → （党建协调委员会 →）行业党组织
横向到边   街道党组织 → 社区党支部 → 党员骨干
三级联动   街道 → 社区 → 网格
"""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain import place
from services.grid.domain.errors.people import OrganisationKindWrong
from shared.kernel.errors import Term

VERTICAL, HORIZONTAL, LEVELS = "vertical", "horizontal", "levels"
TREES = {VERTICAL: "纵向到底", HORIZONTAL: "横向到边", LEVELS: "三级联动"}

# row 6: what a party organisation does for a matter
POWERS = {
    "set_direction": Term("定方向", "set the direction"),
    "open_platform": Term("搭平台", "open a platform"),
    "guarantee": Term("强保障", "guarantee resources"),
}
POWER_NAMES = {code: power.zh for code, power in POWERS.items()}


@dataclass(frozen=True)
class Kind:
    """One kind. `under`: the kinds that it may stand under, none: it is a root. `place_kind`: the kind of place that it
    must sit at; None: any, or none."""

    code: str
    name: str
    tree: str
    under: tuple[str, ...]
    place_kind: str | None

    @property
    def term(self) -> Term:
        """What it is called."""
        return Term(self.name, self.code)

    @property
    def powers(self) -> tuple[str, ...]:
        """The powers it may hold: a party organisation those of row 6, an office none."""
        return () if self.tree == LEVELS else tuple(POWERS)


PARTY_WORK_COMMITTEE, INDUSTRY_PARTY_ORG = "party_work_committee", "industry_party_org"
COMMUNITY_PARTY_BRANCH, PARTY_BACKBONE = "community_party_branch", "party_backbone"

_TABLE: tuple[tuple[str, str, str, tuple[str, ...], str | None], ...] = (
    # code                        name            tree        may stand under               sits at
    (PARTY_WORK_COMMITTEE, "党工委", VERTICAL, (), None),
    ("party_building_committee", "党建协调委员会", VERTICAL, (PARTY_WORK_COMMITTEE,), None),
    ("grassroots_party_org", "基层党组织", VERTICAL, ("party_building_committee",), None),
    # the article does not say under which: either is taken (row 10)
    (INDUSTRY_PARTY_ORG, "行业党组织", VERTICAL, (PARTY_WORK_COMMITTEE, "party_building_committee"), None),
    ("street_party_org", "街道党组织", HORIZONTAL, (), place.STREET),
    (COMMUNITY_PARTY_BRANCH, "社区党支部", HORIZONTAL, ("street_party_org",), place.COMMUNITY),
    (PARTY_BACKBONE, "党员骨干", HORIZONTAL, (COMMUNITY_PARTY_BRANCH,), place.GRID),
    ("street_level", "街道", LEVELS, (), place.STREET),
    ("community_level", "社区", LEVELS, ("street_level",), place.COMMUNITY),
    ("grid_level", "网格", LEVELS, ("community_level",), place.GRID),
)

KINDS: dict[str, Kind] = {row[0]: Kind(*row) for row in _TABLE}
KIND_NAMES = {kind.code: kind.name for kind in KINDS.values()}
# a person, not a thing of a name: has an endpoint of its own
NAMED_KINDS = {code: name for code, name in KIND_NAMES.items() if code != PARTY_BACKBONE}
LEVEL_KINDS = tuple(kind.code for kind in KINDS.values() if kind.tree == LEVELS)


def must_stand_under(kind: str, parent_kind: str | None) -> None:
    """Raises OrganisationKindWrong, with the kinds that are possible, where one may not stand under the other."""
    allowed = KINDS[kind].under
    if parent_kind not in (allowed or (None,)):
        raise OrganisationKindWrong(
            kind=KINDS[kind].term,
            parent_kind=KINDS[parent_kind].term if parent_kind else Term("无", "nothing"),
            allowed=Term(
                "、".join(KIND_NAMES[code] for code in allowed) or "无（树的顶端）",
                ", ".join(allowed) or "nothing (it is a root)",
            ),
            field="parent_ref",
        )
