"""What grid says and hears, a module per noun. Everything that it listens to stands in one list, at the end."""

from __future__ import annotations

from services.grid.events import (
    captains,
    cases,
    categories,
    clusters,
    hotline,
    organisations,
    pairings,
    places,
    posts,
    rates,
    referrals,
    responsibilities,
    shapes,
    shifts,
    staff,
    stewards,
    takeovers,
    visits,
    waits,
    whistles,
)
from shared.contracts import property
from shared.messaging.subscriptions import Subscription, copy
from shared.persistence.unit_of_work import CurrentFacts, Translations

TRANSLATIONS: Translations = {
    **places.SAYS,
    **posts.SAYS,
    **shapes.SAYS,
    **cases.SAYS,
    **shifts.SAYS,
    **categories.SAYS,
    **clusters.SAYS,
    **hotline.SAYS,
    **stewards.SAYS,
    **organisations.SAYS,
    **staff.SAYS,
    **pairings.SAYS,
    **captains.SAYS,
    **visits.SAYS,
    **rates.SAYS,
    **whistles.SAYS,
}

# reference facts that can be said anew, as they are now
CURRENT: CurrentFacts = {
    **places.CURRENT,
    **posts.CURRENT,
    **cases.CURRENT,
    **organisations.CURRENT,
    **staff.CURRENT,
    **pairings.CURRENT,
    **captains.CURRENT,
}

SUBSCRIPTIONS: list[Subscription] = [
    copy(property.AreaRegistered),
    copy(property.PartyRegistered),
    *cases.HEARS,
    *stewards.HEARS,
    *captains.HEARS,
    *visits.HEARS,
    *takeovers.HEARS,
    *responsibilities.HEARS,
    *waits.HEARS,
    *referrals.HEARS,
]
