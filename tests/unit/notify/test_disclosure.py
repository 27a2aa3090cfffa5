"""Who is told a person's phone: for which purpose, by duty or by consent."""

from __future__ import annotations

import pytest

from services.notify.domain.consent import Consent, Terms
from services.notify.domain.contact import LONGEST_STOP
from services.notify.domain.disclosure import PURPOSES, Disclosure
from services.notify.domain.errors import ConsentMissing, NoLongerInUse, PurposeNotYours
from shared.access.roles import OFFICERS, ROLES
from tests.builders import notify as build

CASES = [(role, purpose) for role in ROLES for purpose in PURPOSES]


def disclose(role, purpose, *, consent=None, contact=None):
    return Disclosure(
        contact or build.contact(),
        purpose=purpose,
        reason="x",
        role=role,
        recipient=f"{role}:1",
        consent=consent,
        now=build.NOW,
    )


def given(contact, purpose):
    terms = Terms(purpose, "company", "示例物业", "1", "self", evidence="")
    return Consent(contact, terms, in_person=True, recorded_by="resident:1", now=build.NOW)


@pytest.mark.parametrize(("role", "purpose"), CASES)
def test_each_role_is_told_for_its_own_purposes_by_duty_or_by_consent_only(role, purpose):
    contact = build.contact()
    consent = given(contact, purpose)
    if role in PURPOSES[purpose].by_duty:
        assert disclose(role, purpose).consent_ref is None
    elif role in PURPOSES[purpose].by_consent:
        with pytest.raises(ConsentMissing):
            disclose(role, purpose)
        assert disclose(role, purpose, consent=consent).consent_ref == consent.id
    else:
        with pytest.raises(PurposeNotYours):
            disclose(role, purpose, consent=consent)


def test_every_purpose_names_its_law_and_roles_that_there_are():
    for purpose in PURPOSES.values():
        assert "个人信息保护法第" in purpose.basis
        roles = purpose.by_duty | purpose.by_consent
        assert roles <= set(ROLES)
        assert not roles & {*OFFICERS, "monitor", "outside_system", "resident"}


def test_nothing_is_told_of_one_whose_data_are_stopped_or_erased():
    stopped, erased = build.contact(), build.contact()
    stopped.stop(until=build.NOW + LONGEST_STOP, because="x", now=build.NOW)
    erased.erase()
    for contact in (stopped, erased):
        with pytest.raises(NoLongerInUse):
            disclose("street", "revisit", contact=contact)
        with pytest.raises(NoLongerInUse):
            given(contact, "repair")


def test_the_record_holds_neither_name_nor_phone():
    contact = build.contact()
    record = vars(disclose("street", "revisit", contact=contact))
    assert contact.name not in str(record)
    assert contact.phone not in str(record)
