"""A state machine written as the table that people read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.kernel.errors import NotNow


@dataclass(frozen=True)
class Move:
    """From any of these states, this action leads to that state."""

    action: str
    sources: frozenset[str]
    target: str


def move(action: str, sources: str | Iterable[str], target: str) -> Move:
    """One row of a lifecycle's table; `sources` is one state or several."""
    return Move(action, frozenset([sources] if isinstance(sources, str) else sources), target)


class Lifecycle:
    """The table of all moves of one kind of aggregate: action, from, to.

    >>> door = Lifecycle("door", move("open", "shut", "open"), move("shut", "open", "shut"))
    >>> door.after("open", "shut")
    'open'
    >>> door.actions("open")
    ['shut']
    """

    def __init__(self, name: str, *moves: Move) -> None:
        self.name = name
        self._moves: Mapping[str, Move] = {row.action: row for row in moves}
        if len(self._moves) != len(moves):
            raise ValueError(f"lifecycle {name}: an action stands in the table twice")

    @property
    def states(self) -> set[str]:
        """Every state that the table names."""
        return {state for row in self._moves.values() for state in (*row.sources, row.target)}

    def after(self, action: str, state: str) -> str:
        """The state that `action` leads to from `state`. Raises NotNow with the actions that are possible."""
        row = self._moves[action]
        if state not in row.sources:
            raise NotNow(what=self.name, action=action, state=state, allowed_actions=self.actions(state))
        return row.target

    def allows(self, action: str, state: str) -> bool:
        """Whether `action` is possible in `state`."""
        return state in self._moves[action].sources

    def actions(self, state: str) -> list[str]:
        """What can be done in `state`, in the order of the table."""
        return [row.action for row in self._moves.values() if state in row.sources]
