"""What is refused of the three rates (三率): their rules, exclusions and published figures."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Invalid


class RateWeightsWrong(Invalid):
    """The three weights share one whole."""

    code = "rate_weights_wrong"
    zh = "{field}：响应、解决、满意三项权重之和须为 1000‰，现为 {sum}‰"
    en = "{field}: the weights of the three rates must add up to 1000 per mille; they make {sum}"


class GradeWeightsFall(Invalid):
    """Who is more content counts no less."""

    code = "grade_weights_fall"
    zh = "{field}：满意度从 1（很不满意）到 5（满意）的权重不能下降，请按此顺序填写"
    en = "{field}: the weights of the grades, 1 (very bad) to 5 (very good), must not fall; list them in this order"


class RateRulesNotAhead(Invalid):
    """By which rules a period is counted is known before it begins."""

    code = "rate_rules_not_ahead"
    zh = "{field}：新规则只能用于尚未开始的周期，最早为 {earliest}"
    en = "{field}: rules hold for periods that have not begun; the earliest is {earliest}"


class RateRulesNotLast(Invalid):
    """Rules are only added."""

    code = "rate_rules_not_last"
    zh = "{field}：须晚于已有规则的首个周期 {last}"
    en = "{field}: it must be after the first period of the last rules, {last}"


class PeriodNotOver(Invalid):
    """What goes on is not published."""

    code = "period_not_over"
    zh = "{field}：周期 {period} 到 {last} 才结束，次日起方可公布"
    en = "{field}: the period {period} ends on {last}; publish it from the day after"


class PublishedAlready(Conflict):
    """What was published stays."""

    code = "published_already"
    zh = "周期 {period} 的三率已经公布（{ref}），公布后不再变动"
    en = "the rates of {period} were published already ({ref}); what is published stays as it is"


class ExclusionsPending(Conflict):
    """First the decisions."""

    code = "exclusions_pending"
    zh = "本周期还有 {count} 件剔除申请未审批（{numbers}），请先审批再公布"
    en = "{count} exclusions of this period are not decided yet ({numbers}); decide on them, then publish"


class FigureWithoutPeriod(Invalid):
    """A figure is one of a period, or of a published report."""

    code = "figure_without_period"
    zh = "{field}：查看某项指标背后的事项，须写明周期（period）或已公布的三率（report_ref）"
    en = "{field}: what is behind a figure is asked for a period, or for a published report (report_ref)"


class KeyWithoutBy(Invalid):
    """A key is one of something."""

    code = "key_without_by"
    zh = "{field}：按什么分（by）与其编号（key）须一并填写"
    en = "{field}: 'by' and 'key' go together"
