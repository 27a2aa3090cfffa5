"""What another company's taking over an area means for grid."""

from __future__ import annotations

from services.grid.use_cases.takeovers import HandCasesOver
from shared.contracts import property
from shared.messaging.subscriptions import Received, Subscription, advance


def on_takeover_completed(event: Received) -> HandCasesOver:
    """What the old company was doing there is the new one's."""
    data = event.data
    return HandCasesOver(data["from_party_ref"], data["to_party_ref"], data["area_ref"])


HEARS: list[Subscription] = [advance(property.TakeoverCompleted, on_takeover_completed)]
