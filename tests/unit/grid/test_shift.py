"""交接班 in the domain: by one, to another, with what was open at that moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.grid.domain.case_note import CaseNote, NoteWritten
from services.grid.domain.errors.shifts import HandedToOneself, ShiftOfAnother
from services.grid.domain.shift import Matter, OpenMatters, ShiftHanded, ShiftHandover, ShiftTaken, Tally
from shared.kernel.command import Actor
from shared.kernel.errors import NotNow
from tests.unit.grid.case_builder import NOW, facts, grid, reported

DAY_OFFICER = Actor("day-officer", "street")
MATTER = Matter("case", "240527-0001-5", "绿化缺失/枯枝", "水池", "dispatched", NOW, True, ["objection"])


def handed(to_subject="night-officer", matters=(MATTER,)):
    return ShiftHandover(
        grid(),
        OpenMatters(Tally(dispatched=3, overdue=1), matters, is_cut=False),
        by=DAY_OFFICER,
        to_subject=to_subject,
        remarks="留意水池",
        now=NOW,
    )


def test_a_shift_goes_from_one_to_another_who_takes_it():
    shift = handed()
    assert (shift.handed_by, shift.state, shift.allowed_actions) == ("street:day-officer", "handed", ["take"])
    shift.take(subject="night-officer", now=NOW + timedelta(minutes=10))
    assert (shift.state, shift.taken_at - shift.handed_at) == ("taken", timedelta(minutes=10))
    assert facts(shift) == [ShiftHanded(), ShiftTaken()]


def test_nobody_hands_over_to_oneself():
    with pytest.raises(HandedToOneself) as refused:
        handed(to_subject="day-officer")
    assert refused.value.fields == ["to_subject"]


def test_nobody_takes_what_was_handed_to_another_and_nobody_takes_it_twice():
    shift = handed()
    with pytest.raises(ShiftOfAnother):
        shift.take(subject="day-officer", now=NOW)
    assert (shift.state, shift.taken_at) == ("handed", None)
    shift.take(subject="night-officer", now=NOW)
    with pytest.raises(NotNow):
        shift.take(subject="night-officer", now=NOW)


def test_what_was_open_stays_as_it_was():
    matters = [MATTER]
    shift = handed(matters=matters)
    matters.clear()
    assert (shift.matters, shift.tally) == ([MATTER], Tally(dispatched=3, overdue=1))


def test_a_note_says_who_wrote_what_when_and_lies_with_its_case():
    case = reported()
    note = CaseNote(case, "业主群里有照片", by="community:c-1", now=NOW)
    assert (note.case_ref, note.text, note.written_by, note.written_at) == (
        case.id,
        "业主群里有照片",
        "community:c-1",
        NOW,
    )
    assert (note.place_path, facts(note)) == (None, [NoteWritten()])
