"""The migrations lead to exactly the tables that the code uses, on both databases."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, text

from shared.persistence.database import Database
from shared.persistence.migrate import DatabaseNewer, migrate
from shared.persistence.tables import kernel
from shared.suite import service_class, service_names


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
            opts={"include_name": lambda name, type_, parents: "alembic_version" not in (name or "")},
        )
        assert compare_metadata(context, both) == []
    database.dispose()


def test_a_database_that_a_newer_version_has_migrated_is_refused_in_words(tmp_path):
    definition = service_class("grid").definition
    database = Database(f"sqlite:///{tmp_path}/x.db")
    migrate(database, definition.migrations, "grid")
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version_grid SET version_num = '9999'"))
    with pytest.raises(DatabaseNewer, match="grid 9999"):
        migrate(database, definition.migrations, "grid")
    database.dispose()
