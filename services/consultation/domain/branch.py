"""临时党支部 A project's temporary party branch (domain rows 17, 18, 25): all four sides or none, led by the street; it
ends with its project (gate G14), and what it was stays to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.consultation.domain.project import Project, nobody_twice
from services.consultation.domain.project_errors import NotLedByStreet, SideMissing
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard, move, stay

STREET = "street"
SIDES = {STREET: "街道", "community": "社区", "builder": "参建单位", "residents": "居民代表"}
FORMING, ESTABLISHED, DISSOLVED = "forming", "established", "dissolved"

LIFECYCLE = Lifecycle(
    Term("临时党支部", "temporary branch"),
    {FORMING: "筹建中", ESTABLISHED: "已成立", DISSOLVED: "已撤销"},
    #    action           中文        from                      to
    stay("compose", "调整成员", (FORMING, ESTABLISHED)),
    move("establish", "成立", FORMING, ESTABLISHED),
    heard("dissolve", "撤销", (FORMING, ESTABLISHED), DISSOLVED),
)


@dataclass(frozen=True)
class BranchComposed(DomainEvent):
    """筹建、调整成员 Stays at home."""


@dataclass(frozen=True)
class BranchEstablished(DomainEvent):
    """成立"""


@dataclass(frozen=True)
class BranchDissolved(DomainEvent):
    """撤销 With its project."""


@dataclass(frozen=True)
class Member:
    """成员 `ref` is a code by which grid or notify knows the person, never a name."""

    side: str
    ref: str
    is_secretary: bool = False


class Branch(Aggregate):
    """临时党支部 One of a project."""

    term = LIFECYCLE.name

    def __init__(self, project: Project, *, name: str, members: Sequence[Member]) -> None:
        """筹建 Raises MemberTwice."""
        self.id = new_id()
        self.project_ref = project.id
        self.place_ref = project.place_ref
        self.place_path = project.place_path
        self.name = name
        self.members: list[Member] = []
        self.established_at: datetime | None = None
        self.dissolved_at: datetime | None = None
        self.state = FORMING
        self.compose(members)

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done next; it is dissolved by the end of its project only."""
        return LIFECYCLE.actions(self.state)

    @property
    def is_established(self) -> bool:
        """Whether it exists, and not only will."""
        return self.state == ESTABLISHED

    @property
    def sides(self) -> dict[str, int]:
        """How many members each side has."""
        counts = Counter(member.side for member in self.members)
        return {side: counts[side] for side in SIDES}

    def compose(self, members: Sequence[Member]) -> None:
        """调整成员 One that is established keeps all four sides. Raises NotNow, MemberTwice, SideMissing,
        NotLedByStreet."""
        state = LIFECYCLE.after("compose", self.state)
        nobody_twice(member.ref for member in members)
        if state == ESTABLISHED:
            _must_be_whole(members)
        self.state, self.members = state, list(members)
        self.record(BranchComposed())

    def establish(self, *, now: datetime) -> None:
        """成立 Raises NotNow, SideMissing, NotLedByStreet."""
        state = LIFECYCLE.after("establish", self.state)
        _must_be_whole(self.members)
        self.state, self.established_at = state, now
        self.record(BranchEstablished())

    def dissolve(self, *, now: datetime) -> None:
        """撤销 Its project is over. Nothing where it is dissolved."""
        if LIFECYCLE.allows("dissolve", self.state):
            self.state, self.dissolved_at = LIFECYCLE.after("dissolve", self.state), now
            self.record(BranchDissolved())


def _must_be_whole(members: Sequence[Member]) -> None:
    missing = [side for side in SIDES if side not in {member.side for member in members}]
    if missing:
        names = Term("、".join(SIDES[side] for side in missing), ", ".join(missing))
        raise SideMissing(missing=names, field="members")
    if [member.side for member in members if member.is_secretary] != [STREET]:
        raise NotLedByStreet(field="members")
