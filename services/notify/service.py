"""notify, joined: its rooms in one definition, and the nameko class that opens its doors."""

from __future__ import annotations

from services.notify import events, http, migrations, store
from services.notify.delivery import deliver
from services.notify.retention import Forgetting
from services.notify.use_cases import (
    consents,
    contacts,
    delivery,
    disclosures,
    messages,
    questions,
    staff_notices,
)
from services.notify.use_cases.delivery import Channel
from shared.application import Definition
from shared.service import Service

DEFINITION = Definition(
    name="notify",
    title="通知公示：通知到人、送达有据",
    use_cases=(contacts, consents, disclosures, messages, questions, delivery, staff_notices),
    store=store.Store,
    metadata=store.metadata,
    translations=events.TRANSLATIONS,
    current=events.CURRENT,
    subscriptions=events.SUBSCRIPTIONS,
    api=http.api,
    migrations=migrations,
    plugin_points={"channels": Channel},
    background=(deliver, Forgetting()),
)


class NotifyService(Service):
    """通知公示 Everyone concerned hears, by a way that reaches them, and it can be proved."""

    name = "notify"
    definition = DEFINITION
