"""property, joined: its rooms in one definition, and the nameko class that opens its doors."""

from __future__ import annotations

from services.property import events, http, migrations, store
from services.property.use_cases import areas, decisions, parties, works
from shared.application import Definition
from shared.service import Service

DEFINITION = Definition(
    name="property",
    title="物业与产权单位：权责清楚、费用共担、整改到位",
    use_cases=(areas, parties, decisions, works),
    store=store.Store,
    metadata=store.metadata,
    translations=events.TRANSLATIONS,
    current=events.CURRENT,
    subscriptions=events.SUBSCRIPTIONS,
    api=http.api,
    migrations=migrations,
)


class PropertyService(Service):
    """物业与产权单位 Who must do what, who pays, and a loop that does not close before it is good enough."""

    name = "property"
    definition = DEFINITION
