"""`jiushu dead-letters`: what could not be handled, why, and what to do about it; messages and due commands alike."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from shared.cli.client import call
from shared.suite import service_names

app = typer.Typer(help="死信 messages and scheduled commands that could not be handled", no_args_is_help=True)

Service = Annotated[str, typer.Argument(help="the service that received it, or had scheduled it")]
Number = Annotated[int, typer.Argument(help="its number in that service")]
IsCommand = Annotated[bool, typer.Option("--command", help="the scheduled command of that number")]
Reason = Annotated[str, typer.Option(help="why; kept with it")]


@app.command("list")
def list_all(
    waiting: Annotated[bool, typer.Option(help="those that wait for something, instead")] = False,
) -> None:
    """All dead messages and dead scheduled commands of all services."""
    table = Table("service", "id", Column("type", overflow="fold"), "since", "tries", "reason")
    state = "waiting" if waiting else "dead"
    for service in service_names():
        for letter in call("GET", f"/{service}/v1/dead-letters?state={state}")["items"]:
            tries = letter["attempts"] or letter["waits"]
            _add(table, service, letter["id"], letter["type"], letter["received_at"], tries, letter["reason"])
        for due in call("GET", f"/{service}/v1/dead-commands?state={state}")["items"]:
            number = f"{due['id']} --command"
            _add(table, service, number, due["command"], due["due_at"], due["attempts"], due["reason"])
    console = Console()
    nothing = "没有在等的 (nothing waits for long)" if waiting else "没有死信 (no dead letters)"
    console.print(table if table.row_count else nothing)
    if table.row_count:
        console.print("[dim]jiushu dead-letters show|replay|discard SERVICE ID[/]")


@app.command()
def show(service: Service, number: Number, command: IsCommand = False) -> None:
    """One dead message with its body, or one command with its arguments."""
    print(json.dumps(call("GET", _path(service, number, command)), ensure_ascii=False, indent=2))


@app.command()
def replay(service: Service, number: Number, reason: Reason, command: IsCommand = False) -> None:
    """Handle it again, after what was wrong has been mended."""
    print(call("POST", f"{_path(service, number, command)}/replay", {"reason": reason})["state"])


@app.command()
def discard(service: Service, number: Number, reason: Reason, command: IsCommand = False) -> None:
    """Give it up, so that the later messages of its key go on."""
    print(call("POST", f"{_path(service, number, command)}/discard", {"reason": reason})["state"])


def _path(service: str, number: int, is_command: bool) -> str:
    return f"/{service}/v1/{'dead-commands' if is_command else 'dead-letters'}/{number}"


def _add(table: Table, *values: Any) -> None:
    table.add_row(*("" if value is None else escape(str(value)) for value in values))
