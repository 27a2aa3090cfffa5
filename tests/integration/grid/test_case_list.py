"""值班员的列表 What a duty officer asks of the list, and how much there is to be done."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.integration.grid.test_case_moves import do, pass_time, verify


@pytest.fixture
def report(service, spot):
    def make(category="0603", place=spot):
        return service.post("/cases", {"category": category, "place_ref": place["id"], "text": "?"})

    return make


def listed(service, query, **by):
    answer = service.request("GET", f"/cases?{query}", **by)
    assert answer.status_code == 200, answer.text
    return [case["id"] for case in answer.json["items"]]


def ids(*cases):
    return [case["id"] for case in cases]


def counts(service, query="", **by):
    answer = service.request("GET", f"/case-counts?{query}", **by)
    assert answer.status_code == 200, answer.text
    return answer.json


def some(tally):
    return {name: number for name, number in tally.items() if number}


def test_several_states_are_asked_for_at_once(service, report):
    dispatched, handling, handled = report(), report(), report()
    for case in (handling, handled):
        do(service, case, "accept")
    do(service, handled, "handle", {"outcome": "已修复"})
    assert listed(service, "state=dispatched,handled") == ids(dispatched, handled)
    assert listed(service, "state=handling") == ids(handling)
    assert listed(service, "state=closed,waiting") == []
    wrong = service.request("GET", "/cases?state=handling,lost")
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "state")


def test_what_is_due_first_comes_first_with_every_filter(service, report):
    week, day = report("0603"), report("0104")
    assert listed(service, "sort=due_at&state=dispatched&overdue=false&mine_to_decide=false") == ids(
        day, week
    )
    assert listed(service, f"due_before={quote(week['due_at'])}") == ids(day)
    assert listed(service, f"due_before={quote(day['due_at'])}") == []


def test_reported_between_two_moments_the_first_of_them_included(service, report):
    first = report()
    pass_time(service, hours=1)
    second = report()
    since, before = quote(first["reported_at"]), quote(second["reported_at"])
    assert listed(service, f"reported_since={since}&reported_before={before}") == ids(first)
    assert listed(service, f"reported_since={before}") == ids(second)
    assert service.request("GET", "/cases?reported_since=yesterday").status_code == 422


def test_overdue_is_what_has_run_out_and_is_not_handled(service, report):
    day, handled, week = report("0104"), report("0104"), report("0603")
    do(service, handled, "accept")
    pass_time(service, days=1)
    assert listed(service, "overdue=true") == ids(day, handled)
    do(service, handled, "handle", {"outcome": "已修复"})
    assert listed(service, "overdue=true&sort=due_at") == ids(day)
    assert listed(service, "overdue=false") == ids(handled, week)


def test_mine_to_decide_is_what_another_has_asked_for(service, report):
    objected, longer, ended, _ = (report() for _ in range(4))
    do(service, objected, "object", {"reason": "不属于本街道"})
    do(service, longer, "accept")
    do(service, longer, "ask-extension", {"amount": 1, "reason": "需订货"})
    do(service, ended, "ask-end", {"outcome": "referred", "reason": "应由公安处理"}, role="community")
    assert listed(service, "mine_to_decide=true", role="community") == ids(objected, longer)
    assert listed(service, "mine_to_decide=true") == ids(ended)
    assert listed(service, "mine_to_decide=true", role="convenor") == []
    do(service, objected, "overrule", {"reason": "属于"}, role="community")
    do(service, longer, "extend", role="community")
    assert listed(service, "mine_to_decide=true", role="community") == []


def test_pages_follow_each_other_by_what_is_due(service, report):
    cases = [report(category) for category in ("0603", "0104", "0603", "0104", "0601")]
    in_order = sorted(cases, key=lambda case: (case["due_at"], case["id"]))
    seen, after = [], ""
    while after is not None:
        part = service.request(
            "GET",
            f"/cases?limit=2&sort=due_at&state=dispatched&after={quote(after)}"
            if after
            else "/cases?limit=2&sort=due_at&state=dispatched",
        ).json
        seen += ids(*part["items"])
        after = part["next"]
    assert seen == ids(*in_order)


def test_those_of_a_place_are_found_at_every_level_around_it(service, spot, other_pool, report):
    here, there = report(), report(place=other_pool)
    for level in ("id", "grid_ref", "estate_ref"):
        assert listed(service, f"place_ref={spot[level]}") == ids(here)
        own = {"role": "community", "scope": f"place:{spot[level]}"}
        assert listed(service, "", **own) == ids(here)
        assert counts(service, **own)["total"]["dispatched"] == 1
    assert listed(service, f"place_ref={spot['community_ref']}") == ids(here, there)
    assert listed(service, "place_ref=nowhere") == []


def test_counts_say_what_is_to_be_done(service, report):
    soon, handled, _later = report("0104"), report("0104"), report("0603")
    assert some(counts(service)["total"]) == {"dispatched": 3, "due_today": 2}
    do(service, handled, "accept")
    do(service, soon, "object", {"reason": "不属于本街道"})
    counted = {"dispatched": 2, "handling": 1, "due_today": 2}
    assert some(counts(service)["total"]) == counted
    assert some(counts(service, role="community")["total"]) == {**counted, "to_decide": 1}
    do(service, handled, "handle", {"outcome": "已修复"})
    pass_time(service, days=1)
    assert some(counts(service)["total"]) == {"dispatched": 2, "handled": 1, "overdue": 1}


def test_due_today_ends_at_midnight_in_beijing(service, report):
    report("0203")
    pass_time(service, hours=14, minutes=59, seconds=59)
    before = counts(service)["total"]["due_today"]
    pass_time(service, seconds=1)
    assert (before, counts(service)["total"]["due_today"]) == (0, 1)


def test_what_is_closed_is_not_counted(service, report):
    case = report()
    do(service, case, "accept")
    do(service, case, "handle", {"outcome": "已修复"})
    verify(service, case, role="community")
    assert some(counts(service)["total"]) == {"verified": 1}
    do(service, case, "close")
    assert counts(service) == {"total": dict.fromkeys(counts(service)["total"], 0), "groups": []}


def test_counts_go_by_grid_or_community_and_by_place(service, spot, other_pool, report):
    report()
    report(place=other_pool)
    report(place=other_pool)
    by_grid = counts(service, "by=grid")
    assert [(group["place_name"], group["tally"]["dispatched"]) for group in by_grid["groups"]] == [
        ("第一网格", 1),
        ("第二网格", 2),
    ]
    (community,) = counts(service, "by=community")["groups"]
    assert (community["place_ref"], community["tally"]) == (spot["community_ref"], by_grid["total"])
    assert some(counts(service, f"place_ref={other_pool['grid_ref']}")["total"]) == {"dispatched": 2}
    assert counts(service, "by=grid&place_ref=nowhere")["groups"] == []
    assert service.request("GET", "/case-counts?by=mood").status_code == 422


def test_a_party_counts_what_it_is_responsible_for(service, report):
    report()
    assert some(counts(service, role="property", scope="party:company")["total"]) == {}
