"""A state machine written as the table that people read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from shared.kernel.errors import NotNow, Term


@dataclass(frozen=True)
class Move:
    """From any of these states, this action leads to that state; where `target` is None it changes other things and the
    state stays. `is_heard`: it happens because of an event. `by`: in which capacities one may do it; empty where the
    table does not say."""

    action: Term
    sources: frozenset[str]
    target: str | None
    is_heard: bool
    by: frozenset[str] = field(default_factory=frozenset)


def move(
    action: str, zh: str, sources: str | Iterable[str], target: str, by: str | Iterable[str] = ()
) -> Move:
    """One row of a lifecycle's table: something that somebody does. `sources` is one state or several."""
    return Move(Term(zh, action), _set(sources), target, is_heard=False, by=_set(by))


def stay(action: str, zh: str, sources: str | Iterable[str], by: str | Iterable[str] = ()) -> Move:
    """One row of a lifecycle's table: something that somebody does, after which the state is the same."""
    return Move(Term(zh, action), _set(sources), None, is_heard=False, by=_set(by))


def heard(action: str, zh: str, sources: str | Iterable[str], target: str | None) -> Move:
    """One row of a lifecycle's table: something that happens because of an event or a time, not on request. `target`
    None: the state is the same."""
    return Move(Term(zh, action), _set(sources), target, is_heard=True)


class Lifecycle:
    """The table of all moves of one kind of aggregate: action, its Chinese name, from, to.

    `states` gives each state its Chinese name.

    >>> door = Lifecycle(
    ...     Term("门", "door"),
    ...     {"open": "开着", "shut": "关着"},
    ...     move("open", "开门", "shut", "open"),
    ...     move("shut", "关门", "open", "shut"),
    ...     heard("slam", "风吹关门", "open", "shut"),
    ... )
    >>> door.after("open", "shut")
    'open'
    >>> door.actions("open")
    ['shut']
    """

    def __init__(self, name: Term, states: Mapping[str, str], *moves: Move) -> None:
        self.name = name
        self.states = states
        self._moves: Mapping[str, Move] = {row.action.en: row for row in moves}
        if len(self._moves) != len(moves):
            raise ValueError(f"lifecycle {name.en}: an action stands in the table twice")
        named = {state for row in moves for state in (*row.sources, row.target) if state is not None}
        if named != set(states):
            raise ValueError(f"lifecycle {name.en}: states and table differ in {sorted(named ^ set(states))}")

    def after(self, action: str, state: str) -> str:
        """The state that `action` leads to from `state`. Raises NotNow with the actions that are possible."""
        row = self._moves[action]
        if state not in row.sources:
            raise self.refusal(row.action, state)
        return row.target or state

    def refusal(self, action: Term, state: str) -> NotNow:
        """Why `action` is not possible in `state`, and what is."""
        possible = [row.action for row in self._moves.values() if state in row.sources and not row.is_heard]
        return NotNow(
            what=self.name,
            action=action,
            state=Term(self.states[state], state),
            allowed_actions=[term.en for term in possible],
            possible=Term(
                "、".join(t.zh for t in possible) or "无", ", ".join(t.en for t in possible) or "none"
            ),
        )

    def allows(self, action: str, state: str) -> bool:
        """Whether `action` is possible in `state`."""
        return state in self._moves[action].sources

    def actions(self, state: str, capacities: Collection[str] | None = None) -> list[str]:
        """What can be done in `state`, in the order of the table; what is only heard is left out. With `capacities`,
        only what one of them may do."""
        return [
            name
            for name, row in self._moves.items()
            if state in row.sources and not row.is_heard and (capacities is None or row.by & set(capacities))
        ]

    def by(self, action: str) -> frozenset[str]:
        """In which capacities one may do it."""
        return self._moves[action].by


def _set(sources: str | Iterable[str]) -> frozenset[str]:
    return frozenset([sources] if isinstance(sources, str) else sources)
