"""`jiushu new-migration`: write what leads from the last migration to the tables that the code has now."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Literal

import typer
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData
from sqlalchemy.types import TypeEngine

from shared.persistence import migrations as kernel_migrations
from shared.persistence import types
from shared.persistence.database import Database
from shared.persistence.migrate import migrate
from shared.persistence.tables import kernel
from shared.plugins import PluginBroken
from shared.suite import UnknownService, service_class

FILE = '''"""{title}."""

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "{number}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    {body}
'''


def new_migration(
    line: Annotated[str, typer.Argument(help="a service, or `kernel`")],
    name: Annotated[str, typer.Argument(help="verb_what, such as add_case_priority")],
) -> None:
    """Write the next migration of a service into its folder; read it before you commit it."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{3,60}", name):
        raise typer.BadParameter("small letters, digits and _: verb_what, such as add_case_priority")
    try:
        module, metadata = _line(line)
    except (UnknownService, PluginBroken) as error:
        raise typer.BadParameter(str(error)) from None
    file = write(module, metadata, line, name)
    if file is None:
        print(f"{line}: 表结构没有变化 (the tables in the code are those of the migrations)")
        raise typer.Exit(1)
    print(file)


def write(module: ModuleType, metadata: MetaData, line: str, name: str) -> Path | None:
    """Write the file; None where nothing has changed."""
    body = _changes(module, metadata, line)
    if body is None:
        return None
    folder = Path(module.__file__ or "").parent / "versions"
    before = max(file.name[:4] for file in folder.glob("[0-9]*.py"))
    number = f"{int(before) + 1:04}"
    file = folder / f"{number}_{name}.py"
    title = name.replace("_", " ").capitalize()
    file.write_text(FILE.format(title=title, number=number, before=before, body=body), "utf-8")
    for tidy in (["check", "--fix"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, "--quiet", file], check=False)
    return file


def _changes(module: ModuleType, metadata: MetaData, line: str) -> str | None:
    """What leads from a database with all migrations of the line to its tables."""
    with tempfile.TemporaryDirectory() as directory:
        database = Database(f"sqlite:///{directory}/now.db")
        migrate(database, module, line)
        with database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"include_name": _within(metadata)})
            found = produce_migrations(context, metadata).upgrade_ops
        database.dispose()
    if found is None or found.is_empty():
        return None
    code = render_python_code(found, render_as_batch=True, render_item=_as_ours)
    return "\n".join(row for row in code.splitlines() if not row.strip().startswith("#")).strip()


def _line(name: str) -> tuple[ModuleType, MetaData]:
    if name == "kernel":
        return kernel_migrations, kernel
    definition = service_class(name).definition
    return definition.migrations, definition.metadata


def _within(metadata: MetaData) -> Any:
    return lambda name, kind, _parents: kind != "table" or name in metadata.tables


def _as_ours(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Our column types by their names; everything else as Alembic says it."""
    if kind == "type" and isinstance(item, TypeEngine):
        if isinstance(item, types.Instant):
            return "types.Instant()"
        for ours in ("Id", "Json"):
            if repr(item) == repr(getattr(types, ours)):
                return f"types.{ours}"
        if type(item).__name__ == "_Kept":
            return "types.Json"
    return False
