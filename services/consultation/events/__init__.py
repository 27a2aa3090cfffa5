"""What consultation says and hears, a module per noun. Everything that it listens to stands in one list, at the end."""

from __future__ import annotations

from services.consultation.events import (
    design_requests,
    plans,
    professionals,
    projects,
    reviews,
    sessions,
    surveys,
    topics,
)
from shared.contracts import notify, property
from shared.following import PLACES
from shared.messaging.subscriptions import Subscription, copy, forget
from shared.persistence.unit_of_work import Translations

TRANSLATIONS: Translations = {
    **topics.SAYS,
    **design_requests.SAYS,
    **sessions.SAYS,
    **plans.SAYS,
    **reviews.SAYS,
    **surveys.SAYS,
    **projects.SAYS,
}

SUBSCRIPTIONS: list[Subscription] = [
    *PLACES,
    copy(property.PartyRegistered),
    copy(property.AreaRegistered),
    copy(notify.ContactRegistered),
    copy(notify.ContactMoved),
    forget(notify.ContactErased),
    *surveys.HEARS,
    *projects.HEARS,
    *professionals.HEARS,
    *topics.HEARS,
]
