"""全文检索 of cases, on both databases: what is found and what is not, what keeps it up to date, and who may search."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from services.grid.store.case_search import case_words
from tests.integration.grid.test_case_moves import DONE, do

POOL = "小区花坛旁的水池漏水，ＬＥＤ灯也不亮，联系人13812345678"


@pytest.fixture
def case(service, spot):
    return report(service, spot, POOL)


@pytest.fixture
def other(service, spot):
    return report(service, spot, "浇花，坛子倒了")


def report(service, place, text):
    return service.post("/cases", {"category": "0603", "place_ref": place["id"], "text": text})


def ask(service, text, more="", **by):
    return service.request("GET", f"/cases?text={quote(text)}{more}", **by)


def found(service, text, more="", **by):
    answer = ask(service, text, more, **by)
    assert answer.status_code == 200, answer.text
    return [case["number"] for case in answer.json["items"]]


@pytest.mark.parametrize(
    "text",
    [
        "花坛",
        "坛",
        "小区花坛旁的水池漏水",
        "漏水 花坛",
        "led灯",
        "13812345678",
        "亮",
        "240527-0001",
        "  花坛  ",
        "花坛' --",
    ],
)
def test_a_case_is_found_by_what_was_reported(service, case, text):
    assert found(service, text) == [case["number"]]


@pytest.mark.parametrize("text", ["坛花", "水灯", "花坛 路灯", "138", "花坛 OR 路灯", "花坛*水"])
def test_a_case_is_not_found_by_what_nobody_wrote(service, case, text):
    assert found(service, text) == []


def test_characters_that_a_stop_parts_are_no_word(service, case, other):
    assert found(service, "花坛") == [case["number"]]
    assert found(service, "花") == [case["number"], other["number"]]


@pytest.mark.parametrize("number", ["240527-0001-5", "2405270001 5", "24052700015"])
def test_a_case_is_found_by_the_number_that_somebody_reads_out(service, case, other, number):
    assert found(service, number) == [case["number"]]


def test_a_case_is_found_by_its_place_its_result_and_what_staff_noted(service, case, other_pool):
    elsewhere = report(service, other_pool, "灯不亮")
    assert found(service, "水池 灯不亮") == [elsewhere["number"]]
    do(service, case, "accept")
    do(service, case, "handle", DONE)
    assert found(service, "已补种") == [case["number"]]
    service.post(f"/cases/{case['id']}/notes", {"text": "业主群里有照片"})
    assert found(service, "业主群") == [case["number"]]
    assert found(service, "花坛 业主群") == [case["number"]]


def test_what_is_taken_back_finds_no_more(service, case):
    do(service, case, "accept")
    do(service, case, "handle", DONE)
    do(service, case, "send-back", {"reason": "未恢复"})
    assert found(service, "已补种") == []
    assert found(service, "花坛") == [case["number"]]


def test_a_case_is_found_by_the_present_name_of_its_place(service, case, spot):
    service.post(f"/places/{spot['id']}/change", {"name": "休闲广场"}, status=200)
    assert found(service, "休闲广场") == [case["number"]]


def test_what_fails_leaves_no_words(service, spot):
    answer = service.request(
        "POST",
        "/cases",
        {"category": "0603", "place_ref": spot["id"], "text": "花坛", "reporter_ref": "nobody"},
    )
    assert answer.status_code == 422
    with service.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(case_words)) == 0


def test_a_search_goes_with_every_other_filter_and_in_parts(service, spot, other_pool):
    numbers = [report(service, place, "花坛积水")["number"] for place in (spot, other_pool, spot, spot)]
    here = f"&place_ref={spot['estate_ref']}"
    assert found(service, "花坛", here) == [numbers[0], numbers[2], numbers[3]]
    assert found(service, "花坛", f"{here}&state=handled,closed") == []
    first = ask(service, "花坛", "&limit=3&sort=-due_at").json
    rest = ask(service, "花坛", f"&limit=3&sort=-due_at&after={quote(first['next'])}").json
    assert [case["number"] for case in (*first["items"], *rest["items"])] == numbers[::-1]


def test_staff_find_in_their_own_place_only(service, case, other_pool):
    theirs = {"role": "community", "scope": f"place:{other_pool['estate_ref']}"}
    assert found(service, "花坛", **theirs) == []
    assert found(service, "花坛", role="community") == [case["number"]]


@pytest.mark.parametrize("role", ["outside_system", "grid_worker", "property", "police"])
def test_who_reads_texts_masked_or_not_at_all_learns_nothing_by_searching(service, spot, case, role):
    by = {"role": role}
    if role == "outside_system":
        (read,) = service.request("GET", "/cases", **by).json["items"]
        assert "13812345678" not in read["text"]
    for text in ("13812345678", "花坛", "水"):
        answer = ask(service, text, **by)
        assert (answer.status_code, answer.json["code"]) == (403, "searched_by_staff")
        assert answer.json["errors"][0]["field"] == "text"


@pytest.mark.parametrize("text", ["，。！", "%_'", "\u3000-"])
def test_a_search_for_stops_and_blanks_is_refused_with_the_field(service, text):
    answer = ask(service, text)
    assert (answer.status_code, answer.json["code"]) == (422, "nothing_to_search")
    assert answer.json["errors"][0]["field"] == "text"


def test_a_search_is_a_few_words(service):
    assert ask(service, "花" * 101).status_code == 422
    assert ask(service, "").status_code == 422
    assert found(service, "花" * 100) == []
