"""What lies in the databases is sealed, comes under a new key while all runs, and never loses its key silently."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text, update
from typer.testing import CliRunner

from shared.access import keyring as keyring_module
from shared.access.keyring import Keyring, KeysMissing, key_of
from shared.checks import keys as checks
from shared.checks.finding import Level
from shared.checks.settings import Examined, Installation
from shared.cli.main import app
from shared.contracts import grid
from shared.persistence import sealing
from shared.persistence.database import Database
from shared.persistence.sealing import PLAIN, census, ready_keyrings, reseal
from shared.persistence.types import Sealed
from shared.settings import Settings
from shared.suite import build, service_class
from shared.testing.harness import ServiceUnderTest
from tests.builders import facts
from tests.builders import notify as builders

NAME, PHONE = "张小明", "13800005678"


@pytest.fixture
def notify(under_test, tmp_path):
    """notify with keys of its own, in a file."""
    service = under_test("notify")
    keyring = Keyring(tmp_path / "data.key")
    keyring.make()
    service.database.keyring = keyring
    service.hear(grid.PlaceRegistered, "door", facts.door())
    return service


def tables(service):
    return service.application.sealed_tables


def known(service, phone):
    """The ref of one who is registered already."""
    body = {"name": NAME, "phone": phone, "door_ref": "door", "contact_class": "resident", "basis": "x"}
    return service.post("/contacts", body, status=200)["resident_ref"]


def stored(service, column, table):
    with service.database.reading() as session:
        found = session.execute(text(f"SELECT {column} FROM {table} ORDER BY id")).scalars().all()
    return [bytes(value).decode() if isinstance(value, bytes | memoryview) else value for value in found]


def test_name_phone_message_and_words_about_a_person_lie_sealed_and_a_phone_is_found(notify):
    ref = builders.register(notify, PHONE)
    notify.hear(grid.CaseReported, "case", facts.case(reporter_refs=[ref]))
    consent = {
        "purpose": "repair",
        "recipient_ref": "company",
        "recipient_name": "王师傅",
        "text_version": "1",
        "evidence": "签字表单",
    }
    notify.post(f"/contacts/{ref}/consents", consent)
    until = (notify.clock.now() + timedelta(days=1)).isoformat()
    other = builders.register(notify, "13800000009")
    notify.post(f"/contacts/{other}/stop", {"until": until, "because": "张小明的诉讼"}, status=200)
    (reason,) = filter(None, stored(notify, "kept_because", "contacts"))
    assert key_of(reason) == "k1"
    for column, table in (
        ("name", "contacts"),
        ("phone", "contacts"),
        ("basis", "contacts"),
        ("recipient_name", "consents"),
        ("evidence", "consents"),
        ("text", "messages"),
    ):
        for value in stored(notify, column, table):
            assert key_of(value) == "k1", (table, column)
    assert PHONE not in stored(notify, "phone_index", "contacts")
    assert known(notify, PHONE) == ref
    assert len(builders.messages(notify, ref)) == 2


def test_a_link_is_kept_as_a_digest_only(notify):
    ref = builders.register(notify, PHONE)
    notify.hear(grid.CaseReported, "case", facts.case(reporter_refs=[ref]))
    notify.hear(grid.CaseVerified, "case", builders.case_verified(reporter_refs=[ref], topic_ref=None))
    link = builders.link(notify, ref)
    (token,) = stored(notify, "token", "respondents")
    assert token not in link
    assert notify.anonymous("GET", link).status_code == 200
    assert notify.anonymous("GET", f"/answers/{token}").status_code == 404


def test_a_kept_answer_lies_sealed_and_is_given_again(notify):
    ref = builders.register(notify, PHONE)
    wish = {
        "purpose": "repair",
        "recipient_ref": "company",
        "recipient_name": "示例物业",
        "text_version": "1",
        "evidence": "签字表单",
    }
    answers = [
        notify.request("POST", f"/contacts/{ref}/consents", wish, headers={"Idempotency-Key": "k"})
        for _ in range(2)
    ]
    assert answers[0].json == answers[1].json
    (body,) = stored(notify, "body", "idempotency_keys")
    assert key_of(body) == "k1"
    assert ref not in body


def test_an_answer_with_personal_data_is_not_kept(notify):
    ref = builders.register(notify, PHONE)
    wish = {"purpose": "revisit", "reason": "回访"}
    notify.request("POST", f"/contacts/{ref}/disclosures", wish, headers={"Idempotency-Key": "k"})
    assert stored(notify, "length(body)", "idempotency_keys") == [0]


def test_what_was_written_before_there_were_keys_is_read_found_and_then_sealed(notify):
    ref = builders.register(notify, PHONE)
    with notify.database.writing() as session:
        session.execute(text(f"UPDATE contacts SET name='{NAME}', phone='{PHONE}', phone_index=NULL"))
    assert known(notify, PHONE) == ref
    assert census(notify.database, tables(notify)) == {PLAIN: 2, "k1": 1}
    assert reseal(notify.database, tables(notify)) == 2
    assert census(notify.database, tables(notify)) == {"k1": 3}
    assert known(notify, PHONE) == ref
    assert notify.request("GET", f"/contacts/{ref}").json["phone"] == "138****5678"


def test_keys_are_rotated_while_requests_go_on(notify, monkeypatch):
    monkeypatch.setattr(sealing, "WINDOW", 7)
    monkeypatch.setattr(sealing, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(keyring_module, "SETTLED", timedelta())
    refs = [builders.register(notify, f"1380000{number:04}") for number in range(40)]
    over, failures, done = threading.Event(), [], []

    def requests():
        number = 1000
        while not over.is_set() or not done:
            number += 1
            body = {"name": f"李{number}"}
            for answer in (
                notify.request("POST", f"/contacts/{refs[number % 40]}/correct", body),
                notify.request("GET", f"/contacts/{refs[number * 7 % 40]}"),
            ):
                if answer.status_code != 200:
                    failures.append(answer.text)
            builders.register(notify, f"1390000{number:04}")
            done.append(number)

    caller = threading.Thread(target=requests)
    caller.start()
    keyring = Keyring(notify.database.keyring.path)  # another process's
    for _ in range(3):
        keyring.rotate()
        reseal(notify.database, tables(notify))
    over.set()
    caller.join(60)
    reseal(notify.database, tables(notify))  # what was under way
    assert failures == []
    assert done
    assert set(census(notify.database, tables(notify))) == {"k4"}
    for id in ("k1", "k2", "k3"):
        keyring.retire(id)
    for ref in refs:
        notify.post(f"/contacts/{ref}/correct", {"name": NAME}, status=200)
    assert {known(notify, f"1380000{number:04}") for number in range(40)} == set(refs)


def test_a_value_that_somebody_writes_meanwhile_is_not_overwritten(notify, monkeypatch):
    ref = builders.register(notify, PHONE)
    Keyring(notify.database.keyring.path).rotate()
    seal = sealing._seal

    def meanwhile(session, table, row, column):
        if column.name == "name":
            session.execute(update(table).values(name="王五"))
        return seal(session, table, row, column)

    monkeypatch.setattr(sealing, "_seal", meanwhile)
    reseal(notify.database, tables(notify))
    assert notify.request("GET", f"/contacts/{ref}").json["name"] == "王**"


# ---- a start, and what `jiushu check` says


def test_a_first_start_makes_the_keys_and_a_later_one_keeps_them(notify, tmp_path):
    notify.database.keyring = Keyring(tmp_path / "new.key")
    ready_keyrings({notify.database: tables(notify)})
    made = (tmp_path / "new.key").read_text()
    builders.register(notify, PHONE)
    ready_keyrings({notify.database: tables(notify)})
    assert (tmp_path / "new.key").read_text() == made


def test_sealed_data_without_their_keys_stop_the_start_and_no_new_key_is_made(notify, tmp_path):
    builders.register(notify, PHONE)
    notify.database.keyring = Keyring(tmp_path / "lost.key")
    with pytest.raises(KeysMissing, match="restore it"):
        ready_keyrings({notify.database: tables(notify)})
    assert not (tmp_path / "lost.key").exists()
    Keyring(tmp_path / "lost.key").make()  # another's
    with pytest.raises(KeysMissing, match="does not fit"):
        ready_keyrings({notify.database: tables(notify)})


def test_no_new_key_is_made_for_one_service_where_another_has_sealed_data(notify, tmp_path):
    builders.register(notify, PHONE)
    empty = ServiceUnderTest(service_class("grid").definition)
    empty.database.keyring = notify.database.keyring = Keyring(tmp_path / "lost.key")
    with pytest.raises(KeysMissing, match="restore it"):
        ready_keyrings({empty.database: tables(empty), notify.database: tables(notify)})
    assert not (tmp_path / "lost.key").exists()


def test_without_keys_and_without_a_database_that_answers_no_key_is_made(notify, tmp_path):
    away = Database("postgresql+psycopg2://someone:secret@127.0.0.1:1/nowhere")
    away.keyring = Keyring(tmp_path / "none.key")
    with pytest.raises(KeysMissing, match="does not answer") as refused:
        ready_keyrings({away: tables(notify)})
    assert "secret" not in str(refused.value)
    assert not (tmp_path / "none.key").exists()
    away.keyring.make()
    ready_keyrings({away: tables(notify)})  # readiness says the rest


def test_check_finds_keys_that_are_open_to_others_unreadable_or_do_not_fit(notify, tmp_path):
    builders.register(notify, PHONE)
    environment = {"JIUSHU_VAR_DIR": str(tmp_path)}
    examined = Examined(notify.application.definition, Settings.load("notify", environment))
    installation = Installation(environment, ["notify"], [examined])

    def found():
        with notify.database.reading() as session:
            (file,) = checks.data_keys(installation)
            (fit,) = checks.sealed_data(session, examined)
        return file.level, fit.level

    path = tmp_path / "data.key"
    assert found() == (Level.FINE, Level.FINE)
    path.chmod(0o644)
    assert found() == (Level.WRONG, Level.FINE)
    path.rename(tmp_path / "right.key")
    assert found() == (Level.WARNING, Level.WRONG)
    Keyring(path).make()
    assert found() == (Level.FINE, Level.WRONG)
    path.write_text("")
    assert found() == (Level.WRONG, Level.WRONG)


def test_every_column_with_a_name_a_phone_or_a_text_to_or_about_a_person_is_sealed(notify):
    metadata = notify.application.definition.metadata
    sealed = {
        f"{column.table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, Sealed)
    }
    assert sealed == {
        "contacts.name",
        "contacts.phone",
        "contacts.email",
        "contacts.basis",
        "contacts.kept_because",
        "consents.recipient_name",
        "consents.evidence",
        "messages.text",
        "disclosures.reason",
    }
    assert all(
        column.type.what == f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, Sealed)
    )


# ---- the command line


@pytest.fixture
def installed(tmp_path, monkeypatch):
    monkeypatch.setenv("JIUSHU_VAR_DIR", str(tmp_path))
    built = build(["grid", "consultation", "property", "alliance", "notify"])
    for running in built:
        running.application.migrate()
    built[0].application.database.keyring.make()
    yield built
    for running in built:
        running.application.database.dispose()


def jiushu(*words):
    return CliRunner().invoke(app, ["keys", *words])


def test_keys_are_listed_rotated_and_retired_from_the_command_line(installed, monkeypatch):
    notify = installed[-1].application
    with notify.database.writing() as session:
        session.execute(
            text(
                "INSERT INTO contacts (id, version, journey, name, phone, channels, door_ref, contact_class, basis) "
                f"VALUES ('c', 1, 'j', '{NAME}', '{PHONE}', '[]', 'door', 'resident', '')"
            )
        )
    assert "plain" in jiushu("list").stdout
    rotated = jiushu("rotate")
    assert rotated.exit_code == 0, rotated.output
    assert "k2" in rotated.stdout
    assert census(notify.database, notify.sealed_tables) == {"k2": 2}
    assert jiushu("retire", "k1").exit_code == 2
    monkeypatch.setattr(keyring_module, "SETTLED", timedelta())
    refused = jiushu("retire", "k2")
    assert refused.exit_code == 2
    assert jiushu("retire", "k1").exit_code == 0
    assert jiushu("reseal").exit_code == 0
    listed = jiushu("list").stdout
    assert "k2" in listed
    assert "k1" not in listed


def test_keys_that_are_missing_are_said_in_a_line(installed, tmp_path):
    (tmp_path / "data.key").unlink()
    for words in (("list",), ("rotate",), ("reseal",), ("retire", "k1")):
        answer = jiushu(*words)
        assert answer.exit_code == 2
        assert "Traceback" not in answer.output
    assert not (tmp_path / "data.key").exists()
