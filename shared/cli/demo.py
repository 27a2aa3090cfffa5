"""`jiushu demo`: all five services, a story played over their HTTP, and each claim checked."""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from shared.access.tokens import Tokens
from shared.demo.examples import Examples
from shared.demo.play import play
from shared.demo.processes import DidNotStart, ServiceProcess
from shared.demo.stage import BrokenLink, Stage
from shared.demo.teller import TerminalTeller
from shared.kernel.clock import FileClock
from shared.suite import service_names

LEGEND = """[dim]● 谁做了什么   事件 ← 起因   事件 → 收到它的服务 ✓   ✉ 居民收到的消息   ✓ 核对
● a deed   event ← its cause   event → the service that handled it ✓   ✉ what a resident got   ✓ a check[/]"""
BEGINS = datetime(2024, 5, 27, 1, 0, tzinfo=UTC)  # 09:00 in Beijing


def demo(
    examples: Annotated[
        Path | None, typer.Option(help="write what was sent and answered to <folder>/<service>/examples.json")
    ] = None,
) -> None:
    """Play the story of 金侨时代家园 on a suite of its own, and say whether the chain held."""
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="jiushu-demo-") as directory:
        clock = FileClock(Path(directory) / "clock")
        clock.advance(seconds=(BEGINS - datetime.now(UTC)).total_seconds())
        names = service_names()
        suite = ServiceProcess(names, {"JIUSHU_CLOCK_FILE": str(clock.path)}, Path(directory))
        console.print(f"启动 {'、'.join(names)}（同一进程，SQLite，嵌入式总线）… [dim]演示数据，均为虚构[/]")
        console.print(LEGEND)
        suite.start()
        teller = TerminalTeller(console)
        try:
            suite.wait_until_ready()
            tokens = Tokens.from_file(Path(directory) / "token.key")
            stage, seen = Stage(dict.fromkeys(names, suite.url), tokens, clock, teller), Examples(names)
            seen.watch(stage.session)
            play(stage)
            if examples:
                seen.look_around(stage)
                seen.write(examples)
        except (BrokenLink, DidNotStart) as broken:
            console.print(f"\n[bold red]✗ 断链 broken link:[/] {broken}", soft_wrap=True)
            console.print(f"[dim]{suite.end_of_log()}[/]", markup=False)
            raise typer.Exit(1) from None
        finally:
            suite.stop()
    seconds = time.monotonic() - began
    console.rule()
    console.print(
        f"[bold green]✓ 全链贯通 the chain held:[/] {teller.checks} 项核对通过，{teller.events} 个事件，"
        f"{teller.messages} 条居民消息，{len(teller.journeys)} 段旅程，用时 {seconds:.0f} 秒"
    )
    console.print(
        "[dim]想自己动手：make run，再看 README 的“Try it by hand” (to try it yourself: make run)[/]"
    )
