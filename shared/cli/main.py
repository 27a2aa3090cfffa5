"""`jiushu`: run the services, migrate, make tokens, follow a journey, see to dead letters."""

from __future__ import annotations

import sys
import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")  # decision 0002

if sys.argv[1:2] == ["run"]:  # before anything else is imported, or some calls would block the whole process
    from shared.suite import patch

    patch()

from datetime import timedelta
from typing import Annotated

import typer

from shared.access.roles import PERSON, ROLES
from shared.access.tokens import Tokens
from shared.cli import audit, contracts, dead_letters, journey, keys, plugins, replay, topology
from shared.cli.check import check
from shared.cli.demo import demo
from shared.cli.demo_street import demo_street
from shared.cli.migration import new_migration
from shared.cli.operator import note_deed
from shared.cli.refusals import clear_refusals, errors
from shared.cli.smoke import smoke
from shared.settings import Settings, declaring_uri
from shared.suite import Suite, build, service_names
from shared.telemetry import logs

app = typer.Typer(
    help="九树 Jiushu: 街道“四同”共治服务", no_args_is_help=True, pretty_exceptions_enable=False
)
token_app = typer.Typer(help="访问令牌 access tokens", no_args_is_help=True)
app.add_typer(token_app, name="token")
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(plugins.app, name="plugins")
app.add_typer(keys.app, name="keys")
app.add_typer(contracts.app, name="contracts")
app.add_typer(topology.app, name="topology")
app.add_typer(audit.app, name="audit")
app.command("journey")(journey.show)
app.command()(demo)
app.command()(demo_street)
app.command()(new_migration)
app.command()(check)
app.command()(replay.replay)
app.command()(replay.republish)
app.command()(replay.replays)
app.command()(smoke)

Services = Annotated[list[str] | None, typer.Argument(help="service names; none: all that are installed")]


@app.command()
def run(services: Services = None) -> None:
    """Run services in this process until it is told to stop."""
    from shared.web.listener import PortTaken

    with clear_refusals():
        running = build(services or service_names())
        settings = running[0].settings
        logs.configure(settings.log_level, settings.log_format)
        try:
            suite = Suite(running)
        except PortTaken as taken:
            errors.print(
                f"[red]端口已被占用：{taken}[/] (the port is taken; another `jiushu run`? JIUSHU_HTTP_PORT)"
            )
            raise typer.Exit(1) from None
        suite.run()


@app.command()
def migrate(services: Services = None) -> None:
    """Bring databases to the present tables, and declare the services' queues where there is a broker."""
    from shared.messaging import rabbitmq
    from shared.messaging.topology import MayNotBind
    from shared.messaging.transport import TransportAway

    with clear_refusals():
        for running in build(services or service_names()):
            name, settings = running.application.name, running.settings
            running.application.migrate()
            if settings.amqp_uri:
                uri = declaring_uri() or settings.amqp_uri
                try:
                    rabbitmq.declare(uri, name, list(running.application.subscriptions))
                except MayNotBind as refused:
                    errors.print(f"[yellow]{name}: {refused}[/]")
                except TransportAway as away:
                    errors.print(f"[red]{name}: {away}[/]")
                    raise typer.Exit(1) from None
            print(f"{name}: ready")


@token_app.command("create")
def create_token(
    role: Annotated[str, typer.Option(help=f"one of: {', '.join(ROLES)}")],
    scope: Annotated[str, typer.Option(help="*, place:<ref>, party:<ref> or person:<ref>")] = "*",
    subject: Annotated[str, typer.Option(help="who bears it: a staff number, a system's name")] = "operator",
    hours: Annotated[float, typer.Option(min=0.01, max=24 * 366, help="how long it is valid")] = 12,
) -> None:
    """Print a signed token with a role and a scope."""
    with clear_refusals():
        settings = Settings.load("cli")
        if not settings.local_tokens:
            errors.print(
                f"[red]令牌由 {settings.oidc_issuer} 签发[/] (tokens come from there; JIUSHU_LOCAL_TOKENS=yes lets "
                "the services believe local ones too)"
            )
            raise typer.Exit(2)
        tokens = Tokens.from_file(settings.token_key_file)
        try:
            token = tokens.issue(subject, role, scope, timedelta(hours=hours))
            person = scope.removeprefix(PERSON) if scope.startswith(PERSON) else None
            note_deed(
                "jiushu token create",
                f"{role}:{subject}",
                subject=person,
                purpose=f"scope {scope}, {hours:g} hours",
            )
            print(token)
        except ValueError as error:
            errors.print(f"[red]{error}[/]")
            raise typer.Exit(2) from None
