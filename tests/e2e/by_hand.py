"""What another service will say one day, put into its outbox by hand: its relay does the rest."""

from __future__ import annotations

from sqlalchemy import insert

from shared.contracts.envelope import Envelope
from shared.contracts.registry import for_feed, written
from shared.kernel.ids import new_id
from shared.persistence.database import Database
from shared.persistence.tables import outbox_messages


def says(deployment, event, subject, data, *, version=100):
    """The event's owner says it of the aggregate `subject`."""
    service = event.owner()
    envelope = Envelope(
        id=new_id(),
        source=f"/jiushu/110112010/{service}",
        type=event.type,
        subject=subject,
        time=deployment.clock.now(),
        data=written(event, data),
        correlation_id=new_id(),
        aggregate_version=version,
        actor=f"system:{service}",
    )
    row = {
        "event_id": envelope.id,
        "type": envelope.type,
        "partition_key": envelope.partition_key,
        "correlation_id": envelope.correlation_id,
        "body": envelope.to_bytes(),
        "feed_body": envelope.for_feed(for_feed(event, envelope.data)).to_bytes(),
        "recorded_at": envelope.time,
    }
    with Database(deployment.database_urls[service]).writing() as session:
        session.execute(insert(outbox_messages), [row])
