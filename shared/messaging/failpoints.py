"""Named places where a test may stop a process in the middle of a step (故障点). They do nothing otherwise.

`JIUSHU_FAILPOINTS=relay.after_confirm:kill@3,lane.in_handler:sleep=2` is read once, when the process starts. Each part
is `<point>:<action>`; with `@n` it acts when the point is reached for the n-th time, and not again; without, each time.

| action | what happens there |
|---|---|
| `kill` | SIGKILL to the own process: no chance to do anything more |
| `exit` | the process ends at once with code 9, without any clean-up |
| `stop` | SIGSTOP to the own process: it is frozen until somebody sends SIGCONT |
| `raise` | `FailpointReached` is raised |
| `sleep=2` | that many seconds pass |
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

VARIABLE = "JIUSHU_FAILPOINTS"

POINTS = {
    "outbox.before_insert": "the change is flushed, its events are not yet in the outbox",
    "outbox.after_insert": "the events are in the outbox, nothing is committed",
    "outbox.after_commit": "the change is committed, the relay is not yet woken",
    "relay.after_claim": "a batch of the outbox is read, nothing is sent",
    "relay.mid_batch": "one message of a batch is sent, the others are not",
    "relay.after_publish": "the whole batch is sent, its confirms are not awaited",
    "relay.after_confirm": "the batch is confirmed, not marked",
    "relay.before_mark_commit": "the batch is marked, the mark is not committed",
    "receive.before_commit": "what came is in the inbox, not committed",
    "receive.after_commit": "what came is kept, the broker does not know it yet",
    "receive.after_ack": "the broker may forget what came",
    "lane.in_handler": "one message is handled, its transaction goes on",
    "lane.before_commit": "a batch is handled, not committed",
    "lane.after_commit": "a batch is handled and committed, the lease still held",
    "lane.before_note": "a handler failed, its row does not know it yet",
    "due.before_commit": "a due command is carried out, not committed",
    "lease.after_acquire": "the lease is taken, nothing is done with it",
    "lease.before_release": "all work has ended, the lease is still held",
}


class FailpointReached(Exception):
    """Raised where a failpoint says `raise`."""


class FailpointsWrong(ValueError):
    """JIUSHU_FAILPOINTS cannot be understood; the text says which part, and what is allowed."""


@dataclass
class _Armed:
    act: Callable[[], None]
    at: int | None
    reached: int = 0

    def reach(self) -> None:
        self.reached += 1
        if self.at is None or self.reached == self.at:
            self.act()


def parse(text: str) -> dict[str, _Armed]:
    """The armed points that `text` describes. Raises FailpointsWrong."""
    return dict(_part(part.strip()) for part in text.split(",") if part.strip())


def arm(environment: Mapping[str, str] = os.environ) -> None:
    """Arm what JIUSHU_FAILPOINTS names; nothing where it is not set. Raises FailpointsWrong."""
    _armed.clear()
    _armed.update(parse(environment.get(VARIABLE, "")))


def failpoint(name: str) -> None:
    """A place where a test may interfere; costs one look at an empty dict otherwise."""
    if _armed and (armed := _armed.get(name)):
        armed.reach()


@contextmanager
def acting(name: str, act: Callable[[], None], nth: int | None = 1) -> Iterator[None]:
    """Inside, `act` is called in this process when the point is reached for the n-th time; None: each time."""
    if name not in POINTS:
        raise FailpointsWrong(f"there is no point '{name}'")
    _armed[name] = _Armed(act, nth)
    try:
        yield
    finally:
        del _armed[name]


def _part(part: str) -> tuple[str, _Armed]:
    name, _, rest = part.partition(":")
    action, _, times = rest.partition("@")
    if name not in POINTS:
        raise FailpointsWrong(f"{VARIABLE}: there is no point '{name}'; there are {', '.join(POINTS)}")
    if times and not (times.isdecimal() and int(times)):
        raise FailpointsWrong(f"{VARIABLE}: '{part}': after @ stands a number from 1, as in {name}:kill@3")
    return name, _Armed(_action(part, name, action), int(times) if times else None)


def _action(part: str, name: str, action: str) -> Callable[[], None]:
    kind, _, seconds = action.partition("=")
    if kind == "sleep" and seconds.replace(".", "", 1).isdecimal():
        return lambda: time.sleep(float(seconds))
    if seconds or kind not in _ACTIONS:
        raise FailpointsWrong(
            f"{VARIABLE}: '{part}' does not say kill, exit, stop, raise or sleep=<seconds> after '{name}:'"
        )
    return _ACTIONS[kind]


def _raise() -> None:
    raise FailpointReached


_ACTIONS: dict[str, Callable[[], None]] = {
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda: os._exit(9),
    "stop": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    "raise": _raise,
}
_armed: dict[str, _Armed] = {}
try:
    arm()
except FailpointsWrong as wrong:  # read at import: nobody above can say it in a line
    raise SystemExit(str(wrong)) from None
