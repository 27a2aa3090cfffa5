"""honour, joined: its rooms in one definition, and the nameko class that opens its doors."""

from __future__ import annotations

from example_honour import events, http, migrations, store
from example_honour.use_cases import commendations
from shared.application import Definition
from shared.service import Service

DEFINITION = Definition(
    name="honour",
    title="表彰：成果落地，提请表彰",
    use_cases=(commendations,),
    store=store.Store,
    metadata=store.metadata,
    translations=events.TRANSLATIONS,
    subscriptions=events.SUBSCRIPTIONS,
    api=http.api,
    migrations=migrations,
)


class HonourService(Service):
    """表彰 Those who made a result are proposed for a commendation."""

    name = "honour"
    definition = DEFINITION
