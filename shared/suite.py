"""Services in one process: all five on the embedded bus, or some of them on RabbitMQ.

`patch()` must run before anything else is imported; the command line does that.
"""

from __future__ import annotations

import logging
import signal
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any

from shared.access.tokens import Tokens
from shared.application import Application
from shared.messaging import rabbitmq
from shared.messaging.embedded import EmbeddedBus
from shared.messaging.transport import Transport
from shared.persistence.database import Database
from shared.settings import Settings

log = logging.getLogger(__name__)

STOP_SECONDS = 20


class UnknownService(Exception):
    """No installed distribution brings a service of that name."""


def patch() -> None:
    """Make blocking calls yield. eventlet's own deprecation warning is known and accepted (decision 0002)."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
        import eventlet

        eventlet.monkey_patch()


def service_names() -> list[str]:
    """The names of all installed services."""
    return sorted(entry.name for entry in entry_points(group="jiushu.services"))


def service_class(name: str) -> Any:
    """The nameko class of a service. Raises UnknownService."""
    for entry in entry_points(group="jiushu.services"):
        if entry.name == name:
            return entry.load()
    raise UnknownService(f"'{name}'; installed: {', '.join(service_names())}")


def build_application(name: str, settings: Settings) -> Application:
    """The application of a service with its own database."""
    database = Database(settings.database_url)
    return Application(service_class(name).definition, database, settings.clock(), settings.street_code)


@dataclass
class Running:
    """A built service."""

    application: Application
    transport: Transport
    settings: Settings


def build(names: Sequence[str], environment: Mapping[str, str] | None = None) -> list[Running]:
    """Build services that share one process. Without a broker's address they share the embedded bus."""
    bus = EmbeddedBus()
    built = []
    for name in names:
        settings = Settings.load(name, environment)
        application = build_application(name, settings)
        transport: Transport = bus
        if settings.amqp_uri:
            transport = rabbitmq.RabbitMQ(settings.amqp_uri, name, list(application.subscriptions))
        else:
            bus.join(application)
        application.transport_is_up = transport.is_up
        built.append(Running(application, transport, settings))
    return built


class Suite:
    """Running services: started together, stopped gracefully together."""

    def __init__(self, services: Sequence[Running]) -> None:
        from nameko.containers import ServiceContainer

        from shared.service import container_config
        from shared.web.index import index_page
        from shared.web.listener import Listener

        self.services = services
        settings = services[0].settings
        self.listener = Listener(settings.http_host, settings.http_port, index_page(services))
        tokens = Tokens.from_file(settings.token_key_file)
        self._containers = []
        for running in services:
            if running.application.database.is_sqlite:
                running.application.migrate()
            config = container_config(running.application, running.transport, tokens, self.listener)
            self._containers.append(ServiceContainer(service_class(running.application.name), config))

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT; then finish what is under way."""
        # a plain list: the handler may not take a lock that the thread which it interrupts holds
        asked: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _frame: asked.append(number))
        for container in self._containers:
            container.start()
        settings = self.services[0].settings
        names = ", ".join(running.application.name for running in self.services)
        log.info("serving %s on http://%s:%d", names, settings.http_host, settings.http_port)
        while not asked:
            time.sleep(0.2)
        log.info("stopping")
        for container in self._containers:
            _stop(container)
        self.listener.close()
        for running in self.services:
            running.application.database.dispose()


def _stop(container: Any) -> None:
    """Gracefully, but not without end: a request that waits for a frozen database must not hold up the stop."""
    from eventlet import Timeout

    with Timeout(STOP_SECONDS, False):
        container.stop()
        return
    log.warning("%s did not stop in %d s and is ended", container.service_name, STOP_SECONDS)
    container.kill()
