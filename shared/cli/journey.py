"""`jiushu journey`: one story through all services, as a tree of causes."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console
from rich.markup import escape
from rich.tree import Tree

from shared.cli.client import call
from shared.suite import service_names
from shared.web.pages.story import Receipt, Story, Told, tell

MARKS = {"done": "[green]✓[/]", "pending": "[yellow]…[/]", "dead": "[red]✗[/]", "discarded": "[dim]–[/]"}


def show(
    correlation_id: Annotated[str, typer.Argument(help="X-Correlation-ID of any answer of the journey")],
) -> None:
    """Follow a journey: who said what, why, and who did what with it."""
    id = quote(correlation_id, safe="")
    story = tell(correlation_id, [call("GET", f"/{name}/v1/journeys/{id}") for name in service_names()])
    console = Console()
    if story is None:
        console.print(f"没有旅程 {correlation_id} (no such journey)")
        raise typer.Exit(1)
    console.print(as_tree(story))
    if story.cut:
        console.print("旅程很长，这里只有每个服务最早的一部分 (cut: the journey goes on)")


def as_tree(story: Story) -> Tree:
    """The events of all services, each below the event that caused it."""
    root = Tree(f"[bold]旅程 {escape(story.correlation_id)}[/]")
    branches: dict[str, Tree] = {}
    for told in story.events():
        parent = branches[told.cause.event_id] if told.cause else root
        branches[told.event_id] = parent.add(_line(told))
    return root


def _line(told: Told) -> str:
    listeners = "、".join(_listener(receipt) for receipt in told.receipts)
    label = f"{told.at:%m-%d %H:%M:%S} {told.title} [cyan]{told.type}[/] [dim]{escape(told.actor or '')}[/]"
    return label + (f" → {listeners}" if listeners else "")


def _listener(receipt: Receipt) -> str:
    open_reason = receipt.reason if receipt.state in ("dead", "pending") else None
    return f"{receipt.service} {MARKS[receipt.state]}" + (f" ({escape(open_reason)})" if open_reason else "")
