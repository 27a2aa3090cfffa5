"""`jiushu plugins list`, and starts with plugins that cannot be used, as an operator meets them."""

from __future__ import annotations

import pytest


def row(output, name):
    """The cells of the row in which a cell is `name`."""
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in output.splitlines()]
    (found,) = [cells for cells in rows if len(cells) > 1 and cells[1] == name]
    return found


def test_all_that_is_installed_is_listed_with_who_brings_it(jiushu, installed_example):
    result = jiushu("plugins", "list", path=installed_example)
    assert result.returncode == 0, result.stdout
    rule = ["jiushu.consultation.decision_rules", "two_thirds", "example-honour", "1.0.0", "可用 ok"]
    assert row(result.stdout, "two_thirds") == rule
    assert row(result.stdout, "mailbox")[2:] == ["jiushu-notify", "0.1.0", "可用 ok"]
    assert result.stdout.count("honour ") == 6  # its service, its contracts, and four times its distribution
    assert result.stderr == ""


BROKEN = [
    ("jiushu.services", "import nowhere_at_all", "ModuleNotFoundError"),
    ("jiushu.services", "class Thing: pass", "is no service: its class has no definition"),
    ("jiushu.contracts", "raise RuntimeError('[/odd] text')", "RuntimeError: [/odd] text"),
    ("jiushu.notify.channels", "class Thing: pass", "must say api = 1"),
    ("jiushu.notify.chanels", "class Thing: api = 1", "is never asked: its service has no such point"),
    ("jiushu.notify", "class Thing: api = 1", "is never asked"),
]


def test_what_cannot_be_used_is_listed_with_the_reason_and_exit_1(jiushu, install):
    for number, (group, source, _) in enumerate(BROKEN):
        path = install(f"strange{number}", {group: f"thing{number} = strange{number}:Thing"}, source)
    result = jiushu("plugins", "list", path=path)
    assert result.returncode == 1
    for number, (group, _, told) in enumerate(BROKEN):
        *whose, state = row(result.stdout, f"thing{number}")
        assert whose == [group, f"thing{number}", f"strange{number}", "1.0"]
        assert state.startswith("不可用 broken")
        assert told in state
    assert row(result.stdout, "mailbox")[4] == "可用 ok"
    assert result.stderr == ""


FOREIGN = """
from shared.contracts.registry import Event
class CaseVanished(Event):
    type = "grid.case.vanished.v1"
"""


def test_contracts_in_the_name_of_another_service_are_refused(jiushu, install):
    result = jiushu(
        "plugins", "list", path=install("strange", {"jiushu.contracts": "mine = strange"}, FOREIGN)
    )
    assert result.returncode == 1
    assert "declares what another service owns: grid.case.vanished.v1" in row(result.stdout, "mine")[4]


def test_a_plugin_for_a_service_that_is_not_installed_here_is_shown_and_harms_nothing(jiushu, install):
    path = install("strange", {"jiushu.archive.shelves": "thing = strange:Thing"}, "import nowhere_at_all")
    result = jiushu("plugins", "list", path=path)
    assert result.returncode == 0
    assert row(result.stdout, "thing")[4].startswith("未用 not used")


@pytest.mark.parametrize(
    ("groups", "source", "told"),
    [
        ({"jiushu.notify.channels": "thing = strange:Thing"}, "class Thing: pass", "must say api = 1"),
        ({"jiushu.services": "thing = strange:Thing"}, "import nowhere_at_all", "ModuleNotFoundError"),
        ({"jiushu.services": "grid = strange:Thing"}, "class Thing: pass", "is brought by"),
        ({"jiushu.services": "thing = strange:Thing"}, "raise KeyError('[/odd]')", "KeyError: '[/odd]'"),
    ],
)
def test_a_start_with_a_broken_plugin_is_refused_in_one_line_that_names_the_distribution(
    jiushu, install, tmp_path, groups, source, told
):
    path = install("strange", groups, source)
    result = jiushu("run", path=path, JIUSHU_VAR_DIR=str(tmp_path), JIUSHU_HTTP_PORT="1")
    assert result.returncode == 2
    assert told in result.stderr
    assert "strange" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("decision_rules", "JIUSHU_PLUGINS: must be <point>=<plugin>"),
        ("decision_rules=coin", "'coin' is chosen, but not installed; installed: more_than_threshold"),
        ("rules=coin", "JIUSHU_CONSULTATION_PLUGINS: consultation has no point 'rules'"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_at_the_start(jiushu, tmp_path, value, told):
    settings = {"JIUSHU_CONSULTATION_PLUGINS": value, "JIUSHU_VAR_DIR": str(tmp_path)}
    result = jiushu("migrate", "consultation", **settings)
    assert result.returncode == 2
    assert told in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
