"""FastStream on RabbitMQ: a subscriber with ten messages in hand, each in a thread, and one commit per event."""

from __future__ import annotations

import asyncio
import json

from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitExchange, RabbitQueue
from faststream.rabbit.schemas import ExchangeType
from sqlalchemy import create_engine

from tests.bench import child
from tests.bench.rival import handle

told = child.settings()
engine = create_engine(told["database"], pool_size=10)
broker = RabbitBroker(told["amqp_uri"], logger=None, default_channel=Channel(prefetch_count=10))


@broker.subscriber(
    RabbitQueue("faststream.inbox", queue_type=QueueType.QUORUM, durable=True, routing_key="reported"),
    RabbitExchange("faststream.events", type=ExchangeType.TOPIC, durable=True),
)
def on_lamp_out(event: dict) -> None:
    with engine.begin() as connection:
        handle(connection, event, json.dumps(event, ensure_ascii=False).encode())


async def main() -> None:
    child.wait_for_go()
    await broker.start()
    await asyncio.to_thread(child.wait_for_the_end)
    await broker.stop()


if __name__ == "__main__":
    asyncio.run(main())
