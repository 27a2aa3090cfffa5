"""议事平台 A standing way to deliberate (domain row 36), as 树下贤聊 is one: how early its sessions are announced, and
how many must come."""

from __future__ import annotations

from dataclasses import dataclass

from services.consultation.domain.topic import Site
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard, move

ACTIVE, ENDED = "active", "ended"

LIFECYCLE = Lifecycle(
    Term("议事平台", "platform"),
    {ACTIVE: "运行中", ENDED: "已停办"},
    #    action      中文        from    to
    heard("convene", "召集议事会", ACTIVE, None),
    move("revise", "修改规则", ACTIVE, ACTIVE),
    move("end", "停办", ACTIVE, ENDED),
)


@dataclass(frozen=True)
class PlatformChanged(DomainEvent):
    """设立、修改、停办 Stays at home."""


@dataclass(frozen=True)
class Rules:
    """议事规则 `lead_days`: on which day before its own a session is announced at the latest; `least_persons`: who must
    come, so that it counts as held."""

    lead_days: int
    least_persons: int


NO_RULES = Rules(0, 0)


class Platform(Aggregate):
    """议事平台 Of a place."""

    term = LIFECYCLE.name

    def __init__(self, *, name: str, rules: Rules, site: Site) -> None:
        """设立"""
        self.id = new_id()
        self.name = name
        self.place_ref = site.place_ref
        self.place_path = site.path
        self.lead_days = rules.lead_days
        self.least_persons = rules.least_persons
        self.state = ACTIVE
        self.record(PlatformChanged())

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done next; a session is announced from its topic."""
        return LIFECYCLE.actions(self.state)

    @property
    def rules(self) -> Rules:
        """Those that hold for sessions announced from now on."""
        return Rules(self.lead_days, self.least_persons)

    def must_convene(self) -> None:
        """Raises NotNow where it has ended."""
        self.state = LIFECYCLE.after("convene", self.state)

    def revise(self, rules: Rules) -> None:
        """修改规则 What is announced already stays as it is. Raises NotNow."""
        self.state = LIFECYCLE.after("revise", self.state)
        self.lead_days, self.least_persons = rules.lead_days, rules.least_persons
        self.record(PlatformChanged())

    def end(self) -> None:
        """停办 Raises NotNow."""
        self.state = LIFECYCLE.after("end", self.state)
        self.record(PlatformChanged())
