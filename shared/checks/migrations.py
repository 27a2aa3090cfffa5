"""Whether a service's tables are those of this code. As in `database.py`; readiness asks it too."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from shared.checks.finding import Finding, Mend, fine, warning, wrong
from shared.persistence import migrations as kernel_migrations

if TYPE_CHECKING:
    from types import ModuleType

    from shared.application import Definition


def migrations(session: Session, definition: Definition) -> Iterator[Finding]:
    """The tables are those of this code: no migration is missing, and none is there that it does not know."""
    missing, newer = [], []
    for line, module in (("kernel", kernel_migrations), (definition.name, definition.migrations)):
        known = _revisions(module)
        present = _present(session, line)
        if present is None or present in known[1:]:
            missing.append(f"{line} {present or '–'} → {known[0]}")
        elif present != known[0]:
            newer.append(f"{line} {present}")
    if missing:
        yield wrong(
            f"缺少迁移：{'、'.join(missing)}",
            f"migrations are missing: {', '.join(missing)}",
            Mend("更新表结构", "bring the tables up to date", f"jiushu migrate {definition.name}"),
        )
    if newer:
        yield _newer(session, newer)
    if not missing and not newer:
        yield fine("迁移齐全", "no migration is missing")


def _newer(session: Session, lines: list[str]) -> Finding:
    zh, en = (
        f"数据库比程序新：{'、'.join(lines)}",
        f"the database is newer than this code: {', '.join(lines)}",
    )
    mend = Mend(
        "安装与数据库相符的新版本，或从升级前的备份恢复数据库",
        "install the newer version, or restore the backup made before the upgrade",
    )
    # On SQLite each start migrates, and would fail; on PostgreSQL this is what an upgrade under way looks like.
    return (wrong if session.get_bind().dialect.name == "sqlite" else warning)(zh, en, mend)


@cache
def _revisions(module: ModuleType) -> list[str]:
    """The migrations of a line, newest first: read from its files once, since readiness asks every few seconds."""
    versions = Path(module.__file__ or "").parent / "versions"
    environment = Path(kernel_migrations.__file__ or "").parent
    script = ScriptDirectory(str(environment), version_locations=[str(versions)])
    return [migration.revision for migration in script.walk_revisions()]


def _present(session: Session, line: str) -> str | None:
    options = {"version_table": f"alembic_version_{line}"}
    return MigrationContext.configure(session.connection(), opts=options).get_current_revision()
