"""What is refused of orders of the hotline (热线工单)."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Invalid


class CategoryMissing(Invalid):
    """What is dispatched has a category, which decides who gets it."""

    code = "category_missing"
    zh = "{field}：派单的工单须填事项类别，见 GET /grid/v1/categories"
    en = "{field}: an order that is dispatched needs a category, see GET /grid/v1/categories"


class AnswerMissing(Invalid):
    """What ends at the hotline ends with an answer."""

    code = "answer_missing"
    zh = "{field}：未派单的工单须写明如何答复或告知了诉求人"
    en = "{field}: say what the caller was answered, since the order is not dispatched"


class DispatchedAlready(Conflict):
    """A case is the street's to end."""

    code = "dispatched_already"
    zh = "工单 {number} 已派单立案，分流结果和类别不能再改；如不属本街道，请导入派单异议裁定"
    en = "the order {number} has become a case: triage and category stay; import a ruling if it is another's"


class NotDispatched(Conflict):
    """Nothing is being done about it."""

    code = "not_dispatched"
    zh = "工单 {number} 没有派单（{triage}），没有可裁定、延期或回访的事项"
    en = "the order {number} was not dispatched ({triage}): there is no case to rule on, extend or ask about"


class WordTaken(Conflict):
    """One number, one word."""

    code = "word_taken"
    zh = "{field}：编号 {ref} 已用于另一条内容；内容有变请用新的编号"
    en = "{field}: {ref} was used for something else; use another id for what has changed"


class UntilMissing(Invalid):
    """More time ends at some time."""

    code = "until_missing"
    zh = "{field}：同意延期须写明延至何时"
    en = "{field}: say until when it is extended"
