"""备注: written and read by staff, and told to nobody."""

from __future__ import annotations

import pytest

NOTE = {"text": "张女士来电，明早再去"}


@pytest.fixture
def case(service, spot):
    return service.post("/cases", {"category": "0603", "place_ref": spot["id"], "text": "枯枝"})


def test_staff_note_what_they_know_about_a_case_in_order(service, case):
    path = f"/cases/{case['id']}/notes"
    first = service.post(path, NOTE, role="community")
    service.clock.advance(minutes=5)
    second = service.post(path, {"text": "已通知物业"})
    assert (first["written_by"], first["written_at"]) == (
        "community:community-1",
        "2024-05-27T09:00:00+08:00",
    )
    assert service.request("GET", path).json["items"] == [first, second]
    assert service.request("GET", f"/cases/{case['id']}").json == case


def test_a_note_is_in_no_event(service, case):
    before = len(service.said())
    service.post(f"/cases/{case['id']}/notes", NOTE)
    assert len(service.said()) == before


@pytest.mark.parametrize("role", ["outside_system", "grid_worker", "property", "resident"])
def test_notes_are_for_staff_only(service, case, role):
    for method, body in (("GET", None), ("POST", NOTE)):
        answer = service.request(method, f"/cases/{case['id']}/notes", body, role=role)
        assert (answer.status_code, answer.json["code"]) == (403, "role_missing")


def test_notes_of_another_place_are_neither_read_nor_written(service, case, other_pool):
    theirs = {"role": "community", "scope": f"place:{other_pool['estate_ref']}"}
    for method, body in (("GET", None), ("POST", NOTE)):
        assert service.request(method, f"/cases/{case['id']}/notes", body, **theirs).status_code == 403
    assert service.request("GET", f"/cases/{case['id']}/notes").json["items"] == []


@pytest.mark.parametrize("text", ["", "  ", "长" * 2001, "证件11010519491231002X"])
def test_a_note_says_something_short_and_no_identity_card(service, case, text):
    answer = service.request("POST", f"/cases/{case['id']}/notes", {"text": text})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "text")


def test_there_are_no_notes_about_no_case(service):
    assert service.request("GET", "/cases/nothing/notes").status_code == 404
    assert service.request("POST", "/cases/nothing/notes", NOTE).status_code == 404
