"""Bearer tokens: signed, with a role, a scope and an end. Issued by `jiushu token create`."""

from __future__ import annotations

import os
import secrets
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt

from shared.access.roles import what_is_wrong
from shared.kernel.command import EVERYWHERE, Actor
from shared.kernel.personal import holds_mobile

ALGORITHM = "HS256"
AUDIENCE = "jiushu"
LONGEST_SUBJECT = 64
LEEWAY_SECONDS = 30  # by which the clocks of who signs and who reads may differ

# what reading nonsense raises besides the library's own errors
UNREADABLE = (ValueError, TypeError, OverflowError, RecursionError)


class TokenRefused(Exception):
    """No token, or one that is not ours, altered or expired."""


class Tokens:
    """Issues and checks tokens with one key."""

    def __init__(self, key: str) -> None:
        self._key = key

    @classmethod
    def from_file(cls, path: Path) -> Tokens:
        """With the key in that file, readable by its owner only; it is made at the first start."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        return cls(path.read_text(encoding="ascii").strip())

    def issue(
        self, subject: str, role: str, scope: str = EVERYWHERE, valid: timedelta = timedelta(hours=12)
    ) -> str:
        """A token for `subject`. Raises ValueError for a role or scope that there is not, or no usable name.

        Which scopes a role may have, the table of `roles` says.
        """
        wrong = what_is_wrong_with(subject) or what_is_wrong(role, scope)
        if wrong:
            raise ValueError(wrong)
        now = datetime.now(UTC)
        claims = {
            "sub": subject,
            "role": role,
            "scope": scope,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + valid,
        }
        return jwt.encode(claims, self._key, ALGORITHM)

    def actor(self, token: str) -> Actor:
        """Who bears the token. Raises TokenRefused."""
        try:
            claims = jwt.decode(
                token,
                self._key,
                [ALGORITHM],
                audience=AUDIENCE,
                leeway=LEEWAY_SECONDS,
                options={"require": ["sub", "role", "scope", "exp"]},
            )
        except (jwt.PyJWTError, *UNREADABLE) as error:
            raise TokenRefused(str(error)) from None
        if int(claims["exp"]) <= time.time():  # the leeway is for a clock that is ahead, not for more time
            raise TokenRefused("Signature has expired")
        subject, role, scope = claims["sub"], claims["role"], claims["scope"]
        if not (isinstance(role, str) and isinstance(scope, str)):
            raise TokenRefused("role and scope must be texts")
        wrong = what_is_wrong_with(subject) or what_is_wrong(role, scope)
        if wrong:
            raise TokenRefused(wrong)
        return Actor(subject, role, scope)


def what_is_wrong_with(subject: str) -> str | None:
    """Why nobody can be called that; None where somebody can. It stands for ever in events and in the audit trail."""
    if not (0 < len(subject) <= LONGEST_SUBJECT and subject.isprintable()):
        return f"the subject must be 1 to {LONGEST_SUBJECT} printable characters"
    if holds_mobile(subject):
        return "the subject looks like a mobile phone's number; name whoever it is by an id that says nothing"
    return None


def header_of(token: str) -> dict[str, Any]:
    """What a token says of itself; nothing of it is proved. Raises TokenRefused."""
    try:
        return dict(jwt.get_unverified_header(token))
    except (jwt.PyJWTError, *UNREADABLE) as error:
        raise TokenRefused(str(error)) from None


def _write_once(path: Path, key: str) -> None:
    """Whole or not at all, and never over a key that another process has just made."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(key, encoding="ascii")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
