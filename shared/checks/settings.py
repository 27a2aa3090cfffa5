"""What the services are told from outside: variables that nobody reads, and services that contradict each other."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.checks.finding import Finding, Mend, fine, masked, warning, wrong
from shared.messaging import failpoints
from shared.settings import IN_A_FILE, Settings, setting_names

if TYPE_CHECKING:
    from shared.application import Definition

NAMES = setting_names()
# read elsewhere: by the command line and by the tests
ALSO_READ = (
    "JIUSHU_SETTINGS_FILE",
    "JIUSHU_URL",
    "JIUSHU_TOKEN",
    "JIUSHU_REQUIRE_REAL",
    failpoints.VARIABLE,
)
FOR_TESTS = "JIUSHU_TEST_"


@dataclass(frozen=True)
class Examined:
    """A service as it is told to be. Nothing of it was opened."""

    definition: Definition
    settings: Settings


@dataclass(frozen=True)
class Installation:
    """What is looked at together: the variables, all installed services, and those that are examined."""

    environment: Mapping[str, str]
    installed: Sequence[str]
    services: Sequence[Examined]


def unknown_settings(installation: Installation) -> Iterator[Finding]:
    """Every JIUSHU_… variable, and every line of the settings file, is one that somebody reads."""
    own = [f"JIUSHU_{name.upper()}" for name in NAMES]
    single = [
        f"JIUSHU_{service.upper()}_{name.upper()}" for service in installation.installed for name in NAMES
    ]
    known = [*own, *single, *ALSO_READ]
    known += [f"{name}{IN_A_FILE}" for name in (*own, *single)]
    written = [name for name in installation.environment if name.startswith("JIUSHU_")]
    unknown = [name for name in sorted(written) if name not in known and not name.startswith(FOR_TESTS)]
    for name in unknown:
        yield _unknown(f"变量 {name}", f"variable {name}", name, known)
    path = installation.environment.get("JIUSHU_SETTINGS_FILE")
    for name in sorted(set(_in_file(path)) - set(NAMES)):
        unknown.append(name)
        yield _unknown(f"{path} 中的设置 {name}", f"setting {name} in {path}", name, NAMES)
    if installation.environment.get(failpoints.VARIABLE):
        yield wrong(
            f"{failpoints.VARIABLE} 已设置：服务会在指定步骤故意出错",
            f"{failpoints.VARIABLE} is set: services fail on purpose at the steps that it names",
            Mend("删除它；它只用于测试", "remove it; it is for tests only"),
        )
    if not unknown:
        yield fine(
            f"设置：{len(written)} 个 JIUSHU_ 变量，都有效", f"settings: {len(written)} variables, all known"
        )


def _unknown(zh: str, en: str, name: str, known: Sequence[str]) -> Finding:
    zh, en = f"没有程序读取{zh}", f"nothing reads {en}"
    close = get_close_matches(name, known, n=1, cutoff=0.8)
    if close:
        return wrong(zh, en, Mend(f"是不是 {close[0]}？", f"did you mean {close[0]}?"))
    return warning(zh, en, Mend("删除它", "remove it"))


def _in_file(path: str | None) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError):  # said where the settings are loaded
        return {}


def agreement(installation: Installation) -> Iterator[Finding]:
    """What services must share is shared, and what each must have alone is its own."""
    services = installation.services
    by_database = _names_by(services, lambda settings: settings.database_url)
    for url, names in by_database.items():
        if len(names) > 1:
            yield wrong(
                f"{'、'.join(names)} 使用同一个数据库 {masked(url)}，每个服务须有自己的数据库",
                f"{', '.join(names)} share one database; each needs its own",
                Mend("在 JIUSHU_DATABASE_URL 中写上 {service}", "write {service} in JIUSHU_DATABASE_URL"),
            )
    addresses = _names_by(services, attrgetter("http_host", "http_port"))
    if len(addresses) > 1 and not any(service.settings.amqp_uri for service in services):
        yield wrong(
            "各服务不在同一进程，又没有消息服务器：它们收不到彼此的事件",
            "services of several processes have no broker: they do not hear each other's events",
            Mend(
                "为所有服务设置 JIUSHU_AMQP_URI，或在一个进程、一个端口上运行它们",
                "set JIUSHU_AMQP_URI for all of them, or run them in one process on one port",
            ),
        )
    for name, level, consequence_zh, consequence_en in _SHARED:
        values = _names_by(services, attrgetter(name))
        if len(values) > 1:
            groups = "；".join("、".join(names) for names in values.values())
            variable = f"JIUSHU_{name.upper()}"
            yield level(
                f"各服务的 {variable} 不同（{groups}）：{consequence_zh}",
                f"{variable} differs between services: {consequence_en}",
                Mend(f"为所有服务设置同一个 {variable}", f"set one {variable} for all services"),
            )


_SHARED: Sequence[tuple[str, Callable[[str, str, Mend], Finding], str, str]] = (
    ("amqp_uri", wrong, "它们收不到彼此的事件", "they do not hear each other's events"),
    ("street_code", wrong, "它们属于不同的街道", "they belong to different sub-districts"),
    ("token_key_file", warning, "一个服务的令牌可能被另一个拒绝", "one may refuse the other's tokens"),
    ("oidc_issuer", warning, "一个服务的令牌可能被另一个拒绝", "one may refuse the other's tokens"),
    ("clock_file", warning, "它们的时间不同", "their times differ"),
)


def _names_by(services: Sequence[Examined], value: Callable[[Settings], Any]) -> dict[Any, list[str]]:
    found: dict[Any, list[str]] = defaultdict(list)
    for service in services:
        found[value(service.settings)].append(service.settings.service)
    return found
