"""`jiushu keys`: the keys under which personal data lie, and how they are changed while the services run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from shared.access.contact_seal import make_pair
from shared.access.keyring import KeyRefused, Keyring
from shared.cli.operator import note_deed
from shared.cli.refusals import clear_refusals
from shared.persistence.sealing import PLAIN, census, reseal
from shared.settings import Settings
from shared.suite import Running, build, service_names

app = typer.Typer(help="数据密钥 the keys of personal data", no_args_is_help=True)

Key = Annotated[str, typer.Argument(help="the key's id: k1, k2, …")]


@app.command("list")
def list_all() -> None:
    """Which keys there are, and how many values of which service lie under each (数据密钥一览)."""
    with clear_refusals():
        for path, services in _by_file().items():
            keyring, used = _keyring(services), _used(services)
            table = Table("key", "made", "", *used, title=str(path))
            for key in keyring.keys:
                counts = [str(count[key.id]) for count in used.values()]
                table.add_row(key.id, f"{key.made_at:%Y-%m-%d %H:%M}", _current(key.id, keyring), *counts)
            unknown = sorted(set().union(*used.values()) - {key.id for key in keyring.keys})
            for id in unknown:
                name = "未加密 plain" if id == PLAIN else f"{id} 缺失 missing"
                table.add_row(name, "", "", *(str(count[id]) for count in used.values()))
            Console().print(table)


@app.command()
def rotate() -> None:
    """Make a new current key and bring all values under it; the services may run (轮换)."""
    with clear_refusals():
        for path, services in _by_file().items():
            made = _keyring(services).rotate()
            print(f"{path}: {made}")
            note_deed("jiushu keys rotate", made)
            _reseal(services)
    print(
        "旧密钥仍能读取备份，不再需要时用 jiushu keys retire 停用 (the old key still reads backups; retire it later)"
    )


@app.command("reseal")
def reseal_all() -> None:
    """Bring what a rotation left behind under the current key (补做轮换)."""
    with clear_refusals():
        for services in _by_file().values():
            _reseal(services)


@app.command()
def retire(key: Key) -> None:
    """Forget a key under which nothing lies any more; backups that need it are lost with it (停用)."""
    with clear_refusals():
        for path, services in _by_file().items():
            left = {name: count[key] for name, count in _used(services).items() if count[key]}
            if left:
                said = ", ".join(f"{name} {count}" for name, count in left.items())
                raise KeyRefused(
                    f"{key} 仍有数据：{said}，请先 jiushu keys reseal (values still lie under it)"
                )
            _keyring(services).retire(key)
            note_deed("jiushu keys retire", key)
            print(f"{path}: {key} ✗")


@app.command("contact")
def make_contact_pair() -> None:
    """Make the pair to which contacts are sealed for notify: the private half for notify, the public one for grid
    (联系方式密钥)."""
    with clear_refusals():
        notify, grid = Settings.load("notify"), Settings.load("grid")
        made = make_pair(notify.contact_key_file, grid.contact_public_key_file)
        if made:
            note_deed("jiushu keys contact", str(grid.contact_public_key_file))
        print(f"notify: {notify.contact_key_file} {'✓' if made else '已有 (was there)'}")
        print(f"grid: {grid.contact_public_key_file}")


def _by_file() -> Mapping[Path, list[Running]]:
    """The services that share each key file."""
    found: dict[Path, list[Running]] = {}
    for running in build(service_names()):
        found.setdefault(running.settings.data_key_file, []).append(running)
    return found


def _keyring(services: Iterable[Running]) -> Keyring:
    return next(iter(services)).application.database.keyring


def _used(services: Iterable[Running]) -> dict[str, Counter[str]]:
    applications = [running.application for running in services]
    return {one.name: census(one.database, one.sealed_tables) for one in applications}


def _reseal(services: Iterable[Running]) -> None:
    for running in services:
        application = running.application
        print(f"  {application.name}: {reseal(application.database, application.sealed_tables)}")


def _current(id: str, keyring: Keyring) -> str:
    return "当前 current" if id == keyring.current else ""
