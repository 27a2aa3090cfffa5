"""Commands and who carries them out; actors and what they may touch."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.command import Actor, Command, Commands, OutsideScope, system, use_case


@dataclass(frozen=True)
class OpenDoor(Command):
    """A wish."""

    door: str


@dataclass(frozen=True)
class ShutDoor(Command):
    """Another wish."""


@use_case
def open_door(command: OpenDoor, work):
    return f"{work} opens {command.door}"


@use_case
def shut_door(command: ShutDoor, work):
    return f"{work} shuts"


def carry_nothing_out(command: OpenDoor, work):
    """Looks like a use case and is not marked as one."""


def room(*functions, name=__name__):
    module = ModuleType(name)
    for function in functions:
        setattr(module, function.__name__, function)
    return module


def test_a_command_is_carried_out_by_the_function_that_is_marked_for_it():
    commands = Commands.of([room(open_door, carry_nothing_out), room(shut_door)])
    command = OpenDoor("front")
    assert commands.function_for(command)(command, "somebody") == "somebody opens front"
    assert set(commands.functions) == {OpenDoor, ShutDoor}


def test_a_kept_command_is_found_by_its_name():
    commands = Commands.of([room(open_door, shut_door)])
    assert commands.named("ShutDoor") is ShutDoor


def test_a_command_is_carried_out_by_one_function_only():
    @use_case
    def open_door_too(command: OpenDoor, work):
        """A second one."""

    with pytest.raises(ValueError, match="OpenDoor"):
        Commands.of([room(open_door, open_door_too)])


def test_a_use_case_that_a_module_only_imports_is_not_its_own():
    commands = Commands.of([room(open_door), room(open_door, name="another.room")])
    assert list(commands.functions) == [OpenDoor]
    assert Commands.of([room(open_door, name="another.room")]).functions == {}


def test_a_command_that_nobody_carries_out_is_a_mistake_of_the_programmer():
    with pytest.raises(KeyError):
        Commands.of([]).function_for(ShutDoor())


PATH = "/street/community/estate/"


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        ("*", True),
        ("party:company", True),
        ("place:estate", True),
        ("place:street", True),
        ("place:another", False),
        ("place:est", False),
        ("place:munity/estate", False),
    ],
)
def test_a_scope_of_place_covers_what_lies_in_that_place(scope, covered):
    actor = Actor("someone", "street", scope)
    assert actor.covers(PATH) is covered
    if covered:
        actor.must_cover(PATH)
    else:
        with pytest.raises(OutsideScope):
            actor.must_cover(PATH)


def test_what_lies_nowhere_is_confined_to_no_place():
    Actor("someone", "street").must_cover(None)
    Actor("someone", "street", "place:estate").must_cover(None)


REFS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8)


@given(st.lists(REFS, min_size=1), REFS)
def test_a_place_is_covered_exactly_when_it_is_one_of_the_places_around(around, ref):
    path = f"/{'/'.join(around)}/"
    assert Actor("someone", "street", f"place:{ref}").covers(path) == (ref in around)


def test_who_acts_for_a_party_acts_for_no_other():
    company = Actor("someone", "property", "party:company")
    company.must_act_for("company")
    with pytest.raises(OutsideScope) as refused:
        company.must_act_for("another")
    assert "company" not in refused.value.text("en")


def test_who_is_a_person_speaks_for_no_other():
    resident = Actor("someone", "resident", "person:wang")
    resident.must_speak_for("wang")
    with pytest.raises(OutsideScope):
        resident.must_speak_for("li")


@pytest.mark.parametrize("scope", ["*", "place:estate"])
def test_who_is_bound_to_no_party_and_no_person_may_act_and_speak_for_any(scope):
    staff = Actor("someone", "street", scope)
    staff.must_act_for("company")
    staff.must_speak_for("wang")


@pytest.mark.parametrize(
    ("scope", "refs"),
    [
        ("place:x", ("x", None, None)),
        ("party:x", (None, "x", None)),
        ("person:x", (None, None, "x")),
        ("*", (None, None, None)),
    ],
)
def test_a_scope_is_of_a_place_or_a_party_or_a_person_or_of_nothing(scope, refs):
    actor = Actor("a", "r", scope)
    assert (actor.place_ref, actor.party_ref, actor.person_ref) == refs


@pytest.mark.parametrize("scope", ["place:x", "party:x", "person:x"])
def test_only_who_is_confined_to_nothing_acts_everywhere(scope):
    Actor("a", "street").must_act_everywhere()
    with pytest.raises(OutsideScope):
        Actor("a", "r", scope).must_act_everywhere()


def test_what_happens_by_itself_is_done_by_the_service():
    assert system("grid") == Actor("system:grid", "system", "*")
