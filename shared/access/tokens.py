"""Bearer tokens: signed, with a role, a scope and an end. Issued by `jiushu token create`."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt

from shared.access.roles import PERSONAL, ROLES
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

        Scope: `*`, `place:<ref>`, `party:<ref>`, or `person:<ref>`, which residents and reviewers must have.
        """
        if role not in ROLES:
            raise ValueError(f"role '{role}' is unknown; one of: {', '.join(ROLES)}")
        if scope != EVERYWHERE and not scope.startswith(("place:", "party:", "person:")):
            raise ValueError(f"scope '{scope}' must be *, place:<ref>, party:<ref> or person:<ref>")
        if role in PERSONAL and not scope.startswith("person:"):
            raise ValueError(f"a {role} speaks for one person: the scope must be person:<ref>")
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
        return Actor(claims["sub"], claims["role"], claims["scope"])


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
