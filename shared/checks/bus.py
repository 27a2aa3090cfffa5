"""What the service's own database says about its part of the bus: who holds it, what is stuck.

As in `database.py`, each check gets a session that only reads, and the service's definition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Table, and_, func, inspect, select
from sqlalchemy.orm import Session

from shared.checks.finding import Finding, Mend, fine, warning, wrong
from shared.kernel.clock import epoch
from shared.kernel.ids import made_at
from shared.messaging.inbox import DEAD, PENDING, WAITED_LONG
from shared.messaging.lane import UNFINISHED
from shared.messaging.lease import LEASE_SECONDS
from shared.persistence.tables import inbox_messages, kernel, leases, outbox_messages, scheduled_commands

if TYPE_CHECKING:
    from shared.application import Definition

OUTBOX_SECONDS = 60.0

inbox = inbox_messages.c
outbox = outbox_messages.c
scheduled = scheduled_commands.c


def has_tables(session: Session) -> bool:
    """Whether there is anything to look at: before the first migration there is not."""
    return {table.name for table in kernel.sorted_tables} <= set(
        inspect(session.connection()).get_table_names()
    )


def lease(session: Session, definition: Definition) -> Iterator[Finding]:
    """One process of the service is alive and does the background work."""
    row = session.execute(select(leases.c.holder, leases.c.until)).first()
    now = _server_now(session)
    run = Mend("启动服务", "start the service", f"jiushu run {definition.name}")
    if row is None:
        yield warning("服务还没有运行过", "the service has never run", run)
    elif row.until > now + 10 * LEASE_SECONDS:
        yield wrong(
            f"后台工作的租约到期时间在 {_spoken(row.until - now)}之后：数据库服务器的时钟被拨回过",
            "the lease ends far in the future: the clock of the database server was set back",
            Mend(
                "停止该服务的全部进程，清除租约，再启动",
                "stop all processes of the service, clear the lease, start again",
                "UPDATE leases SET until = 0",
            ),
        )
    elif row.until > now:
        age = _spoken(epoch() - made_at(row.holder))
        yield fine(f"服务正在运行，已 {age}", "the service runs")
    elif row.until == 0:
        yield warning("服务没有运行（已正常停止）", "the service does not run (it was stopped)", run)
    else:
        yield warning(
            f"服务没有运行，{_spoken(now - row.until)}前意外中断",
            "the service does not run; it ended without letting go",
            run,
        )


def outbox_lag(session: Session, _definition: Definition) -> Iterator[Finding]:
    """What was said is published within a minute."""
    unpublished = outbox.published_at.is_(None)
    waiting = _count(session, outbox_messages, unpublished)
    oldest = session.scalar(select(outbox.event_id).where(unpublished).order_by(outbox.id).limit(1))
    # the rows tell the time of the business, which a demonstration moves; their ids tell the system's
    lag = epoch() - made_at(oldest) if oldest else 0.0
    if lag <= OUTBOX_SECONDS:
        yield fine(f"发件箱：{waiting} 个事件待发布", f"outbox: {waiting} events to publish")
        return
    yield warning(
        f"发件箱有 {waiting} 个事件没有发布，最早的已等待 {_spoken(lag)}",
        f"{waiting} events are not published",
        Mend(
            "确认服务在运行、消息服务器可用（见本检查的其他各行）；恢复后会自动发布",
            "see that the service runs and the broker can be used; then they are published by themselves",
        ),
    )


def dead_letters(session: Session, definition: Definition) -> Iterator[Finding]:
    """No event was given up."""
    dead = and_(UNFINISHED, inbox.state == DEAD)
    number = _count(session, inbox_messages, dead)
    if not number:
        yield fine("没有死信", "no dead letters")
        return
    kinds = session.scalars(select(inbox.type).where(dead).distinct().limit(3)).all()
    yield wrong(
        f"有 {number} 个死信：{'、'.join(kinds)}",
        f"{number} events could not be handled",
        Mend(
            "看明原因，改正后重放，或放弃（replay 或 discard）",
            "see why; mend that and replay, or discard",
            f"jiushu dead-letters list && jiushu dead-letters show {definition.name} <编号 id>",
        ),
    )


def dead_commands(session: Session, definition: Definition) -> Iterator[Finding]:
    """No scheduled command was given up."""
    number = _count(session, scheduled_commands, scheduled.state == DEAD)
    if not number:
        yield fine("没有失败的定时命令", "no dead scheduled commands")
        return
    yield wrong(
        f"有 {number} 个定时命令没有执行成功",
        f"{number} scheduled commands could not be carried out",
        Mend(
            f"看明原因，改正后用 POST /{definition.name}/v1/dead-commands/<编号>/replay 重放",
            f"see why; mend that and POST /{definition.name}/v1/dead-commands/<id>/replay",
            "jiushu dead-letters list",
        ),
    )


def waiting_long(session: Session, _definition: Definition) -> Iterator[Finding]:
    """No event waits long for what it builds on."""
    long = and_(UNFINISHED, inbox.state == PENDING, inbox.waits >= WAITED_LONG)
    number = _count(session, inbox_messages, long)
    if not number:
        yield fine("没有久等的事件", "nothing waits for long")
        return
    yield warning(
        f"有 {number} 个事件在久等其依据的信息",
        f"{number} events wait for long for what they build on",
        Mend(
            "看它们在等什么：多为另一服务没有运行，或有死信",
            "see what they wait for: mostly a service that does not run, or its dead letters",
            "jiushu dead-letters list --waiting",
        ),
    )


def unheard_types(session: Session, definition: Definition) -> Iterator[Finding]:
    """Nothing arrives that the service does not listen to: the broker still has a binding from former times."""
    types = session.scalars(select(inbox.type).where(UNFINISHED, inbox.state == PENDING).distinct()).all()
    known = {subscription.contract.type for subscription in definition.hears}
    strange = sorted(set(types) - known)
    if not strange:
        return
    yield warning(
        f"收到了本服务不订阅的事件：{_first(strange)}",
        f"events arrive that this service does not subscribe to: {', '.join(strange[:3])}",
        Mend(
            "如果不是正在升级：删除消息服务器上的旧绑定（docs/operating/check.md），并放弃这些消息",
            "unless an upgrade is under way: remove the old binding (docs/operating/check.md), discard the messages",
            f"rabbitmqctl list_bindings -p <vhost> | grep {definition.name}.inbox",
        ),
    )


def _count(session: Session, table: Table, where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(where)) or 0


def _server_now(session: Session) -> float:
    """The clock that leases go by: the database server's, which on SQLite is this machine's."""
    if session.get_bind().dialect.name == "sqlite":
        return epoch()
    return float(session.scalar(select(func.extract("epoch", func.clock_timestamp()))) or 0)


def _spoken(seconds: float) -> str:
    passed = timedelta(seconds=max(0, round(seconds)))
    hours, minutes = passed.seconds // 3600, passed.seconds % 3600 // 60
    if passed.days:
        return f"{passed.days} 天 {hours} 小时"
    if hours:
        return f"{hours} 小时 {minutes} 分"
    return f"{minutes} 分" if minutes else f"{passed.seconds} 秒"


def _first(names: Sequence[str]) -> str:
    return "、".join(names[:3]) + ("……" if len(names) > 3 else "")
