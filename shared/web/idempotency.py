"""Idempotency-Key: the same request sent twice has one effect, and the same answer (draft-ietf-httpapi-…-07).

The answer is kept in the transaction of the deed itself, so there is no moment at which one exists without the
other. A refusal changes nothing and is not kept: the same key may be used again. An answer that holds personal data is
never kept: whoever wants it again asks again, and is examined and recorded again.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Request, Response

from shared.kernel.command import Actor
from shared.kernel.errors import Conflict, Invalid
from shared.persistence.database import Database
from shared.persistence.tables import ANSWERS_KEPT_HOURS, idempotency_keys
from shared.web.files import DISPOSITION
from shared.web.problems import Malformed

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_HEADERS = ("Content-Type", "Location", "ETag", "X-Correlation-ID", DISPOSITION)
_KEY = re.compile(r'"?([\x21\x23-\x7e]{1,255})"?')

kept = idempotency_keys.c


class KeyReused(Invalid):
    """The key was used for another request."""

    code = "idempotency_key_reused"
    zh = "{field}：该键已用于另一个请求，请换一个新键"
    en = "{field}: this key was used for another request; use a new one"


class AnsweredOnce(Conflict):
    """The request was carried out; its answer held personal data and was given once."""

    code = "idempotency_key_answered"
    zh = "该请求已完成并已告知过；含个人信息的答复不重复给出，请用新键重新申请"
    en = "this was done and answered already; an answer with personal data is given once: ask again with a new key"


class StillRunning(Conflict):
    """The first request with the key has not been answered yet."""

    code = "idempotency_key_in_use"
    zh = "同一 Idempotency-Key 的请求正在处理，请稍后重试"
    en = "a request with this Idempotency-Key is being handled; try again in a moment"
    retry_after = 1


@dataclass(frozen=True)
class Key:
    """A caller's key for one request."""

    id: str
    fingerprint: str

    @classmethod
    def of(cls, request: Request, actor: Actor, asked: Any) -> Key | None:
        """The key that the request carries, if any; `asked` is what it asks for. Raises Malformed."""
        given = request.headers.get(HEADER)
        if given is None:
            return None
        match = _KEY.fullmatch(given.strip())
        if match is None:
            raise Malformed(
                400,
                f"{HEADER} 应为 1 至 255 个可见的 ASCII 字符",
                f"{HEADER} must be 1 to 255 visible ASCII characters",
            )
        caller = [actor.id, actor.role, actor.scope, match[1]]
        if actor.role == "anyone":  # who cannot be told apart must not be in each other's way
            caller.append(request.path)
        return cls(_digest(caller), _digest([request.method, request.path, asked]))

    def answer(self, session: Session, database: Database, *, personal: bool) -> Response | None:
        """The answer that was given before. Raises KeyReused, StillRunning, and AnsweredOnce for a `personal` one."""
        if not database.try_lock(session, f"idempotency {self.id}"):
            raise StillRunning()
        row = session.execute(
            select(idempotency_keys).where(kept.id == self.id, kept.kept_at > _oldest())
        ).first()
        if row is None:
            return None
        if row.fingerprint != self.fingerprint:
            raise KeyReused(field=HEADER)
        if personal:
            raise AnsweredOnce
        return Response(row.body, row.status, {**row.headers, REPLAYED: "true"})

    def keep(self, session: Session, database: Database, response: Response, *, personal: bool) -> None:
        """Keep the answer for the next request with this key; of a `personal` one only that it was given."""
        headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        row = {
            "id": self.id,
            "fingerprint": self.fingerprint,
            "status": response.status_code,
            "headers": headers,
            "body": b"" if personal else response.get_data(),
            "kept_at": time.time(),
        }
        session.execute(database.upsert(idempotency_keys, row, ["id"]))


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def _oldest() -> float:
    return time.time() - ANSWERS_KEPT_HOURS * 3600
