"""What is personal is sealed, phones are found by a blind index; consents and disclosures; links are kept as digests.

What lies plain is readable until the running service seals it, which it does by itself.
"""

import hashlib

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contacts") as contacts:
        contacts.alter_column("name", type_=sa.Text(), existing_type=sa.String(50), existing_nullable=False)
        contacts.alter_column("phone", type_=sa.Text(), existing_type=sa.String(20), existing_nullable=False)
        contacts.alter_column("basis", type_=sa.Text(), existing_type=sa.String(200), existing_nullable=False)
        contacts.drop_constraint("uq_contacts_phone", type_="unique")
        contacts.add_column(sa.Column("phone_index", sa.String(length=64), nullable=True))
        contacts.add_column(sa.Column("state", sa.String(20), server_default="in_use", nullable=False))
        contacts.add_column(sa.Column("kept_until", types.Instant(), nullable=True))
        contacts.add_column(sa.Column("kept_because", sa.Text(), server_default="", nullable=False))
        contacts.create_unique_constraint(op.f("uq_contacts_phone_index"), ["phone_index"])
    op.create_table(
        "consents",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("resident_ref", types.Id, nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("recipient_ref", types.Id, nullable=False),
        sa.Column("recipient_name", sa.Text(), nullable=False),
        sa.Column("text_version", sa.String(length=64), nullable=False),
        sa.Column("given_by", sa.String(length=20), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("given_at", types.Instant(), nullable=False),
        sa.Column("withdrawn_at", types.Instant(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_resident_ref"), "consents", ["resident_ref"], unique=False)
    op.create_table(
        "disclosures",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("resident_ref", types.Id, nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("consent_ref", types.Id, nullable=True),
        sa.Column("disclosed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosures")),
    )
    op.create_index(op.f("ix_disclosures_resident_ref"), "disclosures", ["resident_ref"], unique=False)
    _digest_tokens()


def _digest_tokens() -> None:
    respondents = sa.table("respondents", sa.column("id", types.Id), sa.column("token", types.Id))
    connection = op.get_bind()
    rows = connection.execute(sa.select(respondents.c.id, respondents.c.token)).all()
    for id, token in rows:
        digest = hashlib.sha256(token.encode()).hexdigest()
        connection.execute(sa.update(respondents).where(respondents.c.id == id).values(token=digest))


def downgrade() -> None:
    raise NotImplementedError(
        "sealed names and phones cannot go back into the old columns: restore the backup"
    )
