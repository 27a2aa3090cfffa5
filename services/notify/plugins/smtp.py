"""电子邮件 E-mail by the site's own SMTP server.

Settings, read at each delivery: SMTP_HOST, SMTP_PORT (587), SMTP_SECURITY (`starttls`, `tls` or `none`), SMTP_FROM,
and, where the server asks who one is, SMTP_USER and SMTP_PASSWORD_FILE.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path

from services.notify.use_cases.delivery import OutgoingMessage, PermanentFailure, Receipt, TemporaryFailure

SECONDS = 20.0
STARTTLS, TLS, NONE = "starttls", "tls", "none"


class Smtp:
    """An attempt that is repeated has the same Message-ID, by which mailboxes drop it."""

    api = 1
    reaches = "email"

    def deliver(self, message: OutgoingMessage) -> Receipt:
        """A server's refusal for good (5xx) of this address or text is permanent; all else is tried again."""
        if not message.address:
            raise PermanentFailure("no address")
        mail = _mail(message, _setting("SMTP_FROM"))
        try:
            with _server() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            raise _failure([code for code, _ in error.recipients.values()]) from None
        except smtplib.SMTPDataError as error:
            raise _failure([error.smtp_code]) from None
        except (smtplib.SMTPException, OSError) as error:  # its own words may hold the address
            raise TemporaryFailure(type(error).__name__) from None
        return Receipt(mail["Message-ID"])


def _mail(message: OutgoingMessage, sender: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, message.address, message.title
    mail["Message-ID"] = f"<{message.message_ref}@{sender.rpartition('@')[2].rstrip('>')}>"
    mail["Date"] = formatdate(localtime=True)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices, please
    mail.set_content(message.text)
    return mail


def _server() -> smtplib.SMTP:
    """Connected, safe as the setting says, and told who we are."""
    security = os.environ.get("SMTP_SECURITY") or STARTTLS
    if security not in (STARTTLS, TLS, NONE):
        raise TemporaryFailure(f"SMTP_SECURITY must be {STARTTLS}, {TLS} or {NONE}")
    host, port = _setting("SMTP_HOST"), int(os.environ.get("SMTP_PORT") or 587)
    context = ssl.create_default_context()
    if security == TLS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        if security == STARTTLS:
            server.starttls(context=context)
        if user := os.environ.get("SMTP_USER"):
            server.login(user, Path(_setting("SMTP_PASSWORD_FILE")).read_text(encoding="utf-8").strip())
    except BaseException:
        server.close()
        raise
    return server


def _setting(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise TemporaryFailure(f"{name} is not set")
    return value


def _failure(codes: list[int]) -> Exception:
    is_final = all(500 <= code < 600 for code in codes)
    return (PermanentFailure if is_final else TemporaryFailure)(f"the server said {codes}")
