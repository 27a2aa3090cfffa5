"""`jiushu check`: what is wrong, and how to mend it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from shared.checks.finding import Finding, Level
from shared.checks.preflight import Section, examine
from shared.suite import UnknownService, service_names

MARKS = {Level.FINE: "[green]✓[/]", Level.WARNING: "[yellow]![/]", Level.WRONG: "[red]✗[/]"}
errors = Console(stderr=True)

Services = Annotated[list[str] | None, typer.Argument(help="service names; none: all that are installed")]
AsJson = Annotated[bool, typer.Option("--json", help="for machines")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="only what is not fine")]


def check(services: Services = None, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Say what is wrong and how to mend it; changes nothing. 0: nothing wrong, 1: something is, 2: cannot run."""
    names = services or service_names()
    if not names:
        errors.print("[red]没有安装任何服务[/] (no service is installed: pip install jiushu-grid …)")
        raise typer.Exit(2)
    try:
        sections = _told_as_json(names) if as_json else _told(names, quiet)
    except UnknownService as error:
        errors.print(f"[red]{error}[/]")
        raise typer.Exit(2) from None
    raise typer.Exit(1 if _count(sections, Level.WRONG) else 0)


def _told(names: Sequence[str], quiet: bool) -> list[Section]:
    """Print each section as soon as it is known."""
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    sections = []
    for section in examine(names, os.environ):
        sections.append(section)
        shown = [finding for finding in section.findings if not quiet or finding.level is not Level.FINE]
        if shown:
            console.print(f"[bold]{section.service or '整体 all together'}[/]")
        for finding in shown:
            _print(console, finding)
    wrong, look_at, fine = (_count(sections, level) for level in (Level.WRONG, Level.WARNING, Level.FINE))
    console.rule()
    console.print(
        f"{MARKS[Level.WRONG if wrong else Level.FINE]} {wrong} 处有误，{look_at} 处需留意，{fine} 项正常 "
        f"[dim]({wrong} wrong, {look_at} to look at, {fine} fine)[/]"
    )
    return sections


def _print(console: Console, finding: Finding) -> None:
    _line(console, 2, f"{MARKS[finding.level]} {escape(finding.zh)} [dim]({escape(finding.en)})[/]")
    if finding.mend:
        _line(console, 6, f"→ {escape(finding.mend.zh)} [dim]({escape(finding.mend.en)})[/]")
        if finding.mend.command:
            _line(console, 8, f"[cyan]{escape(finding.mend.command)}[/]")
    if finding.detail:
        _line(console, 6, f"[dim]{escape(finding.detail)}[/]")


def _line(console: Console, indent: int, markup: str) -> None:
    """On a terminal it is broken and indented, in a file it stays whole."""
    console.print(Padding(markup, (0, 0, 0, indent)) if console.is_terminal else " " * indent + markup)


def _told_as_json(names: Sequence[str]) -> list[Section]:
    sections = list(examine(names, os.environ))
    findings: list[dict[str, Any]] = [
        {"service": section.service or None, **asdict(finding)}
        for section in sections
        for finding in section.findings
    ]
    told = {"ok": not _count(sections, Level.WRONG), "findings": findings}
    print(json.dumps(told, ensure_ascii=False, indent=2))
    return sections


def _count(sections: Sequence[Section], level: Level) -> int:
    return sum(finding.level is level for section in sections for finding in section.findings)
