"""All checks, each with a time limit, so that a frozen server costs seconds and hides nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from shared.checks import broker, bus, database, table
from shared.checks.finding import Finding, Mend, warning, without_secrets, wrong
from shared.checks.patience import NoAnswer, within
from shared.checks.settings import Examined, Installation
from shared.plugins import PluginBroken
from shared.settings import Settings, SettingsWrong
from shared.suite import service_class, service_names

SECONDS = 5.0

Check = Callable[..., Iterable[Finding]]
Failed = Callable[[BaseException], Finding]


@dataclass(frozen=True)
class Section:
    """What was found of one service; of all together where `service` is empty."""

    service: str
    findings: Sequence[Finding]


def examine(names: Sequence[str], environment: Mapping[str, str]) -> Iterator[Section]:
    """Look at the installation, then at each service. Changes nothing.

    Raises UnknownService.
    """
    services: list[Examined] = []
    refused: dict[Finding, None] = {}
    for name in names:
        try:
            services.append(Examined(service_class(name).definition, Settings.load(name, environment)))
        except SettingsWrong as error:
            refused |= dict.fromkeys(_setting(line) for line in str(error).splitlines())
        except PluginBroken as error:
            refused[_not_loaded(name, error)] = None
    installation = Installation(environment, service_names(), services)
    yield Section("", [*refused, *_all(table.INSTALLATION, _broken, installation)])
    with ThreadPoolExecutor(max_workers=max(1, len(services))) as executor:
        yield from executor.map(_service, services)


def _service(service: Examined) -> Section:
    findings = [*_all(table.SERVICE, _broken, service), *_database(service), *_broker(service)]
    urls = [service.settings.database_url, service.settings.amqp_uri or ""]
    shown = [replace(finding, detail=without_secrets(finding.detail, urls)) for finding in findings]
    return Section(service.definition.name, shown)


def _database(service: Examined) -> Iterator[Finding]:
    file = database.sqlite_file(service.settings.database_url)
    if file and not file.exists():
        yield replace(database.not_yet(file, service.definition), check="database")
        return
    try:
        connection = within(SECONDS, database.reading_engine(service.settings.database_url).connect)
        session = Session(connection)
        yield from _all(table.DATABASE, database.refused, session, service.definition)
        if within(SECONDS, partial(bus.has_tables, session)):
            yield from _all(table.BUS, database.refused, session, service.definition)
            yield from _all(table.SEALED, database.refused, session, service)
        within(SECONDS, connection.close)
    except NoAnswer:  # nobody touches the connection any more: a thread still waits for it
        yield replace(database.silent(SECONDS), check="database")
    except Exception as error:
        yield replace(database.refused(error), check="database")


def _broker(service: Examined) -> Iterator[Finding]:
    if not service.settings.amqp_uri:
        return
    try:
        connection = within(SECONDS, partial(broker.connect, service.settings.amqp_uri))
        yield from _all(table.BROKER, broker.refused, connection, service.definition)
        connection.collect()
    except NoAnswer:
        yield replace(broker.silent(SECONDS), check="broker")
    except Exception as error:
        yield replace(broker.refused(error), check="broker")


def _all(checks: Iterable[Check], failed: Failed, *about: Any) -> Iterator[Finding]:
    """What the checks find, one after another; one that breaks is itself a finding. Raises NoAnswer."""
    for check in checks:
        try:
            findings = within(SECONDS, partial(_found, check, about))
        except NoAnswer:
            raise
        except Exception as error:
            findings = [failed(error)]
        for finding in findings:
            yield replace(finding, check=check.__name__)


def _found(check: Check, about: Sequence[Any]) -> list[Finding]:
    try:
        return list(check(*about))
    finally:
        if isinstance(about[0], Session):
            about[0].rollback()


def _setting(line: str) -> Finding:
    name, _, allowed = line.partition(": ")
    mend = Mend(f"更正 {name}：{allowed}", f"correct {name}: {allowed}")
    return replace(
        wrong(f"{name} 的值不能使用", f"{name} has a value that cannot be used", mend), check="settings"
    )


def _not_loaded(name: str, error: PluginBroken) -> Finding:
    mend = Mend("重新安装它，再看插件一览", "install it anew, then list what there is", "jiushu plugins list")
    return replace(
        wrong(f"服务 {name} 无法载入", f"service {name} cannot be loaded", mend, str(error)), check="services"
    )


def _broken(error: BaseException) -> Finding:
    mend = Mend("请把下面的原因告诉开发者", "tell the developers the reason below")
    reason = f"{type(error).__name__}: {error}"
    return warning("这一项没有检查成", "this could not be looked at", mend, reason)
