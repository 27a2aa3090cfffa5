"""Captains' posts. Those that miss somebody are in an index of their own: a street's gaps are read from it alone."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Column, Index, Integer, String

from services.grid.domain.post import Post
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.repository import Repository

posts = aggregate_table(
    "posts",
    metadata,
    Column("door_name", String(100), nullable=False),
    Column("required", Integer, nullable=False),
    Column("serving", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
)
Index(
    "ix_posts_missing",
    posts.c.id,
    sqlite_where=posts.c.missing > 0,
    postgresql_where=posts.c.missing > 0,
)

map_aggregate(mapper, Post, posts)


class Posts(Repository[Post]):
    """Captains' posts, by the ids of their doors."""

    kind = Post

    def of_doors(self, door_refs: Collection[str]) -> dict[str, Post]:
        """Those of these doors, held until the transaction ends."""
        return {post.id: post for post in self.among(posts.c.id, door_refs, locked=True)}
