"""What is referred to grid by consultation."""

from __future__ import annotations

from services.grid.use_cases.referrals import TakeUpReferral
from shared.contracts import consultation
from shared.messaging.subscriptions import Received, Subscription, start


def on_topic_referred(event: Received) -> TakeUpReferral | None:
    """A case of its own; a topic that takes up cases leaves it at those."""
    data = event.data
    if data["case_refs"]:
        return None
    return TakeUpReferral(
        number=data["topic_ref"],
        place_ref=data["place_ref"],
        category=data["case_category"],
        text=f"{data['title']}：{data['asked_text']}",
        source="consultation",
        reporter_refs=data["proposer_refs"],
    )


def on_intake_referred(event: Received) -> TakeUpReferral:
    """What was said at a reception point."""
    data = event.data
    return TakeUpReferral(
        number=data["intake_ref"],
        place_ref=data["place_ref"],
        category=data["case_category"],
        text=data["asked_text"],
        source="reception_point",
        reporter_refs=[data["proposer_ref"]] if data["proposer_ref"] else [],
    )


HEARS: list[Subscription] = [
    start(consultation.TopicReferred, on_topic_referred),
    start(consultation.IntakeReferred, on_intake_referred),
]
