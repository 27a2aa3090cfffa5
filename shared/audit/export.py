"""A signed export (签名导出): entries as JSON lines, after those of a service the seals over them, and beside it a
signature that holds for exactly these bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import mmap
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.audit.chain import FIELDS, Seal, sealed

ALGORITHM = "Ed25519"
# of a line that is a seal, no entry
SEALED = "sealed"


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
    """Write one JSON object per line as they come, and the signature; how many entries."""
    draft, entries = export.with_name(f"{export.name}.part"), 0
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        for line in lines:
            file.write(f"{json.dumps(line, ensure_ascii=False)}\n")
            entries += SEALED not in line
    with _content(draft) as content:
        signature = {
            "algorithm": ALGORITHM,
            "public_key": public_text(key.public_key()),
            "sha256": hashlib.sha256(content).hexdigest(),
            "signature": base64.b64encode(key.sign(content)).decode(),
        }
    draft.replace(export)
    signature_file(export).write_text(json.dumps(signature, indent=2) + "\n", encoding="ascii")
    return entries


@contextmanager
def _content(path: Path) -> Iterator[bytes | memoryview]:
    """What stands in a file, without reading it into memory; an empty one cannot be mapped."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            yield b""
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped, memoryview(mapped) as content:
            yield content


def verified(export: Path, public_key: str | None = None) -> str:
    """The public key that signed the export. Raises ExportRefused where it was changed, or another key signed it.

    Without the key that is expected, it only says that the two files belong together.
    """
    try:
        signature = json.loads(signature_file(export).read_text(encoding="ascii"))
        signer = str(signature["public_key"])
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signer, validate=True))
        with _content(export) as content:
            key.verify(base64.b64decode(signature["signature"], validate=True), content)
    except InvalidSignature:
        raise ExportRefused("内容与签名不符 (the content is not what was signed)") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ExportRefused(f"签名无法读取 (the signature cannot be read): {error}") from None
    if public_key is not None and signer != public_key:
        raise ExportRefused(f"由另一把密钥签名 (signed by another key): {signer}")
    return signer


@dataclass
class Comparison:
    """One service's exported entries beside the seals over them: how many seals are whole, the numbers of those of
    which there is only a part, at the export's two ends, how many entries had no seal yet, and what is `wrong`."""

    whole: int = 0
    parts: list[int] = field(default_factory=list)
    unsealed: int = 0
    wrong: list[str] = field(default_factory=list)


def compared(export: Path) -> dict[str, Comparison]:
    """What the seals in an export say about its entries, by service; a service without seals is left out.

    Raises ExportRefused where a line is none of ours.
    """
    entries: dict[str, dict[int | None, list[dict[str, Any]]]] = {}
    seals: dict[str, list[Seal]] = {}
    try:
        with export.open(encoding="utf-8") as file:
            for line in map(json.loads, file):
                if SEALED in line:
                    seals.setdefault(line["service"], []).append(_seal(line[SEALED]))
                else:
                    entries.setdefault(line["service"], {}).setdefault(line["seal"], []).append(_entry(line))
    except (ValueError, KeyError, TypeError) as error:
        raise ExportRefused(f"有一行不是审计记录 (a line is no entry): {error}") from None
    return {service: _compared(service, found, entries.get(service, {})) for service, found in seals.items()}


def _compared(
    service: str, seals: list[Seal], entries: Mapping[int | None, list[dict[str, Any]]]
) -> Comparison:
    result = Comparison(unsealed=len(entries.get(None, [])))
    short, whole = [], []
    for before, seal in zip([None, *seals], seals, strict=False):
        found = sorted(entries.get(seal.number, []), key=lambda entry: int(entry["id"]))
        if not seal.has_its_hash(service) or (
            before and (before.number + 1, before.hash) != (seal.number, seal.previous)
        ):
            result.wrong.append(f"第 {seal.number} 号封存被改动 (seal {seal.number} was altered)")
        elif seal.expired_at and not found:
            whole.append(seal.number)
        elif len(found) < seal.count:
            short.append(seal.number)
        elif sealed(service, seal.number, seal.previous, seal.sealed_at, found).hash != seal.hash:
            result.wrong.append(
                f"第 {seal.number} 号封存中的记录被改动或插入 (entries of seal {seal.number} were altered or inserted)"
            )
        else:
            whole.append(seal.number)
    result.whole = len(whole)
    result.parts = [number for number in short if not whole or not whole[0] < number < whole[-1]]
    result.wrong += [
        f"第 {number} 号封存缺少记录 (entries of seal {number} were dropped)"
        for number in short
        if number not in result.parts
    ]
    result.wrong += [
        f"有记录标着第 {number} 号封存，却没有这个封存 (entries under seal {number}, which there is not)"
        for number in entries.keys() - {None} - {seal.number for seal in seals}
    ]
    return result


def _seal(line: Mapping[str, Any]) -> Seal:
    """Without its list of entries: the exported ones take its place."""
    made, gone = (line[name] and datetime.fromisoformat(line[name]) for name in ("sealed_at", "expired_at"))
    return Seal(
        line["number"], made, line["previous"], line["count"], line["digest"], line["hash"], None, gone
    )


def _entry(line: Mapping[str, Any]) -> dict[str, Any]:
    plain = {**line, "subject": line["subject_ref"], "at": datetime.fromisoformat(line["at"])}
    return {name: plain[name] for name in FIELDS}
