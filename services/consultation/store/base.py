"""The tables of consultation are of one metadata, and mapped by one mapper."""

from __future__ import annotations

from sqlalchemy.orm import registry

from shared.kernel.errors import NotFound
from shared.persistence.mapping import new_metadata
from shared.persistence.repository import A, Repository

metadata = new_metadata()
mapper = registry(metadata=metadata)


class ManyWriteTo(Repository[A]):
    """Aggregates that many write to at once, and one closes."""

    def held_open(self, id: str) -> A:
        """The aggregate, for whose place the actor's is, under a lock that many may share, and that the closing waits
        for."""
        found = self.session.get(self.kind, id, with_for_update={"read": True})
        if found is None:
            raise NotFound(what=self.kind.term, ref=id)
        self.actor.must_reach(found.place_path)
        self._met(found)
        return found
