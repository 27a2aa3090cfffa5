"""The nameko side of every service: containers, workers and their life cycle.

A service's class inherits from `Service` and says `name` and `definition`; nothing else in a service knows nameko
or eventlet.
"""

from __future__ import annotations

from typing import Any, ClassVar

from eventlet.event import Event
from nameko.extensions import DependencyProvider, Entrypoint
from werkzeug.wrappers import Request, Response

from shared.access.identity import Identities
from shared.application import Application, Definition
from shared.messaging.holder import Holder
from shared.web.common import all_apis
from shared.web.limits import RateLimits
from shared.web.wsgi import Door

CONFIG_APPLICATION, CONFIG_TRANSPORT, CONFIG_IDENTITIES, CONFIG_LISTENER, CONFIG_LIMITS = (
    "application",
    "transport",
    "identities",
    "listener",
    "limits",
)


class Http(Entrypoint):  # type: ignore[misc]
    """Requests to `/<service>/…`, each answered by a worker of the container, so that a stop waits for it."""

    def start(self) -> None:
        """Begin to be reached."""
        door = next(each.door for each in self.container.dependencies if isinstance(each, DoorProvider))
        for segment in self.container.service_cls.definition.segments:
            self.container.config[CONFIG_LISTENER].add(segment, self._wsgi, door.most_bytes)

    def stop(self) -> None:
        """Be reached no more; the container waits for the workers."""
        for segment in self.container.service_cls.definition.segments:
            self.container.config[CONFIG_LISTENER].remove(segment)

    def _wsgi(self, environ: dict[str, Any], start_response: Any) -> Any:
        answered = Event()

        def pass_on(_context: Any, result: Any, exc_info: Any) -> Any:
            answered.send(result, exc_info)
            return result, exc_info

        self.container.spawn_worker(self, (Request(environ),), {}, handle_result=pass_on)
        return answered.wait()(environ, start_response)


class DoorProvider(DependencyProvider):  # type: ignore[misc]
    """The service's HTTP door, given to each worker."""

    def setup(self) -> None:
        """Build it once."""
        config, application = self.container.config, self.container.config[CONFIG_APPLICATION]
        apis = all_apis(application.definition)
        self.door = Door(application, config[CONFIG_IDENTITIES], apis, config[CONFIG_LIMITS])

    def get_dependency(self, worker_ctx: Any) -> Door:
        """The door."""
        return self.door


class BusProvider(DependencyProvider):  # type: ignore[misc]
    """Relay, receiver and lane, as long as the container lives."""

    def setup(self) -> None:
        """Build them once."""
        config = self.container.config
        self._holder = Holder(config[CONFIG_APPLICATION], config[CONFIG_TRANSPORT])

    def start(self) -> None:
        """Try for the lease."""
        self._holder.start()

    def stop(self) -> None:
        """Finish the batch at hand and let the next holder take over."""
        self._holder.stop()


class Service:
    """Base of the five services, and of any sixth."""

    name: ClassVar[str]
    definition: ClassVar[Definition]

    door = DoorProvider()
    bus = BusProvider()

    @Http.decorator  # type: ignore[untyped-decorator]
    def answer(self, request: Request) -> Response:
        """Answer one HTTP request."""
        response: Response = self.door.answer(request)
        return response


def container_config(
    application: Application, transport: Any, identities: Identities, listener: Any, limits: RateLimits
) -> dict[str, Any]:
    """The nameko configuration of one service's container."""
    return {
        CONFIG_APPLICATION: application,
        CONFIG_TRANSPORT: transport,
        CONFIG_IDENTITIES: identities,
        CONFIG_LISTENER: listener,
        CONFIG_LIMITS: limits,
        "max_workers": 50,
    }
