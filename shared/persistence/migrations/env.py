"""Alembic's environment: one line of migrations in one transaction, on the database that `migrate` names."""

from alembic import context
from sqlalchemy import text

config = context.config.attributes

with config["database"].engine.connect() as connection, connection.begin():
    if not config["database"].is_sqlite:
        # two processes that start at once must not both create the tables
        connection.execute(text("SELECT pg_advisory_xact_lock(815200)"))
    context.configure(
        connection=connection,
        version_table=config["version_table"],
        on_version_apply=config["on_version_apply"],
    )
    with context.begin_transaction():
        context.run_migrations()
