"""No question of a duty officer reads all cases: shown by what the databases say that they read, never by time."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import insert, text

from services.grid.queries.case_counts import case_counts
from services.grid.queries.case_filters import Asked
from services.grid.queries.cases import cases_in_scope
from services.grid.store.case_search import case_words
from services.grid.store.cases import cases
from shared.kernel.clock import next_midnight
from shared.kernel.command import Actor
from shared.suite import service_class
from shared.testing.harness import ServiceUnderTest
from tests.builders.many_cases import case_rows, listening, questions, street, word_rows
from tests.unit.grid.case_builder import NOW

MANY, PAGE = 6000, 20
OFFICER = Actor("officer", "street")
OF_FEW = re.compile("USING (COVERING )?INDEX ix_cases_(due_open|overdue|to_decide)$")
PLAIN = ("category", "source", "lead_party_ref")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request):
    """A database with many cases, and the questions about them: made once, since nothing here changes any."""
    definition = service_class("grid").definition
    if request.param == "sqlite":
        database = ServiceUnderTest(definition).database
    else:
        database = request.getfixturevalue("_migrated")(definition)
    places = street()
    rows = list(case_rows(places, MANY))
    with database.writing() as session:
        session.add_all(places.places)
        session.flush()
        session.execute(insert(cases), rows)
        session.execute(insert(case_words), [word_rows(row) for row in rows])
        session.execute(text("ANALYZE"))
        if not database.is_sqlite:  # as the server does by itself in time
            session.execute(text("SELECT gin_clean_pending_list('ix_case_words_words')"))
    return database, questions(places)


@pytest.fixture
def asked(filled):
    """A session, and the questions."""
    database, titled = filled
    with database.reading() as session:
        yield session, titled


def ask(session, question, *, limit=PAGE, after=None):
    return cases_in_scope(session, OFFICER, **{"asked": Asked(), "limit": limit, "after": after, **question})


def read(session, heard):
    """What of cases and words is read for these statements: how many rows (PostgreSQL); which tables from one end to
    the other, but by an index of few (SQLite)."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        plans = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", given).all() for said, given in heard
        ]
        steps = [row.detail for plan in plans for row in plan]
        return [
            step for step in steps if re.match(r"SCAN (cases|case_words)\b", step) and not OF_FEW.search(step)
        ]
    plans = [
        connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {said}", given).scalar()
        for said, given in heard
    ]
    return sum(_rows(plan[0]["Plan"]) for plan in plans)


def _rows(node):
    here = node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0)
    here += node.get("Rows Removed by Index Recheck", 0)
    of_ours = node.get("Relation Name") in ("cases", "case_words")
    inside = sum(_rows(each) for each in node.get("Plans", ()))
    return (here * node.get("Actual Loops", 1) if of_ours else 0) + inside


def assert_is_little(what):
    assert what == [] if isinstance(what, list) else what < MANY / 4


@pytest.mark.parametrize("title", [title for title in questions(street()) if title != "all, newest first"])
def test_no_filtered_page_reads_all_cases(asked, title):
    session, titled = asked
    with listening(session) as heard:
        page = ask(session, titled[title])
    assert bool(page.items) == (title not in ("of a source that there is not", "what nobody wrote"))
    assert_is_little(read(session, heard))


@pytest.mark.parametrize("title", ["all, newest first", "open, by what is due", "花坛"])
def test_a_late_page_reads_no_more_than_the_first(asked, title):
    session, titled = asked
    page = ask(session, titled[title], limit=3)
    for _ in range(9):
        page = ask(session, titled[title], limit=3, after=page.next)
    with listening(session) as heard:
        ask(session, titled[title], limit=3, after=page.next)
    assert_is_little(read(session, heard))


def test_the_open_cases_alone_are_read_to_count_them(asked):
    session, _ = asked
    with listening(session) as heard:
        counts = case_counts(session, OFFICER, next_midnight(NOW), by="community", place_ref=None)
    assert len(heard) == 1
    assert sum((counts.total.dispatched, counts.total.verified)) > 0
    assert_is_little(read(session, heard))


@pytest.mark.parametrize("title", questions(street()))
def test_every_page_is_what_a_plain_look_at_all_of_them_finds(asked, title):
    """The same by going through all rows in Python."""
    session, titled = asked
    question = titled[title]
    found, after = [], None
    while True:
        page = ask(session, question, limit=200, after=after)
        found += [case.id for case in page.items]
        after = page.next
        if after is None:
            break
    assert len(found) == len(set(found))
    every = ask_all(session)
    wanted = [case for case in every if fits(case, question)]
    sort = question.get("sort", "id")
    key = sort.removeprefix("-")
    wanted.sort(key=lambda case: (getattr(case, key), case.id), reverse=sort.startswith("-"))
    assert found == [case.id for case in wanted]


def ask_all(session):
    found, after = [], None
    while True:
        page = ask(session, {}, limit=2000, after=after)
        found += page.items
        if page.next is None:
            return found
        after = page.next


def fits(case, question):
    asked = question.get("asked", Asked())
    applications = [one for one in (case.objection, case.extension, case.ending) if one]
    rules = [
        asked.state is None or case.state in asked.state,
        asked.place_ref is None or f"/{asked.place_ref}/" in case.place_path,
        asked.due_before is None or case.due_at < asked.due_before,
        asked.overdue is None or (case.missed_at is not None and case.state in ("dispatched", "handling")),
        asked.mine_to_decide is None or any(one.by != OFFICER.told for one in applications),
        asked.reported_since is None or asked.reported_since <= case.reported_at < asked.reported_before,
        all(re.search(rf"(?<!\d){word}", case.text + case.place_name) for word in (asked.text or "").split()),
        *(
            getattr(case, name) == question[name]
            for name in ("category", "source", "lead_party_ref")
            if name in question
        ),
    ]
    return all(rules)
