"""Bring a database to the present tables: the kernel's line of migrations, then the service's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import ModuleType

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from shared.persistence import migrations as kernel_migrations
from shared.persistence.database import Database


def migrate(database: Database, service_migrations: ModuleType, name: str) -> None:
    """Run what is missing of both lines. Safe to repeat, and safe to run twice at once on PostgreSQL."""
    for line, module in (("kernel", kernel_migrations), (name, service_migrations)):
        command.upgrade(_config(database, line, module), "head")


def missing_migrations(database: Database, service_migrations: ModuleType, name: str) -> list[str]:
    """The names of the lines whose last migration has not run."""
    behind = []
    for line, module in (("kernel", kernel_migrations), (name, service_migrations)):
        head = _head(module)
        with database.reading() as session:
            options = {"version_table": _version_table(line)}
            context = MigrationContext.configure(session.connection(), opts=options)
            if context.get_current_revision() != head:
                behind.append(line)
    return behind


@cache
def _head(module: ModuleType) -> str | None:
    """The last migration of a line: read from its files once, since readiness asks every few seconds."""
    return ScriptDirectory(_environment(), version_locations=[_versions(module)]).get_current_head()


def _version_table(line: str) -> str:
    return f"alembic_version_{line}"


def _config(database: Database, line: str, module: ModuleType) -> Config:
    config = Config()
    config.set_main_option("script_location", _environment())
    config.set_main_option("version_locations", _versions(module))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(database=database, version_table=_version_table(line))
    return config


def _environment() -> str:
    return str(Path(kernel_migrations.__file__ or "").parent)


def _versions(module: ModuleType) -> str:
    return str(Path(module.__file__ or "").parent / "versions")
