"""A campaign: the chain at work, a plan that hurts it, and the ledger at the end."""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Select, create_engine, func, select, update
from sqlalchemy.exc import OperationalError

from shared.contracts.envelope import Envelope
from shared.messaging.caution import MOST_DEATHS, SPREAD_SECONDS
from shared.persistence.database import Database
from shared.persistence.tables import inbox_messages, leases, outbox_messages, scheduled_commands
from tests.faults import chain
from tests.faults.fleet import Fleet
from tests.faults.injections import Injector
from tests.faults.ledger import Entry, Verdict, outcomes
from tests.faults.plan import Step

STEP_SECONDS = 180.0
REACH_SECONDS = 60.0
# in which nothing at all is done: longer than what has killed most often is kept waiting
STUCK_SECONDS = 60.0 + SPREAD_SECONDS * 2**MOST_DEATHS


class Stuck(Exception):
    """The chain did not go on by itself."""


@dataclass
class Report:
    """What was done to the chain, what it did, and what the ledger says."""

    seed: int
    seconds: float = 0.0
    counts: Counter = field(default_factory=Counter)
    changes: int = 0
    rolled_back: int = 0
    effects: int = 0
    dead: int = 0
    recoveries: list[float] = field(default_factory=list)
    drain_seconds: float = 0.0
    verdict: Verdict = field(default_factory=Verdict)
    wrong: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """How many processes of the chain were killed."""
        return sum(number for what, number in self.counts.items() if what.startswith("kills") or "." in what)

    def __str__(self) -> str:
        recoveries = sorted(self.recoveries) or [0.0]
        late = recoveries[int(len(recoveries) * 0.95) - 1]
        lines = [
            f"seed {self.seed}: {self.kills} kills, {self.changes} changes ({self.rolled_back} more rolled back), "
            f"{self.effects} effects, {self.seconds:.0f} s",
            f"recovery after a kill: median {statistics.median(recoveries):.1f} s, 95 % {late:.1f} s, "
            f"longest {recoveries[-1]:.1f} s; drained {self.drain_seconds:.1f} s after the last fault",
            *(f"  {number:5} {what}" for what, number in sorted(self.counts.items())),
            f"lost {len(self.verdict.lost)}, doubled {len(self.verdict.doubled)}, out of order "
            f"{len(self.verdict.out_of_order)}, ghosts {len(self.verdict.ghosts)}, dead {self.dead} (all of them "
            "poison)" + "".join(f"\nWRONG {what}" for what in self.wrong),
        ]
        return "\n".join(lines)


class Campaign:
    """One run. `network` and `servers` do what the plan says to connections and servers; where there are none,
    the plan must not ask for them."""

    def __init__(
        self,
        seed: int,
        fleet: Fleet,
        urls: dict[str, str],
        directory: Path,
        injector: Injector | None = None,
        acts: dict[str, Callable[..., None]] | None = None,
    ) -> None:
        self.report = Report(seed)
        self.fleet = fleet
        self._urls = urls
        self._engines: dict[str, Engine] = {name: create_engine(url) for name, url in urls.items()}
        self._intents, self._quiet = directory / "intents", directory / "quiet"
        self._injector = injector
        self._acts = acts or {}
        self._errors: list[BaseException] = []
        self._reasons: dict[str, str] = {}  # of what was dead, by its name

    @staticmethod
    def prepare(urls: dict[str, str]) -> None:
        """Make the tables."""
        for url in urls.values():
            database = Database(url)
            chain.create_tables(database)
            database.dispose()

    def run(self, parts: dict[str, Sequence[Step]]) -> Report:
        """Carry out the plan, part beside part; let everything come to rest; ask the ledger."""
        began = time.monotonic()
        self.fleet.start()
        self._until("the chain works", lambda: all(self._progress(name) for name in self._urls), STEP_SECONDS)
        threads = [
            threading.Thread(target=self._carry_out, args=(part, steps), daemon=True)
            for part, steps in parts.items()
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self._errors:
            raise self._errors[0]
        self._settle()
        self.report.seconds = time.monotonic() - began
        self.report.counts += self.fleet.counts
        return self.report

    def close(self) -> None:
        """Whatever still runs is ended."""
        self.fleet.abandon()
        for engine in self._engines.values():
            engine.dispose()

    # ---- the plan

    def _carry_out(self, part: str, steps: Sequence[Step]) -> None:
        try:
            for step in steps:
                time.sleep(step.pause)
                if part in self.fleet.services:
                    self._hurt(part, step)
                elif part == "messages":
                    self._inject(step)
                else:
                    self._acts[step.act](*step.detail)
                    self.report.counts[
                        f"{part}: {step.act} {' '.join(map(str, step.detail[:1]))}".strip()
                    ] += 1
        except BaseException as error:
            self._errors.append(error)

    def _hurt(self, name: str, step: Step) -> None:
        service = self.fleet.services[name]
        counted = name if name in self._urls else "third"
        if step.act == "kill at":
            self.fleet.kill_at(service, *step.detail, REACH_SECONDS)
        else:
            {"kill": self.fleet.kill, "freeze": self.fleet.freeze, "restart": self.fleet.restart}[step.act](
                service, *step.detail
            )
        before, since = self._progress(counted), time.monotonic()
        self._until(f"{name} goes on after {step}", lambda: self._progress(counted) > before, STEP_SECONDS)
        self.report.recoveries.append(time.monotonic() - since)

    def _inject(self, step: Step) -> None:
        assert self._injector is not None
        draw = random.Random(step.detail[0])
        if step.act == "repeat":
            number = self._injector.repeat(draw, self._published())
            self.report.counts["messages: repeated and shuffled"] += number
        else:
            self._injector.spoil(draw)
            self.report.counts["messages: spoilt"] += 1

    def _published(self) -> list[tuple[str, str, bytes]]:
        """Type, key and body of what was sent and confirmed: only that may come again, and in any order."""
        outbox = outbox_messages.c
        query = (
            select(outbox.type, outbox.partition_key, outbox.body)
            .where(outbox.published_at.is_not(None))
            .order_by(outbox.id.desc())
            .limit(500)
        )
        found = [self._rows(name, query) for name in ("first", "second")]
        return [tuple(row) for rows in found for row in rows]

    # ---- the end

    def _settle(self) -> None:
        since = time.monotonic()
        self._quiet.touch()
        dead: list[str] = []
        while True:
            self._until("everything is handled", self._is_at_rest, STUCK_SECONDS, self._done_so_far)
            found = self._discard_dead()
            if not found:
                break
            dead += found
        self.report.drain_seconds = time.monotonic() - since
        self.fleet.stop()
        self._judge(dead)

    def _is_at_rest(self) -> bool:
        outbox, inbox, due = outbox_messages.c, inbox_messages.c, scheduled_commands.c
        unsent = select(func.count()).select_from(outbox_messages).where(outbox.published_at.is_(None))
        pending = select(inbox.partition_key).where(inbox.state == "pending")
        dead = select(inbox.partition_key).where(inbox.state == "dead")
        waiting = select(func.count()).select_from(scheduled_commands).where(due.state == "pending")
        for name in self._urls:
            held_up = {row.partition_key for row in self._rows(name, dead)}
            if self._injector:
                held_up |= self._injector.waiting_keys
            if self._one(name, unsent) or self._one(name, waiting):
                return False
            if any(row.partition_key not in held_up for row in self._rows(name, pending)):
                return False
        return self._injector is None or self._injector.queues_are_empty(("second", "third"))

    def _discard_dead(self) -> list[str]:
        """Discard what is dead, as an operator does; what it was."""
        found = []
        inbox = inbox_messages.c
        for name, engine in self._engines.items():
            with engine.begin() as connection:
                rows = connection.execute(
                    select(inbox.id, inbox.body, inbox.reason).where(inbox.state == "dead")
                ).all()
                ids = [row.id for row in rows]
                connection.execute(update(inbox_messages).where(inbox.id.in_(ids)).values(state="discarded"))
            for row in rows:
                found.append(f"{name} {self._name_of(row.body)}")
                self._reasons[found[-1]] = row.reason
        return found

    def _name_of(self, body: bytes) -> str:
        if self._injector and (name := self._injector.name_of(body)):
            return name
        return str(Envelope.from_bytes(body).data["intent"])

    def _judge(self, dead: list[str]) -> None:
        report, verdict = self.report, self.report.verdict
        told = outcomes(self._intents)
        rows = self._rows("first", select(chain.changes).order_by(chain.changes.c.id))
        all_changes = [Entry(row.key, row.intent) for row in rows]
        poison = {row.intent for row in rows if row.kind in chain.POISON}
        later = [Entry(row.key, row.intent) for row in rows if row.kind == chain.LATER]
        good = [entry for entry in all_changes if entry.intent not in poison]
        verdict.compare_intents(told, [entry.intent for entry in all_changes])
        verdict.compare("second", good, self._effects("second", "first"))
        verdict.compare("third, directly", all_changes, self._effects("third", "first"))
        verdict.compare("third, through the second", good, self._effects("third", "second"))
        verdict.compare("what was due", _unordered(later), _unordered(self._effects("second", "schedule")))
        expected_dead = Counter(f"second {intent}" for intent in poison)
        if self._injector:
            expected_dead += Counter(
                f"{name} {what}" for what in self._injector.poison for name in ("second", "third")
            )
        found_dead = Counter(dead)
        self._must("dead is exactly the poison", found_dead, expected_dead)
        report.wrong += [f"{name} is dead: {self._reasons[name]}" for name in found_dead - expected_dead]
        self._must("no lease is held", self._held_leases(), [])
        report.changes, report.dead = len(all_changes), len(dead)
        report.rolled_back = len(set(told) - {entry.intent for entry in all_changes})
        report.effects = sum(
            self._one(name, select(func.count()).select_from(chain.effects)) for name in ("second", "third")
        )
        for what in ("lost", "doubled", "out_of_order", "ghosts"):
            if found := getattr(verdict, what):
                report.wrong.append(f"{what}: {len(found)}, such as {found[:5]}")

    def _must(self, what: str, found: object, expected: object) -> None:
        if found != expected:
            self.report.wrong.append(f"{what}: {_difference(found, expected)}")

    def _effects(self, service: str, because_of: str) -> list[Entry]:
        query = (
            select(chain.effects.c.key, chain.effects.c.intent)
            .where(chain.effects.c.because_of == because_of)
            .order_by(chain.effects.c.id)
        )
        return [Entry(row.key, row.intent) for row in self._rows(service, query)]

    def _held_leases(self) -> list[str]:
        held = select(leases.c.holder).where(leases.c.until > 0)
        return [f"{name} by {row.holder}" for name in self._urls for row in self._rows(name, held)]

    # ---- looking

    def _progress(self, service: str) -> int:
        """How far the service has come, by what it leaves behind."""
        outbox = outbox_messages.c
        if service == "first":
            query = select(func.count()).select_from(outbox_messages).where(outbox.published_at.is_not(None))
        else:
            query = select(func.max(chain.effects.c.id))
        return self._one(service, query) or 0

    def _one(self, service: str, query: Select) -> Any:
        return self._rows(service, query)[0][0]

    def _rows(self, service: str, query: Select) -> list:
        """The answer of the service's database, as soon as it gives one."""
        until = time.monotonic() + STEP_SECONDS
        while True:
            try:
                with self._engines[service].connect() as connection:
                    return connection.execute(query).all()
            except OperationalError:
                self._engines[service].dispose()
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def _until(
        self,
        what: str,
        condition: Callable[[], bool],
        seconds: float,
        progress: Callable[[], object] = lambda: None,
    ) -> None:
        """Wait for the condition, as long as there is progress within `seconds`. Raises Stuck."""
        until, before = time.monotonic() + seconds, progress()
        while not self._holds(condition):
            if (now := progress()) != before:
                until, before = time.monotonic() + seconds, now
            if time.monotonic() > until:
                self.fleet.ask_where_they_are()
                raise Stuck(f"not within {seconds:.0f} s: {what}\n{self._state()}")
            time.sleep(0.1)

    def _done_so_far(self) -> list[int]:
        """What is handled; and each death over a message, since what kills comes back later each time."""
        inbox = inbox_messages.c
        handled = select(func.count()).where(inbox.state != "pending")
        deaths = select(func.coalesce(func.sum(inbox.deaths), 0))
        return [
            number
            for name in self._urls
            for number in (self._progress(name), self._one(name, handled), self._one(name, deaths))
        ]

    def _state(self) -> str:
        """What is still open, for whoever must find out why."""
        inbox, outbox = inbox_messages.c, outbox_messages.c
        unsent = select(func.count()).where(outbox.published_at.is_(None))
        pending = (
            select(
                inbox.partition_key,
                inbox.state,
                inbox.type,
                inbox.attempts,
                inbox.waits,
                inbox.due,
                inbox.reason,
            )
            .where(inbox.state.in_(("pending", "dead")))
            .order_by(inbox.id)
            .limit(10)
        )
        lease = select(leases)
        return "\n".join(
            f"{name}: unsent {self._one(name, unsent)}, lease {self._rows(name, lease)}, {self._rows(name, pending)}"
            for name in self._urls
        )

    def _holds(self, condition: Callable[[], bool]) -> bool:
        try:
            return condition()
        except OSError:  # the broker is away
            return False


def _unordered(entries: Sequence[Entry]) -> list[Entry]:
    return [Entry(entry.intent, entry.intent) for entry in entries]


def _difference(found: object, expected: object) -> str:
    if isinstance(found, Counter) and isinstance(expected, Counter):
        return f"too many {list(found - expected)[:5]}, missing {list(expected - found)[:5]}"
    return f"{found}"
