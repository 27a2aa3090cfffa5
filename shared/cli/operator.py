"""Who works at the command line, and what of it the audit trail keeps that no service sees."""

from __future__ import annotations

import getpass
import os

from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from shared.audit.trail import Entry, keep
from shared.checks.database import sqlite_file
from shared.persistence.database import Database, DatabaseAway
from shared.settings import Settings
from shared.suite import service_names

errors = Console(stderr=True, soft_wrap=True)
LOCAL = "local"


def operator() -> str:
    """`operator:<user of the machine>`."""
    try:
        return f"operator:{getpass.getuser()}"
    except (KeyError, OSError):
        return f"operator:{os.getuid()}"


def note_deed(
    operation: str, object: str | None = None, *, subject: str | None = None, purpose: str | None = None
) -> None:
    """Keep what an operator did here in the trail of each service whose database is at hand; warn where that fails, and
    where there is none: before a service's first start there is no trail.

    `operation` is the command, such as `jiushu token create`.
    """
    entry = Entry(
        operator(), "operator", "*", LOCAL, operation, 200, object=object, subject=subject, purpose=purpose
    )
    at_hand = False
    for service in service_names():
        url = Settings.load(service).database_url
        file = sqlite_file(url)
        if file is not None and not file.exists():
            continue
        at_hand = True
        database = Database(url)
        try:
            with database.writing() as session:
                keep(session, [entry])
        except (DatabaseAway, SQLAlchemyError):
            errors.print(
                f"[yellow]未能记入 {service} 的审计记录[/] (not kept in the audit trail of {service})"
            )
        finally:
            database.dispose()
    if not at_hand:
        told = "此处没有任何服务的数据库，未记入审计记录"
        errors.print(f"[yellow]{operation}：{told}[/] (no database is here: kept in no audit trail)")
