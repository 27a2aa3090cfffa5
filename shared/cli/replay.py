"""`jiushu replay`, `jiushu republish`, `jiushu replays`: what was said once is said again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from shared.cli.client import call
from shared.kernel.clock import BEIJING

Reason = Annotated[str, typer.Option(help="why; kept with the wish")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="only say how many events it is about")]
_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]
Since = Annotated[
    datetime | None, typer.Option(formats=_FORMATS, help="only what was published from then on; Beijing time")
]
Until = Annotated[
    datetime | None, typer.Option(formats=_FORMATS, help="only what was published up to then; Beijing time")
]


def replay(
    source: Annotated[str, typer.Option("--from", help="the service that said it")],
    to: Annotated[str, typer.Option(help="the one service that is to hear it again")],
    reason: Reason,
    since: Since = None,
    until: Until = None,
    type: Annotated[str | None, typer.Option(help="one event type only")] = None,
    dry_run: DryRun = False,
) -> None:
    """Send kept events again to one service (重放); what it has already, it drops."""
    wish = {"to": to, "since": instant(since), "until": instant(until), "type": type}
    _ask(source, wish, reason, dry_run)


def republish(
    service: Annotated[str, typer.Argument(help="the service that is to say it again")],
    reason: Reason,
    since: Since = None,
    current: Annotated[
        bool, typer.Option("--current", help="its reference facts as they are now, instead of kept events")
    ] = False,
    to: Annotated[str | None, typer.Option(help="with --current: to one service only")] = None,
    dry_run: DryRun = False,
) -> None:
    """Publish again to all (重新发布): kept events since a time, or what is current."""
    _ask(service, {"since": instant(since), "current": current, "to": to}, reason, dry_run)


def replays(service: Annotated[str, typer.Argument(help="the service that says it again")]) -> None:
    """What is being sent again, and how far it is; the latest first."""
    table = Table("id", "what", "to", "asked", Column("reason", overflow="fold"), "sent", "state")
    for wish in call("GET", f"/{service}/v1/replays?sort=-id")["items"]:
        state = wish["state"] if wish["failure"] is None else f"{wish['state']}: {wish['failure']}"
        asked = f"{wish['asked_at']} {wish['asked_by']}"
        to = wish["to_service"] or "*"
        table.add_row(str(wish["id"]), wish["kind"], to, asked, wish["reason"], str(wish["sent"]), state)
    Console().print(table if table.row_count else "没有重放 (nothing was replayed)")


def _ask(service: str, wish: dict[str, Any], reason: str, dry_run: bool) -> None:
    asked = call("POST", f"/{service}/v1/replays", {**wish, "reason": reason, "dry_run": dry_run})
    if dry_run:
        print(f"共 {asked['events']} 件 ({asked['events']} events; nothing was sent)")
    else:
        print(
            f"第 {asked['id']} 号重放，共 {asked['events']} 件 "
            f"(replay {asked['id']}, {asked['events']} events; see: jiushu replays {service})"
        )


def instant(at: datetime | None) -> str | None:
    """As it is sent: where no zone is named, Beijing time is meant."""
    return None if at is None else (at if at.tzinfo else at.replace(tzinfo=BEIJING)).isoformat()
