"""What the use cases need kept: the store's repositories, in their words."""

from __future__ import annotations

from typing import Protocol

from example_honour.domain.commendation import Commendation
from shared.kernel import ports
from shared.kernel.ports import Repository


class Commendations(Repository[Commendation], Protocol):
    """Commendations."""

    def of(self, topic_ref: str) -> Commendation | None:
        """The commendation for that topic."""


class Work(ports.Work, Protocol):
    """One transaction of honour."""

    commendations: Commendations
