"""`jiushu new-migration` writes what leads to the tables in the code, on both databases."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table

from shared.cli.migration import write
from shared.persistence.database import Database
from shared.persistence.migrate import migrate
from shared.persistence.types import Id, Instant, Json
from shared.suite import service_class

DEFINITION = service_class("alliance").definition


@pytest.fixture
def line(tmp_path):
    """alliance's migrations, in a folder of the test's own."""
    versions = Path(DEFINITION.migrations.__file__).parent / "versions"
    shutil.copytree(versions, tmp_path / "versions")
    module = ModuleType("line")
    module.__file__ = str(tmp_path / "__init__.py")
    return module


@pytest.fixture
def tables():
    """alliance's tables, to be changed."""
    copied = MetaData(naming_convention=DEFINITION.metadata.naming_convention)
    for table in DEFINITION.metadata.sorted_tables:
        table.to_metadata(copied)
    return copied


def test_where_nothing_has_changed_nothing_is_written(line, tables, tmp_path):
    before = sorted(tmp_path.rglob("*.py"))
    assert write(line, tables, "alliance", "change_nothing") is None
    assert sorted(tmp_path.rglob("*.py")) == before


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_written_leads_to_the_tables_in_the_code(line, tables, tmp_path, kind, request):
    organisations = tables.tables["organisations"]
    for column in (
        Column("since", Instant),
        Column("marks", Json),
        Column("rank", Integer, nullable=False, server_default="0"),
    ):
        organisations.append_column(column)
    Index("ix_organisations_rank", organisations.c.rank)
    Table(
        "badges",
        tables,
        Column("id", Id, primary_key=True),
        Column("org", Id, ForeignKey("organisations.id")),
    )
    file = write(line, tables, "alliance", "add_badges")
    assert file.name == "0002_add_badges.py"
    assert "types.Instant()" in file.read_text()
    assert "types.Json" in file.read_text()
    assert agrees(line, tables, kind, request, tmp_path)

    organisations.c.name.type = String(200)
    assert write(line, tables, "alliance", "widen_names").name == "0003_widen_names.py"
    assert agrees(line, tables, kind, request, tmp_path)


def agrees(line, tables, kind, request, tmp_path):
    url = f"sqlite:///{tmp_path}/x.db"
    if kind == "postgresql":
        url = request.getfixturevalue("postgresql").new_database("alliance")
    database = Database(url)
    migrate(database, line, "alliance")
    with database.engine.connect() as connection:
        known = {"include_name": lambda name, type_, _parents: type_ != "table" or name in tables.tables}
        differences = compare_metadata(MigrationContext.configure(connection, opts=known), tables)
    database.dispose()
    assert differences == []
    return True
