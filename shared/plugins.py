"""The registry of plugins, over entry points: `jiushu.<service>.<point>`, `jiushu.services`, `jiushu.contracts`.

Built-in plugins use the same entry points as strangers'. A plugin of a point says `api = 1` and has the verbs of the
point's Protocol with the same parameters; two plugins with one name are refused. Every error names the distribution
that is to blame.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any

API = 1
SERVICES, CONTRACTS = "jiushu.services", "jiushu.contracts"


class PluginBroken(Exception):
    """A plugin that cannot be used, or one that was chosen and is not there; the text says whose, and why."""


@dataclass(frozen=True)
class Plugin:
    """What an installed distribution brings. `fault` says why it cannot be used; empty where it can."""

    group: str
    name: str
    distribution: str
    version: str
    fault: str = ""
    value: Any = field(default=None, repr=False)

    def usable(self) -> Any:
        """The plugin itself. Raises PluginBroken."""
        if self.fault:
            raise PluginBroken(
                f"{self.group}: '{self.name}' of {self.distribution} {self.version} {self.fault}"
            )
        return self.value


# what an entry point's name and object become before use; raises PluginBroken with the fault alone
Prepare = Callable[[str, Any], Any]


def find_plugins(group: str, prepare: Prepare | None, name: str | None = None) -> list[Plugin]:
    """The plugins of a group (or those of one name), usable or not: built-in ones first, then by name. Raises nothing.

    Built-in are those that come in the distribution of the service itself. Without `prepare` nothing is loaded.
    """
    service = group.split(".")[1]
    home = {_distribution(entry) for entry in entry_points(group=SERVICES, name=service)}
    found = entry_points(group=group) if name is None else entry_points(group=group, name=name)
    entries = sorted(found, key=lambda entry: (_distribution(entry) not in home, entry.name))
    return [_examined(entry, prepare, entries) for entry in entries]


def _examined(entry: EntryPoint, prepare: Prepare | None, entries: list[EntryPoint]) -> Plugin:
    version = entry.dist.version if entry.dist else "?"
    others = [_distribution(other) for other in entries if other.name == entry.name and other is not entry]
    value, fault = None, f"is brought by {', '.join(others)} too; uninstall one of them" if others else ""
    if prepare and not fault:
        try:
            value = prepare(entry.name, entry.load())
        except PluginBroken as broken:
            fault = str(broken)
        except (Exception, SystemExit) as error:  # a stranger's module may do anything
            fault = f"cannot be loaded from {entry.value}: {type(error).__name__}: {error}"
    return Plugin(entry.group, entry.name, _distribution(entry), version, fault, value)


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else "?"


# ---- the points of a service


def load_points(
    service: str, points: Mapping[str, type], chosen: Mapping[str, str]
) -> Mapping[str, Mapping[str, Any]]:
    """The plugins of all points of a service, by point and name. `chosen` names, by point, the one that comes first.

    Raises PluginBroken for one that cannot be used, and for a choice of what is not there.
    """
    unknown = sorted(set(chosen) - set(points))
    if unknown:
        known = ", ".join(points) or "none"
        raise PluginBroken(
            f"JIUSHU_{service.upper()}_PLUGINS: {service} has no point '{unknown[0]}', only: {known}"
        )
    return {
        point: load_plugins(f"jiushu.{service}.{point}", protocol, chosen.get(point, ""))
        for point, protocol in points.items()
    }


def load_plugins(group: str, protocol: type, chosen: str = "") -> Mapping[str, Any]:
    """The plugins of a point by name: the chosen one first, then built-in ones, then by name. Raises PluginBroken."""
    plugins = {plugin.name: plugin.usable() for plugin in find_plugins(group, keeping(protocol))}
    if not chosen:
        return plugins
    if chosen not in plugins:
        raise PluginBroken(
            f"{group}: '{chosen}' is chosen, but not installed; installed: {', '.join(plugins)}"
        )
    return {chosen: plugins.pop(chosen), **plugins}


def preferred(plugins: Mapping[str, Any]) -> str:
    """The name of the plugin that is used where nobody says which: the first, that is the chosen or a built-in one."""
    return next(iter(plugins))


def keeping(protocol: type) -> Prepare:
    """Prepares a plugin for a point: makes it, where the entry point names its class, and compares it."""

    def prepared(_name: str, value: Any) -> Any:
        plugin = value() if isinstance(value, type) else value
        must_keep(protocol, plugin)
        return plugin

    return prepared


def must_keep(protocol: type, plugin: Any) -> None:
    """Raises PluginBroken, naming what is missing or different, where the plugin does not keep the Protocol."""
    api = getattr(plugin, "api", None)
    if api != API:
        raise PluginBroken(f"must say api = {API}, it says {api!r}")
    for verb, function in inspect.getmembers(protocol, inspect.isfunction):
        if verb.startswith("_"):
            continue
        wanted, given = _parameters(function)[1:], getattr(plugin, verb, None)
        if not callable(given):
            raise PluginBroken(f"lacks the verb {_written(verb, wanted)}")
        if _parameters(given) != wanted:
            raise PluginBroken(
                f"has {_written(verb, _parameters(given))} instead of {_written(verb, wanted)}"
            )
    if not isinstance(plugin, protocol):
        raise PluginBroken(f"does not keep {protocol.__name__}")


def _parameters(function: Any) -> list[str]:
    """Names and kinds, such as `case` and `*more`; types and defaults do not matter."""
    parameters = inspect.signature(function).parameters.values()
    bare = [
        each.replace(annotation=inspect.Parameter.empty, default=inspect.Parameter.empty)
        for each in parameters
    ]
    return [str(each) if each.kind is not each.KEYWORD_ONLY else f"{each}=" for each in bare]


def _written(verb: str, parameters: list[str]) -> str:
    return f"{verb}({', '.join(parameters)})"
