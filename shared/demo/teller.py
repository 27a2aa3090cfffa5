"""Tells a story on the terminal as it happens: deeds, events with their causes, and what residents read."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from shared.kernel.clock import local

if TYPE_CHECKING:
    from shared.demo.stage import Stage


class TerminalTeller:
    """Prints; and counts what it has seen."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._journeys: list[str] = []
        self._types: dict[str, str] = {}
        self._told: set[tuple[str, str]] = set()
        self._read: set[str] = set()
        self._names: dict[str, str] = {}
        self.checks = 0

    @property
    def events(self) -> int:
        """How many events were told."""
        return len(self._types)

    @property
    def messages(self) -> int:
        """How many messages residents got."""
        return len(self._read)

    @property
    def journeys(self) -> list[str]:
        """The correlation ids seen."""
        return list(self._journeys)

    def chapter(self, title: str) -> None:
        """A new part of the story begins."""
        self._console.rule(f"[bold]{title}[/]", align="left")

    def deed(self, text: str) -> None:
        """Somebody does something."""
        self._console.print(f"\n[bold]● {text}[/]")

    def checked(self, text: str) -> None:
        """Something that the story claims was found to be true."""
        self.checks += 1
        self._console.print(f"  [green]✓[/] {text}")

    def follow(self, stage: Stage, correlation_id: str | None) -> None:
        """Print the events and messages that are new since the last look."""
        if correlation_id and correlation_id not in self._journeys:
            self._journeys.append(correlation_id)
        steps = [
            (service, step)
            for journey in self._journeys
            for service in stage.urls
            for step in stage.ask(f"/{service}/v1/journeys/{journey}")["steps"]
        ]
        said = sorted(
            (item for item in steps if item[1]["kind"] == "said"), key=lambda item: item[1]["event_id"]
        )
        for _, step in said:
            self._tell_said(step)
        for service, step in steps:
            if step["kind"] == "heard" and step["state"] != "pending":
                self._tell_heard(service, step)
        for message in stage.all_of("/notify/v1/messages"):
            self._tell_message(stage, message)

    def _tell_said(self, step: dict[str, Any]) -> None:
        if step["event_id"] in self._types:
            return
        self._types[step["event_id"]] = step["type"]
        at = local(datetime.fromisoformat(step["time"])).strftime("%Y-%m-%d %H:%M")
        cause = self._types.get(step["causation_id"] or "", step["actor"] or "")
        self._console.print(f"  [dim]{at}[/] [cyan]{step['type']}[/] [dim]← {cause}[/]")

    def _tell_heard(self, service: str, step: dict[str, Any]) -> None:
        key = (service, step["event_id"])
        if key in self._told:
            return
        self._told.add(key)
        mark = "[green]✓[/]" if step["state"] == "done" else f"[red]{step['state']}: {step['reason']}[/]"
        self._console.print(f"      [dim]{step['type']} →[/] {service} {mark}")

    def _tell_message(self, stage: Stage, message: dict[str, Any]) -> None:
        if message["id"] in self._read or message["state"] != "delivered":
            return
        self._read.add(message["id"])
        who = self._name_of(stage, message["resident_ref"])
        text = Text(f"✉ {who} 收到〔{message['title']}〕{message['text']}", style="yellow")
        # in a file the line stays whole, on a terminal it is broken and indented
        self._console.print(
            Padding(text, (0, 0, 0, 6)) if self._console.is_terminal else Text("      ") + text
        )

    def _name_of(self, stage: Stage, resident_ref: str) -> str:
        """The masked name that notify shows."""
        if resident_ref not in self._names:
            self._names[resident_ref] = stage.ask(f"/notify/v1/contacts/{resident_ref}")["name"]
        return self._names[resident_ref]
