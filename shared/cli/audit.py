"""`jiushu audit`: whether the trail is whole, who did what to whom, and an export for an auditor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shared.access.roles import AUDITOR
from shared.audit import export as signed
from shared.audit.reading import Extent, extent, kept_of
from shared.audit.reading import verify as found_wrong
from shared.audit.verification import CUT_OFF, Kept, Wrong, by_number
from shared.checks.database import reading_engine, sqlite_file
from shared.cli.client import call
from shared.cli.operator import note_deed
from shared.cli.replay import Since, Until, instant
from shared.settings import Settings
from shared.suite import service_names

app = typer.Typer(help="审计记录 the audit trail", no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

Services = Annotated[list[str] | None, typer.Argument(help="service names; none: all that are installed")]
Subject = Annotated[str | None, typer.Option(help="the resident_ref of the person concerned")]
By = Annotated[str | None, typer.Option("--actor", help="who did it: the id in the token")]
PAGE = 200
WHOLE, TAMPERED, NOT_EXAMINED = 0, 1, 2


class NotAtHand(Exception):
    """A service's database cannot be read from here."""


class FileMissing(NotAtHand):
    """Its SQLite file is not there."""


@dataclass(frozen=True)
class Others:
    """What the other services keep of one; `beside`: some of it in databases that are at hand, not over HTTP only."""

    kept: Kept
    keepers: list[str]
    beside: bool


@app.command()
def verify(services: Services = None) -> None:
    """Compare each trail with its seals, and these with what the other services keep.

    0: all were examined, and are whole. 1: something is wrong. 2: something could not be examined.
    """
    outcomes = {_verified(name) for name in services or service_names()}
    raise typer.Exit(min(outcomes - {WHOLE}, default=WHOLE))


def _verified(name: str) -> int:
    """Say what is wrong with one service's trail, or why that cannot be known."""
    others, settings = _kept_by_others(name), Settings.load(name)
    try:
        with _database_of(name) as session:
            wrong = list(found_wrong(session, name, others.kept, settings.audit_days))
            length = extent(session)
    except NotAtHand as reason:
        if not (isinstance(reason, FileMissing) and others.beside):
            _tell_not_examined(name, str(reason), others)
            return NOT_EXAMINED
        wrong, length = [Wrong(CUT_OFF, number) for number in sorted(others.kept)], Extent(0, 0, 0)
    for one in wrong:
        console.print(f"[red]✗[/] {name}：{one.told}")
    if wrong:
        return TAMPERED
    _tell_whole(name, length, others.keepers)
    return WHOLE if others.keepers else NOT_EXAMINED


def _tell_whole(name: str, length: Extent, keepers: list[str]) -> None:
    zh, en = (
        f"{length.seals} 个封存、{length.entries} 条记录完好",
        f"{length.seals} seals, {length.entries} entries",
    )
    if keepers:
        zh, en = f"{zh}，与 {'、'.join(keepers)} 的存底相符", f"{en}; as these keep them"
    console.print(f"[green]✓[/] {name}：{zh} [dim]({en})[/]")
    if not keepers:
        told = "没有其他服务的存底可比，末尾是否被截断未能核对 (no other's seals: the end was not examined)"
        errors.print(f"[yellow]?[/] {name}：{told}")
    if length.unsealed:
        told = (
            f"{length.unsealed} 条记录久未封存，服务是否在运行？ (not sealed for long: does the service run?)"
        )
        console.print(f"[yellow]![/] {name}：{told}")


def _tell_not_examined(name: str, reason: str, others: Others) -> None:
    errors.print(f"[yellow]?[/] {name}：未核对：{escape(reason)} (not examined)")
    if others.kept:
        last, keepers = max(others.kept), "、".join(others.keepers)
        told = (
            f"{keepers} 存有它到第 {last} 号的封存，请在它的数据库所在处核对 (verify where its database is)"
        )
        errors.print(f"[yellow]?[/] {name}：{told}")


def _kept_by_others(name: str) -> Others:
    """What could be asked of the others: in their databases, else over HTTP."""
    kept: list[tuple[int, str]] = []
    keepers = []
    beside = False
    for other in service_names():
        if other == name:
            continue
        try:
            with _database_of(other) as session:
                found = kept_of(session, name)
            beside = beside or bool(found)
        except NotAtHand:
            try:
                seals = _pages(f"/{other}/v1/audit/kept-seals", service=name)
                found = [(seal["number"], seal["hash"]) for seal in seals]
            except typer.Exit:
                errors.print(
                    f"[yellow]![/] {name}：没有取得 {other} 的存底 (what {other} keeps is not known)"
                )
                continue
        kept += found
        keepers.append(other)
    return Others(by_number(kept), keepers, beside)


@contextmanager
def _database_of(name: str) -> Iterator[Session]:
    """A session that only reads. Raises NotAtHand."""
    url = Settings.load(name).database_url
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise FileMissing(f"没有 {file} (there is no such file)")
    engine = reading_engine(url)
    try:
        with Session(engine) as session:
            yield session
    except SQLAlchemyError as error:
        raise NotAtHand(" ".join(str(getattr(error, "orig", None) or error).split())) from error
    finally:
        engine.dispose()


@app.command()
def search(subject: Subject = None, actor: By = None, since: Since = None) -> None:
    """Find in all services who did what: about a person, by an actor, since a time."""
    if subject is None and actor is None and since is None:
        errors.print("[red]请指明 --subject、--actor 或 --since[/] (say about whom, by whom, or since when)")
        raise typer.Exit(2)
    table = Table(
        "service", "at", "actor", Column("operation", overflow="fold"), "object", "status", "purpose"
    )
    for entry in _entries(service_names(), subject=subject, actor=actor, since=instant(since)):
        who, outcome = f"{entry['role']}:{entry['actor']}", f"{entry['status']} {entry['code'] or ''}".strip()
        cells = (who, entry["operation"], entry["object"] or "", outcome, entry["purpose"] or "")
        table.add_row(entry["service"], entry["at"], *map(escape, cells))
    Console().print(table if table.row_count else "没有记录 (no entries)")


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="the file to write; its signature lies beside it, as FILE.sig")],
    since: Since = None,
    until: Until = None,
    subject: Subject = None,
    services: Services = None,
) -> None:
    """Write entries as JSON lines, and the seals over them unless they are one person's; signed.

    The public key is printed. The reading itself leaves entries.
    """
    try:
        key = signed.signing_key(Settings.load("cli").var_dir / "audit-export.key")
        wanted = {"subject": subject, "since": instant(since), "until": instant(until)}
        names = services or service_names()
        lines = _entries(names, **wanted) if subject else _entries_with_seals(names, **wanted)
        number = signed.write(out, lines, key)
        note_deed("jiushu audit export", subject)
    except signed.ExportRefused as refused:
        errors.print(str(refused), style="red", markup=False)
        raise typer.Exit(2) from None
    except OSError as error:
        errors.print(f"[red]写不了 {error.filename}：{error.strerror}[/] (cannot write there)")
        raise typer.Exit(2) from None
    console.print(f"{out}：{number} 条记录 entries\n公钥 public key: {signed.public_text(key.public_key())}")


@app.command()
def verify_export(
    file: Annotated[Path, typer.Argument(help="the exported file; its signature is FILE.sig")],
    public_key: Annotated[str | None, typer.Option(help="the key that must have signed it")] = None,
) -> None:
    """Say whether an export is as it was signed, by which key, and whether its entries are those that were sealed."""
    try:
        signer = signed.verified(file, public_key)
        compared = signed.compared(file)
    except signed.ExportRefused as refused:
        errors.print(f"✗ {file}：{refused}", style="red", markup=False)
        raise typer.Exit(1) from None
    console.print(f"[green]✓[/] {file}：未被改动 unchanged\n公钥 public key: {signer}")
    for service, found in compared.items():
        _tell_compared(service, found)
    if any(found.wrong for found in compared.values()):
        raise typer.Exit(1)
    if public_key is None:
        console.print("[yellow]![/] 请与导出时的公钥核对，或用 --public-key 指明 (compare the key yourself)")


def _tell_compared(service: str, found: signed.Comparison) -> None:
    for wrong in found.wrong:
        errors.print(f"[red]✗[/] {service}：{wrong}")
    console.print(f"{service}：{found.whole} 个封存与其记录相符 ({found.whole} seals have their entries)")
    if found.parts:
        numbers = "、".join(map(str, found.parts))
        told = f"{service}：第 {numbers} 号封存只导出一部分，未核对 (only in part, not examined)"
        console.print(f"[yellow]![/] {told}")
    if found.unsealed:
        told = f"{service}：{found.unsealed} 条记录导出时尚未封存 (had no seal yet)"
        console.print(f"[yellow]![/] {told}")


def _entries_with_seals(services: list[str], **wanted: str | None) -> Iterator[dict[str, Any]]:
    """The entries of each service, and then all seals from the first to the last of them."""
    for name in services:
        numbers: set[int] = set()
        for line in _entries([name], **wanted):
            numbers |= {line["seal"]} - {None}
            yield line
        for seal in _seals(name, min(numbers), max(numbers)) if numbers else ():
            yield {"service": name, signed.SEALED: seal}


def _seals(name: str, first: int, last: int) -> Iterator[dict[str, Any]]:
    after = {"after": str(first - 1)} if first > 1 else {}
    for seal in _pages(f"/{name}/v1/audit/seals", **after):
        if seal["number"] > last:
            return
        yield seal


def _entries(services: list[str], **wanted: str | None) -> Iterator[dict[str, Any]]:
    for name in services:
        for entry in _pages(f"/{name}/v1/audit/entries", **wanted):
            yield {"service": name, **entry}


def _pages(path: str, **wanted: str | None) -> Iterator[dict[str, Any]]:
    """All rows of a list, part by part, as an auditor."""
    given = {name: value for name, value in wanted.items() if value is not None}
    after: dict[str, str] = {}
    while True:
        part = call("GET", f"{path}?{urlencode({**given, 'limit': PAGE, **after})}", role=AUDITOR)
        yield from part["items"]
        if part["next"] is None:
            return
        after = {"after": part["next"]}
