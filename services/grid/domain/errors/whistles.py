"""What is refused of whistles (吹哨报到)."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Forbidden, Invalid


class CaseNotOpen(Conflict):
    """Nobody is called to what is done."""

    code = "case_not_open"
    zh = "{field}：事项 {number} 已办结或待核实，不再吹哨"
    en = "{field}: case {number} is handled; nobody is called for it any more"


class SolvedBeforeAnswered(Invalid):
    """First they come."""

    code = "solved_before_answered"
    zh = "{field}：解决时限不能早于报到时限"
    en = "{field}: it cannot be due before the answer is"


class NotADepartment(Invalid):
    """A whistle calls departments."""

    code = "not_a_department"
    zh = "{field}：“{name}”不是可吹哨的部门；社区和网格按转交或协办办理，责任单位按派单办理"
    en = "{field}: '{name}' is no department that can be called; pass the case on, or ask for help with it"


class WhistleOfAnother(Forbidden):
    """Each side does its own part."""

    code = "whistle_of_another"
    zh = "这一步应由{who}来做"
    en = "this step is for: {who}"
