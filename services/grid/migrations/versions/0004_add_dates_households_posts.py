"""Places are dated; households behind doors; captains' posts, those of the doors that are there already too."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.persistence.types import Id

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# what people called the types so far -> their codes
ESTATE_TYPES = {
    "老旧小区": "old",
    "小体量老旧小区": "small_old",
    "产权分散": "scattered_ownership",
    "塔楼商品房": "tower",
    "商住混合": "mixed_use",
    "商圈": "business_district",
    "混合多层": "mixed_storeys",
    "商品房多层": "low_rise",
}


def upgrade() -> None:
    op.add_column("places", sa.Column("valid_from", sa.Date(), nullable=True))
    op.add_column("places", sa.Column("valid_to", sa.Date(), nullable=True))
    op.add_column("places", sa.Column("community_code", sa.String(length=30), nullable=True))
    op.execute("UPDATE places SET valid_from = CURRENT_DATE")
    op.execute(
        "UPDATE places SET community_code ="
        " (SELECT code FROM places AS around WHERE around.id = places.community_ref)"
    )
    for name, code in ESTATE_TYPES.items():
        op.execute(f"UPDATE places SET estate_type = '{code}' WHERE estate_type = '{name}'")
    op.execute(
        "UPDATE places SET estate_type ="
        " (SELECT estate_type FROM places AS around WHERE around.id = places.estate_ref)"
        " WHERE estate_type = '' AND estate_ref IS NOT NULL"
    )
    with op.batch_alter_table("places") as table:
        table.alter_column("valid_from", existing_type=sa.Date(), nullable=False)
    op.create_table(
        "households",
        *_of_an_aggregate(),
        sa.Column("door_ref", Id, nullable=False),
        sa.Column("room", sa.String(length=30), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_households")),
    )
    op.create_index(
        "uq_households_now",
        "households",
        ["door_ref", "room"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_table(
        "posts",
        *_of_an_aggregate(),
        sa.Column("door_name", sa.String(length=100), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("serving", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    op.create_index(
        "ix_posts_missing",
        "posts",
        ["id"],
        sqlite_where=sa.text("missing > 0"),
        postgresql_where=sa.text("missing > 0"),
    )
    two = "CASE WHEN estate_type IN ('tower', 'mixed_use') THEN 2 ELSE 1 END"
    op.execute(
        "INSERT INTO posts (id, version, journey, place_path, door_name, required, serving, missing)"
        f" SELECT id, 1, journey, place_path, name, {two}, 0, {two} FROM places WHERE kind = 'door'"
    )


def _of_an_aggregate() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
    ]
