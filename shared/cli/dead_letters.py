"""`jiushu dead-letters`: what could not be handled, why, and what to do about it."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from shared.cli.client import call
from shared.suite import service_names

app = typer.Typer(help="死信 messages that could not be handled", no_args_is_help=True)

Service = Annotated[str, typer.Argument(help="the service that received it")]
Number = Annotated[int, typer.Argument(help="the message's number in that service")]
Reason = Annotated[str, typer.Option(help="why; kept with the message")]


@app.command("list")
def list_all(
    waiting: Annotated[bool, typer.Option(help="those that have waited long for something, instead")] = False,
) -> None:
    """All dead messages and dead scheduled commands of all services."""
    table = Table("service", "id", Column("type", overflow="fold"), "since", "tries", "reason")
    for service in service_names():
        state = "waiting" if waiting else "dead"
        for letter in call("GET", f"/{service}/v1/dead-letters?state={state}")["items"]:
            tries = str(letter["attempts"] or letter["waits"])
            table.add_row(
                service,
                str(letter["id"]),
                letter["type"],
                letter["received_at"],
                tries,
                escape(letter["reason"] or ""),
            )
        for command in [] if waiting else call("GET", f"/{service}/v1/dead-commands")["items"]:
            since, tries = command["due_at"], str(command["attempts"])
            table.add_row(
                service,
                f"command {command['id']}",
                command["command"],
                since,
                tries,
                escape(command["reason"] or ""),
            )
    console = Console()
    console.print(table if table.row_count else "没有死信 (no dead letters)")
    if table.row_count:
        console.print("[dim]jiushu dead-letters show|replay|discard SERVICE ID[/]")


@app.command()
def show(service: Service, number: Number) -> None:
    """One dead message with its body."""
    letter = call("GET", f"/{service}/v1/dead-letters/{number}")
    print(json.dumps(letter, ensure_ascii=False, indent=2))


@app.command()
def replay(service: Service, number: Number, reason: Reason) -> None:
    """Handle it again, after what was wrong has been mended."""
    print(call("POST", f"/{service}/v1/dead-letters/{number}/replay", {"reason": reason})["state"])


@app.command()
def discard(service: Service, number: Number, reason: Reason) -> None:
    """Give it up, so that the later messages of its key go on."""
    print(call("POST", f"/{service}/v1/dead-letters/{number}/discard", {"reason": reason})["state"])
