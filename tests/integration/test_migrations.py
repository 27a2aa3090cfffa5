"""The migrations lead to exactly the tables that the code uses, on both databases."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, text

from shared.checks import migrations as checks
from shared.checks.finding import Level
from shared.persistence.database import Database
from shared.persistence.migrate import DatabaseNewer, migrate, revisions
from shared.persistence.tables import kernel
from shared.suite import service_class, service_names
from shared.testing.conformance import BESIDE

GRID = service_class("grid").definition


@pytest.mark.parametrize("name", service_names())
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_migrations_and_tables_agree_and_migrating_again_changes_nothing(name, kind, request, tmp_path):
    definition = service_class(name).definition
    url = f"sqlite:///{tmp_path}/x.db"
    if kind == "postgresql":
        url = request.getfixturevalue("postgresql").new_database(name)
    database = Database(url)
    migrate(database, definition.migrations, name)
    migrate(database, definition.migrations, name)
    both = MetaData()
    for table in (*kernel.sorted_tables, *definition.metadata.sorted_tables):
        table.to_metadata(both)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, type_, parents: not BESIDE.search(name or "")},
        )
        assert compare_metadata(context, both) == []
    database.dispose()


NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"
branch_labels = None
depends_on = None
{says}

def upgrade():
    op.add_column("cases", sa.Column("praise", sa.String(20)))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    url = f"sqlite:///{tmp_path}/x.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql").new_database("grid")
    database = Database(url)
    yield database
    database.dispose()


def next_release(folder, says=""):
    """grid's migrations with one more, as the release after this one has them."""
    ours = Path(GRID.migrations.__file__).parent
    shutil.copytree(ours, folder / "next", ignore=shutil.ignore_patterns("__pycache__"))
    text = NEXT.format(before=revisions(GRID.migrations)[0], says=says)
    (folder / "next" / "versions" / "9999_add_praise.py").write_text(text, encoding="utf-8")
    module = ModuleType("next_release")
    module.__file__ = str(folder / "next" / "__init__.py")
    return module


def findings(database):
    with database.reading() as session:
        return list(checks.migrations(session, GRID))


def test_a_version_goes_on_with_what_the_next_one_has_added(database, tmp_path):
    migrate(database, GRID.migrations, "grid")
    migrate(database, next_release(tmp_path), "grid")
    migrate(database, GRID.migrations, "grid")
    (found,) = findings(database)
    assert found.level is Level.WARNING
    assert "grid 9999" in found.en
    with database.reading() as session:
        assert session.execute(text("SELECT praise FROM cases")).all() == []


def test_a_version_refuses_in_words_tables_that_lack_what_it_uses(database, tmp_path):
    migrate(database, GRID.migrations, "grid")
    migrate(database, next_release(tmp_path, 'oldest_code = "9999"'), "grid")
    with pytest.raises(DatabaseNewer, match="grid 9999"):
        migrate(database, GRID.migrations, "grid")
    (found,) = findings(database)
    assert found.level is Level.WRONG


def test_a_version_that_the_next_one_still_has_in_mind_goes_on(database, tmp_path):
    migrate(database, GRID.migrations, "grid")
    oldest = revisions(GRID.migrations)[0]
    migrate(database, next_release(tmp_path, f'oldest_code = "{oldest}"'), "grid")
    migrate(database, GRID.migrations, "grid")
    (found,) = findings(database)
    assert found.level is Level.WARNING
