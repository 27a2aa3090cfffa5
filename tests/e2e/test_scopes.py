"""A scope of somewhere else, of another party, of another person: each thing that the stories made is asked for, each
deed of theirs is tried again, and nothing is seen or done."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
import requests
from PIL import Image
from werkzeug.routing import Map, Rule

from shared.access.roles import PARTY, PERSON, PLACE, TABLE
from shared.demo.examples import JSON
from shared.demo.play import play
from shared.kernel.clock import local
from shared.suite import service_class
from shared.web.files import CSV, File
from tests.contract.ours import NAMES
from tests.e2e.conftest import in_one_process

ELSEWHERE = "01900000-0000-7000-8000-000000000000"
SCOPES = {role.code: role.scopes for role in TABLE}
ENDPOINTS = [
    endpoint
    for name in NAMES
    for api in service_class(name).definition.apis
    for endpoint in api.endpoints
    if endpoint.roles is not None
]


def label(endpoint):
    return f"{endpoint.method} {endpoint.full_path}"


def kinds_of(endpoint):
    """The kinds of scope that those have who may use it."""
    return sorted({kind for role in endpoint.roles for kind in SCOPES[role] if kind != "*"})


def cases(wanted):
    found = [(endpoint, kind) for endpoint in ENDPOINTS if wanted(endpoint) for kind in kinds_of(endpoint)]
    ids = [f"{label(endpoint)} {kind}" for endpoint, kind in found]
    return pytest.mark.parametrize(("endpoint", "kind"), found, ids=ids)


class Played:
    """The suite after the stories, and what was asked and answered meanwhile."""

    def __init__(self, deployment):
        self.stage = deployment.stage
        self.done = {}
        self.ids = {}
        rules = [
            Rule(re.sub(r"{(\w+)}", r"<\1>", each.full_path), methods=[each.method], endpoint=each)
            for each in ENDPOINTS
        ]
        self._map = Map(rules).bind("")
        self.stage.session.hooks["response"].append(self._note)

    def _note(self, response, **_):
        request = response.request
        is_a_file = request.headers.get("Content-Type", JSON) != JSON
        if request.method != "POST" or not response.ok or "Authorization" not in request.headers or is_a_file:
            return
        endpoint, _path = self._map.match(request.path_url, method="POST")
        # the last one: the first place is the street itself, which lies nowhere
        self.done[endpoint] = request.path_url, json.loads(request.body)
        if "Location" in response.headers:
            *_, kind, id = response.headers["Location"].split("/")
            self.ids.setdefault((endpoint.api.service, kind), id)

    def make(self, kind, path, body):
        """Something that the stories do not make."""
        made = self.stage.post(path, body)
        self.ids[path.split("/")[1], kind] = made.get("id", "")
        return made

    def one(self, service, kind):
        """The id of something of that kind."""
        if (service, kind) not in self.ids:
            self.ids[service, kind] = self.stage.ask(f"/{service}/v1/{kind}?limit=1")["items"][0]["id"]
        return self.ids[service, kind]

    def path(self, endpoint):
        """A path to something that there is."""
        kind = endpoint.path.split("/")[1]
        path = endpoint.full_path
        if "{id}" in path:
            path = path.replace("{id}", self.one(endpoint.api.service, kind))
        if path.endswith("/diff"):
            path += "?from=1&to=2"
        if kind == "similar-cases":
            path += f"?category=0601&place_ref={self.gathered_at}"
        return path.replace("{number}", "1").replace("{task_id}", "x").replace("{kind}", "places")

    def token(self, role, scope):
        return self.stage._tokens.issue("stranger", role, scope)

    def ask_from(self, endpoint, kind, path, body=None):
        """The request of somebody who may use the endpoint, but acts for somewhere or somebody else."""
        role = next(role for role in endpoint.roles if kind in SCOPES[role])
        headers = {"Authorization": f"Bearer {self.token(role, kind + ELSEWHERE)}"}
        if isinstance(body, File):
            sent = {"data": body.content, "headers": headers | {"Content-Type": body.media_type}}
        else:
            sent = {"json": body, "headers": headers}
        return requests.request(endpoint.method, self.stage._url(path), timeout=10, **sent)


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    deployment = in_one_process(tmp_path_factory.mktemp("played"))
    deployment.start()
    played = Played(deployment)
    play(deployment.stage)
    played.make("consents", f"/notify/v1/contacts/{played.one('notify', 'contacts')}/consents", CONSENT)
    make_a_captain(played)
    reason = {"purpose": "handle_matter", "reason": "核实情况"}
    played.make("disclosures", f"/notify/v1/contacts/{played.one('notify', 'contacts')}/disclosures", reason)
    door = played.stage.ask("/grid/v1/places?kind=door&limit=1")["items"][0]["id"]
    played.make("category-tables", "/grid/v1/category-tables", CATEGORY_TABLE)
    played.make("rate-rules", "/grid/v1/rate-rules", RATE_RULES)
    played.make("rate-reports", "/grid/v1/rate-reports", {"period": "2024-04"})
    meets = {"kind": "tree", "name": "大槐树下", "capacity": 30, "place_ref": door}
    upload(played, "consultation")
    played.make("platforms", "/consultation/v1/platforms", {"name": "树下贤聊", "place_ref": door})
    played.make("venues", "/consultation/v1/venues", meets)
    project = f"/consultation/v1/projects/{played.one('consultation', 'projects')}"
    team = {"name": "先锋队", "members": [{"kind": "area", "ref": "member-3"}]}
    played.make("teams", f"{project}/teams", team)
    point = {"name": "接待点", "hours": "9:00—17:00", "duty": {"1": "居委会"}}
    point = played.make("reception-points", f"{project}/reception-points", point)["id"]
    played.make("intakes", f"/consultation/v1/reception-points/{point}/intakes", {"text": "灯不亮"})
    played.make("households", "/grid/v1/households", {"door_ref": door, "room": "101"})
    walk(played)
    gather(played)
    hand_over(played)
    order = played.stage._request("PUT", "/grid/v1/hotline-orders/1", HOTLINE_ORDER, "street", "*")
    assert order.status_code == 201, order.text
    staff_the_night(played)
    yield played
    deployment.stop()


def make_a_captain(played):
    """One who has served, with what is written down, and a steward's duty; the hook notes each."""
    post, ask = played.stage.post, played.stage.ask
    contact = ask(f"/notify/v1/contacts/{played.one('notify', 'contacts')}")
    door = next(
        each["id"]
        for each in played.stage.all_of("/grid/v1/places?kind=door")
        if each["building_ref"] == contact["building_ref"]
    )
    body = {
        "door_ref": door,
        "person_ref": contact["id"],
        "origin": "resident",
        "chosen_how": "推选",
        "chosen_on": "2024-05-20",
    }
    captain = post("/grid/v1/captains", body)
    path = f"/grid/v1/captains/{captain['id']}"
    today = post(f"{path}/appoint", {})["valid_from"]
    post(f"{path}/records", {"stage": "training", "text": "消防培训", "happened_on": today})
    post(f"{path}/points", {"points": 1, "reason": "培训"})
    at = played.stage.clock.now().isoformat()
    post(f"{path}/duties", {"duty": "policy", "text": "入户宣传", "occurred_at": at})


def walk(played):
    """A patrol on which something is found, and visits with a photograph: the stories have none of it."""
    (door, *_) = played.stage.ask("/grid/v1/places?kind=door&limit=1")["items"]
    visit = played.make("visits", "/grid/v1/visits", {"purpose": "care", "door_ref": door["id"]})["id"]
    photo = upload(played)
    record = {"id": ELSEWHERE, "occurred_at": visited_at(played), "outcome": "met", "photographs": [photo]}
    played.make("records", f"/grid/v1/visits/{visit}/records", record)
    campaign = {"purpose": "policy", "title": "宣讲", "place_ref": door["id"]}
    played.make("visit-campaigns", "/grid/v1/visit-campaigns", campaign)
    patrol = played.make("patrols", "/grid/v1/patrols", {"grid_ref": door["grid_ref"]})["id"]
    at = {"id": ELSEWHERE, "place_ref": door["id"]}
    played.make("check-ins", f"/grid/v1/patrols/{patrol}/check-ins", at)
    found = {"category": "0203", "place_ref": door["id"], "text": "灯不亮"}
    played.make("findings", f"/grid/v1/patrols/{patrol}/findings", found)


def gather(played):
    """So many cases of a kind that they make a cluster: the stories have no such."""
    played.gathered_at = played.stage.ask("/grid/v1/places?kind=spot&limit=1")["items"][0]["id"]
    body = {"category": "0601", "place_ref": played.gathered_at, "text": "路面破损", "source": "patrol"}
    for _ in range(5):
        played.stage.post("/grid/v1/cases", body)
    played.stage.until("聚集", lambda: played.stage.ask("/grid/v1/clusters")["items"])


def hand_over(played):
    """A note about a case, and a shift that is handed over."""
    note = {"text": "已电话联系"}
    played.make("notes", f"/grid/v1/cases/{played.one('grid', 'cases')}/notes", note)
    place = played.stage.ask("/grid/v1/places?kind=community&limit=1")["items"][0]["id"]
    shift = {"place_ref": place, "to_subject": "night-officer"}
    played.make("shift-handovers", "/grid/v1/shift-handovers", shift)


def staff_the_night(played):
    """A shift, an absence, a whistle, and what communities may help with: the stories have none of it."""
    ref = played.one("grid", "staff")
    staff = played.stage.ask(f"/grid/v1/staff/{ref}")
    night = {"begins_at": "2098-12-31T18:00:00+08:00", "ends_at": "2099-01-01T08:00:00+08:00"}
    grid = staff["postings"][0]["grid_ref"]
    played.make("duty-shifts", "/grid/v1/duty-shifts", {"staff_ref": ref, "place_ref": grid} | night)
    away = {"begins_at": "2099-02-01T08:00:00+08:00", "ends_at": "2099-02-02T08:00:00+08:00"}
    played.make("absences", "/grid/v1/absences", {"staff_ref": ref} | away)
    water = {"kind": "department", "name": "区水务局", "area_refs": []}
    department = played.stage.post("/property/v1/parties", water)["id"]
    case = played.stage.post(
        "/grid/v1/cases", CAVE_IN | {"place_ref": grid, "reporter_ref": played.one("notify", "contacts")}
    )
    called = {
        "case_ref": case["id"],
        "party_ref": department,
        "need": "核实",
        "answer_within": {"amount": 2, "unit": "hours"},
        "solve_within": {"amount": 2, "unit": "days"},
    }
    played.make("whistles", "/grid/v1/whistles", called)
    listed = {"effective_on": "2099-01-01", "basis": "社区职责清单", "categories": ["0603"]}
    played.make("community-lists", "/grid/v1/community-lists", listed)


def visited_at(played):
    return local(played.stage.clock.now() - timedelta(milliseconds=1)).isoformat()


def upload(played, service="grid"):
    """The ref of a photograph."""
    written = BytesIO()
    Image.new("RGB", (4, 4)).save(written, "JPEG")
    headers = {
        "Authorization": f"Bearer {played.stage._tokens.issue('demo-street', 'street', '*')}",
        "Content-Type": "image/jpeg",
    }
    url = played.stage._url(f"/{service}/v1/attachments")
    ref = requests.post(url, data=written.getvalue(), headers=headers, timeout=10).json()["ref"]
    played.ids[service, "attachments"] = ref
    return ref


# what a scope does not confine, and why; by the beginning of the path
SEEN_BY = {
    "/alliance/v1/organisations": ((PLACE, PARTY), "a register of the whole street"),
    "/property/v1/parties": ((PLACE, PARTY), "a register of the whole street"),
    "/property/v1/areas": ((PARTY,), "a register: who is responsible for what"),
    "/grid/v1/places": ((PARTY,), "geography: nobody's"),
    "/grid/v1/category-tables": ((PLACE,), "the rules of the whole street"),
    "/grid/v1/rate-rules": ((PLACE,), "the rules of the whole street"),
    "/grid/v1/rate-reports": ((PLACE,), "figures that were published"),
    "/grid/v1/community-lists": ((PLACE,), "the rules of the whole street"),
    "/alliance/v1/requests": ((PARTY,), "every organisation may answer"),
    "/consultation/v1/topics": ((PARTY, PERSON), "deliberated among all who are invited"),
    "/consultation/v1/plans": ((PARTY, PERSON), "deliberated among all who are invited"),
    "/consultation/v1/sessions": ((PARTY, PERSON), "deliberated among all who are invited"),
    "/consultation/v1/surveys": ((PARTY, PERSON), "everybody is asked"),
    "/consultation/v1/venues": ((PARTY, PERSON), "where neighbours meet"),
    "/consultation/v1/platforms": ((PARTY, PERSON), "how the neighbourhood deliberates"),
    "/consultation/v1/projects": ((PARTY, PERSON), "deliberated among all who are invited"),
    "/consultation/v1/design-requests": ((PARTY, PERSON), "deliberated among all who are invited"),
}
DONE_BY = {
    "/consultation/v1/topics": ((PARTY, PERSON), "any neighbour may bring up a problem"),
    "/consultation/v1/surveys/{id}/suggestions": ((PARTY,), "whoever goes to people brings what they say"),
    "/grid/v1/cases": ((PARTY,), "whoever is out and about reports what is wrong"),
    "/grid/v1/case-batches": ((PLACE, PARTY), "each row says by itself that it is another's"),
    "/grid/v1/attachments": ((PLACE, PARTY, PERSON), "what is uploaded belongs to nothing yet"),
    "/consultation/v1/attachments": ((PLACE,), "what is uploaded belongs to nothing yet"),
}
# of which the stories make none: tests/integration/alliance and consultation try them
NEVER_MADE = ("/declines/{id}", "/interests/{id}", "/alarms")


def is_confined(endpoint, kind):
    path = endpoint.full_path
    if endpoint.is_deed:
        return kind not in DONE_BY.get(path, ((), ""))[0]
    return not any(path.startswith(begin) and kind in kinds for begin, (kinds, _why) in SEEN_BY.items())


def is_made(endpoint):
    return endpoint.path not in NEVER_MADE


def more(played):
    """What the stories do not do, each once: the endpoint's name, its body."""
    organisation = played.one("alliance", "organisations")
    question = played.stage.ask("/notify/v1/questions?limit=1")["items"][0]["id"]
    contact = played.one("notify", "contacts")
    return {
        "keep_attachment": {},
        "object_to_case": {"reason": "不属于本区域"},
        "uphold_objection": {"party_ref": None, "reason": "确属市政设施"},
        "overrule_objection": {"reason": "属于本区域"},
        "pause_clock": {"reason_code": "weather"},
        "resume_clock": {},
        "ask_extension": {"amount": 1, "reason": "需订货"},
        "extend_case": {},
        "refuse_extension": {},
        "finish_phase": {},
        "send_back_case": {"reason": "没有修好"},
        "try_revisit": {},
        "revisit_case": {"resolution": "resolved", "grade": 5},
        "close_case": {},
        "ask_end": {"outcome": "referred", "reason": "应由公安处理"},
        "end_case": {},
        "refuse_end": {},
        "withdraw_case": {"reason": "已自行解决"},
        "merge_case": {"into_ref": played.one("grid", "cases")},
        "recount_clocks": {},
        "ask_exclusion": {"reason": "诉求不实"},
        "exclude_turn": {},
        "refuse_exclusion": {},
        "act_on_cases": {"action": "contact", "case_refs": [played.one("grid", "cases")]},
        "take_shift": {},
        "attend_case": {"staff_ref": played.one("grid", "staff"), "reason": "就近"},
        "ask_co_handler": {"party_ref": "p", "asked": "核实", "due_at": "2099-01-01T00:00:00+08:00"},
        "release_co_handler": {"co_handler_ref": "x", "reason": "已不需要"},
        "report_part": {"co_handler_ref": "x", "text": "已核实"},
        "answer_whistle": {},
        "report_result": {"result": "已处理"},
        "confirm_result": {},
        "send_whistle_back": {"reason": "未解决"},
        "withdraw_whistle": {"reason": "误吹"},
        "take_shift_back": {},
        "take_absence_back": {},
        "ask_again": {},
        "end_patrol": {},
        "decline_request": {"org_ref": organisation, "reason": "没有时间"},
        "finish_engagement": {},
        "withdraw_engagement": {"reason": "没有时间"},
        "link_cases": {"case_refs": ["x"]},
        "merge_topic": {"into_ref": played.one("consultation", "topics")},
        "suspend_topic": {"reason": "等待区级方案"},
        "resume_topic": {},
        "close_venue": {},
        "reopen_venue": {},
        "reschedule_session": {"starts_at": "2099-01-01T09:00:00+08:00", "reason": "场地维修"},
        "cancel_session": {"reason": "高温"},
        "call_off_survey": {},
        "refer_topic": {"case_category": "0203", "reason": "属日常维修"},
        "reopen_result": {"reason": "问题没有解决"},
        "link_to_project": {},
        "revise_platform": {},
        "end_platform": {},
        "complete_project": {"note": "质保期满"},
        "call_off_project": {"reason": "居民不同意"},
        "compose_team": {"members": [{"kind": "area", "ref": "x"}]},
        "rearrange_reception_point": {"hours": "9:00—17:00", "duty": {"1": "居委会"}},
        "close_reception_point": {},
        "suggest_intake": {"survey_ref": played.one("consultation", "surveys")},
        "import_suggestions": File("表号,建议内容,渠道\nA1,加灯,入户\n".encode(), CSV),
        "declare_interest": {"voter_ref": contact, "chamber": "residents", "text": "本人是承建方亲属"},
        "decline_topic": {"reason": "不属于本街道"},
        "publish_session_in_emergency": {"because": "今夜停水"},
        "approve_session": {},
        "answer_for_resident": {
            "question_ref": question,
            "resident_ref": contact,
            "resolution": "resolved",
            "grade": 5,
        },
        "reject_item": {"reason": "不平整"},
        "change_organisation": {"name": "新名称"},
        "end_organisation": {},
        "release_staff": {"grid_ref": played.one("grid", "places")},
        "post_staff": {"grid_ref": played.one("grid", "places")},
        "end_duty": {},
        "resume_duty": {"grids": [{"grid_ref": played.one("grid", "places")}]},
        "take_over_pairing": {"worker_ref": played.one("grid", "staff")},
        "end_pairing": {},
        "retire_captain": {"reason_code": "resigned"},
        "log_stewards_duty": {
            "duty": "question",
            "text": "几时停水",
            "occurred_at": "2024-05-27T08:00:00+08:00",
        },
        "answer_duty": {},
        "give_consent": CONSENT,
        "withdraw_consent": {},
        "disclose_contact": {"purpose": "repair", "reason": "约定上门时间"},
        "correct_contact": {"name": "李四"},
        "stop_contact": {"until": "2026-01-01T00:00:00+08:00", "because": "法定保存期限"},
        "resume_contact": {"basis": "本人同意"},
        "erase_contact": {},
        "import_sheet": File("编码,名称,类型\n110112010,另一个街道,街道\n".encode(), CSV),
        "change_place": {"household_count": 1},
        "draw_shapes": {"type": "FeatureCollection", "features": [{}]},
        "end_household": {},
        "place_case": {"place_ref": played.one("grid", "places")},
        "name_catch_all": {"grid_ref": played.one("grid", "places")},
        "put_hotline_order": HOTLINE_ORDER,
        "hear_objection_ruled": SAID | {"upheld": False, "reason": "属于本街道"},
        "hear_extension_decided": SAID | {"granted": False},
        "hear_revisit": SAID | {"resolution": "resolved", "grade": 5},
        "reconcile_day": {"numbers": []},
        "supersede_places": {"supersede": [{"code": "110112010904", "into": ["110112010903"]}]},
    }


CAVE_IN = {"category": "0601", "text": "路面塌陷"}
CATEGORY_TABLE = {
    "effective_on": "2099-01-01",
    "basis": "街道办事处决定",
    "categories": [
        {
            "code": "0603",
            "name": "绿化",
            "first_receiver": "street",
            "staff": "grid_worker",
            "phases": [{"amount": 1, "unit": "days"}],
        }
    ],
}
RATE_RULES = {
    "first_period": "2199-01",
    "basis": "街道办事处决定",
    "period_rule": "from_19th",
    "response_weight": 100,
    "solution_weight": 450,
    "satisfaction_weight": 450,
    "partly_weight": 500,
    "grade_weights": [0, 0, 600, 800, 1000],
    "contact_hours": 24,
}
HOTLINE_ORDER = {
    "received_at": "2024-05-27T00:00:00+08:00",
    "kind": "complaint",
    "content": "路灯不亮",
    "triage": "dispatch",
    "category": "0203",
    "address": "村口",
}
SAID = {"id": "1", "said_at": "2024-05-27T00:00:00+08:00"}
CONSENT = {
    "purpose": "repair",
    "recipient_ref": "p",
    "recipient_name": "示例物业",
    "text_version": "1",
    "evidence": "签字表单",
}


@cases(lambda each: not each.is_deed and "{id}" in each.path and not each.is_list and is_made(each))
def test_a_thing_of_another_s_is_not_shown(played, endpoint, kind):
    answer = played.ask_from(endpoint, kind, played.path(endpoint))
    assert (answer.status_code in (403, 404)) == is_confined(endpoint, kind), answer.text


@cases(lambda each: each.is_list and is_made(each))
def test_a_list_shows_nothing_of_another_s(played, endpoint, kind):
    path = played.path(endpoint)
    assert played.stage.ask(path)["items"]
    answer = played.ask_from(endpoint, kind, path)
    shows = answer.status_code == 200 and answer.json()["items"] != []
    assert shows != is_confined(endpoint, kind), answer.text


@cases(lambda each: each.is_deed and each.api.in_openapi)
def test_a_deed_is_not_done_about_another_s(played, endpoint, kind):
    path, body = played.done.get(endpoint) or (
        played.path(endpoint),
        more(played)[endpoint.function.__name__],
    )
    answer = played.ask_from(endpoint, kind, path, body)
    assert (answer.status_code in (403, 404)) == is_confined(endpoint, kind), answer.text


def test_a_program_files_nothing_at_a_place_of_another_s(played):
    token = played.token("outside_system", PLACE + ELSEWHERE)
    form = {"api_key": token, "service_code": "0603", "address_id": played.one("grid", "places")}
    answer = requests.post(f"{played.stage.urls['grid']}/open311/v2/requests.json", data=form, timeout=10)
    assert answer.status_code == 400
    assert "address_id" in answer.json()[0]["description"]
