"""What grid says and hears, a module per noun. Everything that it listens to stands in one list, at the end."""

from __future__ import annotations

from services.grid.events import cases, places, posts, stewards, takeovers, visits
from shared.contracts import notify, property
from shared.messaging.subscriptions import Subscription, copy
from shared.persistence.unit_of_work import CurrentFacts, Translations

TRANSLATIONS: Translations = {**places.SAYS, **posts.SAYS, **cases.SAYS, **stewards.SAYS, **visits.SAYS}

# reference facts that can be said anew, as they are now
CURRENT: CurrentFacts = {**places.CURRENT}

SUBSCRIPTIONS: list[Subscription] = [
    copy(property.AreaRegistered),
    copy(property.PartyRegistered),
    copy(notify.ContactRegistered),
    *cases.HEARS,
    *stewards.HEARS,
    *visits.HEARS,
    *takeovers.HEARS,
]
