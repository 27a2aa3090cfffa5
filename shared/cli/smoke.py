"""`jiushu smoke`: chain 1 on a stack that is running, through its front door."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer
from rich.console import Console

from shared.access.tokens import Tokens
from shared.cli.client import base_url
from shared.cli.refusals import clear_refusals
from shared.demo import life_ring, neighbourhood
from shared.demo.stage import BrokenLink, Stage
from shared.demo.teller import TerminalTeller
from shared.kernel.clock import SystemClock
from shared.settings import Settings
from shared.suite import service_names

PATIENCE_SECONDS = 70.0  # longer than the minute of a rate limit


def smoke(
    url: Annotated[str | None, typer.Argument(help="the front door; JIUSHU_URL without it")] = None,
) -> None:
    """Play chain 1 on a running stack, in a community made for it, and say whether the chain held.

    Needs the key that signs tokens (JIUSHU_TOKEN_KEY_FILE). What it registers stays: for a trial, not for a street at
    work.
    """
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    began = time.monotonic()
    with clear_refusals():
        tokens = Tokens.from_file(Settings.load("cli").token_key_file)
    teller = TerminalTeller(console)
    urls = dict.fromkeys(service_names(), (url or base_url()).rstrip("/"))
    stage = Stage(urls, tokens, SystemClock(), teller, PATIENCE_SECONDS)
    try:
        street = neighbourhood.street(stage)
        organisations = neighbourhood.organisations(stage)
        life_ring.play(stage, street, organisations, neighbourhood.free_code(stage))
    except (BrokenLink, OSError) as broken:
        console.print(f"\n[bold red]✗ 断链 broken link:[/] {broken}", soft_wrap=True)
        raise typer.Exit(1) from None
    console.print(
        f"[bold green]✓ 全链贯通 the chain held:[/] {teller.checks} 项核对通过，{teller.events} 个事件，"
        f"{teller.messages} 条居民消息，用时 {time.monotonic() - began:.0f} 秒"
    )
