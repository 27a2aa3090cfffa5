"""E-mail, against a real SMTP server in this process: what arrives, and what a refusal means."""

from __future__ import annotations

import email
import email.policy
import ssl
import subprocess
from contextlib import contextmanager

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from services.notify.plugins.conformance import EMAIL_ADDRESS, MESSAGE, ChannelConformance
from services.notify.plugins.smtp import Smtp
from services.notify.use_cases.delivery import OutgoingMessage, PermanentFailure, TemporaryFailure
from shared.demo.processes import free_port

TO_RESIDENT = OutgoingMessage(EMAIL_ADDRESS, MESSAGE.title, MESSAGE.text, MESSAGE.message_ref)


class Server:
    """Keeps what it takes; says what it is told to say at RCPT and at DATA."""

    def __init__(self):
        self.taken, self.at_recipient, self.at_data = [], "250 OK", "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.at_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(self, server, session, envelope):
        if self.at_data.startswith("250"):
            self.taken.append(
                (envelope, email.message_from_bytes(envelope.content, policy=email.policy.default))
            )
        return self.at_data


@contextmanager
def listening(server, monkeypatch, security="none", **options):
    """The server, and the settings by which the channel finds it."""
    controller = Controller(server, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    settings = {
        "HOST": "127.0.0.1",
        "PORT": str(controller.port),
        "SECURITY": security,
        "FROM": "notice@example.cn",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"SMTP_{name}", value)
    try:
        yield server
    finally:
        controller.stop()


@pytest.fixture
def server(monkeypatch):
    with listening(Server(), monkeypatch) as server:
        yield server


class TestSmtp(ChannelConformance):
    @pytest.fixture(autouse=True)
    def _server(self, server, monkeypatch):
        self.monkeypatch = monkeypatch

    def make(self):
        return Smtp()

    def make_away(self):
        self.monkeypatch.setenv("SMTP_PORT", str(free_port()))
        return Smtp()


def test_the_resident_gets_title_and_text_from_the_site_and_a_second_attempt_is_the_same_mail(server):
    receipts = [Smtp().deliver(TO_RESIDENT).provider_ref for _ in range(2)]
    (envelope, mail), (_, again) = server.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("notice@example.cn", [EMAIL_ADDRESS])
    assert (mail["Subject"], mail.get_content().strip()) == (MESSAGE.title, MESSAGE.text)
    assert {mail["Message-ID"], again["Message-ID"], *receipts} == {f"<{MESSAGE.message_ref}@example.cn>"}


@pytest.mark.parametrize(
    ("where", "answer", "failure"),
    [
        ("at_recipient", "550 5.1.1 no such mailbox", PermanentFailure),
        ("at_recipient", "451 4.7.1 try later", TemporaryFailure),
        ("at_data", "554 5.6.0 refused", PermanentFailure),
        ("at_data", "452 4.3.1 disk is full", TemporaryFailure),
    ],
)
def test_a_refusal_for_good_is_permanent_and_any_other_is_tried_again(server, where, answer, failure):
    setattr(server, where, answer)
    with pytest.raises(failure) as refused:
        Smtp().deliver(TO_RESIDENT)
    assert EMAIL_ADDRESS not in str(refused.value)
    assert server.taken == []


@pytest.mark.parametrize("missing", ["SMTP_HOST", "SMTP_FROM"])
def test_what_is_not_set_is_named(server, monkeypatch, missing):
    monkeypatch.delenv(missing)
    with pytest.raises(TemporaryFailure, match=missing):
        Smtp().deliver(TO_RESIDENT)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Of 127.0.0.1, signed by itself: its files, for certificate and key."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate", folder / "key"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=mail"]
    san = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*make, *san, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_tls_with_a_password_from_a_file_and_only_to_the_server_whose_certificate_is_trusted(
    security, certificate, monkeypatch, tmp_path
):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    said = []

    def authenticator(server, session, envelope, mechanism, data):
        said.append((data.login, data.password))
        return AuthResult(success=data.password == b"secret")

    options = {"authenticator": authenticator, "auth_require_tls": security == "starttls"}
    if security == "tls":  # which this server does not see from inside
        options |= {"ssl_context": context}
    else:
        options |= {"tls_context": context, "require_starttls": True, "auth_required": True}
    (tmp_path / "password").write_text("secret\n")
    monkeypatch.setenv("SMTP_USER", "jiushu")
    monkeypatch.setenv("SMTP_PASSWORD_FILE", str(tmp_path / "password"))
    with listening(Server(), monkeypatch, security, **options) as server:
        with pytest.raises(TemporaryFailure, match="SSLCertVerificationError"):
            Smtp().deliver(TO_RESIDENT)
        assert said == [], "the password went to a server that was not known"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        Smtp().deliver(TO_RESIDENT)
    assert len(server.taken) == 1
    assert said == [(b"jiushu", b"secret")]


def test_where_tls_is_asked_for_and_the_server_has_none_nothing_is_sent(monkeypatch):
    with listening(Server(), monkeypatch, "starttls") as server, pytest.raises(TemporaryFailure):
        Smtp().deliver(TO_RESIDENT)
    assert server.taken == []
