"""What notify knew before it sealed anything is still known after the migration, and sealed by the running service."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import text

from services.notify import migrations
from shared.persistence import migrations as kernel_migrations
from shared.persistence.database import Database
from shared.persistence.migrate import _config, migrate
from shared.persistence.sealing import PLAIN, census, reseal
from shared.suite import service_class
from shared.testing.harness import ServiceUnderTest

PERSON = {
    "name": "张小明",
    "phone": "13800005678",
    "door_ref": "door",
    "contact_class": "resident",
    "basis": "x",
}
TOKEN = "a-link-of-32-characters-as-before"
CONTACT = (
    "INSERT INTO contacts (id, version, journey, place_path, name, phone, channels, door_ref, contact_class, basis) "
    "VALUES ('person', 1, 'j', '/street/building/door/', '张小明', '13800005678', '[]', 'door', 'resident', 'x')"
)
QUESTION = (
    "INSERT INTO questions (id, version, journey, about_type, about_ref, turn, text, opened_at, closes_at, asked, "
    "answered, resolved, state) VALUES ('question', 1, 'j', 'topic', 'topic', 1, '?', '2024-05-27 01:00:00', "
    "'2034-05-27 01:00:00', 1, 0, 0, 'open')"
)
RESPONDENT = (
    "INSERT INTO respondents (id, version, journey, question_ref, resident_ref, token, covers, reason_code, state) "
    f"VALUES ('respondent', 1, 'j', 'question', 'person', '{TOKEN}', '[]', '', 'asked')"
)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_contacts_and_links_of_before_are_still_good_and_then_sealed(kind, request, tmp_path):
    url = f"sqlite:///{tmp_path}/x.db"
    if kind == "postgresql":
        url = request.getfixturevalue("postgresql").new_database("notify")
    database = Database(url)
    command.upgrade(_config(database, "kernel", kernel_migrations), "head")
    command.upgrade(_config(database, "notify", migrations), "0001")
    with database.writing() as session:
        for row in (CONTACT, QUESTION, RESPONDENT):
            session.execute(text(row))
    migrate(database, migrations, "notify")
    service = ServiceUnderTest(service_class("notify").definition, database)
    tables = service.application.sealed_tables
    for state in ({PLAIN: 3}, {"k1": 3}):
        assert census(database, tables) == state
        assert service.post("/contacts", PERSON, status=200)["id"] == "person"
        assert service.request("GET", "/contacts/person").json["phone"] == "138****5678"
        reseal(database, tables)
    assert service.anonymous("GET", f"/answers/{TOKEN}").status_code == 200
    database.dispose()
