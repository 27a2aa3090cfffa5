"""Whether a service's tables are those of this code. As in `database.py`; readiness asks it too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from alembic.runtime.migration import MigrationContext
from sqlalchemy.orm import Session

from shared.checks.finding import Finding, Mend, fine, warning, wrong
from shared.persistence import migrations as kernel_migrations
from shared.persistence.migrate import revisions
from shared.persistence.way_back import can_be_gone_back_over

if TYPE_CHECKING:
    from shared.application import Definition


def migrations(session: Session, definition: Definition) -> Iterator[Finding]:
    """The tables are those of this code: no migration is missing, and none is there that it does not know."""
    missing, newer, goes_on = [], [], True
    for line, module in (("kernel", kernel_migrations), (definition.name, definition.migrations)):
        known = revisions(module)
        present = _present(session, line)
        if present is None or present in known[1:]:
            missing.append(f"{line} {present or '–'} → {known[0]}")
        elif present != known[0]:
            newer.append(f"{line} {present}")
            goes_on = goes_on and can_be_gone_back_over(session, line, known)
    if missing:
        yield wrong(
            f"缺少迁移：{'、'.join(missing)}",
            f"migrations are missing: {', '.join(missing)}",
            Mend("更新表结构", "bring the tables up to date", f"jiushu migrate {definition.name}"),
        )
    if newer:
        yield _newer(newer, goes_on)
    if not missing and not newer:
        yield fine("迁移齐全", "no migration is missing")


def _newer(lines: list[str], goes_on: bool) -> Finding:
    zh, en = (
        f"数据库比程序新：{'、'.join(lines)}",
        f"the database is newer than this code: {', '.join(lines)}",
    )
    mend = Mend(
        "安装与数据库相符的新版本，或从升级前的备份恢复数据库",
        "install the newer version, or restore the backup made before the upgrade",
    )
    # what an upgrade under way looks like to the old version, and the way back afterwards
    return (warning if goes_on else wrong)(zh, en, mend)


def _present(session: Session, line: str) -> str | None:
    options = {"version_table": f"alembic_version_{line}"}
    return MigrationContext.configure(session.connection(), opts=options).get_current_revision()
