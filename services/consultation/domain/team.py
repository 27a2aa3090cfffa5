"""党员先锋队 The party members of a project's neighbourhood, and what they take on (domain row 22)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.consultation.domain.project import Project, nobody_twice
from services.consultation.domain.project_errors import TaskUnknown
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard, move

MEMBER_KINDS = {"area": "片区党员", "registered": "在职党员"}
ACTIVE, DISBANDED = "active", "disbanded"

LIFECYCLE = Lifecycle(
    Term("党员先锋队", "pioneer team"),
    {ACTIVE: "工作中", DISBANDED: "已解散"},
    #    action         中文      from    to
    move("compose", "调整成员", ACTIVE, ACTIVE),
    move("assign", "交办任务", ACTIVE, ACTIVE),
    move("finish", "完成任务", ACTIVE, ACTIVE),
    heard("disband", "解散", ACTIVE, DISBANDED),
)


@dataclass(frozen=True)
class TeamChanged(DomainEvent):
    """组建、交办、完成、解散 Stays at home."""


@dataclass(frozen=True)
class TeamMember:
    """队员 `ref` is a code by which grid or notify knows the person, never a name."""

    kind: str
    ref: str


@dataclass(frozen=True)
class Task:
    """任务 `result` and `done_at` when it is finished."""

    id: str
    title: str
    building_refs: tuple[str, ...]
    due_on: date
    done_at: datetime | None = None
    result: str = ""


class Team(Aggregate):
    """党员先锋队 One of a project; it ends with it."""

    term = LIFECYCLE.name

    def __init__(self, project: Project, *, name: str, members: Sequence[TeamMember]) -> None:
        """组建 Raises MemberTwice."""
        self.id = new_id()
        self.project_ref = project.id
        self.place_ref = project.place_ref
        self.place_path = project.place_path
        self.name = name
        self.members: list[TeamMember] = []
        self.tasks: list[Task] = []
        self.state = ACTIVE
        self.compose(members)

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done next."""
        return LIFECYCLE.actions(self.state)

    @property
    def kinds(self) -> dict[str, int]:
        """How many of each kind there are."""
        counts = Counter(member.kind for member in self.members)
        return {kind: counts[kind] for kind in MEMBER_KINDS}

    def compose(self, members: Sequence[TeamMember]) -> None:
        """调整成员 Raises NotNow, MemberTwice."""
        self.state = LIFECYCLE.after("compose", self.state)
        nobody_twice(member.ref for member in members)
        self.members = list(members)
        self.record(TeamChanged())

    def assign(self, *, title: str, building_refs: Sequence[str], due_on: date) -> None:
        """交办任务 Raises NotNow."""
        self.state = LIFECYCLE.after("assign", self.state)
        self.tasks = [*self.tasks, Task(new_id(), title, tuple(building_refs), due_on)]
        self.record(TeamChanged())

    def finish(self, task_ref: str, *, result: str, now: datetime) -> None:
        """完成任务 Nothing where it is finished. Raises NotNow, TaskUnknown."""
        self.state = LIFECYCLE.after("finish", self.state)
        if task_ref not in {task.id for task in self.tasks}:
            raise TaskUnknown(ref=task_ref)
        self.tasks = [
            replace(task, done_at=now, result=result)
            if task.id == task_ref and task.done_at is None
            else task
            for task in self.tasks
        ]
        self.record(TeamChanged())

    def disband(self) -> None:
        """解散 Its project is over. Nothing where it is disbanded."""
        if LIFECYCLE.allows("disband", self.state):
            self.state = LIFECYCLE.after("disband", self.state)
            self.record(TeamChanged())
