"""docs/how-to/push-cases.md: another system's matter becomes one case, however often it is sent."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.how_to import EXAMPLES
from tests.how_to.conftest import street_with

CASE = json.loads((EXAMPLES / "case.json").read_text(encoding="utf-8"))
NUMBER = CASE["external_refs"][0]["number"]


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    """grid as `jiushu run grid` starts it, without a broker."""
    street = street_with(["grid"], {}, tmp_path_factory.mktemp("street"))
    try:
        street.start()
        yield street
    finally:
        street.process.stop()


class OtherSystem:
    """Runs the example as another system would, with a token for one place."""

    def __init__(self, street, place_ref, directory):
        self._street, self._file = street, directory / "case.json"
        self.scope = f"place:{place_ref}"
        command = [
            "token",
            "create",
            "--role",
            "outside_system",
            "--subject",
            "city311",
            "--scope",
            self.scope,
        ]
        own = {"JIUSHU_VAR_DIR": str(street.directory)}
        token = subprocess.run(
            [sys.executable, "-m", "shared.cli", *command],
            env={**os.environ, **own},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout.strip()
        self._environment = {**os.environ, "JIUSHU_URL": street.process.url, "TOKEN": token}

    def starts_to_push(self, key, **changes):
        self._file.write_text(
            json.dumps({**CASE, "place_ref": self._street.grid, **changes}), encoding="utf-8"
        )
        return subprocess.Popen(
            [str(EXAMPLES / "push_case.sh"), key, str(self._file)],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def push(self, key, **changes):
        """Exit code, answer, complaint."""
        with self.starts_to_push(key, **changes) as pushing:
            answer, complaint = pushing.communicate(timeout=60)
            return pushing.returncode, answer, complaint

    def ask(self, path):
        return self._street.stage.ask(path, role="outside_system", scope=self.scope)

    def cases(self):
        path = "/grid/v1/cases"
        return self._street.stage.all_of(path, role="outside_system", scope=self.scope)


@pytest.fixture
def city(street, tmp_path):
    """Another system that may act in the community of the grid."""
    return OtherSystem(street, street.community, tmp_path)


def test_a_case_that_is_pushed_twice_with_one_key_is_one_case(city):
    before = len(city.cases())
    first, second = city.push("twice"), city.push("twice")
    assert first == second
    assert first[0] == 0
    assert len(city.cases()) == before + 1


def test_a_case_can_be_looked_up_by_the_number_in_the_answer(city):
    answer = json.loads(city.push("number")[1])
    found = city.ask(f"/grid/v1/cases/{answer['number']}")
    assert found == answer
    assert found["external_refs"] == [{"system": "city311", "number": NUMBER}]


def test_the_categories_are_there_for_everybody(street):
    answer = street.stage.ask_publicly("/grid/v1/categories").json()
    assert CASE["category"] in [category["code"] for category in answer["items"]]


def test_a_refusal_names_the_field_and_the_key_is_good_for_the_next_try(city):
    code, _, complaint = city.push("mended", category="9999")
    assert code == 1
    assert complaint.startswith("422 ")
    assert [error["field"] for error in json.loads(complaint[4:])["errors"]] == ["category"]
    assert city.push("mended")[0] == 0


def test_the_key_of_another_matter_is_refused(city):
    city.push("taken")
    code, _, complaint = city.push("taken", text="另一件事")
    assert code == 1
    assert json.loads(complaint[4:])["code"] == "idempotency_key_reused"


def test_a_matter_outside_the_tokens_place_is_refused_at_once(street, tmp_path):
    street_ref = street.stage.ask("/grid/v1/places?kind=street")["items"][0]["id"]
    elsewhere = OtherSystem(street, street.community_of(street_ref, "002"), tmp_path)
    code, _, complaint = elsewhere.push("elsewhere")
    assert code == 1
    assert complaint.startswith("403 ")


def test_a_case_that_is_pushed_while_the_service_is_away_arrives_when_it_is_back(street, city):
    before = len(city.cases())
    street.process.stop()
    with city.starts_to_push("patient") as pushing:
        complained = pushing.stderr.readline()
        street.process.start()
        street.process.wait_until_ready()
        _, complaint = pushing.communicate(timeout=60)
    assert re.search("connect|refused|reset|transient", complained, re.IGNORECASE), complained
    assert pushing.returncode == 0, complaint
    assert len(city.cases()) == before + 1


class Hesitant(BaseHTTPRequestHandler):
    """Says `later` to the first request, and 201 to the next."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.keys.append(self.headers["Idempotency-Key"])
        is_first = len(self.server.keys) == 1
        self.send_response(self.server.later if is_first else 201)
        self.send_header("Content-Length", "0")
        if is_first:
            self.send_header("Retry-After", "0")
        self.end_headers()

    def log_message(self, *_):
        """Nothing."""


@pytest.mark.parametrize("later", [409, 422, 503])
def test_what_asks_for_patience_is_sent_again_with_the_same_key(later):
    with HTTPServer(("127.0.0.1", 0), Hesitant) as server:
        server.later, server.keys = later, []
        serving = Thread(target=server.serve_forever)
        serving.start()
        environment = {"JIUSHU_URL": f"http://127.0.0.1:{server.server_port}", "TOKEN": "any"}
        command = [str(EXAMPLES / "push_case.sh"), "again", str(EXAMPLES / "case.json")]
        try:
            pushed = subprocess.run(command, env={**os.environ, **environment}, check=False, timeout=60)
        finally:
            server.shutdown()
            serving.join()
    assert pushed.returncode == 0
    assert server.keys == ["again", "again"]
