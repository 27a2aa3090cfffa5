"""Bring a database to the present tables: the kernel's line of migrations, then the service's own."""

from __future__ import annotations

import logging
from functools import cache, partial
from pathlib import Path
from types import ModuleType

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError

from shared.persistence import migrations as kernel_migrations
from shared.persistence.database import Database
from shared.persistence.way_back import can_be_gone_back_over, note_oldest_code

log = logging.getLogger(__name__)


class DatabaseNewer(Exception):
    """The database was migrated by a later version of this code, and this one cannot work with its tables."""

    def __init__(self, line: str, revision: str) -> None:
        super().__init__(
            f"{line} {revision}：数据库比程序新，请安装与之相符的版本，或恢复升级前的备份 "
            "(the database is newer than this code: install the newer version, or restore the backup)"
        )


def migrate(database: Database, service_migrations: ModuleType, name: str) -> None:
    """Run what is missing of both lines. Safe to repeat, and safe to run twice at once on PostgreSQL.

    What a later version has added stays, and this one goes on (退回 the way back). Raises DatabaseNewer.
    """
    for line, module in (("kernel", kernel_migrations), (name, service_migrations)):
        try:
            command.upgrade(_config(database, line, module), "head")
        except CommandError as error:
            if not isinstance(error.__cause__, ResolutionError):
                raise
            newer = error.__cause__.argument
            with database.reading() as session:
                if not can_be_gone_back_over(session, line, revisions(module)):
                    raise DatabaseNewer(line, newer) from None
            log.warning("%s %s is newer than this code, which goes on with what it knows", line, newer)


@cache
def revisions(module: ModuleType) -> list[str]:
    """The migrations of a line, newest first: read from its files once, since readiness asks every few seconds."""
    script = ScriptDirectory(_environment(), version_locations=[_versions(module)])
    return [migration.revision for migration in script.walk_revisions()]


def _version_table(line: str) -> str:
    return f"alembic_version_{line}"


def _config(database: Database, line: str, module: ModuleType) -> Config:
    config = Config()
    config.set_main_option("script_location", _environment())
    config.set_main_option("version_locations", _versions(module))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(
        database=database,
        version_table=_version_table(line),
        on_version_apply=partial(note_oldest_code, line),
    )
    return config


def _environment() -> str:
    return str(Path(kernel_migrations.__file__ or "").parent)


def _versions(module: ModuleType) -> str:
    return str(Path(module.__file__ or "").parent / "versions")
