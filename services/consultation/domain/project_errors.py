"""What a project, and what belongs to it, refuses, and why."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Invalid


class GateShut(Conflict):
    """A stage begins when what it stands on is there."""

    code = "gate_shut"
    zh = "尚不能进入“{stage}”：还缺{missing}"
    en = "{stage} cannot begin yet; missing: {missing}"


class StagesLeft(Conflict):
    """A project is completed after its last stage."""

    code = "stages_left"
    zh = "还有阶段没有完成，下一阶段：{stage}"
    en = "there are stages left, the next one is {stage}"


class TopicTwice(Invalid):
    """A topic belongs to a project once."""

    code = "topic_twice"
    zh = "{field}：{ref} 已属于本项目"
    en = "{field}: {ref} belongs to the project already"


class TopicsTooMany(Invalid):
    """A project that large is several."""

    code = "topics_too_many"
    zh = "{field}：一个项目最多关联{most}个议题"
    en = "{field}: a project has {most} topics at most"


class OutsideProject(Invalid):
    """What belongs to a project lies where the project lies."""

    code = "outside_project"
    zh = "{field}：{ref} 不在项目范围内"
    en = "{field}: {ref} does not lie where the project lies"


class SideMissing(Invalid):
    """临时党支部 has members of all four sides, or it is none (domain row 17)."""

    code = "side_missing"
    zh = "{field}：临时党支部须有四方成员，还缺{missing}"
    en = "{field}: a temporary branch has members of all four sides; missing: {missing}"


class NotLedByStreet(Invalid):
    """The street leads a temporary branch (街道牵头)."""

    code = "not_led_by_street"
    zh = "{field}：临时党支部由街道牵头，须有且只有一名街道方的书记"
    en = "{field}: the street leads a temporary branch: one secretary, of the street's side"


class MemberTwice(Invalid):
    """Nobody is a member twice."""

    code = "member_twice"
    zh = "{field}：{ref} 重复"
    en = "{field}: {ref} stands twice"


class BranchExists(Conflict):
    """One project, one branch (支部建在项目上)."""

    code = "branch_exists"
    zh = "本项目已有临时党支部"
    en = "the project has a temporary branch already"


class HouseholdElsewhere(Invalid):
    """A household lives in one building: whoever looks after another has no say for it."""

    code = "household_elsewhere"
    zh = "{field}：{ref} 这一户登记在另一栋楼，请核对户号与楼栋"
    en = "{field}: household {ref} is known in another building; check both"


class SheetsTooMany(Invalid):
    """There are not more households with an opinion than there are households."""

    code = "sheets_too_many"
    zh = "{field}：{building}共{households}户，意见表不能更多"
    en = "{field}: {building} has {households} households, and no more opinion sheets"


class TaskUnknown(Invalid):
    """A team has the tasks that it was given."""

    code = "task_unknown"
    zh = "没有任务 {ref}"
    en = "there is no task {ref}"
