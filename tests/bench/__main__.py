"""`make bench`: everything in one run, alternating, medians; into docs/benchmarks.md between its two marks."""

from __future__ import annotations

import argparse
import os
import platform
import re
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from shared.kernel.clock import SystemClock
from tests.bench import ballots, bus, case_list, consumers, dispatch, grid
from tests.bench.ground import Ground, NoServers, Sql, ground

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
MARKS = {
    "bus": ("<!-- figures -->", "<!-- end of figures -->"),
    "grid": ("<!-- figures of grid -->", "<!-- end of figures of grid -->"),
    "ballots": ("<!-- figures of the vote -->", "<!-- end of figures of the vote -->"),
    "list": ("<!-- figures of the list -->", "<!-- end of figures of the list -->"),
}
RELAYED, HOPPED, OLD_ROWS = 9000, 3000, 1_000_000
PACED, PACE = 1000, 50.0
CONSUMERS = {
    "ours": "九树：验证契约、收件箱、一行效果 ours: contract, inbox, one row of effect, order, retries",
    "nameko_in_order": "nameko，一个工作线程（保序）nameko, one worker, which keeps the order",
    "nameko": "nameko 原样，每事件一次提交 stock nameko, ten workers, no order, one commit per event",
    "faststream": "FastStream，每事件一次提交 one commit per event",
    "bare": "极限：psycopg2 逐行写，每批一次提交 bare: batches, a statement per row",
    "bare_at_once": "极限：整批一条语句 bare: a statement per batch, which no handler can do",
}


class Figures:
    """What was measured, a list for each name, in the order of the rounds."""

    def __init__(self) -> None:
        self._found: dict[str, list[float]] = defaultdict(list)

    def note(self, name: str, value: float) -> None:
        """One more, said at once."""
        self._found[name].append(value)
        print(f"  {name:32} {value:12,.2f}", flush=True)

    def median(self, name: str) -> float:
        """The median of the rounds."""
        return statistics.median(self._found[name])

    def ratio(self, name: str, other: str) -> float:
        """The median of the ratios within each round: what the machine did meanwhile falls out."""
        return statistics.median(
            one / two for one, two in zip(self._found[name], self._found[other], strict=True)
        )

    def span(self, name: str) -> str:
        """The lowest and the highest."""
        return f"{min(self._found[name]):,.0f}–{max(self._found[name]):,.0f}"

    def all(self, name: str) -> Sequence[float]:
        """Every one."""
        return self._found[name]


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", type=int, default=1_000_000, help="events through one consumer")
    parser.add_argument("--cases", type=int, default=1_000_000, help="cases in the duty officer's list")
    parser.add_argument("--parts", nargs="+", choices=MARKS, default=list(MARKS), help="all, unless told")
    told = parser.parse_args()
    try:
        with ground() as made:
            for part in told.parts:
                figures = Figures()
                if part == "bus":
                    measure(made, figures, told.rounds, told.memory)
                    write("bus", report(figures, told.rounds, told.memory))
                elif part == "ballots":
                    measure_vote(made, figures, told.rounds)
                    write("ballots", report_vote(figures, told.rounds))
                elif part == "list":
                    titles = measure_list(made, figures, told.rounds, told.cases)
                    write("list", report_list(figures, told.rounds, told.cases, titles))
                else:
                    measure_grid(made, figures, told.rounds)
                    write("grid", report_grid(figures, told.rounds))
    except NoServers as missing:
        print(missing, file=sys.stderr)
        return 2
    return 0


def write(part: str, lines: Iterable[str]) -> None:
    """Between the two marks of a part."""
    text = "\n".join(lines)
    print(text)
    begin, end = MARKS[part]
    page = PAGE.read_text()
    PAGE.write_text(f"{page.split(begin)[0]}{begin}\n\n{text}\n\n{end}{page.split(end)[1]}")


def measure(made: Ground, figures: Figures, rounds: int, memory: int) -> None:
    """Round by round, each contestant once in each."""
    maker, listener = made.new_database("maker"), made.new_database("listener")
    old = made.new_database("old")
    bus.grow(old, OLD_ROWS)
    for number in range(1, rounds + 1):
        print(f"round {number} of {rounds}", flush=True)
        for contestant in consumers.ALL:
            listener.empty()
            rate, cpu = consumers.consume(made, listener, contestant)
            figures.note(contestant.name, rate)
            figures.note(f"{contestant.name} ms", cpu)
        _throughput(made, figures, maker, listener)
        _grown(made, figures, maker, listener, old)
        _latencies(made, figures, maker, listener)
    for idle in (bus.idle(made, listener, 10) for _ in range(3)):
        figures.note("idle cpu %", idle.cpu_percent)
        figures.note("idle transactions", idle.transactions)
    listener.empty()
    marks = [memory * part // 10 for part in (1, 2, 4, 6, 8, 10)]
    for mib in bus.memory(made, listener, marks):
        figures.note("memory MiB", mib)


def _throughput(made: Ground, figures: Figures, maker: Sql, listener: Sql) -> None:
    for name, fed in (("relay", False), ("relay to the feed too", True)):
        maker.empty()
        figures.note(name, bus.relay(made, maker, RELAYED, fed=fed))
    maker.empty()
    figures.note("commits alone", bus.commits_alone(maker, HOPPED))
    maker.empty()
    listener.empty()
    committed, arrived = bus.whole_hop(made, maker, listener, HOPPED)
    figures.note("commits of the hop", committed)
    figures.note("hop", arrived)


def _grown(made: Ground, figures: Figures, maker: Sql, listener: Sql, old: Sql) -> None:
    listener.empty()
    figures.note("ours, empty", consumers.consume(made, listener, consumers.OURS)[0])
    figures.note("ours, old", consumers.consume(made, old, consumers.OURS)[0])
    maker.empty()
    figures.note("relay, empty", bus.relay(made, maker, RELAYED, fed=False))
    figures.note("relay, old", bus.relay(made, old, RELAYED, fed=False))


def _latencies(made: Ground, figures: Figures, maker: Sql, listener: Sql) -> None:
    def note(name: str, found: bus.Latency) -> None:
        figures.note(f"{name} p50", found.p50)
        figures.note(f"{name} p99", found.p99)
        maker.empty()
        listener.empty()

    maker.empty()
    listener.empty()
    note("woken", bus.latency(made, maker, listener, PACED, PACE))
    for name, notified in (("polled", False), ("notified", True)):
        note(name, bus.latency_from_a_replica(made, maker, listener, PACED, PACE, notified=notified))
    note("embedded", bus.latency_embedded(PACED, PACE))


def report(figures: Figures, rounds: int, memory: int) -> Iterator[str]:
    """The figures as tables."""
    yield f"{SystemClock().now():%Y-%m-%d}, {_machine()}; {rounds} rounds, medians (`make bench`)."
    yield ""
    yield "### 消费积压 Consuming a backlog, durable, quorum queue"
    yield ""
    yield "| | events/s | lowest–highest | processor ms per event | ours is |"
    yield "|---|---:|---:|---:|---:|"
    for name, title in CONSUMERS.items():
        yield (
            f"| {title} | {figures.median(name):,.0f} | {figures.span(name)} | {figures.median(f'{name} ms'):.2f} "
            f"| {figures.ratio('ours', name):.2f} × |"
        )
    yield ""
    yield "### 中继与全程 The relay, and the whole hop"
    yield ""
    yield "| | per second | lowest–highest | target |"
    yield "|---|---:|---:|---|"
    yield _rate(figures, "relay", "outbox → quorum queue, confirmed", "3,000")
    yield _rate(figures, "relay to the feed too", "the same, each to the outsiders' exchange too", "")
    yield _rate(
        figures, "commits alone", f"commits of {bus.CLIENTS} clients, one event each, nobody takes them", ""
    )
    yield _rate(figures, "commits of the hop", "the same clients' commits while the events travel", "")
    yield _rate(figures, "hop", "events from first commit to last effect in the other service", "")
    yield ""
    yield f"The whole hop is {figures.ratio('hop', 'commits alone'):.0%} of what the clients alone commit (target 80 %)."
    yield ""
    yield f"### 延迟 From commit to effect, {PACE:.0f} events/s, milliseconds"
    yield ""
    yield "| | p50 | p99 | target |"
    yield "|---|---:|---:|---|"
    for name, title, target in (
        ("woken", "one process each side; the committing process relays and is woken", "60, 200"),
        ("polled", "committed by a replica that does not hold the lease; the holder polls", ""),
        ("notified", "the same, woken by an after-commit NOTIFY (prototype in tests/bench)", ""),
        ("embedded", "embedded: one process, SQLite", "10, –"),
    ):
        yield f"| {title} | {figures.median(f'{name} p50'):.1f} | {figures.median(f'{name} p99'):.1f} | {target} |"
    yield ""
    yield (
        f"Idle, one service that waits: {figures.median('idle cpu %'):.1f} % of a core, "
        f"{figures.median('idle transactions'):.1f} transactions a second."
    )
    yield ""
    yield f"### 随数据增长 With {OLD_ROWS:,} rows already in outbox and inbox"
    yield ""
    yield "| | empty | grown | of the empty's rate (target 80 %) |"
    yield "|---|---:|---:|---:|"
    for name in ("ours", "relay"):
        yield (
            f"| {'consumer' if name == 'ours' else name} | {figures.median(f'{name}, empty'):,.0f} "
            f"| {figures.median(f'{name}, old'):,.0f} | {figures.ratio(f'{name}, old', f'{name}, empty'):.0%} |"
        )
    yield ""
    marks = ", ".join(
        f"{memory * part // 10:,}: {mib:.0f}"
        for part, mib in zip((1, 2, 4, 6, 8, 10), figures.all("memory MiB"), strict=True)
    )
    yield f"Memory of one consumer, MiB resident after so many events: {marks}."


def measure_grid(made: Ground, figures: Figures, rounds: int) -> None:
    """The questions of grid, each in each round."""
    bench = grid.Bench(made.empty_database("grid"))
    try:
        for number in range(1, rounds + 1):
            print(f"round {number} of {rounds}", flush=True)
            for name, microseconds in bench.index().items():
                figures.note(name, microseconds)
            figures.note("index built", bench.index_seconds())
            for name, found in (("surroundings", bench.surroundings()), ("vacancies", bench.vacancies())):
                figures.note(f"{name} p50", statistics.median(found))
                figures.note(f"{name} p99", statistics.quantiles(found, n=100)[98])
            figures.note("tables read through", 0 if bench.reads_no_table_through() else 1)
    finally:
        bench.close()
    measure_dispatch(made, figures, rounds)


def measure_dispatch(made: Ground, figures: Figures, rounds: int) -> None:
    """Whom to choose among 10,000 staff; then what is taken in over HTTP."""
    bench = dispatch.Bench(made.empty_database("dispatch"))
    try:
        for _ in range(rounds):
            for name, milliseconds in bench.choice().items():
                figures.note(name, milliseconds)
            figures.note("tables read through", 0 if bench.reads_no_table_through() else 1)
            for name, rate in bench.intake().items():
                figures.note(f"intake, {name}", rate)
    finally:
        bench.close()


def report_grid(figures: Figures, rounds: int) -> Iterator[str]:
    yield f'{SystemClock().now().date()}, {_machine()}; {rounds} rounds, medians (`make bench BENCH="--parts grid"`).'
    yield ""
    yield "| a point among 100,000 grids | µs | of the bare query |"
    yield "|---|---:|---:|"
    for name, title in (
        ("bare tree", "the bare `STRtree.query` of a point that is there already"),
        ("our index", "the grid's code: the point made, asked, and the lowest code of a border"),
        ("with the database", "the grid itself, with one statement for the revision and one for the place"),
    ):
        yield f"| {title} | {figures.median(name):,.1f} | {figures.ratio(name, 'bare tree'):.2f} × |"
    yield ""
    yield f"A process builds its index of 100,000 shapes in {figures.median('index built'):.1f} s, when one has changed."
    yield ""
    yield "| | p50 ms | p99 ms |"
    yield "|---|---:|---:|"
    for name, title in (
        (
            "surroundings",
            "from one of 1,000,000 households to its door, building, grid and community: one statement",
        ),
        ("vacancies", "the doors of 40,000 that miss a captain, after one more has left"),
    ):
        yield f"| {title} | {figures.median(f'{name} p50'):.2f} | {figures.median(f'{name} p99'):.2f} |"
    yield ""
    yield "| who attends to a case, among 10,000 staff with 100,000 open cases | ms | of the plain query |"
    yield "|---|---:|---:|"
    for name, title in (
        ("plain query", "the staff of the case's grid, by a plain indexed query"),
        ("our choice", "the choice, with category, roster, load and nearness; the chosen one held"),
    ):
        yield f"| {title} | {figures.median(name):.2f} | {figures.ratio(name, 'plain query'):.2f} × |"
    yield ""
    yield (
        f"Intake over HTTP, durable: {figures.median('intake, ours'):,.0f} cases/s, "
        f"{figures.ratio('intake, ours', 'intake, bare'):.0%} of a bare werkzeug application under the same server that "
        f"inserts the same rows ({figures.median('intake, bare'):,.0f}/s)."
    )
    yield ""
    through = sum(figures.all("tables read through"))
    yield (
        "No table is read through (`EXPLAIN`)." if not through else "**A table is read through** (`EXPLAIN`)."
    )


def measure_vote(made: Ground, figures: Figures, rounds: int) -> None:
    """In each round a review of its own, in which everybody votes at once."""
    bench = ballots.Bench(made.empty_database("ballots"))
    try:
        with bench.served() as port:
            for number in range(1, rounds + 1):
                print(f"round {number} of {rounds}", flush=True)
                _, answers = bench.vote(port)
                waited = [seconds * 1000 for _, seconds in answers]
                figures.note("vote p50", statistics.median(waited))
                figures.note("vote longest", max(waited))
                figures.note("turned away", sum(status != 201 for status, _ in answers))
    finally:
        bench.close()


def report_vote(figures: Figures, rounds: int) -> Iterator[str]:
    yield f'{SystemClock().now().date()}, {_machine()}; {rounds} rounds, medians (`make bench BENCH="--parts ballots"`).'
    yield ""
    yield (
        f"{ballots.VOTERS} voters at once: half have their answer after {figures.median('vote p50'):,.0f} ms, the last one "
        f"after {figures.median('vote longest'):,.0f} ms ({figures.span('vote longest')}; target 1,000); turned away: "
        f"{sum(figures.all('turned away')):,.0f}."
    )


def measure_list(made: Ground, figures: Figures, rounds: int, many: int) -> list[str]:
    """The questions of the duty officer's list, each in each round; their titles."""
    bench = case_list.Bench(made.empty_database("list"), many)
    titles: list[str] = []
    try:
        for number in range(1, rounds + 1):
            print(f"round {number} of {rounds}", flush=True)
            titles = []
            for title, ours, bare in bench.pages():
                titles.append(title)
                figures.note(f"{title} ours", _p95(ours))
                figures.note(f"{title} bare", _p95(bare))
            page, first, late = bench.late()
            figures.note("late page", page)
            figures.note("first page p95", _p95(first))
            figures.note("late page p95", _p95(late))
    finally:
        bench.close()
    return titles


def report_list(figures: Figures, rounds: int, many: int, titles: Sequence[str]) -> Iterator[str]:
    yield f'{SystemClock().now().date()}, {_machine()}; {rounds} rounds, medians (`make bench BENCH="--parts list"`).'
    yield ""
    yield f"| a page of {case_list.PAGE} of {many:,} cases, p95 | ms | bare statements, ms | ratio (target 3) |"
    yield "|---|---:|---:|---:|"
    for title in titles:
        ours, bare = f"{title} ours", f"{title} bare"
        yield f"| {title} | {figures.median(ours):,.1f} | {figures.median(bare):,.1f} | {figures.ratio(ours, bare):.2f} × |"
    yield ""
    yield (
        f"Page {figures.median('late page'):,.0f} of all, by what is due: "
        f"{figures.ratio('late page p95', 'first page p95'):.2f} × the first."
    )


def _p95(milliseconds: Sequence[float]) -> float:
    return statistics.quantiles(milliseconds, n=20)[18]


def _rate(figures: Figures, name: str, title: str, target: str) -> str:
    return f"| {title} | {figures.median(name):,.0f} | {figures.span(name)} | {target} |"


def _machine() -> str:
    cpu = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores of {cpu[1] if cpu else platform.machine()}, {memory:.0f} GiB, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
