"""From where a request comes: nobody can claim another address, except through a trusted proxy."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from shared.settings import Settings, SettingsWrong
from shared.web.addresses import client_address

PROXIES = [ip_network("10.0.0.0/8"), ip_network("::1/128")]


def asked_from(peer, forwarded=None, trusted=PROXIES):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    environ = EnvironBuilder(headers=headers).get_environ()
    environ["REMOTE_ADDR"] = peer
    return client_address(Request(environ), trusted)


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.1.2.3", "198.51.100.1", "198.51.100.1"),
        ("10.1.2.3", "192.0.2.66, 198.51.100.1", "198.51.100.1"),
        ("10.1.2.3", "192.0.2.66, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        ("10.1.2.3", "nonsense", "10.1.2.3"),
        ("10.1.2.3", "10.4.4.4", "10.4.4.4"),
        ("::ffff:203.0.113.9", None, "203.0.113.9"),
        ("::1", "2001:DB8::0:1", "2001:db8::1"),
        ("", "198.51.100.1", "unknown"),
    ],
)
def test_a_forwarded_address_is_believed_as_far_as_trusted_proxies_tell_it(peer, forwarded, found):
    assert asked_from(peer, forwarded) == found


def test_without_the_setting_no_forwarded_address_is_believed():
    trusted = Settings.load("grid", {}).trusted_proxies
    assert asked_from("127.0.0.1", "198.51.100.1", trusted) == "127.0.0.1"


def test_trusted_proxies_are_networks_and_what_is_none_is_named():
    environment = {"JIUSHU_TRUSTED_PROXIES": "10.0.0.0/8, ::1/128"}
    assert list(Settings.load("grid", environment).trusted_proxies) == PROXIES
    with pytest.raises(SettingsWrong, match="JIUSHU_TRUSTED_PROXIES"):
        Settings.load("grid", {"JIUSHU_TRUSTED_PROXIES": "10.0.0.0/8;x"})


def test_audit_entries_are_kept_three_years_and_never_less_than_six_months():
    assert Settings.load("grid", {}).audit_days == 1095
    assert Settings.load("grid", {"JIUSHU_AUDIT_DAYS": "183"}).audit_days == 183
    with pytest.raises(SettingsWrong, match=r"JIUSHU_AUDIT_DAYS.*183"):
        Settings.load("grid", {"JIUSHU_AUDIT_DAYS": "182"})


def test_records_of_provision_are_kept_three_years_and_never_less():
    assert Settings.load("notify", {}).disclosure_days == 1095
    assert Settings.load("notify", {"JIUSHU_DISCLOSURE_DAYS": "2000"}).disclosure_days == 2000
    with pytest.raises(SettingsWrong, match=r"JIUSHU_DISCLOSURE_DAYS.*1095"):
        Settings.load("notify", {"JIUSHU_DISCLOSURE_DAYS": "1094"})
