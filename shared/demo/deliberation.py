"""The acts of a deliberation that all stories share, each as its people would do it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from shared.demo.neighbourhood import Estate
from shared.demo.stage import Stage
from shared.kernel.clock import local, local_date


def report(
    stage: Stage, who: str, resident_ref: str, place_ref: str, text: str, *, category: str = "0603"
) -> Any:
    """A resident reports something to grid."""
    body = {"category": category, "place_ref": place_ref, "text": text, "reporter_ref": resident_ref}
    scope = f"person:{resident_ref}"
    return stage.do(f"{who}反映：{text}", "/grid/v1/cases", body, role="resident", scope=scope)


def raise_topic(stage: Stage, estate: Estate, title: str, theme: str, case_refs: Sequence[str]) -> Any:
    """A topic that takes up the cases."""
    body = {
        "title": title,
        "text": f"居民反映集中，提请协商：{title}",
        "category": "0603",
        "theme": theme,
        "place_ref": estate.estate,
        "area_ref": estate.area,
        "raised_by": "resident",
        "case_refs": list(case_refs),
    }
    return stage.do(f"社区提出议题“{title}”", "/consultation/v1/topics", body, role="community")


def accept_topic(stage: Stage, topic: Any) -> None:
    """The party organisation approves the agenda."""
    body = {"party_org": "社区党委", "note": "群众关切，同意立项"}
    stage.do("社区党委同意立项", f"/consultation/v1/topics/{topic['id']}/accept", body, role="party_org")


def hold_session(
    stage: Stage, topic: Any, kind: str, title: str, audience: str, points: Sequence[str]
) -> None:
    """A session is announced, held three days later, minuted, and published by another than who wrote the minutes."""
    starts_at = local(stage.days_ahead(3)).isoformat()
    body = {"kind": kind, "venue": "金侨树下议事亭", "starts_at": starts_at, "audience": audience}
    path = f"/consultation/v1/topics/{topic['id']}/sessions"
    session = stage.do(f"居委会预告{title}（{audience}）", path, body, role="convenor")
    stage.days_pass(3)
    minutes = {
        "attendance": {"residents": 12, "professionals": 3, "units": 2},
        "text": f"{title}：{'；'.join(points)}",
        "points": list(points),
    }
    stage.do(
        f"居委会形成{title}纪要",
        f"/consultation/v1/sessions/{session['id']}/minutes",
        minutes,
        role="convenor",
    )
    stage.do(
        f"社区核对后公布{title}纪要",
        f"/consultation/v1/sessions/{session['id']}/publish",
        {},
        role="community",
    )


def engage(stage: Stage, org_ref: str, who: str, expert_refs: Sequence[str], reference: str) -> Any:
    """An organisation finds the request at alliance, which came there by event, and lends its experts."""
    request = stage.until(
        f"征集已由事件送达同盟，{who}看得到",
        lambda: next(
            (r for r in stage.all_of("/alliance/v1/requests?state=open") if r["request_ref"] == reference),
            None,
        ),
    )
    body = {"org_ref": org_ref, "expert_refs": list(expert_refs), "interests": ""}
    path = f"/alliance/v1/requests/{request['id']}/accept"
    return stage.do(
        f"{who}应征，派出{len(expert_refs)}名专家", path, body, role="professional", scope=f"party:{org_ref}"
    )


def propose_plan(
    stage: Stage,
    topic: Any,
    estate: Estate,
    items: Sequence[dict[str, Any]],
    *,
    author_org_refs: Sequence[str] = (),
    needs_stewards: bool = False,
    owners_decide: bool = False,
    base_version: int = 0,
) -> Any:
    """A version of the plan: items, budget, funding, maintainer, and whether the owners must decide."""
    total = sum(item["budget_fen"] for item in items)
    body = {
        "items": list(items),
        "funding": [
            {"source": "新芽项目资金", "amount_fen": total - total // 3},
            {"source": "街道小微工程经费", "amount_fen": total // 3},
        ],
        "author_org_refs": list(author_org_refs),
        "building_refs": estate.buildings,
        "needs_stewards": needs_stewards,
        "area_ref": estate.area,
        "maintainer_ref": estate.company,
        "base_version": base_version,
        "owners_decision": {
            "required": owners_decide,
            "kind": "common_parts",
            "reason": "改变共有部分用途（民法典278条八项）"
            if owners_decide
            else "只修复原有设施，不改变共有部分用途",
            "judged_by": "街道物业科",
        },
    }
    path = f"/consultation/v1/topics/{topic['id']}/plans"
    return stage.do(f"提交方案：{len(items)}项，{total // 100:,}元", path, body, role="convenor")


def open_review(stage: Stage, plan: Any, residents: Sequence[str], experts_needed: int) -> Any:
    """The joint review is asked for: residents by roster, professionals by request."""
    body = {
        "expertise": ["safety"],
        "experts_needed": experts_needed,
        "answer_by": local(stage.clock.now() + timedelta(days=10)).isoformat(),
        "resident_roster": list(residents),
        "closes_at": local(stage.clock.now() + timedelta(days=30)).isoformat(),
    }
    path = f"/consultation/v1/plans/{plan['id']}/reviews"
    return stage.do(f"居委会对第{plan['version']}版方案发起双审", path, body, role="convenor")


def vote(
    stage: Stage,
    review: Any,
    chamber: str,
    voter_ref: str,
    *,
    approve: bool,
    criteria: Sequence[str] = (),
    why: str = "",
) -> None:
    """One ballot, for the version that the review is about."""
    body = {
        "voter_ref": voter_ref,
        "chamber": chamber,
        "plan_hash": review["plan_hash"],
        "approve": approve,
        "criteria": list(criteria),
        "reasons": why,
    }
    role = "resident" if chamber == "residents" else "reviewer"
    path = f"/consultation/v1/reviews/{review['id']}/ballots"
    stage.post(path, body, role=role, scope=f"person:{voter_ref}")


def close_review(stage: Stage, review: Any) -> Any:
    """Count both chambers."""
    return stage.do("居委会清点双审票", f"/consultation/v1/reviews/{review['id']}/close", {}, role="convenor")


def pass_review(stage: Stage, topic: Any, plan: Any, residents: Sequence[str], assessors: str) -> None:
    """A review that passes: engaged, discussed together, voted, counted."""
    review = open_review(stage, plan, residents, experts_needed=2)
    experts = [f"expert-{review['id'][-4:]}-{n}" for n in (1, 2)]
    engage(stage, assessors, "评估机构", experts, review["id"])
    hold_session(
        stage, topic, "joint_review", "联合评审会", "居民代表和专业机构", ["逐项对照安全标准", "听取居民意见"]
    )
    stage.teller.deed("居民代表和专家分别投票")
    for ref in residents:
        vote(stage, review, "residents", ref, approve=True)
    for ref in experts:
        await_roster(stage, review, ref)
        vote(stage, review, "professionals", ref, approve=True)
    result = close_review(stage, review)
    stage.check("同一版方案居民与专业机构均通过", result["state"] == "passed")


def await_roster(stage: Stage, review: Any, expert_ref: str) -> None:
    """Until consultation has heard that the expert was lent for this review."""
    path = f"/consultation/v1/reviews/{review['id']}"
    stage.until("专家名单已到协商服务", lambda: expert_ref in stage.ask(path)["expert_refs"])


def resolve(stage: Stage, topic: Any) -> Any:
    """The plan is adopted; property makes the works by the event alone."""
    stage.do("居委会宣布方案通过", f"/consultation/v1/topics/{topic['id']}/resolve", {}, role="convenor")
    return stage.until(
        "物业服务已由事件创建小微工程，无人经手",
        lambda: next(iter(stage.all_of(f"/property/v1/works?topic_ref={topic['id']}&state=planned")), None),
    )


def contract_and_start(stage: Stage, works: Any, contractor: str) -> None:
    """The contractor gets the works and begins."""
    today = today_of(stage)
    contract = {
        "contractor_ref": contractor,
        "amount_fen": works["budget_fen"] - 100_000,
        "planned_start_on": str(today),
        "planned_end_on": str(today + timedelta(days=60)),
    }
    stage.do("街道登记施工合同", f"/property/v1/works/{works['id']}/contract", contract)
    start = {"permit": "施工公示已张贴"}
    path = f"/property/v1/works/{works['id']}/start"
    stage.do("施工单位进场开工", path, start, role="contractor", scope=f"party:{contractor}")


def accept_works(stage: Stage, works: Any, maintainer: str) -> None:
    """Every item, then the whole, with residents present."""
    path = f"/property/v1/works/{works['id']}"
    for item in works["items"]:
        body = {"accepted_by": "居民代表3人、街道、物业", "evidence": f"验收单-{item['number']}"}
        stage.do(f"验收第{item['number']}项：{item['title']}", f"{path}/items/{item['number']}/accept", body)
    body = {
        "representatives": "居民代表5人",
        "defects": "无",
        "warranty_until_on": str(today_of(stage) + timedelta(days=730)),
        "maintainer_ref": maintainer,
    }
    stage.do("竣工验收", f"{path}/accept", body)


def land(stage: Stage, topic: Any, maintainer: str) -> None:
    """The result is landed once consultation has heard of the acceptance."""
    stage.until(
        "协商服务已知工程验收",
        lambda: stage.ask(f"/consultation/v1/topics/{topic['id']}")["works_accepted"],
    )
    body = {"accepted_by": "居民代表5人", "evidence": "改造前后照片各6张", "maintainer_ref": maintainer}
    stage.do(
        "居委会确认成果落地，并落实维护人",
        f"/consultation/v1/topics/{topic['id']}/land",
        body,
        role="convenor",
    )


def messages_of(stage: Stage, resident_ref: str) -> list[Any]:
    """What a resident has got, as the resident reads it: staff do not see the answer links."""
    messages = stage.all_of("/notify/v1/messages", role="resident", scope=f"person:{resident_ref}")
    return [message for message in messages if message["state"] == "delivered"]


def got(stage: Stage, resident_ref: str, ending: str) -> list[Any]:
    """The messages of a milestone that a resident has got, such as `:resolved`."""
    return [message for message in messages_of(stage, resident_ref) if message["milestone"].endswith(ending)]


def await_message(stage: Stage, claim: str, resident_ref: str, ending: str) -> Any:
    """Until the resident has got exactly one message of a milestone; that message."""
    return stage.until(claim, lambda: _only(got(stage, resident_ref, ending)))


def answer_link(stage: Stage, message: Any) -> str:
    """The path of the link in a message by which its reader answers, without signing in."""
    found = re.search(r"/answers/(\S+)", message["text"])
    stage.check("询问带有专属答复链接", found)
    return f"/notify/v1/answers/{found.group(1)}" if found else ""


def _only(messages: list[Any]) -> Any:
    return messages[0] if len(messages) == 1 else None


def case_state(stage: Stage, case: Any) -> str:
    """How a case stands."""
    return str(stage.ask(f"/grid/v1/cases/{case['id']}")["state"])


def today_of(stage: Stage) -> date:
    """The business day in Beijing."""
    return local_date(stage.clock.now())
