"""State machines written as tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import NotNow, Term
from shared.kernel.lifecycle import Lifecycle, heard, move

NAME = Term("门", "door")
DOOR = Lifecycle(
    NAME,
    {"open": "开着", "shut": "关着", "ajar": "虚掩", "broken": "坏了"},
    move("open", "开门", "shut", "open"),
    move("shut", "关门", ("open", "ajar"), "shut"),
    move("knock", "敲门", ("shut", "ajar"), "shut"),
    heard("blow", "被吹开", "shut", "ajar"),
    move("break", "砸门", ("open", "shut", "ajar"), "broken"),
)


def test_an_action_leads_to_the_state_of_its_row():
    assert DOOR.after("open", "shut") == "open"
    assert DOOR.after("shut", "open") == DOOR.after("shut", "ajar") == "shut"


def test_an_action_may_leave_the_state_as_it_is():
    assert DOOR.after("knock", "shut") == "shut"


def test_an_impossible_action_says_in_both_languages_what_is_possible_instead():
    with pytest.raises(NotNow) as refused:
        DOOR.after("open", "ajar")
    assert refused.value.allowed_actions == ["shut", "knock", "break"]
    assert refused.value.text("en") == (
        "'open' is not possible while the door is 'ajar'; possible: shut, knock, break"
    )
    zh = refused.value.text("zh")
    assert all(word in zh for word in ("门", "“虚掩”", "不能开门", "关门、敲门、砸门"))
    assert not any(letter.isascii() and letter.isalpha() for letter in zh)


def test_where_nothing_is_possible_the_refusal_says_so():
    with pytest.raises(NotNow) as refused:
        DOOR.after("open", "broken")
    assert refused.value.allowed_actions == []
    assert refused.value.text("zh").endswith("无")
    assert refused.value.text("en").endswith("possible: none")


def test_actions_come_in_the_order_of_the_table():
    assert DOOR.actions("open") == ["shut", "break"]
    assert DOOR.actions("nowhere") == []


def test_what_is_only_heard_happens_and_is_offered_to_nobody():
    assert DOOR.after("blow", "shut") == "ajar"
    assert DOOR.allows("blow", "shut")
    assert DOOR.actions("shut") == ["open", "knock", "break"]
    with pytest.raises(NotNow) as refused:
        DOOR.after("shut", "shut")
    assert refused.value.allowed_actions == ["open", "knock", "break"]


def test_what_is_only_heard_is_refused_in_another_state_too():
    with pytest.raises(NotNow) as refused:
        DOOR.after("blow", "open")
    assert refused.value.text("en").startswith("'blow' is not possible while the door is 'open'")


def test_a_lifecycle_knows_what_it_and_its_states_are_called():
    assert DOOR.name == NAME
    assert list(DOOR.states) == ["open", "shut", "ajar", "broken"]


@pytest.mark.parametrize(
    "states", [{"open": "开着"}, {"open": "开着", "shut": "关着", "ajar": "虚掩"}], ids=["missing", "unused"]
)
def test_the_states_are_exactly_those_of_the_table(states):
    with pytest.raises(ValueError, match="door: states and table differ"):
        Lifecycle(NAME, states, move("open", "开门", "shut", "open"))


def test_an_action_stands_in_the_table_once():
    rows = (move("open", "开门", "shut", "open"), heard("open", "开门", "ajar", "open"))
    with pytest.raises(ValueError, match="twice"):
        Lifecycle(NAME, {"open": "开着", "shut": "关着", "ajar": "虚掩"}, *rows)


def test_an_action_that_is_not_in_the_table_is_a_mistake_of_the_programmer():
    with pytest.raises(KeyError):
        DOOR.after("paint", "open")


STATES = st.sampled_from("abcd")
TABLES = st.dictionaries(
    st.sampled_from(["w", "x", "y", "z"]),
    st.tuples(st.sets(STATES, min_size=1), STATES, st.sampled_from([move, heard])),
    min_size=1,
)


@given(TABLES, STATES)
def test_what_is_offered_can_be_done_and_what_can_be_done_is_offered_or_heard(table, state):
    named = {each for sources, target, _ in table.values() for each in (*sources, target)}
    rows = [row(action, action, *states) for action, (*states, row) in table.items()]
    machine = Lifecycle(Term("机", "machine"), dict.fromkeys(named, "态"), *rows)
    possible = [action for action, (sources, _, _) in table.items() if state in sources]
    assert machine.actions(state) == [action for action in possible if table[action][2] is move]
    for action, (_, target, _) in table.items():
        assert machine.allows(action, state) == (action in possible)
        if action in possible:
            assert machine.after(action, state) == target
        elif state in named:
            with pytest.raises(NotNow):
                machine.after(action, state)
