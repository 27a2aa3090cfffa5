"""`jiushu plugins`: what is installed, who brings it, and what of it cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from shared.contracts.registry import Event
from shared.plugins import CONTRACTS, SERVICES, Plugin, PluginBroken, find_plugins, keeping
from shared.suite import as_service

app = typer.Typer(help="插件 what is installed, and who brings it", no_args_is_help=True)

COLUMNS = ("group", "name", "distribution", "version", "state")


@app.callback()
def _plugins() -> None:
    """插件 what is installed, and who brings it"""


@app.command("list")
def list_all() -> None:
    """All services, contracts and plugins, with the reason for what cannot be used; exit 1 if there is such."""
    found = list(installed_plugins())
    table = Table(*(Column(name, overflow="fold") for name in COLUMNS))
    for plugin in found:
        table.add_row(plugin.group, plugin.name, plugin.distribution, plugin.version, _state(plugin))
    Console().print(table)
    if any(plugin.fault for plugin in found):
        raise typer.Exit(1)


def _state(plugin: Plugin) -> str:
    if plugin.fault:
        return f"[red]不可用 broken[/]：{escape(plugin.fault)}"
    return (
        "[green]可用 ok[/]"
        if plugin.value
        else "[dim]未用 not used：此处未安装该服务 its service is not installed here[/]"
    )


def installed_plugins() -> Iterator[Plugin]:
    """All plugins of all groups: services, contracts, then the points. Loads what is used here; raises nothing.

    A plugin without `fault` and `value` is for a service that is not installed here.
    """
    services = find_plugins(SERVICES, as_service)
    yield from services
    yield from find_plugins(CONTRACTS, _as_contracts)
    for group in sorted(entry_points().groups):
        if group.startswith("jiushu.") and group not in (SERVICES, CONTRACTS):
            yield from _of_point(group, services)


def _of_point(group: str, services: list[Plugin]) -> list[Plugin]:
    name, _, point = group.removeprefix("jiushu.").partition(".")
    service = next((service for service in services if service.name == name), None)
    if service is None:
        return find_plugins(group, None)
    protocol = None if service.fault else service.value.definition.plugin_points.get(point)
    return find_plugins(group, keeping(protocol) if protocol else _never_used)


def _never_used(_name: str, _value: Any) -> Any:
    raise PluginBroken("is never asked: its service has no such point, or cannot be used itself")


def _as_contracts(name: str, module: Any) -> Any:
    """The module with the events that the service of that name publishes. Raises PluginBroken."""
    foreign = [event.type for event in vars(module).values() if _is_event(event) and event.owner() != name]
    if foreign:
        raise PluginBroken(f"declares what another service owns: {', '.join(sorted(foreign))}")
    return module


def _is_event(thing: Any) -> bool:
    return isinstance(thing, type) and issubclass(thing, Event) and "type" in vars(thing)
