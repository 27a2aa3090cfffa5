"""Bring a database to the present tables: the kernel's line of migrations, then the service's own."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from alembic import command
from alembic.config import Config
from alembic.script.revision import ResolutionError
from alembic.util import CommandError

from shared.persistence import migrations as kernel_migrations
from shared.persistence.database import Database


class DatabaseNewer(Exception):
    """The database was migrated by a later version of this code."""

    def __init__(self, line: str, revision: str) -> None:
        super().__init__(
            f"{line} {revision}：数据库比程序新，请安装与之相符的版本，或恢复升级前的备份 "
            "(the database is newer than this code: install the newer version, or restore the backup)"
        )


def migrate(database: Database, service_migrations: ModuleType, name: str) -> None:
    """Run what is missing of both lines. Safe to repeat, and safe to run twice at once on PostgreSQL."""
    for line, module in (("kernel", kernel_migrations), (name, service_migrations)):
        try:
            command.upgrade(_config(database, line, module), "head")
        except CommandError as error:
            if isinstance(error.__cause__, ResolutionError):
                raise DatabaseNewer(line, error.__cause__.argument) from None
            raise


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
