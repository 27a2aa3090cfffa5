"""`jiushu journey`: one story through all services, as a tree of causes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.tree import Tree

from shared.cli.client import call
from shared.kernel.clock import local
from shared.suite import service_names


def show(
    correlation_id: Annotated[str, typer.Argument(help="X-Correlation-ID of any answer of the journey")],
) -> None:
    """Follow a journey: who said what, why, and who did what with it."""
    answers = [call("GET", f"/{name}/v1/journeys/{correlation_id}") for name in service_names()]
    console = Console()
    if not any(answer["steps"] for answer in answers):
        console.print(f"没有旅程 {correlation_id} (no such journey)")
        raise typer.Exit(1)
    console.print(as_tree(correlation_id, answers))


def as_tree(correlation_id: str, answers: list[dict[str, Any]]) -> Tree:
    """The steps of all services, each event below the event that caused it."""
    said: dict[str, dict[str, Any]] = {}
    heard: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for answer in answers:
        for step in answer["steps"]:
            if step["kind"] == "said":
                said[step["event_id"]] = step
            else:
                heard.setdefault(step["event_id"], []).append((answer["service"], step))
    root = Tree(f"[bold]旅程 {correlation_id}[/]")
    branches: dict[str, Tree] = {}
    # a cause is always said before its effects, so one pass in the order of time finds every parent
    for event_id, step in sorted(said.items(), key=lambda item: (item[1]["time"], item[0])):
        at = local(datetime.fromisoformat(step["time"])).strftime("%m-%d %H:%M:%S")
        listeners = "、".join(_listener(service, receipt) for service, receipt in heard.get(event_id, []))
        parent = branches.get(step["causation_id"] or "", root)
        label = f"{at} [cyan]{step['type']}[/] [dim]{step['actor']}[/]"
        branches[event_id] = parent.add(label + (f" → {listeners}" if listeners else ""))
    return root


def _listener(service: str, receipt: dict[str, Any]) -> str:
    marks = {"done": "[green]✓[/]", "pending": "[yellow]…[/]", "dead": "[red]✗[/]", "discarded": "[dim]–[/]"}
    reason = (
        f" ({receipt['reason']})" if receipt["state"] in ("dead", "pending") and receipt["reason"] else ""
    )
    return f"{service} {marks[receipt['state']]}{reason}"
