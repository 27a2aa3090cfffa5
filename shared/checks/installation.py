"""What is installed, and what the services stand on together: contracts, plugins, clocks, ports."""

from __future__ import annotations

import errno
import socket
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

import requests

from shared.calendar import CalendarWrong, working_calendar
from shared.checks.finding import Finding, Mend, fine, warning, wrong
from shared.checks.settings import Examined, Installation
from shared.contracts.registry import load_contracts
from shared.kernel.clock import local, local_date
from shared.plugins import CONTRACTS, SERVICES, PluginBroken, load_points

# ---- what is installed


def contracts(_installation: Installation) -> Iterator[Finding]:
    """All events that are installed can be used."""
    try:
        number = len(load_contracts())
    except Exception as error:
        yield wrong(
            "事件契约无法载入",
            "the contracts of events cannot be loaded",
            Mend("重新安装或移除出错的软件包", "reinstall, or remove, the distribution that is to blame"),
            f"{type(error).__name__}: {error}",
        )
    else:
        yield fine(f"事件契约：{number} 种事件", f"contracts: {number} types of events")


def plugin_groups(installation: Installation) -> Iterator[Finding]:
    """No installed plugin stands in a group that nobody loads."""
    known = [SERVICES, CONTRACTS]
    for service in installation.services:
        known += [f"jiushu.{service.definition.name}.{point}" for point in service.definition.plugin_points]
    not_examined = set(installation.installed) - {each.definition.name for each in installation.services}
    for group in sorted(entry_points().groups):
        if group.startswith("jiushu.") and group not in known and group.split(".")[1] not in not_examined:
            brought_by = sorted({entry.dist.name for entry in entry_points(group=group) if entry.dist})
            close = get_close_matches(group, known, n=1, cutoff=0.6)
            yield warning(
                f"{'、'.join(brought_by)} 的插件组 {group} 没有服务载入",
                f"no service loads the plugin group {group} of {', '.join(brought_by)}",
                Mend(f"是不是 {close[0]}？", f"did you mean {close[0]}?")
                if close
                else Mend(
                    "安装相应的服务，或移除该软件包", "install its service, or remove the distribution"
                ),
            )


def plugins(service: Examined) -> Iterator[Finding]:
    """The plugins of each of the service's points can be used, and those that are chosen are there."""
    definition = service.definition
    if not definition.plugin_points:
        return
    try:
        points = load_points(definition.name, definition.plugin_points, service.settings.plugins)
    except PluginBroken as broken:
        yield wrong(
            "插件无法使用",
            "a plugin cannot be used",
            Mend(
                "更正或移除它，再看插件一览",
                "mend or remove it, then list what there is",
                "jiushu plugins list",
            ),
            str(broken),
        )
        return
    shown = "；".join(f"{point}：{'、'.join(found) or '–'}" for point, found in points.items())
    english = "; ".join(f"{point}: {', '.join(found) or '-'}" for point, found in points.items())
    yield fine(f"插件 {shown}", f"plugins {english}")


# ---- clocks and ports


def clocks(installation: Installation) -> Iterator[Finding]:
    """The business goes by the real time, and Beijing's time is known here."""
    try:
        offset = local(datetime.now(UTC)).utcoffset()
    except ZoneInfoNotFoundError:  # pragma: no cover - tzdata is installed with us
        offset = None
    if offset is None:
        yield wrong(
            "本机没有 Asia/Shanghai 时区数据",
            "the time zone Asia/Shanghai is unknown here",
            Mend("安装时区数据", "install the data of time zones", "pip install tzdata"),
        )
    files = sorted({each.settings.clock_file for each in installation.services if each.settings.clock_file})
    for path in files:
        yield from _moved(path)
    if not files:
        yield fine("时钟：本机时间", "clock: this machine's")


KNOWN_AHEAD = timedelta(days=60)  # in November the State Council says what the next year is like


def calendar(installation: Installation) -> Iterator[Finding]:
    """Which days are worked is known for some time to come."""
    for file in sorted({each.settings.calendar_file for each in installation.services}, key=str):
        try:
            known = working_calendar(file)
        except CalendarWrong as error:
            mend = Mend("按 docs/operating/settings.md 改正", "correct it as docs/operating/settings.md says")
            yield wrong(
                f"工作日历文件 {file} 不能用", f"the calendar file {file} cannot be used", mend, str(error)
            )
            continue
        last = max(known.years)
        ahead = local_date(datetime.now(UTC) + KNOWN_AHEAD)
        if known.knows(ahead, ahead):
            yield fine(f"工作日历：已知到 {last} 年", f"working calendar: known up to {last}")
        else:
            yield warning(
                f"工作日历只知道到 {last} 年，之后的工作日期限是暂算的",
                f"the working calendar is known up to {last} only; working days after it are provisional",
                Mend(
                    "用 JIUSHU_CALENDAR_FILE 补上下一年的放假调休安排，重启后重算：POST /grid/v1/case-clocks/recount",
                    "add the next year with JIUSHU_CALENDAR_FILE, restart, POST /grid/v1/case-clocks/recount",
                ),
            )


def _moved(path: Path) -> Iterator[Finding]:
    mend = Mend("正式运行时请去掉 JIUSHU_CLOCK_FILE", "outside a demonstration, unset JIUSHU_CLOCK_FILE")
    try:
        days = float(path.read_text(encoding="ascii") or 0) / 86400 if path.exists() else 0.0
    except (OSError, ValueError) as error:
        zh, en = f"时钟文件 {path} 里不是秒数", f"the clock file {path} does not hold seconds"
        yield wrong(zh, en, mend, str(error))
    else:
        zh = f"使用演示时钟 {path}：业务时间偏移 {days:+.1f} 天"
        yield warning(zh, f"a demonstration's clock: the business's time is moved by {days:+.1f} days", mend)


def ports(installation: Installation) -> Iterator[Finding]:
    """The services can listen where they are told to, or do so already."""
    addresses: dict[tuple[str, int], list[str]] = defaultdict(list)
    for service in installation.services:
        settings = service.settings
        addresses[settings.http_host, settings.http_port].append(settings.service)
    for (host, port), names in addresses.items():
        yield _port(host, port, names)


def _port(host: str, port: int, names: Sequence[str]) -> Finding:
    shown = f"{host}:{port}"
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
        return fine(f"端口 {shown} 空闲", f"port {shown} is free")
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            mend = Mend(
                "更改 JIUSHU_HTTP_HOST 或 JIUSHU_HTTP_PORT", "change JIUSHU_HTTP_HOST or JIUSHU_HTTP_PORT"
            )
            return wrong(f"不能监听 {shown}", f"nobody can listen on {shown}", mend, str(error))
    there = [name for name in names if _is_alive(host, port, name)]
    missing = [name for name in names if name not in there]
    if not there:
        return wrong(
            f"端口 {shown} 被其他程序占用",
            f"another program listens on {shown}",
            Mend(
                "停止它，或更改 JIUSHU_HTTP_PORT",
                "stop it, or change JIUSHU_HTTP_PORT",
                f"ss -ltnp 'sport = :{port}'",
            ),
        )
    if missing:
        return warning(
            f"端口 {shown} 上没有 {'、'.join(missing)}",
            f"on {shown} there is no {', '.join(missing)}",
            Mend(
                "为它另设端口并启动",
                "start it on a port of its own",
                f"JIUSHU_HTTP_PORT=<端口 port> jiushu run {missing[0]}",
            ),
        )
    return fine(f"端口 {shown}：{'、'.join(there)} 正在运行", f"port {shown}: {', '.join(there)} run there")


def _is_alive(host: str, port: int, name: str) -> bool:
    reached = "127.0.0.1" if host in ("0.0.0.0", "") else host
    try:
        answer = requests.get(f"http://{reached}:{port}/{name}/v1/healthz", timeout=2)
        return answer.ok and answer.json() == {"status": "ok"}
    except (requests.RequestException, ValueError):
        return False
