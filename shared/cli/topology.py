"""`jiushu topology`: what must be on the broker, as RabbitMQ's own definitions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated

import typer
from kombu import Connection
from rich.console import Console

from shared.messaging.subscriptions import by_type
from shared.messaging.topology import Declarer, User, definitions
from shared.plugins import PluginBroken
from shared.settings import Settings, SettingsWrong, declaring_uri
from shared.suite import UnknownService, service_class, service_names

app = typer.Typer(help="消息服务器上的拓扑 what is on the broker", no_args_is_help=True)
errors = Console(stderr=True, soft_wrap=True)

Services = Annotated[list[str] | None, typer.Argument(help="service names; none: all that are installed")]
Users = Annotated[
    bool,
    typer.Option(
        "--users", help="also the users that JIUSHU_<SERVICE>_AMQP_URI and JIUSHU_TOPOLOGY_AMQP_URI name"
    ),
]


@app.callback()
def topology() -> None:
    """Keeps `export` a command of its own."""


@app.command()
def export(services: Services = None, users: Users = False) -> None:
    """Print definitions (定义) for `rabbitmqctl import_definitions`: exchanges, queues, bindings, policies, rights.

    With them the queues are there before the first service starts. Passwords are printed as hashes only.
    """
    try:
        names = services or service_names()
        heard = {name: sorted(by_type(service_class(name).definition.hears)) for name in names}
        addresses = {name: Settings.load(name).amqp_uri for name in names}
        written = definitions(heard, [*_users(addresses)] if users else [], _vhost(addresses))
    except (SettingsWrong, UnknownService, PluginBroken) as error:
        errors.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from None
    print(json.dumps(written, ensure_ascii=False, indent=2))


def _users(addresses: Mapping[str, str | None]) -> Iterator[User]:
    """A user for each service. Raises SettingsWrong where one has none of its own."""
    whose: dict[str, str] = {}
    for service, address in addresses.items():
        variable = f"JIUSHU_{service.upper()}_AMQP_URI"
        connection = Connection(address)
        if not (address and connection.userid):
            raise SettingsWrong(f"{variable}: names the user with --users: amqp://user:password@host/vhost")
        other = whose.setdefault(connection.userid, service)
        if other != service:
            raise SettingsWrong(
                f"{variable}: its user '{connection.userid}' is {other}'s, too; each service needs one of its own"
            )
        yield User(service, connection.userid, connection.password)
    if declaring := declaring_uri():
        connection = Connection(declaring)
        yield Declarer("topology", connection.userid, connection.password)


def _vhost(addresses: Mapping[str, str | None]) -> str:
    """The one virtual host of all. Raises SettingsWrong."""
    vhosts = [*dict.fromkeys(Connection(address).virtual_host for address in addresses.values() if address)]
    if len(vhosts) > 1:
        raise SettingsWrong(
            f"JIUSHU_AMQP_URI: several virtual hosts ({', '.join(vhosts)}); export each alone"
        )
    return vhosts[0] if vhosts else "/"
