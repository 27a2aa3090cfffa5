"""The registry: what it takes, in which order, and what it says of what it refuses."""

from __future__ import annotations

import sys
from typing import Protocol, runtime_checkable

import pytest

from services.consultation.domain.policies import DecisionRule
from services.grid.domain.policies import DispatchRule
from services.notify.use_cases.delivery import Channel
from shared.plugins import PluginBroken, find_plugins, keeping, load_plugins, load_points, preferred

POINT = "jiushu.toy.greetings"


@runtime_checkable
class Greeting(Protocol):
    """A point of these tests."""

    api: int

    def greet(self, who: str, *, politely: bool = True) -> str:
        """Words."""


GOOD = """
class Hello:
    api = 1
    def greet(self, who, *, politely=False):
        return f"hello {who}"
"""


@pytest.fixture
def installed(install, monkeypatch):
    """Installs a distribution in this process."""

    def in_process(name, groups, source=GOOD):
        monkeypatch.delitem(sys.modules, name, raising=False)
        monkeypatch.syspath_prepend(install(name, groups, source))

    return in_process


def loaded(chosen=""):
    return load_plugins(POINT, Greeting, chosen)


def test_a_plugin_is_made_from_its_class_and_its_distribution_is_known(installed):
    installed("friendly", {POINT: "hello = friendly:Hello"})
    assert loaded()["hello"].greet("you") == "hello you"
    (plugin,) = find_plugins(POINT, keeping(Greeting))
    assert (plugin.name, plugin.distribution, plugin.version, plugin.fault) == (
        "hello",
        "friendly",
        "1.0",
        "",
    )


def test_built_in_plugins_come_first_then_names_decide_and_a_chosen_one_goes_before_all(installed):
    installed("zz_home", {"jiushu.services": "toy = zz_home:Toy", POINT: "native = zz_home:Hello"})
    installed("aa_guest", {POINT: "zealous = aa_guest:Hello\nabrupt = aa_guest:Hello"})
    assert list(loaded()) == ["native", "abrupt", "zealous"]
    assert list(loaded("zealous")) == ["zealous", "native", "abrupt"]
    assert (preferred(loaded()), preferred(loaded("abrupt"))) == ("native", "abrupt")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import nowhere_at_all", "ModuleNotFoundError: No module named 'nowhere_at_all'"),
        ("raise SystemExit('bye')", "SystemExit: bye"),
        ("class Other: pass", "AttributeError"),
        ("class Hello:\n    def __init__(self, key): pass", "missing 1 required positional argument: 'key'"),
        (GOOD.replace("api = 1", "api = 2"), "must say api = 1, it says 2"),
        (GOOD.replace("api = 1", "pass"), "must say api = 1, it says None"),
        ("class Hello:\n    api = 1", "lacks the verb greet(who, politely=)"),
        (GOOD.replace("who,", "person,"), "has greet(person, politely=) instead of greet(who, politely=)"),
        (GOOD.replace("*, politely=False", "*more"), "has greet(who, *more) instead of"),
        (GOOD.replace(", *, politely=False", ""), "has greet(who) instead of"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason_and_the_distribution(installed, source, told):
    installed("strange", {POINT: "hello = strange:Hello"}, source)
    with pytest.raises(PluginBroken) as refused:
        loaded()
    assert str(refused.value).startswith(f"{POINT}: 'hello' of strange 1.0 ")
    assert told in str(refused.value)


def test_two_plugins_with_one_name_are_both_refused_naming_the_other(installed):
    installed("one", {POINT: "hello = one:Hello"})
    installed("two", {POINT: "hello = two:Hello"})
    faults = {plugin.distribution: plugin.fault for plugin in find_plugins(POINT, keeping(Greeting))}
    assert faults == {
        "one": "is brought by two too; uninstall one of them",
        "two": "is brought by one too; uninstall one of them",
    }
    with pytest.raises(PluginBroken, match="brought by"):
        loaded()


def test_a_choice_of_what_is_not_there_is_refused_with_what_is(installed):
    installed("friendly", {POINT: "hello = friendly:Hello"})
    with pytest.raises(PluginBroken, match="'goodbye' is chosen, but not installed; installed: hello"):
        load_points("toy", {"greetings": Greeting}, {"greetings": "goodbye"})
    with pytest.raises(
        PluginBroken, match="JIUSHU_TOY_PLUGINS: toy has no point 'greeting', only: greetings"
    ):
        load_points("toy", {"greetings": Greeting}, {"greeting": "hello"})


@pytest.mark.parametrize(
    ("group", "protocol", "name"),
    [
        ("jiushu.consultation.decision_rules", DecisionRule, "more_than_threshold"),
        ("jiushu.grid.dispatch_rules", DispatchRule, "first_receiver"),
        ("jiushu.notify.channels", Channel, "mailbox"),
    ],
)
def test_without_a_choice_the_services_decide_as_they_always_did(group, protocol, name):
    assert preferred(load_plugins(group, protocol)) == name
