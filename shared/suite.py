"""Services in one process: all five on the embedded bus, or some of them on RabbitMQ.

`patch()` must run before anything else is imported; the command line does that.
"""

from __future__ import annotations

import logging
import signal
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any

from shared.access.contact_seal import ContactSeal
from shared.access.identity import identities
from shared.access.keyring import Keyring
from shared.application import Application, Definition
from shared.calendar import working_calendar
from shared.messaging import rabbitmq
from shared.messaging.embedded import EmbeddedBus
from shared.messaging.transport import Transport
from shared.persistence.attachments import Folder
from shared.persistence.database import Database
from shared.persistence.sealing import ready_keyrings
from shared.plugins import SERVICES, PluginBroken, find_plugins
from shared.settings import Settings
from shared.telemetry.tracing import end_tracing, tracing_of
from shared.web.addresses import client_address
from shared.web.limits import RateLimits

log = logging.getLogger(__name__)

STOP_SECONDS = 20
LONGEST_ANSWER_SECONDS = 30.0


class UnknownService(Exception):
    """No installed distribution brings a service of that name."""


def patch(longest_answer: float = LONGEST_ANSWER_SECONDS) -> None:
    """Make blocking calls yield. eventlet's own deprecation warning is known and accepted (decision 0002)."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
        import eventlet

        eventlet.monkey_patch()
    _await_postgresql_no_longer_than(longest_answer)


def _await_postgresql_no_longer_than(seconds: float) -> None:
    """A server that is frozen, or a connection that only this side still knows, would be waited for without end:
    the driver's own limits do not hold where its calls yield, and a pooler in between keeps the socket alive."""
    from eventlet.hubs import trampoline
    from psycopg2 import OperationalError, extensions  # type: ignore[import-untyped]

    def wait(connection: Any) -> None:
        while (state := connection.poll()) != extensions.POLL_OK:
            silent = OperationalError(f"PostgreSQL did not answer within {seconds:g} s")
            reads = state == extensions.POLL_READ
            trampoline(connection.fileno(), read=reads, write=not reads, timeout=seconds, timeout_exc=silent)

    extensions.set_wait_callback(wait)


def service_names() -> list[str]:
    """The names of all installed services."""
    return sorted({entry.name for entry in entry_points(group=SERVICES)})


def service_class(name: str) -> Any:
    """The nameko class of a service. Raises UnknownService, PluginBroken."""
    for plugin in find_plugins(SERVICES, as_service, name):
        return plugin.usable()
    raise UnknownService(f"'{name}'; installed: {', '.join(service_names())}")


def as_service(name: str, value: Any) -> Any:
    """The class that an entry point of `jiushu.services` names. Raises PluginBroken where it is no service."""
    definition = getattr(value, "definition", None)
    if not isinstance(definition, Definition):
        raise PluginBroken("is no service: its class has no definition")
    if not name == definition.name == value.name:
        raise PluginBroken(f"is called {value.name!r}, and {definition.name!r} in its definition")
    return value


def title_of(name: str) -> str:
    """What a service is called in Chinese; its name where it is not installed here."""
    try:
        return str(service_class(name).definition.title)
    except UnknownService:
        return name


def build_application(name: str, settings: Settings) -> Application:
    """The application of a service with its own database."""
    database = Database(settings.database_url)
    definition = service_class(name).definition
    return Application(
        definition,
        database,
        settings.clock(),
        settings.street_code,
        settings.plugins,
        settings.retention_days,
        settings.audit_days,
        settings.trusted_proxies,
        Keyring(settings.data_key_file),
        settings.message_days,
        settings.disclosure_days,
        Folder(settings.attachments_folder),
        working_calendar(settings.calendar_file),
        contact_seal=ContactSeal(settings.contact_public_key_file),
    )


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
        application.transport_trouble = transport.trouble
        application.tracing = tracing_of(name, "rabbitmq" if settings.amqp_uri else "embedded")
        built.append(Running(application, transport, settings))
    return built


class Suite:
    """Running services: started together, stopped gracefully together."""

    def __init__(self, services: Sequence[Running]) -> None:
        from nameko.containers import ServiceContainer

        from shared.service import container_config
        from shared.web.listener import Listener
        from shared.web.pages.app import SEGMENTS

        self.services = services
        settings = services[0].settings
        self.listener = Listener(
            settings.http_host, settings.http_port, settings.hosts, settings.trusted_proxies
        )
        for running in services:
            self.listener.expect(running.application.definition.segments)
        limits = RateLimits.of(settings)
        pages = _pages(services, self.listener.door, limits)
        for segment in SEGMENTS:
            self.listener.add(segment, pages)
        bearers = identities(settings)
        self._containers = []
        for running in services:
            if running.application.database.is_sqlite:
                running.application.migrate()
            config = container_config(running.application, running.transport, bearers, self.listener, limits)
            self._containers.append(ServiceContainer(service_class(running.application.name), config))
        applications = [running.application for running in services]
        ready_keyrings({one.database: one.sealed_tables for one in applications})

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
        end_tracing()


def _pages(services: Sequence[Running], door: Callable[[str], Any], limits: RateLimits) -> Any:
    """The pages: of the services in this process, and of those elsewhere that the settings name."""
    from shared.web.pages.app import Pages
    from shared.web.pages.asking import in_process, over_http

    settings = services[0].settings
    here, there = in_process(door), over_http(settings.services)
    titles = {running.application.name: running.application.definition.title for running in services}

    def ask(service: str, path: str, caller: Any) -> Any:
        return (here if service in titles else there)(service, path, caller)

    def address_of(request: Any) -> str:
        return client_address(request, settings.trusted_proxies)

    shown = {**{name: title_of(name) for name in settings.services}, **titles}
    now, street = settings.clock().now, (settings.street_name, settings.street_code)
    return Pages(*street, shown, ask, now, address_of, limits.count_address)


def _stop(container: Any) -> None:
    """Gracefully, but not without end: a request that waits for a frozen database must not hold up the stop."""
    from eventlet import Timeout

    with Timeout(STOP_SECONDS, False):
        container.stop()
        return
    log.warning("%s did not stop in %d s and is ended", container.service_name, STOP_SECONDS)
    container.kill()
