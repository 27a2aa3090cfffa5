"""Stock nameko: an event handler with its default ten workers, or with one, which keeps the order; one commit per event.
Its queue is a quorum queue."""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import json  # noqa: E402

from nameko.containers import ServiceContainer  # noqa: E402
from nameko.events import EventHandler  # noqa: E402
from sqlalchemy import create_engine  # noqa: E402

from tests.bench import child  # noqa: E402
from tests.bench.rival import handle  # noqa: E402

told = child.settings()
engine = create_engine(told["database"], pool_size=10)


class QuorumEventHandler(EventHandler):
    """The handler as it is, on a queue as durable as the others'."""

    def setup(self):
        super().setup()
        self.queue.queue_arguments = {"x-queue-type": "quorum"}


class Listener:
    """Notes each lamp that it hears of."""

    name = "listener"

    @QuorumEventHandler.decorator("maker", "reported")
    def on_lamp_out(self, event):
        with engine.begin() as connection:
            handle(connection, event, json.dumps(event, ensure_ascii=False).encode())


def main() -> None:
    container = ServiceContainer(
        Listener, {"AMQP_URI": told["amqp_uri"], "max_workers": told.get("max_workers", 10)}
    )
    child.wait_for_go()
    container.start()
    child.wait_for_the_end()
    container.stop()


if __name__ == "__main__":
    main()
