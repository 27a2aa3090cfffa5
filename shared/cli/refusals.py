"""What the operator did wrong is said in one line, without a stack trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from sqlalchemy.exc import OperationalError, ProgrammingError

from shared.access.keyring import KeyRefused, KeysMissing
from shared.persistence.database import DatabaseAway
from shared.persistence.migrate import DatabaseNewer
from shared.plugins import PluginBroken
from shared.settings import SettingsWrong
from shared.suite import UnknownService

errors = Console(stderr=True)


@contextmanager
def clear_refusals() -> Iterator[None]:
    """Ends the command with the reason, and with 2 (1 where the same may succeed later)."""
    try:
        yield
    except (SettingsWrong, UnknownService, PluginBroken, DatabaseNewer, KeysMissing, KeyRefused) as error:
        errors.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    except (ProgrammingError, OperationalError) as error:
        errors.print(str(error.orig), style="red", markup=False, soft_wrap=True)
        errors.print(_way_out(str(error.orig)), soft_wrap=True)
        raise typer.Exit(1) from None
    except DatabaseAway:
        errors.print("[red]数据库没有应答[/] (a database does not answer)")
        raise typer.Exit(1) from None


def _way_out(said: str) -> str:
    if "authentication failed" in said:
        return (
            "数据库不认这个密码：库若是以另一套密码建立的，请放回当时的 deploy/secrets "
            "(was the database made with other passwords? put those deploy/secrets back)"
        )
    return "表还没有建好？请先运行 jiushu migrate (are the tables there? jiushu migrate)"
