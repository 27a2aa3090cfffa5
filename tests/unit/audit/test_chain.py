"""Whatever is done to a sealed trail is found and named, and nothing is found where nothing was done."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.audit.chain import BEGINNING, FIELDS, fingerprint, sealed
from shared.audit.verification import (
    CUT_OFF,
    ENTRY_ALTERED,
    ENTRY_INSERTED,
    ENTRY_REMOVED,
    EXPIRED_EARLY,
    SEAL_ALTERED,
    SEAL_REMOVED,
    Wrong,
    examine,
)

STARTED = datetime(2026, 11, 25, tzinfo=UTC)
NOW = STARTED + timedelta(days=500)
TEXTS = st.sampled_from([None, "", "street-1", "居民", 'a "b"\n', ","])
NUMBERS = st.integers(0, 10**6)


class Trail:
    """A sealed trail with its rows, and what the others keep of it."""

    def __init__(self, batches):
        self.rows, self.seals, previous = {}, {}, BEGINNING
        for number, batch in enumerate(batches, 1):
            seal = sealed("grid", number, previous, STARTED + timedelta(hours=number), batch)
            self.seals[number], previous = seal, seal.hash
            self.rows |= {row["id"]: {**row, "seal": number} for row in batch}
        self.kept = {number: {seal.hash} for number, seal in self.seals.items()}

    def found(self, kept=None, audit_days=0):
        """What the verification says, with what the others keep unless told otherwise."""
        numbers = {row["seal"] for row in self.rows.values()}
        under = lambda number: [row for row in self.rows.values() if row["seal"] == number]  # noqa: E731
        kept = self.kept if kept is None else kept
        return list(examine("grid", self.seals.values(), under, numbers, kept, NOW, audit_days))


@st.composite
def trails(draw, least=1):
    """One to five batches of one to four entries; ids grow, but not in the order of the seals."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=least, max_size=5))
    ids = draw(st.permutations(range(1, sum(sizes) + 1)))
    batches, taken = [], 0
    for size in sizes:
        batches.append([draw(entries(id)) for id in sorted(ids[taken : taken + size])])
        taken += size
    return Trail(batches)


def entries(id):
    """One entry with plausible values."""
    return st.fixed_dictionaries(
        {
            "id": st.just(id),
            "at": NUMBERS.map(lambda number: STARTED + timedelta(microseconds=number)),
            "status": NUMBERS,
            **dict.fromkeys([name for name in FIELDS if name not in ("id", "at", "status")], TEXTS),
        }
    )


@given(trails(), st.booleans())
@settings(max_examples=25, deadline=None)
def test_nothing_is_found_where_nothing_was_done(trail, others_keep):
    assert trail.found() == []
    assert trail.found(kept={}) == []


@given(trails(), st.data())
@settings(max_examples=25, deadline=None)
def test_a_changed_field_of_an_entry_is_named(trail, data):
    row = data.draw(st.sampled_from(sorted(trail.rows.values(), key=lambda row: row["id"])))
    name = data.draw(st.sampled_from([name for name in FIELDS if name != "id"]))
    other = {"at": row["at"] + timedelta(microseconds=1), "status": row["status"] + 1}
    row[name] = other[name] if name in other else f"{row[name]}x"
    assert trail.found() == [Wrong(ENTRY_ALTERED, row["seal"], row["id"])]
    assert trail.found(kept={}) == [Wrong(ENTRY_ALTERED, row["seal"], row["id"])]


@given(trails(), st.data())
@settings(max_examples=25, deadline=None)
def test_a_removed_entry_is_named(trail, data):
    row = trail.rows.pop(data.draw(st.sampled_from(sorted(trail.rows))))
    assert trail.found() == [Wrong(ENTRY_REMOVED, row["seal"], row["id"])]


@given(trails(), st.data())
@settings(max_examples=25, deadline=None)
def test_an_inserted_entry_is_named_under_whichever_seal(trail, data):
    seal = data.draw(st.integers(0, len(trail.seals) + 2))
    trail.rows[1000] = {**data.draw(entries(1000)), "seal": seal}
    assert trail.found() == [Wrong(ENTRY_INSERTED, seal, 1000)]


@given(trails(), st.data())
@settings(max_examples=25, deadline=None)
def test_a_tail_that_was_cut_off_is_found_since_others_keep_its_seals(trail, data):
    left = data.draw(st.integers(0, len(trail.seals) - 1))
    gone = [number for number in trail.seals if number > left]
    for number in gone:
        del trail.seals[number]
    trail.rows = {id: row for id, row in trail.rows.items() if row["seal"] <= left}
    assert trail.found() == [Wrong(CUT_OFF, number) for number in gone]
    assert trail.found(kept={}) == [], "nobody else could know"


@given(trails(least=2), st.data())
@settings(max_examples=25, deadline=None)
def test_a_seal_removed_from_the_middle_is_named(trail, data):
    number = data.draw(st.integers(1, len(trail.seals) - 1))
    del trail.seals[number]
    assert trail.found() == trail.found(kept={}) == [Wrong(SEAL_REMOVED, number)]


@given(trails(), st.data())
@settings(max_examples=25, deadline=None)
def test_a_seal_that_was_altered_is_named(trail, data):
    number = data.draw(st.integers(1, len(trail.seals)))
    seal = trail.seals[number]
    changed = data.draw(
        st.sampled_from(
            [
                {"sealed_at": seal.sealed_at + timedelta(seconds=1)},
                {"previous": "f" * 64},
                {"count": seal.count + 1},
                {"digest": "f" * 64},
                {"hash": "f" * 64},
                {"entries": seal.entries + "\n9 " + "f" * 64},
                {"entries": None},
                {"entries": "nonsense"},
            ]
        )
    )
    trail.seals[number] = replace(seal, **changed)
    assert trail.found() == trail.found(kept={}) == [Wrong(SEAL_ALTERED, number)]


@given(trails(), st.data())
@settings(max_examples=25, deadline=None)
def test_who_alters_an_entry_and_makes_its_seal_anew_is_found_by_what_others_keep(trail, data):
    """Even where all later seals are made anew as well, so that the chain holds together."""
    number = data.draw(st.integers(1, len(trail.seals)))
    row = min((row for row in trail.rows.values() if row["seal"] == number), key=lambda row: row["id"])
    row["actor"] = (row["actor"] or "") + "x"
    remake(trail, number, last=number)
    alone = trail.found(kept={})
    assert trail.found() == [Wrong(SEAL_ALTERED, number)]
    assert alone == ([Wrong(SEAL_ALTERED, number)] if number < len(trail.seals) else [])
    remake(trail, number, last=len(trail.seals))
    assert trail.found(kept={}) == []
    assert trail.found() == [Wrong(SEAL_ALTERED, later) for later in range(number, len(trail.seals) + 1)]


def remake(trail, first, last):
    """Seal anew, from one number to another."""
    for number in range(first, last + 1):
        rows = sorted(
            (row for row in trail.rows.values() if row["seal"] == number), key=lambda row: row["id"]
        )
        previous = trail.seals[number - 1].hash if number > 1 else BEGINNING
        trail.seals[number] = sealed("grid", number, previous, trail.seals[number].sealed_at, rows)


@given(trails(), st.data())
@settings(max_examples=25, deadline=None)
def test_an_expired_seal_holds_the_chain_and_what_expired_out_of_time_or_lies_under_it_is_named(trail, data):
    number = data.draw(st.integers(1, len(trail.seals)))
    gone = {id: row for id, row in trail.rows.items() if row["seal"] == number}
    trail.rows = {id: row for id, row in trail.rows.items() if id not in gone}
    seal = trail.seals[number]

    def expired(at):
        trail.seals[number] = replace(seal, entries=None, expired_at=at)

    expired(seal.sealed_at + timedelta(days=183))
    assert trail.found() == []
    assert trail.found(audit_days=184) == [Wrong(EXPIRED_EARLY, number)]
    expired(seal.sealed_at + timedelta(days=182))
    assert trail.found() == [Wrong(EXPIRED_EARLY, number)]
    expired(NOW + timedelta(seconds=1))
    assert trail.found() == [Wrong(EXPIRED_EARLY, number)]
    expired(NOW)
    trail.rows |= gone
    assert trail.found() == [Wrong(ENTRY_INSERTED, number, id) for id in sorted(gone)]


def test_an_entry_has_the_same_fingerprint_in_whatever_zone_its_time_is_told():
    entry = dict.fromkeys(FIELDS) | {"id": 1, "status": 200, "at": STARTED}
    beijing = STARTED.astimezone(timezone(timedelta(hours=8)))
    assert fingerprint(entry) == fingerprint(entry | {"at": beijing})


def test_a_list_that_cannot_be_read_is_no_whole_seal():
    digest = hashlib.sha256(b"nonsense").hexdigest()
    seal = replace(sealed("grid", 1, BEGINNING, STARTED, []), entries="nonsense", digest=digest)
    assert not seal.is_whole("grid")


def test_a_seal_of_another_service_is_none_of_this_one():
    seal = sealed("grid", 1, BEGINNING, STARTED, [])
    assert seal.is_whole("grid")
    assert not seal.is_whole("notify")
