"""附件 Attachments: photographs and documents. Their bytes lie in a folder beside the database, under their SHA-256;
what is known of them, and what they are attached to, in two tables of the service's own database.

A row is written before its bytes, and removed with them, in one transaction: whoever finds the row finds the bytes.
Bytes without a row, of a transaction that failed, are harmless; the next upload of the same finds them there.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from shared.kernel.command import Actor
from shared.kernel.errors import Forbidden, NotFound, Term
from shared.persistence.database import Database, DatabaseAway
from shared.persistence.pictures import PHOTOGRAPHS, cleaned
from shared.persistence.tables import attachment_uses, attachments

TERM = Term("附件", "attachment")
AT_ONCE = 100
NOBODY = "anyone"  # in place of who uploaded what came anonymously


class AttachmentsAway(DatabaseAway):
    """The place where the bytes lie cannot be written or read; nothing was changed, and the same may succeed later."""


class Attachments(Protocol):
    """Where the bytes lie. The same bytes have the same ref."""

    def put(self, content: bytes) -> str:
        """Keep the bytes, so that a loss of power does not lose them; their ref. Nothing where they are there. Raises
        AttachmentsAway."""

    def get(self, ref: str) -> bytes:
        """The bytes. Raises NotFound, AttachmentsAway."""

    def remove(self, ref: str) -> None:
        """Forget the bytes. Nothing where they are not there."""


def ref_of(content: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class Folder:
    """In files below a folder, one folder for the first two digits: `ab/ab12…`. Only its owner may read them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Written beside, made durable, then renamed: a reader never finds half of it. Raises AttachmentsAway."""
        ref = ref_of(content)
        path = self._path(ref)
        try:
            if not path.exists():
                _write(path, content)
        except OSError as error:
            raise AttachmentsAway(str(error)) from error
        return ref

    def get(self, ref: str) -> bytes:
        """The bytes. Raises NotFound, AttachmentsAway."""
        try:
            return self._path(ref).read_bytes()
        except FileNotFoundError:
            raise NotFound(what=TERM, ref=ref) from None
        except OSError as error:
            raise AttachmentsAway(str(error)) from error

    def remove(self, ref: str) -> None:
        """Nothing where it is not there."""
        self._path(ref).unlink(missing_ok=True)

    def _path(self, ref: str) -> Path:
        if len(ref) != 64 or not ref.isascii() or not ref.isalnum():  # never a path out of the folder
            raise NotFound(what=TERM, ref=ref)
        return self._folder / ref[:2] / ref


class Memory:
    """In this process only: for tests."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        """Its ref."""
        ref = ref_of(content)
        self._kept[ref] = content
        return ref

    def get(self, ref: str) -> bytes:
        """The bytes. Raises NotFound."""
        if ref not in self._kept:
            raise NotFound(what=TERM, ref=ref)
        return self._kept[ref]

    def remove(self, ref: str) -> None:
        """Nothing where it is not there."""
        self._kept.pop(ref, None)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """A new name is durable only once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(frozen=True)
class Attachment:
    """What is known of an attachment; `size` in bytes."""

    ref: str
    size: int
    media_type: str
    kept_by: str
    kept_at: datetime


class AttachmentsAtWork:
    """Attachments within one transaction: `work.attachments` of a use case."""

    def __init__(
        self, session: Session, database: Database, kept: Attachments, *, by: str, now: datetime
    ) -> None:
        self._session, self._database, self._kept, self._by, self._now = session, database, kept, by, now

    def keep(self, content: bytes) -> Attachment:
        """Keep a photograph (redrawn, without EXIF and GPS) or a PDF; the same again is the same.

        Raises AttachmentTooLarge, AttachmentKindUnknown, PhotographTooLarge, PhotographBroken.
        """
        what = cleaned(content)
        new = Attachment(ref_of(what.content), len(what.content), what.media_type, self._by, self._now)
        self._session.execute(self._database.insert_new(attachments, ["ref"]), [vars(new)])
        self._kept.put(what.content)
        return known(self._session, new.ref) or new

    def is_photograph(self, ref: str) -> bool:
        """Whether it is kept, and is one."""
        found = known(self._session, ref)
        return found is not None and found.media_type in PHOTOGRAPHS

    def attach(self, ref: str, kind: str, about_ref: str) -> None:
        """From now on it belongs to something, by whose rules it is seen."""
        new = self._database.insert_new(attachment_uses, ["ref", "kind", "about_ref"])
        self._session.execute(new, [{"ref": ref, "kind": kind, "about_ref": about_ref}])

    def disown(self, ref: str) -> None:
        """It is no longer known that this actor has uploaded it."""
        own = attachments.update().where(attachments.c.ref == ref, attachments.c.kept_by == self._by)
        self._session.execute(own.values(kept_by=NOBODY))


def known(session: Session, ref: str) -> Attachment | None:
    """What is known of an attachment, if it is kept."""
    row = session.execute(select(attachments).where(attachments.c.ref == ref)).one_or_none()
    return Attachment(**row._mapping) if row else None


def uses(session: Session, ref: str) -> Sequence[tuple[str, str]]:
    """What it is attached to: kind and ref of each."""
    query = select(attachment_uses.c.kind, attachment_uses.c.about_ref).where(attachment_uses.c.ref == ref)
    return [(row.kind, row.about_ref) for row in session.execute(query)]


@dataclass(frozen=True)
class Shown:
    """A kind of things that attachments belong to: how one is asked for, so that its own rules decide, and which roles
    may see its attachments."""

    ask: Callable[[Session, Actor, str], Any]
    roles: Sequence[str]


def is_shown(session: Session, actor: Actor, ref: str, shown: Mapping[str, Shown]) -> bool:
    """Whether it is attached to something that the actor may see."""
    return any(
        actor.role in shown[kind].roles and _may_ask(shown[kind], session, actor, about_ref)
        for kind, about_ref in uses(session, ref)
    )


def _may_ask(shown: Shown, session: Session, actor: Actor, about_ref: str) -> bool:
    try:
        shown.ask(session, actor, about_ref)
    except Forbidden:
        return False
    return True


def forget_unattached(session: Session, kept: Attachments, before: datetime) -> int:
    """Remove some that were kept before and belong to nothing; how many."""
    used = exists().where(attachment_uses.c.ref == attachments.c.ref)
    old = select(attachments.c.ref).where(attachments.c.kept_at < before, ~used).limit(AT_ONCE)
    refs = list(session.scalars(old.with_for_update(skip_locked=True)))
    session.execute(delete(attachments).where(attachments.c.ref.in_(refs)))
    for ref in refs:
        kept.remove(ref)
    return len(refs)
