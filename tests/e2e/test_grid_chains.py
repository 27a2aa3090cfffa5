"""Chain 4 in full (a cluster becomes a topic), and grid's half of chains 3, 5 and 6: gray zones, disputes, claims. What
the other services are to say there (their own parts are to come) is put into their outboxes by hand; the rest goes by
itself. On both substrates."""

from __future__ import annotations

import pytest

from shared.contracts import alliance, property
from shared.demo import deliberation as acts
from shared.demo import neighbourhood
from shared.demo.closed_loop import PHOTOGRAPH
from shared.kernel.clock import local_date
from shared.kernel.ids import new_id
from tests.builders import facts
from tests.e2e.by_hand import says


class Neighbourhood:
    """An estate with two residents, and what is done there."""

    def __init__(self, deployment):
        self.deployment, self.stage = deployment, deployment.stage
        self.street = neighbourhood.street(self.stage)
        self.estate = neighbourhood.estate(
            self.stage,
            self.street,
            name="怡乐北街",
            code="903",
            owners=120,
            area_dm2=800_000,
            spot="小区广场",
        )
        self.path = f"/{self.street}/{self.estate.community}/{self.estate.estate}/"
        doors = self.estate.doors
        self.residents = [
            neighbourhood.resident(self.stage, name, number, doors[number % 2])
            for number, name in [(9031, "何平"), (9032, "杜若")]
        ]
        self.stage.until("网格已知道物业企业", lambda: self.leads("0204") == self.estate.company)

    def leads(self, category):
        """Who gets what a patrol finds."""
        body = {"category": category, "place_ref": self.estate.spot, "text": "巡查发现", "source": "patrol"}
        return self.stage.post("/grid/v1/cases", body)["lead_party_ref"]

    def report(self, category, number=0):
        text = f"请处理{category}"
        resident = self.residents[number]
        return acts.report(self.stage, "居民", resident, self.estate.spot, text, category=category)

    def case(self, case):
        return self.stage.ask(f"/grid/v1/cases/{case['id']}")

    def is_now(self, case, **wanted):
        seen = self.case(case)
        return all(seen[name] == value for name, value in wanted.items())

    def until_case(self, case, claim, **wanted):
        self.stage.until(claim, lambda: self.is_now(case, **wanted))

    def act(self, case, action, body=None, **who):
        return self.stage.post(f"/grid/v1/cases/{case['id']}/{action}", body or {}, **who)

    def verify(self, case):
        photograph = self.stage.upload("/grid/v1/attachments", PHOTOGRAPH, "image/png", role="community")
        body = {"finding": "现场已办妥", "photographs": [photograph["ref"]]}
        self.act(case, "verify", body, role="community")

    def answer_good(self, resident, ending):
        message = acts.await_message(self.stage, "反映人被询问一次", resident, ending)
        link = acts.answer_link(self.stage, message)
        assert self.stage.answer_publicly(link, {"resolution": "resolved", "grade": 5}).ok

    def hears(self, resident, ending):
        return acts.await_message(self.stage, f"反映人得知{ending}", resident, ending)["text"]

    def says(self, event, subject, **data):
        says(self.deployment, event, subject, data, version=next(self._versions))

    _versions = iter(range(100, 10_000))


@pytest.fixture(params=["embedded", "distributed"])
def there(request):
    deployment = request.getfixturevalue(request.param)
    deployment.start()
    return Neighbourhood(deployment)


def test_each_chain_ends_with_the_reporters_word(there):
    gray_zone_is_assigned_and_its_case_closed(there)
    five_cases_become_a_topic_whose_result_handles_them(there)
    dispute_is_mediated_performed_and_closed(there)
    claim_is_settled_before_its_cases_go_on(there)


def gray_zone_is_assigned_and_its_case_closed(there):
    area = there.estate.area
    owner = neighbourhood.party(there.stage, "owner_unit", "示例产权单位", [])
    there.says(
        property.ResponsibilityPublished,
        area,
        area_ref=area,
        list_version=1,
        effective_on=local_date(there.deployment.clock.now()),
        entries=[{"category": "0604", "party_ref": owner, "duty": "管线更新"}],
    )
    there.stage.until("责任清单到达", lambda: there.leads("0604") == owner)
    case = there.report("0603")
    assert case["lead_party_ref"] == there.estate.company, "somebody has it in hand meanwhile"
    zone = facts.gray_zone(gray_zone_ref=new_id(), area_ref=area, case_refs=[case["id"]])
    there.says(property.GrayZoneFound, zone["gray_zone_ref"], **zone)
    there.until_case(case, "归入权责空白", gray_zone_ref=zone["gray_zone_ref"])
    decided = zone | {"party_ref": owner, "reason_text": "三方会商一致"}
    there.says(property.GrayZoneAssigned, zone["gray_zone_ref"], **decided)
    there.until_case(case, "改由产权单位负责", lead_party_ref=owner, state="dispatched")
    assert "示例产权单位" in there.hears(there.residents[0], f":gray_zone_assigned:{owner}")
    theirs = {"role": "property", "scope": f"party:{owner}"}
    there.act(case, "accept", **theirs)
    there.act(case, "handle", {"outcome": "已补种", "modes": ["rule_of_law"]}, **theirs)
    there.verify(case)
    there.answer_good(there.residents[0], f"{case['id']}:turn1:verified")
    there.until_case(case, "结案", state="closed", outcome="revisited")


def five_cases_become_a_topic_whose_result_handles_them(there):
    stage, organisations = there.stage, neighbourhood.organisations(there.stage)
    five = [there.report("0601", number % 2) for number in range(5)]
    stage.until("五件成聚集", lambda: cluster_of(there, "0601", "topic"))
    (topic,) = stage.until("聚集自动提出议题", lambda: stage.ask("/consultation/v1/topics")["items"])
    assert sorted(topic["case_refs"]) == sorted(case["id"] for case in five)
    acts.accept_topic(stage, topic)
    there.until_case(five[0], "等待议题", state="waiting", waiting_for="topic")
    five.append(there.report("0601"))
    there.until_case(five[5], "第六件加入后也等待议题", state="waiting", waiting_for="topic")
    item = {"kind": "ground", "title": "路面修复", "location": "小区主路", "budget_fen": 3_000_000}
    plan = acts.propose_plan(stage, topic, there.estate, [item])
    acts.pass_review(stage, topic, plan, there.residents, organisations.assessors)
    works = acts.resolve(stage, topic)
    acts.contract_and_start(stage, works, organisations.contractor)
    stage.days_pass(30)
    acts.accept_works(stage, works, there.estate.company)
    acts.land(stage, topic, there.estate.company)
    for case in five:
        there.until_case(case, "随成果办理", state="verified")
    for resident in there.residents:
        there.answer_good(resident, f"topic:{topic['id']}:landed")
    for case in five:
        there.until_case(case, "六件结案", state="closed")
    for resident in there.residents:
        asked = [each for each in acts.messages_of(there.stage, resident) if "/answers/" in each["text"]]
        about_these = [
            each for each in asked if topic["title"] in each["text"] or topic["category"] in each["text"]
        ]
        assert len(about_these) == 1, "a resident is asked once, however many of the cases were theirs"
    there.stage.until("聚集解散", lambda: not cluster_of(there, "0601", "topic"))


def cluster_of(there, category, route):
    query = f"category={category}&route={route}&is_under_way=true&place_ref={there.estate.estate}"
    found = there.stage.ask(f"/grid/v1/clusters?{query}")["items"]
    return found[0] if found else None


def dispute_is_mediated_performed_and_closed(there):
    case, refused = there.report("0402"), there.report("0403", 1)
    mediation, other = new_id(), new_id()
    consented = {"org_name": "示例调委会"}
    there.says(
        alliance.MediationConsented, mediation, mediation_ref=mediation, case_ref=case["id"], **consented
    )
    there.says(alliance.MediationConsented, other, mediation_ref=other, case_ref=refused["id"], **consented)
    there.until_case(case, "等待调解", state="waiting", waiting_for="mediation")
    there.until_case(refused, "等待调解", state="waiting")
    assert "示例调委会" in there.hears(there.residents[0], ":waiting:mediation:")
    there.says(
        alliance.MediationTerminated,
        other,
        mediation_ref=other,
        case_ref=refused["id"],
        outcome="refused",
        reason_text="一方不愿调解，已告知其他途径",
    )
    there.until_case(refused, "退回网格", state="dispatched", waiting_for=None)
    assert "一方不愿调解" in there.hears(there.residents[1], ":mediation_ended")
    there.says(
        alliance.MediationPerformed,
        mediation,
        mediation_ref=mediation,
        case_ref=case["id"],
        outcome_text="已装接水管",
    )
    there.until_case(case, "已办理", state="handled", result_text="已装接水管")
    there.verify(case)
    there.answer_good(there.residents[0], f"{case['id']}:turn1:verified")
    there.until_case(case, "结案", state="closed")


def claim_is_settled_before_its_cases_go_on(there):
    five = [there.report("0503", number % 2) for number in range(5)]
    there.stage.until("五件成聚集", lambda: cluster_of(there, "0503", "claim"))
    claim = {
        "claim_ref": new_id(),
        "area_ref": there.estate.area,
        "case_refs": [case["id"] for case in five],
    }
    there.says(
        property.ClaimFound, claim["claim_ref"], **claim, reason_text="监控缺失，应予赔付", cure_by=None
    )
    for case in five:
        there.until_case(case, "等待赔付", state="waiting", waiting_for="claim")
    assert "ask_end" not in there.case(five[0])["allowed_actions"]
    there.says(property.ClaimSettled, claim["claim_ref"], **claim, outcome_text="赔付五笔并补齐监控")
    for case in five:
        there.until_case(case, "赔付完结", state="handled")
    there.verify(five[0])
    there.answer_good(there.residents[0], f"{five[0]['id']}:turn1:verified")
    there.until_case(five[0], "结案", state="closed")
