"""The tables of grid are of one metadata, and mapped by one mapper."""

from __future__ import annotations

from sqlalchemy.orm import registry

from shared.persistence.mapping import new_metadata

metadata = new_metadata()
mapper = registry(metadata=metadata)
