"""What no event may tell, looked for in every event that was said: names and phones of the people whom notify knows,
and whatever looks like a phone, an ID-card number or a room."""

from __future__ import annotations

import json
from contextlib import contextmanager

from sqlalchemy import select

from services.notify.store import contacts
from shared.access.keyring import Keyring
from shared.kernel.personal import personal_data_in
from shared.persistence.database import Database
from shared.persistence.tables import outbox_messages


def assert_no_event_tells_anything_personal(deployment):
    """Reads notify's contacts with the keys of the deployment, and every outbox."""
    with reading(deployment, "notify") as session:
        known = session.execute(select(contacts.c.name, contacts.c.phone)).all()
    secrets = {text for person in known for text in person}
    assert secrets, "nobody is known"
    for service in deployment.database_urls:
        with reading(deployment, service) as session:
            bodies = session.scalars(select(outbox_messages.c.body)).all()
        assert bodies, f"{service} said nothing"
        for body in bodies:
            event = json.loads(body)
            text = json.dumps(event["data"], ensure_ascii=False)
            assert not [secret for secret in secrets if secret in text], event["type"]
            assert personal_data_in(text) == [], event["type"]


@contextmanager
def reading(deployment, service):
    """A session on the database of one service."""
    database = Database(deployment.database_urls[service])
    database.keyring = Keyring(deployment.directory / "data.key")
    try:
        with database.reading() as session:
            yield session
    finally:
        database.dispose()
