"""Every inbound thing — request, event, due time — becomes a command, carried out by one function."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any, TypeVar

from shared.kernel.errors import Forbidden

EVERYWHERE = "*"


@dataclass(frozen=True)
class Actor:
    """Who asks: a person's or a machine's id, its role, and the place, party or person it may act for.

    `scope` is `*` (the whole street), `place:<ref>`, `party:<ref>` or `person:<ref>`. Where its place is no more,
    `successor_refs` are those that have taken over from it, one after the other. `place_path` is where that place lies
    now, as far as it is known.
    """

    id: str
    role: str
    scope: str = EVERYWHERE
    successor_refs: tuple[str, ...] = ()
    place_path: str | None = None

    @property
    def told(self) -> str:
        """How events name the actor: `<role>:<id>`, `system:<service>`, or `anyone`."""
        return self.id if self.role in ("system", "anyone") else f"{self.role}:{self.id}"

    @property
    def place_ref(self) -> str | None:
        """The place that the actor is confined to, if any."""
        return self.scope.removeprefix("place:") if self.scope.startswith("place:") else None

    @property
    def place_refs(self) -> tuple[str, ...]:
        """That place, and those that have taken over from it; none where the actor is not confined to a place."""
        return () if self.place_ref is None else (self.place_ref, *self.successor_refs)

    @property
    def party_ref(self) -> str | None:
        """The party (company, organisation) that the actor acts for, if any."""
        return self.scope.removeprefix("party:") if self.scope.startswith("party:") else None

    @property
    def person_ref(self) -> str | None:
        """The person (a resident, a reviewer) whom the actor is, and for whom alone it may speak, if any."""
        return self.scope.removeprefix("person:") if self.scope.startswith("person:") else None

    def covers(self, place_path: str | None) -> bool:
        """Whether something at `place_path` lies within the actor's scope of place.

        What lies nowhere (None: an organisation, a contractor) is not confined to a place.
        """
        if self.place_ref is None or place_path is None:
            return True
        return any(f"/{ref}/" in place_path for ref in self.place_refs)

    def reaches(self, place_path: str | None) -> bool:
        """Whether something at `place_path` is for the actor's place too: it lies within it, or around it."""
        if self.covers(place_path):
            return True
        return self.place_path is not None and self.place_path.startswith(place_path or "")

    def must_reach(self, place_path: str | None) -> None:
        """Raises Forbidden for what is not for the actor's place."""
        if not self.reaches(place_path):
            raise OutsideScope()

    def must_cover(self, place_path: str | None) -> None:
        """Raises Forbidden for something outside the actor's place."""
        if not self.covers(place_path):
            raise OutsideScope()

    def must_act_everywhere(self) -> None:
        """Raises Forbidden for an actor who is confined to a place, a party or a person."""
        if self.scope != EVERYWHERE:
            raise OutsideScope()

    def must_act_for(self, party_ref: str) -> None:
        """Raises Forbidden where the actor speaks for another party than `party_ref`."""
        if self.party_ref not in (None, party_ref):
            raise OutsideScope()

    def must_speak_for(self, person_ref: str) -> None:
        """Raises Forbidden where the actor is another person than `person_ref`."""
        if self.person_ref not in (None, person_ref):
            raise OutsideScope()


class OutsideScope(Forbidden):
    """The thing lies outside the caller's place or party, or is another person's."""

    code = "outside_scope"
    zh = "不在您的权限范围内"
    en = "this lies outside your scope"


def system(service: str) -> Actor:
    """The actor of what happens by itself: `system:<service>`."""
    return Actor(id=f"system:{service}", role="system")


@dataclass(frozen=True)
class Command:
    """A wish, in the imperative. Its fields are plain values, so that it can be kept until it is due."""


@dataclass(frozen=True)
class Cause:
    """Why a command is carried out: by whom, in which journey, after which event.

    `correlation_id` is None where the journey of the thing that is touched goes on (or a new one begins).
    """

    actor: Actor
    correlation_id: str | None = None
    causation_id: str | None = None
    traceparent: str | None = None


UseCase = Callable[..., Any]
_F = TypeVar("_F", bound=UseCase)


def use_case(function: _F) -> _F:
    """Marks the function that carries out the command which is its first parameter."""
    first = next(iter(inspect.signature(function).parameters))
    function.carries_out = first  # type: ignore[attr-defined]
    return function


@cache
def _command_of(function: UseCase, parameter: str) -> type[Command]:
    command: type[Command] = typing.get_type_hints(function)[parameter]
    return command


@dataclass
class Commands:
    """Which function carries out which command, collected from the modules of `use_cases/`."""

    functions: dict[type[Command], UseCase] = field(default_factory=dict)

    @classmethod
    def of(cls, modules: Iterable[ModuleType]) -> Commands:
        """Collect the functions marked with `use_case`; a command carried out twice is refused."""
        found = cls()
        for module in modules:
            for function in vars(module).values():
                parameter = getattr(function, "carries_out", None)
                if parameter is None or function.__module__ != module.__name__:
                    continue
                command = _command_of(function, parameter)
                if command in found.functions:
                    raise ValueError(f"{command.__name__} is carried out by two functions")
                found.functions[command] = function
        return found

    def function_for(self, command: Command) -> UseCase:
        """The function that carries out `command`."""
        return self.functions[type(command)]

    def named(self, name: str) -> type[Command]:
        """The command class of that name, for commands that were kept until due."""
        for command in self.functions:
            if command.__name__ == name:
                return command
        raise LookupError(f"no command is named {name}")
