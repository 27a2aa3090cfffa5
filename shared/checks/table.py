"""Which checks there are. To add one: a function that yields findings, in the module of what it looks at, and its
name here; if readiness must know it too, also in `readiness.DATABASE`, where it has to be quick."""

from __future__ import annotations

from shared.checks import broker, bus, database, files, identity, installation, keys, migrations, settings

# once, of all services together
INSTALLATION = (
    settings.unknown_settings,
    settings.agreement,
    installation.contracts,
    installation.plugin_groups,
    identity.identity_provider,
    files.token_key,
    keys.data_keys,
    files.data_files,
    files.disk,
    installation.clocks,
    installation.calendar,
    installation.ports,
)

# of each service
SERVICE = (installation.plugins,)

# of each service's database, once it answers
DATABASE = (
    database.database,
    database.encoding,
    database.journal,
    database.writable,
    database.time_zone,
    database.clock,
    migrations.migrations,
)

# of the same database, once its tables are there
BUS = (
    bus.lease,
    bus.outbox_lag,
    bus.dead_letters,
    bus.dead_commands,
    bus.waiting_long,
    bus.unheard_types,
)

# of the same database: what needs the service's settings too
SEALED = (keys.sealed_data,)

# of RabbitMQ, where a service uses it, once it answers; `alarm` is last, since a blocked connection is of no more use
BROKER = (broker.broker, broker.exchanges, broker.queue, broker.alarm)
