"""A case knows what of consultation's was referred to it."""

import sqlalchemy as sa
from alembic import op

from shared.persistence.types import Id

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("referral_ref", Id))
    with op.batch_alter_table("cases") as batch:
        batch.create_unique_constraint("uq_cases_referral_ref", ["referral_ref"])
