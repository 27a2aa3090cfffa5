"""A request that is sent twice, and a change of something that has changed meanwhile."""

from __future__ import annotations

import threading

import pytest

from shared.contracts import grid as contracts
from shared.testing.published import NotAsPublished
from shared.web import idempotency
from shared.web.idempotency import Key
from tests.builders import facts
from tests.builders.consultation import topic_body

STREET = {"kind": "street", "name": "九棵树街道", "code": "110112010"}
OTHER = {**STREET, "name": "另一个街道"}


@pytest.fixture
def grid(under_test):
    return under_test("grid")


def post(service, body=STREET, key="k-1", path="/places", **who):
    return service.request("POST", path, body, headers={"Idempotency-Key": key}, **who)


def places(service):
    return [item["code"] for item in service.request("GET", "/places").json["items"]]


def test_the_same_request_twice_has_one_effect_and_the_same_answer(grid):
    first, second = post(grid), post(grid)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.data == second.data
    for name in ("Location", "ETag", "X-Correlation-ID", "Content-Type"):
        assert first.headers[name] == second.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(places(grid)) == 1
    assert len(grid.said()) == 1


def test_the_order_of_the_fields_does_not_make_another_request(grid):
    post(grid)
    assert post(grid, dict(reversed(STREET.items()))).headers["Idempotency-Replayed"]


def test_the_key_of_another_request_is_refused_and_names_the_header(grid):
    post(grid)
    refused = post(grid, OTHER)
    assert refused.status_code == 422
    assert refused.json["code"] == "idempotency_key_reused"
    assert refused.json["errors"][0]["field"] == "Idempotency-Key"
    assert places(grid) == [STREET["code"]]


def test_a_key_is_its_callers_own(grid):
    post(grid)
    assert post(grid, OTHER, scope="place:elsewhere").json["code"] == "outside_scope"


def test_a_refusal_is_not_kept_so_that_the_mended_request_may_use_its_key(grid):
    assert post(grid, {**STREET, "kind": "planet"}).status_code == 422
    assert post(grid).status_code == 201


def test_without_a_key_nothing_is_kept(grid):
    grid.post("/places", STREET)
    assert grid.request("POST", "/places", STREET).json["code"] == "place_already_registered"


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "schlüssel", "a b"])
def test_a_key_that_cannot_be_one_is_refused(grid, key):
    answer = post(grid, key=key)
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json["detail"]


def test_a_quoted_key_is_the_same_as_a_bare_one(grid):
    post(grid, key='"k-1"')
    assert post(grid, key="k-1").headers["Idempotency-Replayed"]


def test_keys_are_forgotten_after_three_days(grid, monkeypatch):
    now = 1_700_000_000.0
    monkeypatch.setattr(idempotency.time, "time", lambda: now)
    post(grid)
    now += 72 * 3600 + 1
    assert post(grid).json["code"] == "place_already_registered"
    now -= 2
    assert post(grid).headers["Idempotency-Replayed"]


class Pause:
    """Stops the first request that has done its deed, just before its transaction ends."""

    def __init__(self, monkeypatch):
        self.reached, self.go_on = threading.Event(), threading.Event()
        keep = Key.keep

        def kept(*arguments, **options):
            keep(*arguments, **options)
            if not self.reached.is_set():
                self.reached.set()
                assert self.go_on.wait(10)

        monkeypatch.setattr(Key, "keep", kept)


def test_a_request_whose_twin_is_still_running_is_told_to_come_again(grid, monkeypatch):
    pause, answers = Pause(monkeypatch), []
    first = threading.Thread(target=lambda: answers.append(post(grid)))
    second = threading.Thread(target=lambda: answers.append(post(grid)))
    first.start()
    assert pause.reached.wait(10)
    if grid.database.is_sqlite:  # one writer at a time: the twin waits for its turn
        second.start()
        pause.go_on.set()
        first.join(10)
        second.join(10)
    else:
        running = post(grid)
        assert running.status_code == 409
        assert running.json["code"] == "idempotency_key_in_use"
        assert running.headers["Retry-After"] == "1"
        pause.go_on.set()
        first.join(10)
        answers.append(post(grid))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].data == answers[1].data
    assert answers[1].headers["Idempotency-Replayed"]


def test_a_failure_between_the_deed_and_its_answer_leaves_neither(grid, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(Key, "keep", broken)
        with pytest.raises(NotAsPublished, match="500"):
            post(grid)
    assert places(grid) == []
    assert post(grid).status_code == 201


# ---- If-Match


ACCEPTED = {"party_org": "金侨时代家园党支部"}


@pytest.fixture
def consultation(under_test):
    service = under_test("consultation")
    service.hear(contracts.PlaceRegistered, "estate", facts.estate())
    return service


@pytest.fixture
def raised(consultation):
    return consultation.request("POST", "/topics", topic_body(case_refs=[]))


def accept(service, topic, tag):
    path = f"/topics/{topic.json['id']}/accept"
    return service.request("POST", path, ACCEPTED, role="party_org", headers={"If-Match": tag})


def test_one_thing_has_the_same_etag_wherever_it_is_shown(consultation, raised):
    read = consultation.request("GET", f"/topics/{raised.json['id']}")
    assert raised.headers["ETag"] == read.headers["ETag"] == '"1"'


@pytest.mark.parametrize("tag", ['"1"', '"7", "1"', "*"])
def test_a_change_of_what_was_seen_goes_through(consultation, raised, tag):
    accepted = accept(consultation, raised, tag)
    assert accepted.status_code == 200
    assert accepted.headers["ETag"] == '"2"'


@pytest.mark.parametrize("tag", ['"2"', 'W/"1"', "nonsense", '""', '"-1"', '"²"'])
def test_a_change_of_what_was_changed_meanwhile_is_refused_and_changes_nothing(consultation, raised, tag):
    refused = accept(consultation, raised, tag)
    assert refused.status_code == 412
    assert refused.json["code"] == "changed_meanwhile"
    assert consultation.request("GET", f"/topics/{raised.json['id']}").json["state"] == raised.json["state"]


def test_two_who_read_the_same_cannot_both_change_it(consultation, raised):
    assert accept(consultation, raised, raised.headers["ETag"]).status_code == 200
    assert accept(consultation, raised, raised.headers["ETag"]).status_code == 412


def test_what_does_not_exist_is_not_found_even_with_if_match(consultation):
    path = "/topics/nowhere/accept"
    answer = consultation.request("POST", path, ACCEPTED, role="party_org", headers={"If-Match": "*"})
    assert answer.status_code == 404
