"""A backlog of durable messages becomes inbox rows and effects: ours beside stock nameko, FastStream and the bare limit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from shared.contracts.envelope import CONTENT_TYPE
from shared.messaging import rabbitmq
from tests.bench import toy
from tests.bench.ground import Ground, Sql, child, until


@dataclass(frozen=True)
class Contestant:
    """One way to consume; `backlog` is chosen so that each is at work for some seconds."""

    name: str
    module: str
    queue: str
    exchange: str
    routing_key: str
    backlog: int
    settings: dict = field(default_factory=dict)
    content_type: str = "application/json"


OURS = Contestant(
    "ours", "service", "listener.inbox", "jiushu.events", toy.LampOut.type, 6000,
    content_type=CONTENT_TYPE,
)  # fmt: skip
NAMEKO = Contestant(
    "nameko", "consumer_nameko", "evt-maker-reported--listener.on_lamp_out", "maker.events", "reported", 1500
)
NAMEKO_IN_ORDER = replace(NAMEKO, name="nameko_in_order", settings={"max_workers": 1}, backlog=800)
FASTSTREAM = Contestant(
    "faststream", "consumer_faststream", "faststream.inbox", "faststream.events", "reported", 1500
)
BARE = Contestant(
    "bare", "consumer_bare", "bare.inbox", "bare.events", "reported", 10_000, {"rows_at_once": False}
)
BARE_AT_ONCE = Contestant(
    "bare_at_once", "consumer_bare", "bare.inbox", "bare.events", "reported", 20_000, {"rows_at_once": True}
)
ALL = (OURS, NAMEKO_IN_ORDER, NAMEKO, FASTSTREAM, BARE, BARE_AT_ONCE)


def consume(ground: Ground, database: Sql, contestant: Contestant) -> tuple[float, float]:
    """Events per second, from the first look at the queue to the last effect committed; and the processor time that
    the process took for each, in milliseconds: it hardly depends on what else the machine is doing."""
    database.do("TRUNCATE effects, leases")
    if contestant is OURS:
        rabbitmq.declare(ground.amqp_uri, "listener", [toy.LampOut.type])
    else:
        ground.declare(contestant.queue, contestant.exchange, contestant.routing_key)
    events = toy.some_events(contestant.backlog)
    settings = contestant.settings | {"database": database.url, "amqp_uri": ground.amqp_uri}
    if contestant is OURS:
        settings["services"] = {"listener": database.url}
    ground.fill(contestant.exchange, contestant.routing_key, events, contestant.content_type)
    with child(contestant.module, **settings) as process:
        prepared, begun = process.cpu_seconds(), process.go()
        ended = until(lambda: database.one("SELECT count(*) FROM effects") >= contestant.backlog)
        spent = process.cpu_seconds() - prepared
    return contestant.backlog / (ended - begun), 1000 * spent / contestant.backlog
