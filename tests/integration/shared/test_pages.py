"""The pages as a browser gets them, and the lists and stories that they are made of."""

from __future__ import annotations

import threading
from datetime import timedelta
from http import HTTPStatus

import pytest
from sqlalchemy import insert, select, update
from werkzeug.serving import make_server
from werkzeug.test import Client

from shared.access.tokens import Tokens
from shared.contracts.envelope import Envelope
from shared.kernel.ids import new_id
from shared.messaging import inbox
from shared.messaging.transport import Incoming
from shared.persistence.database import Database
from shared.persistence.migrate import migrate
from shared.persistence.tables import audit_entries, inbox_messages, outbox_messages
from shared.suite import service_class
from shared.testing.harness import STARTED, STREET_CODE, ServiceUnderTest
from shared.web import journeys
from shared.web.common import all_apis
from shared.web.limits import REFUSED, RateLimits
from shared.web.pages import asking
from shared.web.pages.app import COOKIE, Pages
from shared.web.pages.asking import Caller, NoAnswer, in_process, over_http
from shared.web.pages.story import newest, tell
from shared.web.wsgi import Door

TOKENS = Tokens("a key that is only for these tests, and long enough")
WORD = "<script>alert('中心绿地')</script>"
STREET = {"kind": "street", "name": WORD, "code": "110112010"}


def envelope(journey, type="grid.case.reported.v1", minutes=0, cause=None, **data):
    return Envelope(
        id=new_id(),
        source=f"/jiushu/{STREET_CODE}/grid",
        type=type,
        subject="subject",
        time=STARTED + timedelta(minutes=minutes),
        data=data,
        correlation_id=journey,
        aggregate_version=1,
        causation_id=cause,
        actor="staff-1",
    )


def say(service, *journeys_said, type="grid.case.reported.v1"):
    """Events in the outbox, one minute after the other, as if they had been said."""
    for minutes, journey in enumerate(journeys_said):
        said = envelope(journey, type, minutes, place_name="中心绿地", number="240527-0001-5")
        row = {
            "event_id": said.id,
            "type": said.type,
            "partition_key": said.partition_key,
            "correlation_id": journey,
            "body": said.to_bytes(),
            "recorded_at": said.time,
        }
        with service.database.writing() as session:
            session.execute(insert(outbox_messages).values(row))


# ---- the list of a service


def listed(service, query=""):
    answer = service.request("GET", f"/journeys{query}")
    assert answer.status_code == HTTPStatus.OK, answer.text
    return answer.json


def ids(part):
    return [item["correlation_id"] for item in part["items"]]


def test_the_journey_with_the_newest_event_is_listed_first_and_says_what_it_is(under_test):
    grid = under_test("grid")
    say(grid, "old", "new", "old", "old")
    old, new = listed(grid)["items"]
    assert (old["correlation_id"], old["said"], old["unpublished"]) == ("old", 3, 3)
    assert old["first_type"] == "grid.case.reported.v1"
    assert old["about"] == "240527-0001-5 · 中心绿地"
    assert (old["began_at"], old["last_at"]) == ("2024-05-27T09:00:00+08:00", "2024-05-27T09:03:00+08:00")
    assert (new["correlation_id"], new["said"]) == ("new", 1)


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_parts_of_the_list_follow_on_each_other_and_show_each_journey_once(under_test, limit):
    grid = under_test("grid")
    say(grid, "a", "b", "a", "c", "b", "d", "a")
    found, after = [], ""
    while True:
        part = listed(grid, f"?limit={limit}{after}")
        found += ids(part)
        if part["next"] is None:
            break
        after = f"&after={part['next']}"
    assert found == ["a", "d", "b", "c"]


@pytest.mark.parametrize("looked_at", [1, 2, 3])
def test_a_part_looks_at_so_many_events_and_the_next_goes_on_there(under_test, monkeypatch, looked_at):
    monkeypatch.setattr(journeys, "LOOKED_AT", looked_at)
    grid = under_test("grid")
    say(grid, "a", "b", "import", "import", "import", "import", "c")
    part, found = listed(grid), []
    while part["next"] is not None:
        found += ids(part)
        part = listed(grid, f"?after={part['next']}")
    assert found + ids(part) == ["c", "import", "b", "a"]


def test_registrations_can_be_left_out(under_test):
    grid = under_test("grid")
    say(grid, "a story")
    say(grid, "a place", "a story", type="grid.place.registered.v1")
    assert ids(listed(grid, "?without=registrations")) == ["a story"]
    assert ids(listed(grid)) == ["a story", "a place"]


def test_those_that_the_caller_knows_are_found_also_where_the_service_only_heard(under_test):
    notify = under_test("notify")
    for journey in ("heard", "another"):
        told = envelope(journey, "grid.place.registered.v1")
        inbox.keep(notify.database, [Incoming(told.id, told.type, told.partition_key, told.to_bytes())])
    (item,) = listed(notify, "?ids=heard,unknown")["items"]
    assert (item["correlation_id"], item["said"], item["first_type"]) == ("heard", 0, None)
    assert (item["waiting"], item["handled"], item["dead"]) == (1, 0, 0)


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "²"])
def test_a_position_that_is_none_is_refused_and_named(under_test, after):
    answer = under_test("grid").request("GET", f"/journeys?after={after}")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.json["errors"][0]["field"] == "after"


@pytest.mark.parametrize(("role", "scope"), [("resident", "*"), ("street", "place:x"), ("community", "*")])
@pytest.mark.parametrize("path", ["/journeys", "/journeys?ids=a", "/journeys/a"])
def test_journeys_are_for_the_whole_streets_staff_only(role, scope, path):
    service = ServiceUnderTest(service_class("grid").definition)
    assert service.request("GET", path, role=role, scope=scope).status_code == HTTPStatus.FORBIDDEN


# ---- the steps of a service


def steps(service, journey):
    return service.request("GET", f"/journeys/{journey}").json


def test_a_step_tells_what_it_is_about_in_words_that_anyone_may_read():
    consultation = ServiceUnderTest(service_class("consultation").definition)
    words = {"title": "修坡道", "place_name": "北门", "reason_text": "资金不足", "place_path": "/secret/"}
    notify = {"name": "王秀英", "place_name": "3号楼"}
    for told in (
        envelope("j", "consultation.topic.declined.v1", **words),
        envelope("j", "consultation.result.landed.v1", accepted_by="王秀英等", title=["not", "text"]),
        envelope("j", "notify.contact.registered.v1", **notify),
        envelope("j", "unknown.thing.happened.v1", title="谁知道"),
    ):
        inbox.keep(consultation.database, [Incoming(told.id, told.type, told.partition_key, told.to_bytes())])
    found = [(step["about"], step["text"]) for step in steps(consultation, "j")["steps"]]
    assert found == [("修坡道 · 北门", "资金不足"), ("", ""), ("", ""), ("", "")]


def test_a_very_long_journey_is_cut_and_says_so(monkeypatch):
    grid = ServiceUnderTest(service_class("grid").definition)
    say(grid, *["import"] * 3)
    assert not steps(grid, "import")["cut"]
    monkeypatch.setattr(journeys, "LONGEST", 2)
    part = steps(grid, "import")
    assert (len(part["steps"]), part["cut"]) == (2, True)


# ---- the story of all services


def said(event_id, at, cause=None):
    return {
        "kind": "said",
        "event_id": event_id,
        "type": "grid.case.reported.v1",
        "time": f"2024-05-27T{at}+08:00",
        "causation_id": cause,
        "actor": "staff-1",
        "about": "",
        "text": "",
        "published": True,
    }


def part(service, *told, cut=False):
    return {"service": service, "steps": list(told), "cut": cut}


def test_each_event_stands_below_its_cause_even_where_clocks_disagree():
    story = tell(
        "j",
        [
            part("notify", said("effect", "08:59:59", "cause"), said("of effect", "09:00:02", "effect")),
            part("grid", said("cause", "09:00:00"), said("later", "09:00:01")),
        ],
    )
    assert [(told.event_id, told.depth) for told in story.events()] == [
        ("cause", 0),
        ("effect", 1),
        ("of effect", 2),
        ("later", 0),
    ]


def test_an_event_whose_cause_nobody_knows_begins_a_chain():
    story = tell("j", [part("grid", said("effect", "09:00:00", "lost"))])
    assert [told.event_id for told in story.beginnings] == ["effect"]


def test_what_nobody_said_is_no_story():
    heard = {"kind": "heard", "event_id": "e", "state": "done", "reason": None}
    assert tell("j", [part("grid"), part("notify", heard)]) is None


def test_the_newest_journeys_of_all_services_are_the_newest_of_each():
    def item(journey, at):
        return {"correlation_id": journey, "last_at": f"2024-05-27T{at}"}

    grid = {"items": [item("a", "10:00:00+08:00"), item("b", "09:00:00+08:00")]}
    notify = {"items": [item("b", "03:00:00+00:00"), item("c", "08:00:00+08:00")]}
    assert newest([grid, notify], 2) == ["b", "a"]


# ---- the pages


def ready(name):
    """A service whose migrations have run."""
    definition, database = service_class(name).definition, Database("sqlite://")
    migrate(database, definition.migrations, name)
    return ServiceUnderTest(definition, database)


class Site:
    """Two services and the pages in front of them, as a browser meets them."""

    def __init__(self, per_minute=None):
        limits = RateLimits(per_minute or {})
        self.services = {name: ready(name) for name in ("grid", "notify")}
        self.doors = {
            name: Door(service.application, TOKENS, all_apis(service.application.definition), limits)
            for name, service in self.services.items()
        }
        titles = {name: service.application.definition.title for name, service in self.services.items()}
        self.pages = Pages("九棵树街道", STREET_CODE, titles, in_process(self.doors.get), lambda: STARTED)
        self.browser = Client(self.pages)

    def play(self):
        """Register a street; notify hears of it."""
        answer = Client(self.doors["grid"]).post("/grid/v1/places", json=STREET, headers=bearer("street"))
        assert answer.status_code == HTTPStatus.CREATED, answer.text
        (told,) = self.services["grid"].said()
        grid, notify = self.services["grid"], self.services["notify"]
        with grid.database.writing() as session:
            session.execute(update(outbox_messages).values(published_at=STARTED))
        message = Incoming(told.envelope.id, told.type, told.envelope.partition_key, told.envelope.to_bytes())
        inbox.keep(notify.database, [message])
        notify.run()
        return answer.headers["X-Correlation-ID"]

    def sign_in(self, token=None, to="/"):
        token = TOKENS.issue("staff-1", "street") if token is None else token
        return self.browser.post("/sign-in", data={"token": token, "to": to})


def bearer(role):
    return {"Authorization": f"Bearer {TOKENS.issue('staff-1', role)}"}


@pytest.fixture
def site():
    return Site()


def test_the_index_shows_to_anyone_what_runs_but_no_journey(site):
    site.play()
    page = site.browser.get("/")
    assert page.status_code == HTTPStatus.OK
    assert "网格" in page.text
    assert "通知公示" in page.text
    assert page.text.count("运行正常") == 2
    assert "/grid/v1/docs" in page.text
    assert "场所登记" not in page.text


def test_a_service_that_is_not_ready_is_shown_with_the_reason(site):
    site.services["grid"].application.transport_is_up = lambda: False
    page = site.browser.get("/")
    assert page.text.count("运行正常") == 1
    assert "尚未就绪：" in page.text


def test_a_service_that_is_not_where_it_was_said_to_be_is_shown_as_not_ready(site):
    site.doors["notify"] = site.doors["grid"]
    page = site.browser.get("/")
    assert page.text.count("运行正常") == 1
    assert "尚未就绪：没有找到" in page.text


def test_a_service_that_is_away_is_shown_as_such_and_the_page_still_comes(site):
    journey = site.play()
    del site.doors["notify"]
    assert site.sign_in().status_code == HTTPStatus.SEE_OTHER
    index, story = site.browser.get("/"), site.browser.get(f"/journeys/{journey}")
    assert index.text.count("运行正常") == 1
    assert "没有应答" in index.text
    assert "没有应答：通知公示" in story.text
    assert "场所登记" in story.text


def test_a_service_that_is_slow_is_not_waited_for(site, monkeypatch):
    monkeypatch.setattr(asking, "PATIENCE_SECONDS", 0.3)
    answered = threading.Event()

    def slow(_environ, start_response):
        answered.wait(30)
        start_response("200 OK", [])
        return [b"{}"]

    site.doors["notify"] = slow
    page = site.browser.get("/")
    answered.set()
    assert page.text.count("运行正常") == 1
    assert "没有应答" in page.text


def test_who_signs_in_reads_the_story_of_a_journey(site):
    journey = site.play()
    answer = site.sign_in(to=f"/journeys/{journey}")
    assert (answer.status_code, answer.headers["Location"]) == (HTTPStatus.SEE_OTHER, f"/journeys/{journey}")
    page = site.browser.get(f"/journeys/{journey}")
    assert page.status_code == HTTPStatus.OK
    for words in ("场所登记", "2024年5月27日 星期一", "09:00", "staff-1", "已处理", "通知公示", "全部已处理"):
        assert words in page.text


def test_the_index_shows_the_last_journeys_to_who_has_signed_in(site):
    say(site.services["grid"], "one", "another")
    site.sign_in()
    page = site.browser.get("/")
    assert page.text.index("/journeys/another") < page.text.index("/journeys/one")
    assert "立案" in page.text
    assert "240527-0001-5 · 中心绿地" in page.text
    assert "1 项处理中" in page.text


def test_a_dead_letter_is_shown_with_its_reason(site):
    journey = site.play()
    dead = update(inbox_messages).values(state="dead", reason="Invalid: <b>坏</b>")
    with site.services["notify"].database.writing() as session:
        session.execute(dead)
    site.sign_in()
    page = site.browser.get(f"/journeys/{journey}")
    assert "1 项失败" in page.text
    assert "Invalid: &lt;b&gt;坏&lt;/b&gt;" in page.text


def test_words_of_others_are_never_markup(site):
    journey = site.play()
    site.sign_in()
    pages = [site.browser.get(f"/journeys/{journey}"), site.browser.get("/sign-in?to=" + WORD)]
    assert all("<script" not in page.text for page in pages)
    assert "&lt;script&gt;" in pages[0].text


@pytest.mark.parametrize(
    ("token", "status"),
    [
        ("", HTTPStatus.UNAUTHORIZED),
        ("nonsense", HTTPStatus.UNAUTHORIZED),
        ("令牌", HTTPStatus.UNAUTHORIZED),
        ("x" * 5000, HTTPStatus.UNAUTHORIZED),
        (TOKENS.issue("x", "street", valid=timedelta(seconds=-1)), HTTPStatus.UNAUTHORIZED),
        (
            Tokens("the key of another installation, long enough").issue("x", "street"),
            HTTPStatus.UNAUTHORIZED,
        ),
        (TOKENS.issue("x", "resident", "person:x"), HTTPStatus.FORBIDDEN),
        (TOKENS.issue("x", "street", "place:x"), HTTPStatus.FORBIDDEN),
    ],
    ids=["none", "nonsense", "not ascii", "too long", "expired", "another key", "resident", "one place"],
)
def test_a_token_that_may_not_is_refused_with_a_clear_page_and_not_kept(site, token, status):
    page = site.sign_in(token)
    assert page.status_code == status
    assert "令牌" in page.text
    assert "access token" in page.text.lower()
    assert site.browser.get_cookie(COOKIE) is None


def test_tokens_that_are_tried_in_the_form_count_as_refused_at_the_address_that_tries_them():
    site = Site({REFUSED: 6})  # two services refuse each of them
    found = [sign_in_from(site, "198.51.100.1", "nonsense") for _ in range(4)]
    assert [page.status_code for page in found] == [401, 401, 401, 429]
    assert site.browser.get_cookie(COOKIE) is None
    assert sign_in_from(site, "198.51.100.1", TOKENS.issue("staff-1", "street")).status_code == 303
    assert sign_in_from(site, "198.51.100.2", "nonsense").status_code == 401


def test_who_is_refused_in_the_form_leaves_an_entry_with_the_address_of_the_browser(site):
    sign_in_from(site, "198.51.100.1", TOKENS.issue("x", "resident", "person:x"))
    with site.services["grid"].database.reading() as session:
        (entry,) = session.execute(select(audit_entries)).all()
    assert (entry.actor, entry.address, entry.status) == ("x", "198.51.100.1", 403)


def sign_in_from(site, address, token):
    there = {"REMOTE_ADDR": address}
    return site.browser.post("/sign-in", data={"token": token, "to": "/"}, environ_base=there)


def test_a_service_elsewhere_is_told_the_address_of_the_caller(monkeypatch):
    told = []
    monkeypatch.setattr(asking.requests, "get", lambda url, headers, **_: told.append(headers) or Nothing())
    over_http({"grid": "http://grid"})("grid", "/journeys", Caller("t", "198.51.100.1"))
    assert told == [{"Authorization": "Bearer t", "X-Forwarded-For": "198.51.100.1"}]


class Nothing:
    status_code, content = 200, b"{}"


def test_a_token_that_was_broken_into_lines_is_taken(site):
    token = TOKENS.issue("staff-1", "street")
    assert site.sign_in(f" {token[:50]}\r\n{token[50:]}\n").status_code == HTTPStatus.SEE_OTHER


def test_a_token_that_expires_leads_to_the_sign_in_page_and_back(site):
    site.browser.set_cookie(COOKIE, TOKENS.issue("x", "street", valid=timedelta(seconds=-1)))
    index = site.browser.get("/")
    assert "已过期" in index.text
    assert "运行正常" in index.text
    assert site.browser.get_cookie(COOKIE) is None
    site.browser.set_cookie(COOKIE, TOKENS.issue("x", "street", valid=timedelta(seconds=-1)))
    page = site.browser.get("/journeys/my-journey")
    assert page.status_code == HTTPStatus.UNAUTHORIZED
    assert 'name="to" value="/journeys/my-journey"' in page.text


def test_a_journey_without_sign_in_shows_the_sign_in_page(site):
    journey = site.play()
    page = site.browser.get(f"/journeys/{journey}")
    assert page.status_code == HTTPStatus.UNAUTHORIZED
    assert 'action="/sign-in"' in page.text
    assert "场所登记" not in page.text


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example/", "/grid/v1/places", "/journeys/../x", ""]
)
def test_a_sign_in_leads_to_pages_of_ours_only(site, to):
    assert site.sign_in(to=to).headers["Location"] == "/"


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(site):
    attributes = site.sign_in().headers["Set-Cookie"]
    assert "HttpOnly" in attributes
    assert "SameSite=Strict" in attributes
    assert "Secure" not in attributes
    behind_tls = site.browser.post(
        "/sign-in", data={"token": TOKENS.issue("x", "street")}, headers={"X-Forwarded-Proto": "https"}
    )
    assert "Secure" in behind_tls.headers["Set-Cookie"]


def test_no_api_takes_the_cookie_for_a_token(site):
    caller = Client(site.doors["grid"])
    caller.set_cookie(COOKIE, TOKENS.issue("staff-1", "street"))
    assert caller.get("/grid/v1/places").status_code == HTTPStatus.UNAUTHORIZED
    assert caller.post("/grid/v1/places", json=STREET).status_code == HTTPStatus.UNAUTHORIZED
    assert not site.services["grid"].said()


def test_a_form_on_another_site_can_neither_sign_in_nor_out(site):
    site.sign_in()
    foreign = {"Sec-Fetch-Site": "cross-site"}
    for path in ("/sign-in", "/sign-out"):
        data = {"token": TOKENS.issue("attacker", "street")}
        answer = site.browser.post(path, data=data, headers=foreign)
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "Set-Cookie" not in answer.headers


def test_who_signs_out_is_a_stranger_again(site):
    site.sign_in()
    assert "退出登录" in site.browser.get("/").text
    site.browser.post("/sign-out")
    assert site.browser.get_cookie(COOKIE) is None
    assert "退出登录" not in site.browser.get("/").text


def test_a_journey_is_found_by_its_number(site):
    site.sign_in()
    assert site.browser.get("/journeys?id=my-journey").headers["Location"] == "/journeys/my-journey"
    assert site.browser.get("/journeys?id=//evil").headers["Location"] == "/"
    page = site.browser.get("/journeys/my-journey")
    assert page.status_code == HTTPStatus.NOT_FOUND
    assert "没有这个旅程" in page.text


def wrong(site):
    def broken(*_):
        raise RuntimeError("a secret")

    yield site.browser.get("/journeys/a/b"), HTTPStatus.NOT_FOUND
    yield site.browser.get("/journeys/a%20b"), HTTPStatus.NOT_FOUND
    yield site.browser.get("/sign-out"), HTTPStatus.METHOD_NOT_ALLOWED
    yield site.browser.post("/sign-in", data={"token": "x" * 100_000}), HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    site.doors["grid"] = broken
    yield site.browser.get("/"), HTTPStatus.INTERNAL_SERVER_ERROR


def test_what_goes_wrong_is_a_page_in_chinese_without_a_stack_trace(site):
    for page, status in wrong(site):
        assert page.status_code == status
        assert 'lang="zh-CN"' in page.text
        assert "secret" not in page.text


def test_every_page_forbids_scripts_frames_and_copies(site):
    journey = site.play()
    pages = [
        site.browser.get("/"),
        site.browser.get("/sign-in"),
        site.browser.get("/nowhere"),
        site.sign_in(),
    ]
    pages.append(site.browser.get(f"/journeys/{journey}"))
    for page in pages:
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert page.headers["Cache-Control"] == "no-store"
        assert " style=" not in page.text
        assert " on" + "click" not in page.text
    assert site.browser.get("/pages.css").content_type.startswith("text/css")


# ---- services elsewhere


def test_services_elsewhere_are_asked_over_http(site):
    server = make_server("127.0.0.1", 0, site.doors["grid"])
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        ask = over_http({"grid": f"http://127.0.0.1:{server.server_port}/"})
        token = TOKENS.issue("staff-1", "street")
        assert ask("grid", "/readyz", Caller()).ok
        assert ask("grid", "/journeys", Caller(token)).body == {"items": [], "next": None}
        assert ask("grid", "/journeys", Caller()).status == HTTPStatus.UNAUTHORIZED
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_address_at_which_nothing_answers_is_no_answer():
    with pytest.raises(NoAnswer):
        over_http({"grid": "http://127.0.0.1:1"})("grid", "/readyz", Caller())
