"""Contacts are sealed to notify: read by whoever has the private key, and by nobody else."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from shared.access.contact_seal import (
    ContactKeyMissing,
    ContactSeal,
    ContactUnreadable,
    make_pair,
    opened,
)
from shared.cli.main import app
from shared.settings import Settings

CONTACT = {"name": "张三", "phone": "13800005678"}


@pytest.fixture
def pair(tmp_path):
    private, public = tmp_path / "notify" / "contact.key", tmp_path / "grid" / "contact.pub"
    assert make_pair(private, public)
    return private, public


def test_what_is_sealed_is_opened_with_the_private_key_alone(pair, tmp_path):
    private, public = pair
    sealed = ContactSeal(public).seal(CONTACT, field="contact")
    assert CONTACT["phone"] not in sealed
    assert opened(sealed, private) == CONTACT
    other = tmp_path / "other.key"
    make_pair(other, tmp_path / "other.pub")
    for key in (other, public, tmp_path / "nowhere"):
        with pytest.raises(ContactUnreadable):
            opened(sealed, key)


def test_the_same_contact_is_never_sealed_alike(pair):
    seal = ContactSeal(pair[1])
    assert seal.seal(CONTACT, field="contact") != seal.seal(CONTACT, field="contact")


@pytest.mark.parametrize("at", [4, 40, -4])
def test_what_was_altered_is_not_opened(pair, at):
    sealed = ContactSeal(pair[1]).seal(CONTACT, field="contact")
    altered = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at:][1:]
    with pytest.raises(ContactUnreadable):
        opened(altered, pair[0])


def test_a_pair_that_is_there_stays_and_the_private_half_is_its_owners_alone(pair):
    private, public = pair
    before = private.read_text(), public.read_text()
    assert not make_pair(private, public)
    assert (private.read_text(), public.read_text()) == before
    assert private.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [None, "", "no key", "AAAA"])
def test_without_a_key_that_can_be_used_nothing_is_sealed(tmp_path, content):
    path = tmp_path / "contact.pub"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ContactKeyMissing, match="jiushu keys contact") as refused:
        ContactSeal(path).seal(CONTACT, field="contact")
    assert refused.value.fields == ["contact"]


def test_the_command_makes_the_pair_once_where_the_settings_say(tmp_path, monkeypatch):
    monkeypatch.setenv("JIUSHU_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("JIUSHU_GRID_CONTACT_PUBLIC_KEY_FILE", str(tmp_path / "grid" / "notify.pub"))
    first = CliRunner().invoke(app, ["keys", "contact"])
    assert first.exit_code == 0, first.output
    sealed = ContactSeal(Settings.load("grid").contact_public_key_file).seal(CONTACT, field="contact")
    assert "已有" in CliRunner().invoke(app, ["keys", "contact"]).output
    assert opened(sealed, tmp_path / "contact.key") == CONTACT
