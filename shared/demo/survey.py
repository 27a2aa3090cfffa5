"""问需: what residents need is asked, collected, answered, and carried out (domain rows 29–31)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.demo import deliberation as acts
from shared.demo.neighbourhood import Estate
from shared.demo.stage import Stage
from shared.kernel.clock import local

SAID = (
    ("lighting", "单元门口的灯晚上看不清", "adopted", "列入本次改造"),
    ("parking", "希望增加三十个车位", "partly_adopted", "用地所限，先增加十个"),
    ("other", "希望建一个游泳池", "not_adopted", "小区内没有可用的场地"),
)


def play(stage: Stage, topic: Any, estate: Estate, residents: Sequence[str]) -> Any:
    """A survey about a topic, until each of the residents is answered; what was adopted."""
    body = {
        "title": "外墙改造问需",
        "text": "请说说您对改造方案的意见和建议。",
        "stage": "design",
        "place_ref": estate.estate,
        "closes_at": local(stage.days_ahead(7)).isoformat(),
        "topic_ref": topic["id"],
    }
    survey = stage.do("居委会开展方案设计阶段问需", "/consultation/v1/surveys", body, role="convenor")
    path = f"/consultation/v1/surveys/{survey['id']}"
    stage.do("问需开始，居民收到通知", f"{path}/open", {}, role="convenor")
    said = [_collect(stage, path, who, text) for who, (_, text, _, _) in zip(residents, SAID, strict=True)]
    stage.do("问需征集结束", f"{path}/close", {}, role="convenor")
    stage.do(
        "还没有分类就想完成分析：被拒绝",
        f"{path}/analyse",
        {"conclusions": "无"},
        role="convenor",
        expect=409,
    )
    for suggestion, (category, _, outcome, reason) in zip(said, SAID, strict=True):
        refs = {"suggestion_refs": [suggestion["id"]]}
        stage.post(f"{path}/classifications", refs | {"category": category}, role="convenor")
        answer = refs | {"outcome": outcome, "reason": reason}
        stage.do("居委会逐条答复建议", f"{path}/answers", answer, role="convenor")
    stage.do("问需分析完成", f"{path}/analyse", {"conclusions": "照明和停车最受关注"}, role="convenor")
    stage.do("问需反馈完成：每条建议都有答复", f"{path}/feed-back", {}, role="convenor")
    stage.check(
        "征集与采纳情况，谁都能查", stage.ask_publicly(f"{path}/figures").json()["tally"]["adopted"] == 1
    )
    answers = stage.ask_publicly(f"{path}/answers")
    stage.check(
        "答复已公布，不写是谁提的", len(answers.json()["items"]) == 3 and "proposer_ref" not in answers.text
    )
    for who in residents:
        acts.await_message(stage, "提建议的居民得知答复，一次", who, ":answered")
    return said[0]


def carry_out(stage: Stage, suggestion: Any) -> None:
    """What was adopted is done, and who said it hears."""
    path = f"/consultation/v1/suggestions/{suggestion['id']}/implement"
    stage.do("采纳的建议落实", path, {"evidence": "单元门口已更换照明"}, role="convenor")
    acts.await_message(stage, "居民得知建议落实", suggestion["proposer_ref"], ":implemented")


def _collect(stage: Stage, path: str, who: str, text: str) -> Any:
    body = {"text": text, "channel": "online", "proposer_ref": who}
    return stage.post(f"{path}/suggestions", body, role="resident", scope=f"person:{who}")
