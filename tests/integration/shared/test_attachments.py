"""附件: where the bytes lie, what is kept of a photograph, and that nothing is lost or left."""

from __future__ import annotations

import hashlib
import os
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from shared.kernel.command import Cause, system
from shared.kernel.errors import NotFound
from shared.persistence import pictures
from shared.persistence.attachments import (
    AttachmentsAtWork,
    AttachmentsAway,
    Folder,
    Memory,
    forget_unattached,
    known,
    uses,
)
from shared.persistence.pictures import (
    AttachmentKindUnknown,
    AttachmentTooLarge,
    PhotographBroken,
    PhotographTooLarge,
    cleaned,
)

PDF = b"%PDF-1.7\n%%EOF\n"
BEIJING_EAST = {1: "N", 2: (39.0, 54.0, 0.0), 3: "E", 4: (116.0, 40.0, 0.0)}
GPS, ORIENTATION, MODEL = 0x8825, 0x0112, 0x0110


def photograph(kind="JPEG", size=(40, 20), orientation=1, **options):
    """A picture, red on the left, with where and by which phone it was taken."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[MODEL] = "Phone of Zhang"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS).update(BEIJING_EAST)
    written = BytesIO()
    image.save(written, kind, exif=exif, **options)
    return written.getvalue()


@pytest.fixture
def service(under_test):
    return under_test("grid")


@pytest.fixture(params=["folder", "memory"])
def kept(request, tmp_path):
    return Folder(tmp_path / "attachments") if request.param == "folder" else Memory()


# ---- the port, in all its implementations


def test_the_same_bytes_have_the_same_ref_which_is_their_sha256(kept):
    ref = kept.put(b"bytes")
    assert ref == hashlib.sha256(b"bytes").hexdigest() == kept.put(b"bytes")
    assert kept.get(ref) == b"bytes"


def test_what_was_removed_or_never_there_is_not_found(kept):
    ref = kept.put(b"bytes")
    kept.remove(ref)
    kept.remove(ref)
    for missing in (ref, "../../etc/passwd", "", "x" * 64):
        with pytest.raises(NotFound):
            kept.get(missing)


def test_a_file_appears_whole_or_not_at_all_and_is_its_owners_alone(tmp_path, monkeypatch):
    folder = Folder(tmp_path / "attachments")
    order = []
    fsync, replace = os.fsync, type(tmp_path).replace
    monkeypatch.setattr(os, "fsync", lambda number: order.append("sync") or fsync(number))
    monkeypatch.setattr(type(tmp_path), "replace", lambda *paths: order.append("rename") or replace(*paths))
    ref = folder.put(b"bytes")
    assert order == ["sync", "rename", "sync"]  # the file, its name, the folder with the name
    (file,) = [path for path in (tmp_path / "attachments").rglob("*") if path.is_file()]
    assert file.relative_to(tmp_path / "attachments").parts == (ref[:2], ref)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_write_that_fails_leaves_nothing(tmp_path, monkeypatch):
    def full(_number):
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AttachmentsAway, match="no space"):
        Folder(tmp_path).put(b"bytes")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_folder_that_cannot_be_used_is_said_as_something_that_passes(service, tmp_path):
    (tmp_path / "file").touch()
    service.application.attachments = Folder(tmp_path / "file")
    answer = service.raw("POST", "/attachments", photograph(), content_type="image/jpeg")
    assert (answer.status_code, answer.headers["Retry-After"] is None) == (503, False)


# ---- what is kept of a photograph


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_is_kept_without_where_when_and_by_whom_it_was_taken(kind):
    given = photograph(kind)
    assert b"Phone of Zhang" in given
    what = cleaned(given)
    assert what.media_type == f"image/{kind.lower()}"
    assert b"Phone" not in what.content
    with Image.open(BytesIO(what.content)) as image:
        assert (image.format, image.size) == (kind, (40, 20))
        assert not image.getexif()
        assert not image.getexif().get_ifd(GPS)


def test_comments_texts_and_what_stands_behind_the_end_are_gone():
    png = BytesIO()
    texts = PngInfo()
    texts.add_text("Author", "Zhang")
    Image.new("RGB", (4, 4)).save(png, "PNG", pnginfo=texts)
    jpeg = photograph(comment=b"by Zhang") + b"a film of Zhang"
    for given in (png.getvalue(), jpeg):
        assert b"Zhang" in given
        assert b"Zhang" not in cleaned(given).content


def test_a_photograph_that_was_taken_sideways_stands_upright_without_its_exif():
    with Image.open(BytesIO(cleaned(photograph(orientation=6)).content)) as image:
        assert image.size == (20, 40)
        red, _, blue = image.convert("RGB").getpixel((10, 5))
        assert red > 200 > 60 > blue  # what was on the left is on top


def test_the_same_photograph_is_redrawn_to_the_same_bytes():
    assert cleaned(photograph()) == cleaned(photograph())


def test_what_it_is_is_told_by_its_content():
    assert cleaned(PDF) == pictures.Cleaned(PDF, "application/pdf")
    for other in (b"", b"GIF89a", b"<html>", b"PK\x03\x04", b"RIFF0000WAVE"):
        with pytest.raises(AttachmentKindUnknown):
            cleaned(other)


def test_what_is_broken_too_large_or_a_bomb_is_refused(monkeypatch):
    for cut in (3, 30, 200):
        with pytest.raises(PhotographBroken):
            cleaned(photograph(size=(400, 400))[:cut])
    with pytest.raises(AttachmentTooLarge):
        cleaned(PDF + b" " * pictures.MOST_BYTES)
    bomb = BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")  # 400 million pixels in some thousand bytes
    assert len(bomb.getvalue()) < 100_000
    with pytest.raises(PhotographTooLarge):
        cleaned(bomb.getvalue())
    monkeypatch.setattr(pictures, "MOST_PIXELS", 40 * 20 - 1)
    with pytest.raises(PhotographTooLarge):
        cleaned(photograph())


# ---- rows and bytes


def keep(service, content=None, *, by="street:s"):
    with service.application.writing() as session:
        return at_work(service, session, by).keep(content or photograph())


def at_work(service, session, by="street:s"):
    return AttachmentsAtWork(
        session, service.database, service.application.attachments, by=by, now=service.clock.now()
    )


def test_an_attachment_that_is_kept_twice_is_one_and_the_first_keeps_it(service):
    first = keep(service, by="street:first")
    assert keep(service, by="street:second") == first
    assert (first.media_type, first.size) == (
        "image/jpeg",
        len(service.application.attachments.get(first.ref)),
    )


def test_a_deed_that_fails_leaves_no_row(service):
    def fail(session):
        at_work(service, session).keep(PDF)
        raise RuntimeError("something else went wrong")

    with pytest.raises(RuntimeError):
        service.application.in_transaction(fail)
    with service.database.reading() as session:
        assert known(session, hashlib.sha256(PDF).hexdigest()) is None
    assert keep(service, PDF).media_type == "application/pdf"


def test_only_what_is_kept_and_a_photograph_is_one(service):
    photo, document = keep(service), keep(service, PDF)
    with service.application.writing() as session:
        work = at_work(service, session)
        assert [work.is_photograph(ref) for ref in (photo.ref, document.ref, "x" * 64)] == [
            True,
            False,
            False,
        ]


def test_what_belongs_to_nothing_goes_after_a_week_and_what_is_attached_stays(service):
    attached, lonely = keep(service), keep(service, PDF)
    with service.application.writing() as session:
        for _ in range(2):
            at_work(service, session).attach(attached.ref, "visit", "v")
    service.clock.advance(days=6)
    new = keep(service, PDF + b"new")
    service.clock.advance(days=2)
    with service.application.writing() as session:
        before = service.clock.now() - timedelta(days=7)
        assert forget_unattached(session, service.application.attachments, before) == 1
    with service.database.reading() as session:
        assert [known(session, one.ref) is None for one in (attached, lonely, new)] == [False, True, False]
        assert uses(session, attached.ref) == [("visit", "v")]
    with pytest.raises(NotFound):
        service.application.attachments.get(lonely.ref)


def test_grid_forgets_them_by_itself(service):
    lonely = keep(service, PDF)
    service.run()  # looks, and looks again in an hour
    for work in service.application.background:
        work.__init__()
    service.clock.advance(days=8)
    service.run()
    with service.database.reading() as session:
        assert known(session, lonely.ref) is None


def test_every_use_case_has_them(service):
    with service.application.writing() as session:
        work = service.application.definition.store(
            session,
            service.database,
            calendar=service.application.calendar,
            now=service.clock.now(),
            cause=Cause(system("test")),
            identity=service.application.identity,
            translations={},
            plugins={},
            attachments=service.application.attachments,
        )
        assert work.attachments.keep(PDF).kept_by == "system:test"
