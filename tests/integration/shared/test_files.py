"""Files over HTTP: an endpoint that takes one as its body, and one that answers with one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from marshmallow import Schema

from shared.persistence.pictures import JPEG
from shared.testing.harness import ServiceUnderTest
from shared.web.api import Api
from shared.web.fields import Text, Whole
from shared.web.files import CSV, XLSX, File, Upload
from shared.web.openapi import document
from tests.integration.shared.toy import TOYS

MOST = 1000


class Told(Schema):
    media_type = Text()
    length = Whole()
    colour = Text()


class Which(Schema):
    colour = Text(load_default="grey")


@pytest.fixture
def done():
    """The files for which the deed was done."""
    return []


@pytest.fixture
def toys(done):
    api = Api("toys")
    definition = replace(TOYS, api=api)

    @api.post("/boxes", roles=("street",), takes=Upload((CSV, XLSX), MOST), query=Which, answer=Told)
    def import_boxes(call):
        """导入"""
        done.append(call.file)
        return {
            "media_type": call.file.media_type,
            "length": len(call.file.content),
            "colour": call.query["colour"],
        }

    @api.post("/mirrors", roles=("street",), takes=Upload((JPEG,), MOST), gives=(JPEG,), status=201)
    def mirror(call):
        """照原样给回"""
        done.append(call.file)
        return File(call.file.content, JPEG, "照片 1.jpg")

    @api.get("/boxes", roles=("street",), gives=(CSV,))
    def export_boxes(_call):
        """导出"""
        return File("名称\r\n".encode(), CSV, "箱子.csv")

    return ServiceUnderTest(definition)


def test_the_bytes_are_given_as_they_were_sent_with_their_type(toys, done):
    sent = b"\x00\xff\xef\xbb\xbf{"
    answer = toys.raw("POST", "/boxes?colour=red", sent, content_type=f"{CSV}; charset=gb18030")
    assert answer.json == {"media_type": CSV, "length": len(sent), "colour": "red"}
    assert done == [File(sent, CSV)]


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "image/jpeg", "", "text/csv-x"])
def test_another_type_is_refused_and_the_possible_ones_are_named(toys, done, content_type):
    answer = toys.raw("POST", "/boxes", b"{}", content_type=content_type)
    assert answer.status_code == 415
    assert CSV in answer.json["detail"]
    assert XLSX in answer.json["detail"]
    assert done == []


def test_each_endpoint_says_itself_how_large_a_file_may_be(toys, done):
    assert toys.raw("POST", "/boxes", b"x" * MOST, content_type=CSV).status_code == 200
    refused = toys.raw("POST", "/boxes", b"x" * (MOST + 1), content_type=CSV)
    assert (refused.status_code, str(MOST) in refused.json["detail"]) == (413, True)
    assert len(done) == 1


def test_an_empty_file_is_refused(toys):
    assert toys.raw("POST", "/boxes", b"", content_type=CSV).status_code == 400


def test_who_may_not_send_a_file_is_refused_before_it_is_looked_at(toys):
    assert toys.raw("POST", "/boxes", b"", content_type="nonsense", role="admin").status_code == 403


def test_the_same_file_with_the_same_key_has_one_effect_and_another_file_needs_another_key(toys, done):
    def sent(content, path="/boxes", content_type=CSV):
        return toys.raw("POST", path, content, content_type=content_type, headers={"Idempotency-Key": "k"})

    first, again = sent(b"a"), sent(b"a")
    assert again.data == first.data
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(done) == 1
    for other in (sent(b"b"), sent(b"a", "/boxes?colour=red"), sent(b"a", content_type=XLSX)):
        assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert len(done) == 1


def test_a_file_that_is_answered_keeps_its_name_when_it_is_answered_again(toys, done):
    first, again = (
        toys.raw("POST", "/mirrors", b"\xff\xd8", content_type=JPEG, headers={"Idempotency-Key": "k"})
        for _ in range(2)
    )
    assert (first.status_code, first.data, len(done)) == (201, b"\xff\xd8", 1)
    for name in ("Content-Disposition", "Content-Type"):
        assert again.headers[name] == first.headers[name]


def test_a_download_is_kept_and_not_shown_and_has_its_chinese_name(toys):
    answer = toys.request("GET", "/boxes")
    assert answer.mimetype == CSV
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=file.csv; filename*=UTF-8''%E7%AE%B1%E5%AD%90.csv"
    )


@pytest.mark.parametrize("name", ['a"b.csv', "a\r\nX-Evil: 1.csv", "a;b.csv", "\\\\.csv", "…", ""])
def test_no_name_breaks_out_of_its_header(toys, name):
    toys.application.definition.api.endpoints[-1] = replace(
        toys.application.definition.api.endpoints[-1], function=lambda _call: File(b"x", CSV, name)
    )
    again = ServiceUnderTest(toys.application.definition)
    answer = again.request("GET", "/boxes")
    assert answer.status_code == 200
    assert "X-Evil" not in answer.headers
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_document_says_which_files_are_taken_and_given(toys):
    paths = document(toys.application.definition, [toys.application.definition.api])["paths"]
    boxes = paths["/toys/v1/boxes"]
    assert set(boxes["post"]["requestBody"]["content"]) == {CSV, XLSX}
    assert boxes["post"]["requestBody"]["required"]
    assert set(boxes["get"]["responses"]["200"]["content"]) == {CSV}
    assert {"413", "415"} <= set(boxes["post"]["responses"])
