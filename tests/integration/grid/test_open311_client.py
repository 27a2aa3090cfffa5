"""Clients that we did not write, from PyPI, talk with grid as it is run: georeport reads, three files too."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import requests
import xmltodict
from georeport import GeoReport

from shared.access.tokens import Tokens
from shared.demo.processes import ServiceProcess

FORMATS = ["json", "xml"]
PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "open311.md"


@pytest.fixture(scope="module")
def grid(tmp_path_factory):
    """grid in a process of its own, with a place in it; its address and a key."""
    directory = tmp_path_factory.mktemp("open311")
    process = ServiceProcess(["grid"], {}, directory)
    process.start()
    try:
        process.wait_until_ready()
        tokens = Tokens.from_file(directory / "token.key")
        _register_spot(process.url, tokens.issue("staff-1", "street"))
        yield f"{process.url}/open311/v2", tokens.issue("city311", "outside_system")
    finally:
        process.stop()


def _register_spot(url, token):
    parent_ref = None
    for kind, name, code in [
        ("street", "九棵树街道", "110112010"),
        ("community", "金侨", "110112010904"),
        ("grid", "第一网格", "110112010904001"),
        ("spot", "水池", "JQ-POOL"),
    ]:
        body = {"kind": kind, "name": name, "code": code, "parent_ref": parent_ref}
        headers = {"Authorization": f"Bearer {token}"}
        answer = requests.post(f"{url}/grid/v1/places", json=body, headers=headers, timeout=10)
        assert answer.status_code == 201, answer.text
        parent_ref = answer.json()["id"]


@pytest.fixture
def three(monkeypatch):
    """The client `three`; an import of it and its reading of XML are of Python 2."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    from three.core import Three

    class OnPython3(Three):
        def convert(self, content, conversion):
            if self.format == "xml" and conversion:
                return next(iter(xmltodict.parse(content).values()))
            return super().convert(content, conversion)

    return OnPython3


@pytest.mark.parametrize("form", FORMATS)
def test_a_client_lists_services_files_a_request_and_reads_it_back(grid, three, form):
    url, key = grid
    client = three(f"{url}/", api_key=key, format=form, jurisdiction="110112010")

    def all_of(found, name):
        inside = found[name] if isinstance(found, dict) else found
        return inside if isinstance(inside, list) else [inside]

    codes = {one["service_name"]: one["service_code"] for one in all_of(client.services(), "service")}
    code = codes["绿化缺失/枯枝"]
    filed = client.post(code, address="水池", description="水池干涸", name="Zhang San", phone="12000000000")
    (filed,) = all_of(filed, "request")
    assert "姓名" in filed["service_notice"] or "first_name" in filed["service_notice"]
    (found,) = all_of(client.request(filed["service_request_id"]), "request")
    assert (found["service_code"], found["status"]) == (code, "open")
    assert "Zhang" not in str(found)


@pytest.mark.parametrize("form", FORMATS)
def test_it_lists_services_reads_a_definition_and_reads_back_what_was_filed(grid, form):
    url, key = grid
    client = GeoReport(url, jurisdiction="110112010", api_key=key, output_format=form)

    service = next(each for each in client.get_service_list() if each["service_name"] == "绿化缺失/枯枝")
    assert str(service["metadata"]).lower() == "true"
    definition = client.get_service_definition(service["service_code"])
    assert definition["service_code"] == service["service_code"]

    # georeport knows no filing; the standard's form does
    filed = {
        "api_key": key,
        "jurisdiction_id": "110112010",
        "service_code": service["service_code"],
        "address_string": "水池",
        "description": "水池干涸",
    }
    answer = requests.post(f"{url}/requests.{form}", data=filed, timeout=10)
    assert answer.status_code == 200
    number = re.findall(r"\d{6}-\d{4}-\d", answer.text)[0]

    found = client.get_service_request(number)
    assert (found["service_request_id"], found["status"]) == (number, "open")
    assert (found["address"], found["address_id"]) == ("水池，金侨，九棵树街道", "JQ-POOL")
    others = client.get_service_requests(service_code=service["service_code"], status="open")
    assert found in (others if isinstance(others, list) else [others])


@pytest.mark.parametrize("form", FORMATS)
def test_it_is_told_what_there_is_not(grid, form):
    client = GeoReport(grid[0], output_format=form)
    for ask, status in [
        (lambda: client.get_service_definition("9999"), 404),
        (lambda: client.get_service_request("1"), 404),
        (lambda: client.get_service_requests(status="broken"), 400),
    ]:
        with pytest.raises(requests.HTTPError) as refused:
            ask()
        assert refused.value.response.status_code == status


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_what_the_page_says_is_done_as_it_says(grid):
    commands = "".join(re.findall(r"```bash\n(.+?)```", PAGE.read_text("utf-8"), re.DOTALL))
    environment = {**os.environ, "JIUSHU_URL": grid[0].removesuffix("/open311/v2"), "API_KEY": grid[1]}
    done = subprocess.run(
        ["bash", "-euc", commands], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    filed = re.search(
        r'\[{"service_request_id": "([\d-]+)", "service_notice": "由街道办事处受理', done.stdout
    )
    assert filed, done.stdout
    assert done.stdout.count(filed[1]) == 2, "filed once, read once"


def test_a_host_that_makes_no_sense_does_no_harm(grid):
    for host in ("[", "a b", "é", "x" * 3000, '"><script>'):
        answer = requests.get(f"{grid[0]}/discovery.xml", headers={"Host": host.encode()}, timeout=10)
        assert answer.status_code < 500
