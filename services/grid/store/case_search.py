"""By which words cases are found: their number, text, place and result, and the notes about them. They are written with
what they stand in, in the same flush."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, event, inspect, select
from sqlalchemy.orm import Session

from services.grid.domain.case import Case
from services.grid.domain.case_lifecycle import CLOSED
from services.grid.domain.case_note import CaseNote
from services.grid.store.base import metadata
from services.grid.store.cases import cases
from shared.kernel.ids import is_spoken_number
from shared.kernel.search import phrases
from shared.persistence.full_text import found_by, keep_words, search_table

case_words = search_table("case_words", metadata)
FEW = 1000
SAID = ("number", "text", "place_name", "result_text")


def holding(session: Session, asked: str) -> list[ColumnElement[bool]]:
    """The conditions that what is asked for stands in a case, or in the notes about it; none where nothing is asked
    for. The number of a case may be written with dashes and blanks, or without.

    Few are named one by one: a database that takes them for many would look for them among all cases, in their order.
    """
    if is_spoken_number(asked):
        asked = _digits(asked)
    each = [found_by(session, case_words, phrase) for phrase in phrases(asked)]
    if not each:
        return []
    first, *others = each
    in_all = first.where(*(case_words.c.found_ref.in_(other) for other in others))
    found = session.scalars(in_all.limit(FEW)).all()
    if len(found) < FEW:
        return [cases.c.id.in_(sorted(set(found)))]
    return [cases.c.id.in_(one) for one in each]


def find_anew(session: Session, place_refs: Collection[str]) -> None:
    """The open cases of these places are found by the places' present names."""
    said = (cases.c[name] for name in SAID)
    query = select(cases.c.id, *said).where(cases.c.state != CLOSED, cases.c.place_ref.in_(place_refs))
    for row in session.execute(query).all():
        keep_words(session, case_words, row.id, row.id, _texts(row))


@event.listens_for(Case, "after_insert")
def _case_added(_mapper: Any, connection: Connection, case: Case) -> None:
    keep_words(connection, case_words, case.id, case.id, _texts(case))


@event.listens_for(Case, "after_update")
def _case_changed(_mapper: Any, connection: Connection, case: Case) -> None:
    attributes: Any = inspect(case).attrs
    if any(attributes[name].history.has_changes() for name in SAID):
        keep_words(connection, case_words, case.id, case.id, _texts(case))


@event.listens_for(CaseNote, "after_insert")
def _note_added(_mapper: Any, connection: Connection, note: CaseNote) -> None:
    keep_words(connection, case_words, note.case_ref, note.id, [note.text])


def _texts(case: Any) -> list[str]:
    return [_digits(case.number), *(getattr(case, name) or "" for name in SAID)]


def _digits(number: str) -> str:
    return number.replace("-", "").replace(" ", "")
