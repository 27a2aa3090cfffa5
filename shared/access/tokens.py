"""Bearer tokens: signed, with a role, a scope and an end. Issued by `jiushu token create`."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt

from shared.access.roles import ACTS_FOR, ROLES
from shared.kernel.command import EVERYWHERE, Actor

ALGORITHM = "HS256"
AUDIENCE = "jiushu"


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
        """A token for `subject`. Raises ValueError for a role or scope that there is not.

        Which scopes a role may have, `ACTS_FOR` says.
        """
        wrong = _what_is_wrong(role, scope)
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
                options={"require": ["sub", "role", "scope", "exp"]},
            )
        except jwt.InvalidTokenError as error:
            raise TokenRefused(str(error)) from None
        wrong = _what_is_wrong(claims["role"], claims["scope"])
        if wrong:
            raise TokenRefused(wrong)
        return Actor(claims["sub"], claims["role"], claims["scope"])


def _what_is_wrong(role: str, scope: str) -> str | None:
    if role not in ROLES:
        return f"role '{role}' is unknown; one of: {', '.join(ROLES)}"
    prefix = ACTS_FOR.get(role)
    if prefix and not (scope.startswith(prefix) and len(scope) > len(prefix)):
        return f"a {role} acts for one {prefix[:-1]}: the scope must be {prefix}<ref>, not '{scope}'"
    if not prefix and scope != EVERYWHERE and not (scope.startswith("place:") and len(scope) > len("place:")):
        return f"the scope of a {role} must be * or place:<ref>, not '{scope}'"
    return None


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
