"""State machines written as tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import NotNow
from shared.kernel.lifecycle import Lifecycle, move

DOOR = Lifecycle(
    "door",
    move("open", "shut", "open"),
    move("shut", ("open", "ajar"), "shut"),
    move("break", ("open", "shut", "ajar"), "broken"),
)


def test_an_action_leads_to_the_state_of_its_row():
    assert DOOR.after("open", "shut") == "open"
    assert DOOR.after("shut", "open") == DOOR.after("shut", "ajar") == "shut"


def test_an_impossible_action_says_what_is_possible_instead():
    with pytest.raises(NotNow) as refused:
        DOOR.after("open", "ajar")
    assert refused.value.allowed_actions == ["shut", "break"]
    assert refused.value.facts["state"] == "ajar"
    assert (
        refused.value.text("en") == "'open' is not possible while the door is 'ajar'; possible: shut, break"
    )


def test_where_nothing_is_possible_the_refusal_says_so():
    with pytest.raises(NotNow) as refused:
        DOOR.after("open", "broken")
    assert refused.value.allowed_actions == []
    assert refused.value.text("zh").endswith("可执行: —")


def test_actions_come_in_the_order_of_the_table():
    assert DOOR.actions("open") == ["shut", "break"]
    assert DOOR.actions("nowhere") == []


def test_a_lifecycle_knows_every_state_that_its_table_names():
    assert DOOR.states == {"open", "shut", "ajar", "broken"}


def test_an_action_stands_in_the_table_once():
    with pytest.raises(ValueError, match="twice"):
        Lifecycle("door", move("open", "shut", "open"), move("open", "ajar", "open"))


def test_an_action_that_is_not_in_the_table_is_a_mistake_of_the_programmer():
    with pytest.raises(KeyError):
        DOOR.after("paint", "open")


STATES = st.sampled_from("abcd")
TABLES = st.dictionaries(
    st.sampled_from(["w", "x", "y", "z"]), st.tuples(st.sets(STATES, min_size=1), STATES), min_size=1
)


@given(TABLES, STATES)
def test_what_is_allowed_is_what_can_be_done_and_what_is_listed(table, state):
    machine = Lifecycle("m", *(move(action, *row) for action, row in table.items()))
    possible = [action for action, (sources, _) in table.items() if state in sources]
    assert machine.actions(state) == possible
    for action, (_, target) in table.items():
        assert machine.allows(action, state) == (action in possible)
        if action in possible:
            assert machine.after(action, state) == target
        else:
            with pytest.raises(NotNow):
                machine.after(action, state)
