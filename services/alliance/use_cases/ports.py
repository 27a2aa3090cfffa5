"""What the use cases need kept: the store's repositories, in their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.alliance.domain.engagement import Engagement
from services.alliance.domain.landed_topic import LandedTopic
from services.alliance.domain.organisation import Organisation
from services.alliance.domain.request import Decline, ProfessionalRequest
from shared.kernel import ports
from shared.kernel.ports import Repository


class Organisations(Repository[Organisation], Protocol):
    """Organisations."""

    def by_credit_code(self, credit_code: str) -> Organisation | None:
        """The organisation with that unified social credit code."""


class Requests(Repository[ProfessionalRequest], Protocol):
    """Requests for professionals."""

    def for_ref(self, request_ref: str) -> ProfessionalRequest | None:
        """The request that consultation knows by that ref, held until the transaction ends."""

    def open_designs_of(self, topic_ref: str) -> Sequence[ProfessionalRequest]:
        """The open requests for designers of a topic, held until the transaction ends."""


class Engagements(Repository[Engagement], Protocol):
    """Engagements."""

    def by_org(self, request_id: str, org_ref: str) -> Engagement | None:
        """What that organisation promised to that request, whatever became of it."""

    def standing_for(self, request_id: str) -> Sequence[Engagement]:
        """All engagements of a request that were not withdrawn."""

    def accepted_for(self, request_id: str) -> Sequence[Engagement]:
        """The engagements of a request that are under way."""

    def accepted_designs_of(self, topic_ref: str) -> Sequence[Engagement]:
        """The design engagements of a topic that are under way."""


class Declines(Repository[Decline], Protocol):
    """Declines."""

    def by_org(self, request_id: str, org_ref: str) -> Decline | None:
        """That organisation's no to that request."""


class LandedTopics(Repository[LandedTopic], Protocol):
    """Topics whose result is there."""

    def of(self, topic_ref: str) -> LandedTopic | None:
        """The memory of that topic's end."""


class Work(ports.Work, Protocol):
    """One transaction of alliance."""

    organisations: Organisations
    requests: Requests
    engagements: Engagements
    declines: Declines
    landed_topics: LandedTopics
