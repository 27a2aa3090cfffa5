"""A signed export (签名导出): entries as JSON lines, and beside them a signature that holds for exactly these bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHM = "Ed25519"


class ExportRefused(Exception):
    """An export that is not what was signed; the text says why."""


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in that file, readable by its owner only; made at the first export."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        made = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(made)
        except FileExistsError:  # another export has just made it
            pass
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ExportRefused(f"{path}: 不是 {ALGORITHM} 私钥 (no {ALGORITHM} key)")
    return key


def public_text(key: Ed25519PublicKey) -> str:
    """The public key as one word."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def signature_file(export: Path) -> Path:
    """Where the signature of an export lies."""
    return export.with_name(export.name + ".sig")


def write(export: Path, lines: Iterable[dict[str, Any]], key: Ed25519PrivateKey) -> int:
    """Write one JSON object per line, and the signature; how many lines."""
    texts = [json.dumps(line, ensure_ascii=False) for line in lines]
    content = "".join(f"{text}\n" for text in texts).encode()
    export.touch(mode=0o600)
    export.write_bytes(content)
    signature = {
        "algorithm": ALGORITHM,
        "public_key": public_text(key.public_key()),
        "sha256": hashlib.sha256(content).hexdigest(),
        "signature": base64.b64encode(key.sign(content)).decode(),
    }
    signature_file(export).write_text(json.dumps(signature, indent=2) + "\n", encoding="ascii")
    return len(texts)


def verified(export: Path, public_key: str | None = None) -> str:
    """The public key that signed the export. Raises ExportRefused where it was changed, or another key signed it.

    Without the key that is expected, it only says that the two files belong together.
    """
    try:
        signature = json.loads(signature_file(export).read_text(encoding="ascii"))
        signer = str(signature["public_key"])
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signer, validate=True))
        key.verify(base64.b64decode(signature["signature"], validate=True), export.read_bytes())
    except InvalidSignature:
        raise ExportRefused("内容与签名不符 (the content is not what was signed)") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ExportRefused(f"签名无法读取 (the signature cannot be read): {error}") from None
    if public_key is not None and signer != public_key:
        raise ExportRefused(f"由另一把密钥签名 (signed by another key): {signer}")
    return signer
