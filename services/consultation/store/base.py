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

    def held_open(self, id: str, *, around: bool = False) -> A:
        """The aggregate, under a lock that many may share, and that the closing waits for; it may lie around the
        actor's place where `around` says that it is for everybody there."""
        found = self.session.get(self.kind, id, with_for_update={"read": True})
        if found is None:
            raise NotFound(what=self.kind.term, ref=id)
        (self.actor.must_reach if around else self.actor.must_cover)(found.place_path)
        self._met(found)
        return found
