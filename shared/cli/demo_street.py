"""`jiushu demo-street`: the whole demonstration street into an installation that is running."""

from __future__ import annotations

import time
from typing import Annotated

import typer
from rich.console import Console

from shared.access.tokens import Tokens
from shared.cli.client import base_url
from shared.cli.refusals import clear_refusals
from shared.demo import street, street_loading
from shared.demo.stage import BrokenLink, Stage
from shared.demo.teller import TerminalTeller
from shared.kernel.clock import SystemClock
from shared.settings import Settings
from shared.suite import service_names

PATIENCE_SECONDS = 70.0  # longer than the minute of a rate limit


def demo_street(
    url: Annotated[str | None, typer.Argument(help="the front door; JIUSHU_URL without it")] = None,
) -> None:
    """Load the demonstration street: 11 communities, 42 grids, 161 buildings, 558 doors, 15,220 households, 40 areas,
    72 organisations, 1,068 who serve there.

    Needs the key that signs tokens (JIUSHU_TOKEN_KEY_FILE). All of it is synthetic; what is loaded stays, and
    loading it again changes nothing. For a trial, not for a street at work.
    """
    console = Console(highlight=False)
    with clear_refusals():
        tokens = Tokens.from_file(Settings.load("cli").token_key_file)
    urls = dict.fromkeys(service_names(), (url or base_url()).rstrip("/"))
    stage = Stage(urls, tokens, SystemClock(), TerminalTeller(console), PATIENCE_SECONDS)
    console.print(f"九棵树街道，{street.MARK}，均为虚构 → {urls['grid']}")
    begun = last = time.monotonic()
    try:
        for said in street_loading.load(stage, street.estates()):
            console.print(f"  {said} [dim]{time.monotonic() - last:.1f} 秒[/]")
            last = time.monotonic()
    except (BrokenLink, OSError) as broken:
        console.print(f"[bold red]✗ 未能载入 not loaded:[/] {broken}", soft_wrap=True)
        raise typer.Exit(1) from None
    console.print(f"[bold green]✓ 已载入 loaded[/]，用时 {last - begun:.1f} 秒")
