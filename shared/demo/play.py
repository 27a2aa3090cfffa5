"""All stories, one after the other."""

from __future__ import annotations

from shared.demo import cancelled, life_ring, neighbourhood, people, renovation
from shared.demo.stage import Stage


def play(stage: Stage) -> None:
    """Chain 1 on the story of “生命之环”, and the scenarios beside it. Raises BrokenLink."""
    street = neighbourhood.street(stage)
    organisations = neighbourhood.organisations(stage)
    life_ring.play(stage, street, organisations)
    renovation.play(stage, street, organisations)
    cancelled.play(stage, street, organisations)
    people.play(stage, street)
