"""Contacts: who may be registered, and what is shown of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.contact import LONGEST_STOP
from services.notify.domain.errors import (
    ChannelUnknown,
    EmailMissing,
    EmailWrong,
    KeepUntilPast,
    KeepUntilTooFar,
    NameInvisible,
    NotADoor,
    PhoneWrong,
)
from tests.builders import facts
from tests.builders.notify import NOW, contact


def test_a_contact_lies_where_its_door_lies():
    assert contact().place_path == facts.door()["path"]


@pytest.mark.parametrize(
    ("phone", "shown"), [("13800005678", "138****5678"), ("010-12345678", "010-****5678")]
)
def test_the_middle_of_a_phone_is_masked(phone, shown):
    assert contact(phone=phone).masked_phone == shown


@pytest.mark.parametrize("name", ["张三", "欧阳小明", "A"])
def test_only_the_first_character_of_a_name_is_shown(name):
    assert contact(name=name).masked_name == f"{name[0]}**"


@given(st.from_regex(r"1[0-9]{10}", fullmatch=True))
def test_a_masked_phone_never_holds_the_whole_number(phone):
    masked = contact(phone=phone).masked_phone
    assert phone not in masked
    assert sum(character.isdigit() for character in masked) == 7


@pytest.mark.parametrize("email", ["a@b.cn", "zhang.san+1@mail.example.com.cn"])
def test_an_email_is_shown_by_its_first_letter_and_its_server_only(email):
    shown = contact(email=email).masked_email
    assert shown == f"{email[0]}***{email[email.index('@') :]}"


@pytest.mark.parametrize(
    "email",
    [
        "a",
        "@b.cn",
        "a@b",
        "a b@c.cn",
        "a@b.cn\nBcc: c@d.cn",
        "a@b.cn,c@d.cn",
        "张三@b.cn",
        "a@b.cn ",
        "x" * 65 + "@b.cn",
        "a@" + "b" * 60 + ".cn" * 70,
    ],
)
def test_an_address_to_which_nothing_can_be_sent_is_refused(email):
    with pytest.raises(EmailWrong):
        contact(email=email)


def test_a_channel_that_sends_email_needs_an_address_also_later():
    with pytest.raises(EmailMissing):
        contact(channels=["smtp"])
    person = contact(channels=["smtp"], email="a@b.cn")
    with pytest.raises(EmailMissing):
        _correct(person, email="")
    _correct(person, email="c@d.cn")
    assert (person.address_of("email"), person.address_of("phone")) == ("c@d.cn", person.phone)


def test_an_erased_person_has_no_address():
    person = contact(channels=["smtp"], email="a@b.cn")
    person.erase()
    assert (person.email, person.masked_email) == ("", "")


def _correct(person, **right):
    unchanged = dict.fromkeys(("name", "phone", "channels", "door", "email"))
    person.correct(**unchanged | right, installed={"mailbox": "phone", "smtp": "email"})


@pytest.mark.parametrize(
    "phone",
    [
        "",
        "2380000567",
        "23800005678",
        "138000056789",
        "010-1234567",
        "01012345678",
        "1380000567８",
        " 13800005678",
    ],
)
def test_a_phone_at_which_nobody_can_be_called_is_refused(phone):
    with pytest.raises(PhoneWrong) as refused:
        contact(phone=phone)
    assert refused.value.fields == ["phone"]


def test_a_place_that_is_no_door_is_refused():
    with pytest.raises(NotADoor) as refused:
        contact(door=facts.building())
    assert refused.value.fields == ["door_ref"]


def test_a_channel_that_is_not_installed_is_refused_with_those_that_are():
    with pytest.raises(ChannelUnknown, match="mailbox") as refused:
        contact(channels=["mailbox", "pigeon"])
    assert refused.value.facts["channels"] == "pigeon"


@pytest.mark.parametrize("name", ["\u200b", "\u200b\u2060\ufeff", "\u3164", "\u2800", "\u0301", "\U000e0041"])
def test_a_name_that_nobody_can_read_is_refused(name):
    with pytest.raises(NameInvisible) as refused:
        contact(name=name)
    assert refused.value.fields == ["name"]


@pytest.mark.parametrize(
    ("ahead", "refusal"),
    [(timedelta(0), KeepUntilPast), (LONGEST_STOP + timedelta(seconds=1), KeepUntilTooFar)],
)
def test_nothing_is_kept_until_the_past_or_for_good(ahead, refusal):
    person = contact()
    with pytest.raises(refusal):
        person.stop(until=NOW + ahead, because="诉讼", now=NOW)
    assert person.is_in_use


def test_a_stop_can_be_said_again_before_its_time_is_over():
    person = contact()
    for since in (NOW, NOW + LONGEST_STOP / 2):
        person.stop(until=since + LONGEST_STOP, because="诉讼", now=since)
    assert (person.state, person.kept_until) == ("stopped", NOW + LONGEST_STOP * 1.5)


def test_who_is_stopped_can_be_reached_again_and_erased():
    person = contact()
    person.stop(until=NOW + LONGEST_STOP, because="诉讼", now=NOW)
    person.resume(basis="本人再次登记")
    assert (person.is_in_use, person.basis) == (True, "本人再次登记")
    assert (person.kept_until, person.kept_because) == (None, "")
    person.erase()
    assert person.state == "erased"
