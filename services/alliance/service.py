"""alliance, joined: its rooms in one definition, and the nameko class that opens its doors."""

from __future__ import annotations

from services.alliance import events, http, migrations, store
from services.alliance.use_cases import engagements, organisations, requests
from shared.application import Definition
from shared.service import Service

DEFINITION = Definition(
    name="alliance",
    title="商居同盟：辖区资源精准对接居民需求",
    use_cases=(organisations, requests, engagements),
    store=store.Store,
    metadata=store.metadata,
    translations=events.TRANSLATIONS,
    current=events.CURRENT,
    subscriptions=events.SUBSCRIPTIONS,
    api=http.api,
    migrations=migrations,
)


class AllianceService(Service):
    """商居同盟 What the neighbourhood has meets what it needs."""

    name = "alliance"
    definition = DEFINITION
