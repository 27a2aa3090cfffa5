"""What property found out about whose matters are."""

from __future__ import annotations

from services.grid.use_cases.responsibilities import DecideGrayZone, FindGrayZone, GiveToResponsible
from shared.contracts import property
from shared.messaging.subscriptions import Received, Subscription, advance, copy


def on_responsibility_found(event: Received) -> GiveToResponsible:
    """One case is theirs."""
    return GiveToResponsible(event.data["case_ref"], event.data["party_ref"], event.data["reason_text"])


def on_gray_zone_found(event: Received) -> FindGrayZone:
    """Its cases belong together."""
    return FindGrayZone(event.data["gray_zone_ref"], event.data["case_refs"])


def on_gray_zone_assigned(event: Received) -> list[FindGrayZone | DecideGrayZone]:
    """All its cases are theirs, those too of which grid hears only now that they belong to it."""
    return [on_gray_zone_found(event), _decided(event, is_deadlocked=False)]


def on_gray_zone_deadlocked(event: Received) -> list[FindGrayZone | DecideGrayZone]:
    """All its cases are theirs for the time being, and the street's to decide."""
    return [on_gray_zone_found(event), _decided(event, is_deadlocked=True)]


def _decided(event: Received, *, is_deadlocked: bool) -> DecideGrayZone:
    data = event.data
    return DecideGrayZone(
        data["gray_zone_ref"], data["title"], data["party_ref"], data["reason_text"], is_deadlocked
    )


HEARS: list[Subscription] = [
    copy(property.ResponsibilityPublished),
    advance(property.ResponsibilityFound, on_responsibility_found),
    advance(property.GrayZoneFound, on_gray_zone_found),
    advance(property.GrayZoneAssigned, on_gray_zone_assigned),
    advance(property.GrayZoneDeadlocked, on_gray_zone_deadlocked),
]
