"""RabbitMQ as far as it can be seen over AMQP. Each check gets an open connection and the service's definition.

Bindings cannot be listed over AMQP; what an old one brings is seen in the inbox (`bus.unheard_types`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from amqp import Message
from amqp.exceptions import AccessRefused, NotAllowed, NotFound
from kombu import Connection

from shared.checks.finding import Finding, Mend, fine, warning, wrong
from shared.kernel.ids import new_id
from shared.messaging import topology
from shared.messaging.rabbitmq import Blocked
from shared.messaging.topology import EXCHANGES, REPLAY, Missing, TopologyWrong, inbox_queue

if TYPE_CHECKING:
    from shared.application import Definition

OLDEST_RABBITMQ = (3, 10)
CONNECT_SECONDS = 4
CONFIRM_SECONDS = 3

_START = Mend(
    "启动或解冻消息服务器，检查防火墙与 JIUSHU_AMQP_URI 中的地址",
    "start or thaw the broker; look at the firewall and at the address in JIUSHU_AMQP_URI",
)

_ALARM = Mend(
    "腾出磁盘或内存；事件会留在发件箱中等待",
    "free disk or memory; meanwhile events wait in the outboxes",
    "rabbitmq-diagnostics alarms",
)


# ---- reaching it


def connect(uri: str) -> Any:
    """An AMQP connection, tried once. Raises what the driver raises."""
    return Connection(uri, connect_timeout=CONNECT_SECONDS).transport.establish_connection()


def away(error: BaseException | None = None) -> Finding:
    """The last attempts of a running service did not succeed."""
    if isinstance(error, TopologyWrong):
        return _not_as_declared(error)
    if isinstance(error, Blocked):
        return _takes_nothing()
    return wrong("连不上消息服务器", "the broker cannot be reached", _START)


def silent(seconds: float) -> Finding:
    """It takes connections, or swallows them, and says nothing."""
    return wrong(
        f"消息服务器 {seconds:g} 秒内没有应答", f"the broker did not answer within {seconds:g} s", _START
    )


def refused(error: BaseException) -> Finding:
    """It cannot be used, and says why."""
    if isinstance(error, TimeoutError):
        return silent(CONNECT_SECONDS)
    said = " ".join(str(error).split())
    if isinstance(error, AccessRefused):
        return wrong(
            "消息服务器拒绝了用户名或密码",
            "the broker refuses the user or the password",
            Mend(
                "更正 JIUSHU_AMQP_URI，或重设密码（guest 用户只能从本机连接）",
                "correct JIUSHU_AMQP_URI, or set the password (guest may connect from its own machine only)",
                "rabbitmqctl change_password <用户 user> <密码 password>",
            ),
            said,
        )
    if isinstance(error, NotAllowed):
        return wrong(
            "消息服务器上没有这个 vhost，或用户无权使用它",
            "the broker has no such vhost, or the user may not use it",
            Mend(
                "建立 vhost 并授权",
                "make it, and allow the user to use it",
                "rabbitmqctl add_vhost <vhost> && "
                "rabbitmqctl set_permissions -p <vhost> <用户 user> '.*' '.*' '.*'",
            ),
            said,
        )
    return wrong("连不上消息服务器", "the broker cannot be reached", _START, said)


# ---- looking into it


def broker(connection: Any, _definition: Definition) -> Iterator[Finding]:
    """It answers, and is of a version that is tested."""
    told = connection.server_properties
    product, version = str(told.get("product", "?")), str(told.get("version", "?"))
    oldest = ".".join(str(part) for part in OLDEST_RABBITMQ)
    if (
        product != "RabbitMQ"
        or tuple(int(part) for part in re.findall(r"\d+", version)[:2]) < OLDEST_RABBITMQ
    ):
        yield warning(
            f"{product} {version} 未经测试，请使用 RabbitMQ {oldest} 或更新的版本",
            f"{product} {version} is not tested, RabbitMQ {oldest} or newer is",
            Mend("升级消息服务器", "upgrade the broker"),
        )
    else:
        yield fine(f"消息服务器应答：RabbitMQ {version}", f"the broker answers: RabbitMQ {version}")


def exchanges(connection: Any, _definition: Definition) -> Iterator[Finding]:
    """The exchanges are there, as they are declared."""
    faults = []
    for exchange in EXCHANGES:
        try:
            topology.verify(connection, exchange)
        except TopologyWrong as error:
            faults.append(_not_as_declared(error))
    yield from faults
    if not faults:
        names = [exchange.name for exchange in EXCHANGES]
        yield fine(f"交换机 {'、'.join(names)} 与声明一致", f"exchanges {', '.join(names)} are as declared")


def queue(connection: Any, definition: Definition) -> Iterator[Finding]:
    """The service's queue is there, as it is declared, and somebody consumes it."""
    own = inbox_queue(definition.name, [])
    try:
        topology.verify(connection, own)
        _name, messages, consumers = topology.look(connection, own)
    except TopologyWrong as error:
        yield _not_as_declared(error)
        return
    if consumers:
        yield fine(
            f"队列 {own.name} 与声明一致：{messages} 个消息，{consumers} 个消费者",
            f"queue {own.name} is as declared: {messages} messages, {consumers} consumers",
        )
    else:
        yield warning(
            f"队列 {own.name} 没有消费者，积有 {messages} 个消息",
            f"nobody consumes queue {own.name}, which holds {messages} messages",
            Mend("启动服务", "start the service", f"jiushu run {definition.name}"),
        )


def alarm(connection: Any, _definition: Definition) -> Iterator[Finding]:
    """It takes messages: neither its memory nor its disk is full. Asked with a message that no queue gets."""
    reasons: list[str] = []
    connection.on_blocked = reasons.append
    channel = connection.channel()
    channel.confirm_select()
    confirmed: list[int] = []
    channel.events["basic_ack"].add(lambda tag, _multiple: confirmed.append(tag))
    # not to the default exchange: a service's user may not write to queues
    channel.basic_publish(Message(b""), exchange=REPLAY.name, routing_key=f"jiushu.check.{new_id()}")
    try:
        while not confirmed and not reasons:
            connection.drain_events(timeout=CONFIRM_SECONDS)
    except TimeoutError:
        reasons.append(f"no confirm within {CONFIRM_SECONDS} s")
    except NotFound:  # the exchanges' own check says so
        return
    except AccessRefused as error:
        yield _may_not_publish(str(error))
        return
    if reasons:
        yield _takes_nothing(reasons[0])
    else:
        yield fine("消息服务器接收消息，没有资源告警", "the broker takes messages, no alarm")


def _takes_nothing(detail: str = "") -> Finding:
    zh, en = (
        "消息服务器不接收消息：内存或磁盘告警",
        "the broker takes no messages: an alarm of memory or disk",
    )
    return wrong(zh, en, _ALARM, detail)


def _may_not_publish(detail: str) -> Finding:
    return wrong(
        "用户无权发布",
        "the user may not publish",
        Mend(
            "授予权限：各服务用户的权限见 jiushu topology export --users",
            "allow it: `jiushu topology export --users` writes each service's rights",
            "rabbitmqctl import_definitions <文件 file>",
        ),
        detail,
    )


def _not_as_declared(error: TopologyWrong) -> Finding:
    name = error.entity.name
    if isinstance(error, Missing):
        mend = Mend(
            "为全部服务声明交换机与队列，或重新导入定义",
            "declare exchanges and queues for all services, or import the definitions again",
            "jiushu migrate",
        )
        return wrong(f"没有 {name}：发往它的事件会丢失或等待", f"there is no {name}", mend, error.said)
    mend = Mend(
        "按 docs/operating/broker.md 更换它：服务照常接受请求，但不再收到事件",
        "change it as docs/operating/broker.md says: the service takes requests, but hears no events",
    )
    return wrong(f"{name} 的参数与声明不同", f"{name} has other arguments than declared", mend, error.said)
