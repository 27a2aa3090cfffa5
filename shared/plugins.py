"""The registry of plugins, over entry points: `jiushu.<service>.<point>`.

Built-in plugins use the same entry points as strangers'. A plugin says `api = 1` and keeps the Protocol of its
point; two plugins with one name are refused. Every error names the distribution that is to blame.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

API = 1


class PluginBroken(Exception):
    """An installed plugin that cannot be used."""


def load_plugins(group: str, protocol: type) -> Mapping[str, Any]:
    """The plugins of a group by name, built-in ones first, then by name.

    Raises PluginBroken for a duplicate name, another api than 1, or an object that lacks the Protocol's verbs.
    """
    found: dict[str, Any] = {}
    for entry in sorted(entry_points(group=group), key=_built_in_first):
        if entry.name in found:
            raise PluginBroken(f"{group}: '{entry.name}' is brought twice, now by {_distribution(entry)}")
        plugin = entry.load()
        plugin = plugin() if isinstance(plugin, type) else plugin
        if getattr(plugin, "api", None) != API:
            raise PluginBroken(f"{group}: '{entry.name}' of {_distribution(entry)} does not say api = {API}")
        if not isinstance(plugin, protocol):
            raise PluginBroken(
                f"{group}: '{entry.name}' of {_distribution(entry)} does not keep {protocol.__name__}"
            )
        found[entry.name] = plugin
    return found


def _built_in_first(entry: EntryPoint) -> tuple[bool, str]:
    return not _distribution(entry).startswith("jiushu-"), entry.name


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else "?"
