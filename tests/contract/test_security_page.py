"""docs/security.md says what is so: its links, commands, settings, endpoints and numbers exist."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
import typer.main

from shared.cli.main import app
from shared.settings import Settings
from shared.suite import service_class
from shared.web import connections
from shared.web.common import all_apis
from shared.web.limits import LINK, LINK_ADDRESS, PER_MINUTE
from shared.web.wire import LARGEST_BODY
from tests.contract.ours import NAMES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "security.md"
TEXT = PAGE.read_text(encoding="utf-8")
READ_BY_THE_COMMAND_LINE = {"TOKEN", "URL"}


def test_what_it_links_to_exists():
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert links
    assert [link for link in links if not (PAGE.parent / link).exists()] == []


def test_the_tests_that_it_names_exist():
    assert [path for path in re.findall(r"`(tests/[\w/.]+)`", TEXT) if not (ROOT / path).exists()] == []


def test_its_settings_exist():
    known = {field.name.upper() for field in dataclasses.fields(Settings)} | READ_BY_THE_COMMAND_LINE
    assert set(re.findall(r"JIUSHU_([A-Z_]+)", TEXT)) <= known


@pytest.mark.parametrize("written", sorted(set(re.findall(r"jiushu ([a-z][a-z- ]*[^`\n<#]*)", TEXT))))
def test_its_commands_exist_with_their_options(written):
    command = typer.main.get_command(app)
    words = written.split()
    while words and (found := getattr(command, "commands", {}).get(words[0])):
        command, words = found, words[1:]
    assert not hasattr(command, "commands"), f"{written}: no such command"
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_its_endpoints_exist():
    declared = {
        f"{endpoint.method} {endpoint.full_path}"
        for name in NAMES
        for api in all_apis(service_class(name).definition)
        for endpoint in api.endpoints
    }
    named = set(re.findall(r"`((?:GET|POST) /[^`]+)`", TEXT))
    assert named
    assert named <= declared


def test_its_numbers_are_those_of_the_code():
    for number in (
        f"请求头 {connections.HEAD_SECONDS} 秒",
        f"请求体 {connections.BODY_SECONDS} 秒",
        f"请求体 {LARGEST_BODY // 1024} KiB",
        f"每个链接每分钟 {PER_MINUTE[LINK]} 次",
        f"每个地址 {PER_MINUTE[LINK_ADDRESS]} 次",
    ):
        assert number in TEXT
