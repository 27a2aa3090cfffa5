"""What honour (表彰) says."""

from __future__ import annotations

from shared.contracts.common import Placed
from shared.contracts.fields import Ref, Text


class CommendationProposed(Placed):
    """表彰建议 Those who made a result are proposed for a commendation.

    Sent when: the result of a topic has landed, once per topic. Not sent when: the commendation is awarded.
    """

    type = "honour.commendation.proposed.v1"
    commendation_ref = Ref(required=True)
    topic_ref = Ref(required=True)
    title = Text(100, required=True, metadata={"description": "the topic's title"})
