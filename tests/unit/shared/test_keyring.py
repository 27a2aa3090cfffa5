"""The keys of personal data: made once, added to, noticed by everybody, never lost silently."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from shared.access import keyring as keyring_module
from shared.access.keyring import KeyRefused, Keyring, KeysMissing, key_of

WHAT = "contacts.phone"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "keys" / "data.key"
    Keyring(path).make()
    return path


def test_what_is_sealed_says_under_which_key_and_shows_nothing(file):
    keyring = Keyring(file)
    sealed = keyring.seal(b"13800005678", WHAT)
    assert sealed.startswith("k1:")
    assert key_of(sealed) == key_of(sealed.encode()) == "k1"
    assert "13800005678" not in sealed
    assert keyring.seal(b"13800005678", WHAT) != sealed, "equal values must not look equal"
    assert keyring.open(sealed, WHAT) == b"13800005678"


def test_a_value_cannot_be_put_into_another_column(file):
    keyring = Keyring(file)
    with pytest.raises(KeysMissing):
        keyring.open(keyring.seal(b"x", "contacts.name"), "contacts.phone")


@pytest.mark.parametrize("place", [3, 10, -2])
def test_an_altered_value_is_not_opened(file, place):
    keyring = Keyring(file)
    sealed = keyring.seal(b"x" * 30, WHAT)
    other = "A" if sealed[place] != "A" else "B"
    place %= len(sealed)
    with pytest.raises(KeysMissing, match="altered"):
        keyring.open(sealed[:place] + other + sealed[place + 1 :], WHAT)


def test_the_file_is_its_owners_alone_and_made_only_once(tmp_path):
    path = tmp_path / "data.key"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: Keyring(path).make(), range(8)))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["data.key"]
    before = path.read_text()
    Keyring(path).make()
    assert path.read_text() == before


def test_equal_values_have_the_same_index_and_other_columns_another(file):
    keyring = Keyring(file)
    assert keyring.index("13800005678", WHAT) == Keyring(file).index("13800005678", WHAT)
    assert keyring.index("13800005678", WHAT) != keyring.index("13800005678", "other")
    assert keyring.index("1", WHAT) != Keyring().index("1", WHAT), "who has not the key cannot guess"


def test_a_new_key_is_noticed_by_others_and_the_old_values_stay_readable(file):
    mine, others = Keyring(file), Keyring(file)
    old, index = mine.seal(b"old", WHAT), mine.index("1", WHAT)
    assert others.rotate() == "k2"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    new = mine.seal(b"new", WHAT)
    assert new.startswith("k2:")
    assert (mine.open(old, WHAT), mine.open(new, WHAT)) == (b"old", b"new")
    assert mine.index("1", WHAT) == index
    assert [key.id for key in mine.keys] == ["k1", "k2"]


def test_of_two_who_rotate_at_once_neither_loses_the_other_s_key(file):
    def rotate_five_times(keyring):
        return [keyring.rotate() for _ in range(5)]

    with ThreadPoolExecutor(2) as pool:
        made = [id for ids in pool.map(rotate_five_times, (Keyring(file), Keyring(file))) for id in ids]
    assert sorted(made) == sorted(f"k{number}" for number in range(2, 12))
    assert {key.id for key in Keyring(file).keys} == {"k1", *made}


def test_a_key_is_retired_only_when_another_has_been_current_for_a_while(file, monkeypatch):
    keyring = Keyring(file)
    sealed = keyring.seal(b"x", WHAT)
    for id, reason in (("k1", "current"), ("k7", "no key k7")):
        with pytest.raises(KeyRefused, match=reason):
            keyring.retire(id)
    keyring.rotate()
    with pytest.raises(KeyRefused, match="in a minute"):
        keyring.retire("k1")
    monkeypatch.setattr(keyring_module, "SETTLED", timedelta())
    keyring.retire("k1")
    assert [key.id for key in keyring.keys] == ["k2"]
    with pytest.raises(KeysMissing, match="k1"):
        keyring.open(sealed, WHAT)
    assert keyring.rotate() == "k3"


@pytest.mark.parametrize("content", [None, "", "{}", '{"keys": {}}', "[]", "key"])
def test_a_file_that_is_missing_or_spoilt_is_said_and_never_replaced(file, content):
    file.unlink() if content is None else file.write_text(content)
    with pytest.raises(KeysMissing, match="JIUSHU_DATA_KEY_FILE"):
        Keyring(file).seal(b"x", WHAT)
    with pytest.raises(KeysMissing):
        Keyring(file).rotate()
    assert (file.read_text() if file.exists() else None) == content


def test_a_key_that_is_too_short_is_no_key(file):
    plain = json.loads(file.read_text())
    plain["keys"]["k1"]["secret"] = "c2hvcnQ="
    file.write_text(json.dumps(plain))
    with pytest.raises(KeysMissing):
        Keyring(file).seal(b"x", WHAT)


@pytest.mark.parametrize("text", ["", "张小明", "k1:短", "k1:abc", "{}", "kx:" + "A" * 60, "k0:" + "A" * 60])
def test_what_was_never_sealed_is_known_as_such(text):
    assert key_of(text) is None


def test_keys_tell_when_they_were_made():
    (key,) = Keyring().keys
    assert datetime.now(UTC) - key.made_at < timedelta(minutes=1)
