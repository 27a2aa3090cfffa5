"""What staff note and hand over among themselves: nothing of it is said."""

from __future__ import annotations

from services.grid.domain.case_note import NoteWritten
from services.grid.domain.shift import ShiftHanded, ShiftTaken
from shared.persistence.unit_of_work import Translations, at_home

SAYS: Translations = {
    NoteWritten: at_home,
    ShiftHanded: at_home,
    ShiftTaken: at_home,
}
