"""Cases that live from report to end, at random, and a journal of what was done: what the figures are held to."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.grid.domain.case import Answer
from services.grid.use_cases import case_moves as moves
from services.grid.use_cases.case_answers import HearAnswer, RevisitCase
from services.grid.use_cases.cases import ReportCase
from services.grid.use_cases.turns import AskExclusion, ExcludeTurn
from shared.attaching import KeepAttachment
from shared.kernel.command import Actor, Command
from tests.builders.pictures import png

STREET, ANOTHER, COMMUNITY = Actor("1", "street"), Actor("2", "street"), Actor("3", "community")
LIMITS = {"0203": timedelta(hours=24), "0603": timedelta(days=7)}
MOST_TURNS = 5


@dataclass
class Entry:
    """One turn, as whoever did it would note it down; times in minutes of the epoch."""

    number: str
    turn: int
    category: str
    source: str
    reporter: int
    community: str
    party: str
    begun: int
    due: int
    dispatches: int = 1
    objections: int = 0
    upheld: int = 0
    contacted: int | None = None
    answered: int | None = None
    ended: int | None = None
    resolution: str | None = None
    grade: int | None = None
    reopened: int = 0
    excluded: int = 0


@dataclass
class Lives:
    """Plays cases at `spots` (by the company that leads there, None: the street); `journal`: what was done."""

    service: Any
    spots: Mapping[str | None, Any]
    resident: str
    seed: int
    journal: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.photograph = self._do(KeepAttachment(png()), STREET).ref

    def play(self, begun_at: datetime) -> None:
        """One case, from its report at that time until its last turn has ended."""
        self.service.clock.at = begun_at
        source = self.dice.choice(["resident", "hotline", "patrol", "captain"])
        reporter = None if source == "patrol" else self.resident
        self.company = self.dice.choice(list(self.spots))
        self.spot = self.spots[self.company]
        category = self.dice.choice(list(LIMITS))
        report = ReportCase(category, self.spot["id"], "灯不亮", source, reporter_ref=reporter)
        self.case = self._do(report, STREET)
        for turn in range(1, MOST_TURNS + 1):
            entry = Entry(
                self.case.number,
                turn,
                category,
                source,
                int(reporter is not None),
                self.spot["community_ref"],
                self.company or "",
                self._now(),
                self._now() + _minutes(LIMITS[category]),
            )
            self.journal.append(entry)
            self._turn(entry)
            if not entry.reopened:
                break

    def rows(self) -> list[dict[str, Any]]:
        """The journal, for a table."""
        return [asdict(entry) for entry in self.journal]

    def _turn(self, entry: Entry) -> None:
        if self.dice.random() < 0.3:
            self._object(entry)
        lead = self._lead(entry)
        self._wait(20)
        if entry.reporter and self.dice.random() < 0.8:
            self._do(moves.ContactReporter(self.case.id), lead)
            entry.contacted = self._now()
        self._wait(20)
        if entry.reporter and self.dice.random() < 0.1:
            self._do(moves.WithdrawCase(self.case.id, "已自行解决"), STREET)
            self._ended(entry)
            return
        self._do(moves.AcceptCase(self.case.id), lead)
        self._wait(24 * self.dice.choice([1, 10]))
        self._do(moves.HandleCase(self.case.id, "已修好"), lead)
        entry.answered = self._now()
        self._wait(10)
        self._do(moves.VerifyCase(self.case.id, "属实", [self.photograph]), COMMUNITY)
        self._wait(10)
        self._end(entry)

    def _object(self, entry: Entry) -> None:
        self._do(moves.ObjectToCase(self.case.id, "不属于我方"), self._lead(entry))
        entry.objections += 1
        if entry.party and self.dice.random() < 0.5:
            self._do(moves.UpholdObjection(self.case.id, None, "确属市政设施"), ANOTHER)
            entry.upheld, entry.dispatches, entry.party = 1, 2, ""
        else:
            self._do(moves.OverruleObjection(self.case.id, "属于该方"), ANOTHER)

    def _end(self, entry: Entry) -> None:
        if not entry.reporter:
            self._do(moves.CloseCase(self.case.id), COMMUNITY)
            self._ended(entry)
            return
        said = self.dice.choice(["resolved", "resolved", "partly", "unresolved"])
        grade = self.dice.randint(1, 5)
        reopens = said == "unresolved" and entry.turn < MOST_TURNS
        if self.dice.random() < 0.8:
            self._do(RevisitCase(self.case.id, said, grade), COMMUNITY)
            entry.resolution, entry.grade, entry.reopened = said, grade, int(reopens)
            self._ended(entry)
            return
        for _ in range(3):
            self._do(moves.TryRevisit(self.case.id), COMMUNITY)
        self._do(moves.CloseCase(self.case.id), COMMUNITY)
        self._ended(entry)
        if reopens:  # asked in vain, and heard of after all: the first answer to this turn
            self._wait(48)
            self._do(HearAnswer(self.case.id, Answer(entry.turn, said, grade)), STREET)
            entry.resolution, entry.grade, entry.reopened = said, grade, 1

    def _ended(self, entry: Entry) -> None:
        entry.ended = self._now()

    def exclude(self, turn_id: str, number: str, turn: int) -> None:
        """By one who asks and another who agrees."""
        self._do(AskExclusion(turn_id, "诉求不实"), STREET)
        self._do(ExcludeTurn(turn_id), ANOTHER)
        (entry,) = [each for each in self.journal if (each.number, each.turn) == (number, turn)]
        entry.excluded = 1

    def _lead(self, entry: Entry) -> Actor:
        return Actor("4", "property", f"party:{entry.party}") if entry.party else STREET

    def _do(self, command: Command, actor: Actor) -> Any:
        return self.service.handle(command, actor)

    def _wait(self, most_hours: int) -> None:
        self.service.clock.advance(minutes=self.dice.randint(0, most_hours * 60))

    def _now(self) -> int:
        return int(self.service.clock.now().timestamp()) // 60


def _minutes(duration: timedelta) -> int:
    return int(duration.total_seconds()) // 60
