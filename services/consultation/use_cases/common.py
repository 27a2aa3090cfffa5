"""What several use cases ask of whoever acts, and of whoever they act for."""

from __future__ import annotations

from services.consultation.use_cases.ports import Work


def must_know_proposer(ref: str | None, work: Work) -> None:
    """A resident whom notify knows; one speaks for oneself only, staff for anybody. Raises UnknownReference,
    Forbidden."""
    if ref is not None:
        work.actor.must_speak_for(ref)
        work.copy_of("notify.contact", ref, field="proposer_ref")


def own_place_in(place_path: str | None, work: Work) -> str | None:
    """The actor's own place, where it is confined to one that is smaller than what it speaks of."""
    actor = work.actor
    return None if actor.covers(place_path) else actor.place_refs[-1]
