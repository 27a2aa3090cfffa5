"""What people read. One table: the fields in braces are those of the event that tells the news.

Never a name, a phone or a room; instants and days as people in Beijing read them, money in yuan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.kernel.clock import local
from shared.kernel.money import yuan


@dataclass(frozen=True)
class Wording:
    """A message's title and text. `must_reach`: where no channel reaches the person, somebody goes there (chain 9)."""

    title: str
    text: str
    must_reach: bool = False


TEMPLATES: dict[str, Wording] = {
    "case_reported": Wording(
        "您反映的事项已受理",
        "您在{place_name}反映的“{category_name}”已受理，编号{number}，将于{answer_due_at}前答复您。",
    ),
    "case_waits_for_topic": Wording(
        "您反映的事项进入社区协商", "您反映的“{category_name}”有新进展：{reason_text}。"
    ),
    "case_waits": Wording("您反映的事项有新进展", "您反映的“{category_name}”有新进展：{reason_text}。"),
    "case_merged": Wording(
        "您反映的事项已并案办理",
        "您反映的“{category_name}”（编号{number}）与编号{into_number}为同一事项，已并案办理，进展将一并告知您。",
    ),
    "case_dispatched_again": Wording(
        "您反映的事项继续办理",
        "很抱歉，{reason_text}。您反映的“{category_name}”由{lead_party_name}继续办理，将于{answer_due_at}前答复您。",
    ),
    "case_given_to_another": Wording(
        "您反映的事项由另一责任主体办理",
        "{reason_text}。您反映的“{category_name}”由{lead_party_name}继续办理，答复期限{answer_due_at}不变。",
    ),
    "case_reopened": Wording(
        "您反映的事项重新办理",
        "感谢您的评价。您反映的“{category_name}”由{lead_party_name}重新办理，将于{answer_due_at}前答复您。",
    ),
    "case_verified": Wording(
        "您反映的事项已办理",
        "您反映的“{category_name}”已办理：{outcome_text}。问题解决了吗？请于{closes_at}前评价：{link}",
        must_reach=True,  # what became of it is owed to who reported it
    ),
    "survey_opened": Wording(
        "征集意见：{title}",
        "“{title}”正在征集意见：{asked_text}。请于{closes_at}前向社区、楼门长或接待点提出。",
    ),
    "suggestion_adopted": Wording("您的建议已采纳", "您提出的建议已采纳。{reason_text}"),
    "suggestion_partly_adopted": Wording("您的建议部分采纳", "您提出的建议部分采纳。{reason_text}"),
    "suggestion_not_adopted": Wording(
        "您的建议有了答复", "感谢您的建议，经研究未能采纳，原因：{reason_text}"
    ),
    "suggestion_implemented": Wording("您的建议已落实", "您提出的建议已落实。{evidence_text}"),
    "session_announced": Wording(
        "议事会邀请：{title}",
        "“{title}”议事会将于{starts_at}在{venue}召开，参加对象：{audience}，欢迎参与。",
    ),
    "session_rescheduled": Wording(
        "议事会改期：{title}",
        "“{title}”议事会改为{starts_at}在{venue}召开。原因：{reason_text}。给您带来不便，敬请谅解。",
    ),
    "session_cancelled": Wording(
        "议事会取消：{title}", "原定{starts_at}的“{title}”议事会取消。原因：{reason_text}。"
    ),
    "project_opened": Wording(
        "项目启动：{title}", "“{title}”已列为本小区的项目，将先征求居民意见，再商议方案、实施改造。"
    ),
    "project_paused": Wording(
        "暂停施工：{title}", "“{title}”自{paused_on}起暂停，原因：{reason_text}。复工后将继续推进。"
    ),
    "project_completed": Wording(
        "项目完成：{title}", "“{title}”已全部完成。{reason_text}。感谢您的理解与支持。"
    ),
    "project_called_off": Wording("项目终止：{title}", "“{title}”不再推进，原因：{reason_text}。"),
    "topic_accepted": Wording("您提出的议题已立项", "您提出的“{title}”经{party_org}同意立项，开始共议方案。"),
    "topic_declined": Wording(
        "您提出的议题有了答复", "您提出的“{title}”经研究未能列入协商，原因：{reason_text}。"
    ),
    "topic_referred": Wording(
        "您提出的议题已转办", "您提出的“{title}”无需协商，已转有关部门办理：{reason_text}。"
    ),
    "topic_merged": Wording(
        "您提出的议题已合并", "您提出的“{title}”与“{into_title}”为同一问题，将一并商议，进展会继续告知您。"
    ),
    "topic_suspended": Wording("您提出的议题暂停商议", "“{title}”暂停商议，原因：{reason_text}。"),
    "topic_reopened": Wording(
        "重新商议：{title}", "“{title}”的成果未能解决问题，将重新商议方案。{reason_text}。"
    ),
    "topic_resolved": Wording(
        "方案通过：{title}",
        "“{title}”的方案已经通过，预算{budget_fen}，即将实施，建成后由{maintainer_name}负责日常维护。",
    ),
    "topic_landed": Wording(
        "成果落地：{title}",
        "“{title}”的成果已落地，由{maintainer_name}负责日常维护。问题解决了吗？请于{closes_at}前评价：{link}",
    ),
    "works_started": Wording(
        "开工：{title}",
        "“{title}”已开工，由{contractor_name}施工，计划{planned_end_on}完工。给您带来不便，敬请谅解。",
    ),
    "works_accepted": Wording(
        "竣工：{title}",
        "“{title}”已通过竣工验收，保修至{warranty_until_on}，由{maintainer_name}负责日常维护。",
    ),
    "works_cancelled": Wording(
        "工程取消：{title}",
        "“{title}”工程已取消，原因：{reason_text}。后续安排将继续与居民协商。",
    ),
    "steward_appointed": Wording(
        "{building_name}施工楼栋管家到岗",
        "施工期间如有疑问或不便，可先向楼栋管家反映。",
    ),
    "steward_expired": Wording(
        "{building_name}施工楼栋管家卸任",
        "{building_name}施工已结束，施工楼栋管家不再值守，日常事务请联系本楼楼门长、社区或物业服务人员。",
    ),
    "captains_missing": Wording(
        "缺楼门长：{door_name}", "{door_name}应有{required_captains}名楼门长，现缺{missing}名，请尽快物色。"
    ),
    "consent_recorded": Wording(
        "已登记您的同意",
        "工作人员登记了您的同意：为“{purpose_name}”向“{recipient_name}”提供您的姓名和电话。"
        "如非您本意，或不再同意，可随时自行撤回，或请社区代为撤回。",
        must_reach=True,  # who is not told cannot object
    ),
}

QUESTIONS: dict[str, str] = {
    "topic": "“{title}”的成果已落地，问题解决了吗？请评价满意度（1—5）。",
    "case": "您反映的“{category_name}”已办理，问题解决了吗？请评价满意度（1—5）。",
}

OWN_CASES = "\n您的事项编号：{numbers}。"


def wording(template: str, facts: Mapping[str, Any], numbers: Sequence[str]) -> Wording:
    """The template filled; `numbers` of the reader's own cases are added where the text does not say them itself."""
    wanted = TEMPLATES[template]
    is_added = numbers and "{number}" not in wanted.text
    own = OWN_CASES.format(numbers="、".join(numbers)) if is_added else ""
    return Wording(_filled(wanted.title, facts), _filled(wanted.text, facts) + own, wanted.must_reach)


def question_text(about_type: str, facts: Mapping[str, Any]) -> str:
    """What is asked about a topic or a case."""
    return _filled(QUESTIONS[about_type], facts)


# a template ends the sentence that somebody wrote by itself
_ENDS = "\u3002\uff1b\uff0c.;, "


def _filled(text: str, facts: Mapping[str, Any]) -> str:
    return text.format_map({name: _spoken(name, value) for name, value in facts.items()})


def _spoken(name: str, value: Any) -> Any:
    if name.endswith("_fen"):
        return yuan(value)
    if name.endswith("_text"):
        return value.rstrip(_ENDS)
    if isinstance(value, datetime):
        at = local(value)
        return f"{_day(at)}{at:%H:%M}"
    return _day(value) if isinstance(value, date) else value


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
