"""What honour says and hears. Everything that it listens to stands in one list, at the end."""

from __future__ import annotations

from typing import Any

from example_honour import contracts
from example_honour.domain import commendation as commendations
from example_honour.use_cases.commendations import ProposeCommendation
from shared.contracts import consultation
from shared.messaging.subscriptions import Received, Subscription, start
from shared.persistence.unit_of_work import Translations, at_home

# ---- says: domain event -> contract


def _commendation_proposed(
    commendation: commendations.Commendation, _event: commendations.CommendationProposed
) -> Any:
    return contracts.CommendationProposed, {
        "commendation_ref": commendation.id,
        "topic_ref": commendation.topic_ref,
        "title": commendation.title,
        "place_ref": commendation.place_ref,
        "place_path": commendation.place_path,
    }


TRANSLATIONS: Translations = {
    commendations.CommendationProposed: _commendation_proposed,
    commendations.CommendationAwarded: at_home,
}


# ---- hears: contract -> command


def on_result_landed(event: Received) -> ProposeCommendation:
    """Those who made it are proposed."""
    data = event.data
    return ProposeCommendation(
        commendations.Result(
            topic_ref=data["topic_ref"],
            title=data["title"],
            place_ref=data["place_ref"],
            place_path=data["place_path"],
            maintainer_name=data["maintainer_name"],
        )
    )


SUBSCRIPTIONS: list[Subscription] = [
    start(consultation.ResultLanded, on_result_landed),
]
