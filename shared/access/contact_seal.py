"""联系方式封存 Names and phones sealed to notify's public key: whoever takes them in cannot read them any more.

HPKE (RFC 9180: X25519, HKDF-SHA256, AES-128-GCM). `jiushu keys contact` makes the pair: the private half stays with
notify, the public one goes to those who take contacts in.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from shared.kernel.errors import Conflict

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
_INFO = b"jiushu contact v1"
_MARK = "c1:"


class ContactKeyMissing(Conflict):
    """Rather refused than kept plain."""

    code = "contact_key_missing"
    zh = (
        "还不能接收联系方式：没有可用的通知服务公钥 {path}。请管理员运行 jiushu keys contact，并把公钥放到此处；"
        "或不带 {field} 再发"
    )
    en = (
        "no contact can be taken in: notify's public key {path} is not there. Let the operator run jiushu keys contact "
        "and put the public key there; or send it without {field}"
    )


class ContactUnreadable(Exception):
    """What is no sealed contact, or was sealed to another key."""


class ContactSeal:
    """The public half: seals, and cannot open. Without a file it seals nothing."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    def seal(self, contact: Mapping[str, str], *, field: str) -> str:
        """The contact, for notify's eyes only. Raises ContactKeyMissing, naming the input `field`."""
        try:
            key = X25519PublicKey.from_public_bytes(_read(self._path))
        except (OSError, ValueError):
            raise ContactKeyMissing(path=self._path or "", field=field) from None
        plain = json.dumps(dict(contact), ensure_ascii=False).encode()
        return _MARK + base64.urlsafe_b64encode(_SUITE.encrypt(plain, key, info=_INFO)).decode()


def opened(sealed: str, private_key: Path) -> dict[str, str]:
    """The contact. Raises ContactUnreadable."""
    try:
        key = X25519PrivateKey.from_private_bytes(_read(private_key))
        raw = base64.urlsafe_b64decode(sealed.removeprefix(_MARK))
        contact: dict[str, str] = json.loads(_SUITE.decrypt(raw, key, info=_INFO))
    except (OSError, ValueError, InvalidTag) as error:
        raise ContactUnreadable(f"not to be opened with {private_key}") from error
    return contact


def make_pair(private: Path, public: Path) -> bool:
    """Make both files where there is no private one, whole or not at all; False where there is. The private one is its
    owner's alone."""
    if private.exists():
        return False
    key = X25519PrivateKey.generate()
    _write(public, key.public_key().public_bytes_raw(), 0o644)
    _write(private, key.private_bytes_raw(), 0o600)
    return True


def _read(path: Path | None) -> bytes:
    if path is None:
        raise FileNotFoundError
    return base64.b64decode(path.read_text(encoding="ascii").strip(), validate=True)


def _write(path: Path, key: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(base64.b64encode(key).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
