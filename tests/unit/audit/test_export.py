"""An export beside its seals: whatever was left out, altered or put in before it was signed is found."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.audit import export as signed
from shared.audit.chain import BEGINNING, FIELDS, sealed

STARTED = datetime(2026, 11, 25, tzinfo=UTC)


def entry(id):
    row = dict.fromkeys(FIELDS, "居民")
    return {**row, "id": id, "at": STARTED + timedelta(microseconds=id), "status": 200, "subject": None}


def told(row, seal):
    """As the service tells of it."""
    told = {name: value for name, value in row.items() if name != "subject"}
    return {
        "service": "grid",
        **told,
        "at": row["at"].isoformat(),
        "subject_ref": row["subject"],
        "seal": seal,
    }


@pytest.fixture
def lines():
    """Five seals of three entries each, the entries first, and one that has no seal yet."""
    entries, seals, previous = [], [], BEGINNING
    for number in range(1, 6):
        batch = [entry(3 * number + offset) for offset in range(3)]
        seal = sealed("grid", number, previous, STARTED + timedelta(hours=number), batch)
        previous = seal.hash
        entries += [told(row, number) for row in batch]
        shown = {name: getattr(seal, name) for name in ("number", "previous", "count", "digest", "hash")}
        shown |= {"sealed_at": seal.sealed_at.isoformat(), "expired_at": None}
        seals.append({"service": "grid", "sealed": shown})
    return [*entries, told(entry(99), None), *seals]


def compared(tmp_path, lines):
    file = tmp_path / "export.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return signed.compared(file).get("grid")


def test_a_whole_export_has_nothing_wrong(tmp_path, lines):
    assert compared(tmp_path, lines) == signed.Comparison(whole=5, unsealed=1)


def of_seal(lines, number):
    return next(index for index, line in enumerate(lines) if line.get("seal") == number)


def dropped(lines):
    del lines[of_seal(lines, 3)]


def altered(lines):
    lines[of_seal(lines, 3)]["actor"] = "nobody"


def inserted(lines):
    lines.insert(0, {**lines[0], "id": 100, "seal": 3})


def swapped(lines):
    dropped(lines)
    inserted(lines)


def put_under_a_seal_that_there_is_not(lines):
    lines.insert(0, {**lines[0], "id": 100, "seal": 7})


def seal_removed(lines):
    lines[:] = [line for line in lines if line.get("seal") != 3 and line.get("sealed", {}).get("number") != 3]


def seal_made_anew(lines):
    lines[-3]["sealed"]["hash"] = "f" * 64


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (dropped, "entries of seal 3 were dropped"),
        (altered, "entries of seal 3 were altered"),
        (inserted, "entries of seal 3 were altered or inserted"),
        (swapped, "entries of seal 3 were altered or inserted"),
        (put_under_a_seal_that_there_is_not, "entries under seal 7"),
        (seal_removed, "seal 4 was altered"),
        (seal_made_anew, "seal 3 was altered"),
    ],
)
def test_what_was_done_to_it_is_found(tmp_path, lines, deed, said):
    deed(lines)
    assert said in " ".join(compared(tmp_path, lines).wrong)


def test_what_a_time_cuts_off_at_both_ends_is_said_and_is_no_finding(tmp_path, lines):
    cut = [line for line in lines if 4 <= line.get("id", 8) <= 16]
    assert compared(tmp_path, cut) == signed.Comparison(whole=3, parts=[1, 5])


def test_of_a_seal_whose_time_was_over_there_are_no_entries(tmp_path, lines):
    emptied = [line for line in lines if line.get("seal") != 2]
    emptied[-4]["sealed"]["expired_at"] = (STARTED + timedelta(days=200)).isoformat()
    assert compared(tmp_path, emptied) == signed.Comparison(whole=5, unsealed=1)


def test_without_seals_there_is_nothing_to_compare_and_what_is_no_entry_is_refused(tmp_path, lines):
    assert compared(tmp_path, lines[:4]) is None
    with pytest.raises(signed.ExportRefused):
        compared(tmp_path, [{"service": "grid"}])


@pytest.mark.parametrize("number", [0, 3])
def test_what_is_written_line_by_line_is_signed_as_a_whole(tmp_path, lines, number):
    file, key = tmp_path / "export.jsonl", Ed25519PrivateKey.generate()
    assert signed.write(file, iter(lines[:number]), key) == number
    assert signed.verified(file) == signed.public_text(key.public_key())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.jsonl", "export.jsonl.sig"]
    with file.open("a", encoding="utf-8") as more:
        more.write("{}\n")
    with pytest.raises(signed.ExportRefused, match="is not what was signed"):
        signed.verified(file)


def test_an_export_that_breaks_off_leaves_the_one_before(tmp_path, lines):
    file, key = tmp_path / "export.jsonl", Ed25519PrivateKey.generate()
    signed.write(file, lines, key)
    with pytest.raises(RuntimeError):
        signed.write(file, breaking_off(lines), key)
    assert signed.verified(file)


def breaking_off(lines):
    yield lines[0]
    raise RuntimeError
