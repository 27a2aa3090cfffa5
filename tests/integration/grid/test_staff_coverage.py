"""入格率: what SQL counts is what counting one by one gives, whatever happened before."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from services.grid.domain.staff_categories import CATEGORY_NAMES, NEEDED_IN_EVERY_GRID
from services.grid.queries.staff_coverage import grid_coverage, staff_coverage
from services.grid.store.places import places
from services.grid.store.posts import posts
from services.grid.store.staff import postings, staff
from services.grid.use_cases.places import RegisterPlace
from services.grid.use_cases.staff import (
    EndDuty,
    GridRole,
    PostStaff,
    RegisterStaff,
    ReleaseStaff,
    ReplaceStaff,
    ResumeDuty,
)
from services.grid.use_cases.successions import SupersedePlaces
from shared.kernel.command import Actor
from shared.kernel.errors import JiushuError
from shared.suite import service_class
from shared.testing.harness import ServiceUnderTest

CATEGORIES = ("grid_worker", "community_cadre", "police")
DEEDS = ("register", "post", "release", "end", "replace", "resume", "merge", "end_grid", "captain")
DRAWN = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, 4), st.integers(0, 4), st.sampled_from(CATEGORIES)),
    max_size=30,
)


class Street:
    """Two communities of five grids, each with a door, and a door in no grid."""

    def __init__(self, service):
        self.service = service
        top = self.place("street", "110112010", None)
        self.communities = [self.place("community", f"11011201090{n}", top) for n in (1, 2)]
        self.grids = [
            self.place("grid", f"{self.communities[n // 3].code}00{n}", self.communities[n // 3])
            for n in range(5)
        ]
        around = [*self.grids, self.place("estate", "XQ", self.communities[0])]
        buildings = [self.place("building", f"L{n}", parent) for n, parent in enumerate(around)]
        self.doors = [self.place("door", f"M{n}", parent) for n, parent in enumerate(buildings)]
        self.staff = []

    def place(self, kind, code, parent):
        return self.service.handle(RegisterPlace(kind, code, code, parent.id if parent else None))

    def do(self, deed, one, other, category):
        """The deed, if it is possible."""
        grid, member = self.grids[one], self.staff[other % len(self.staff)] if self.staff else None
        try:
            if deed == "register":
                number = f"N-{len(self.staff)}"
                command = RegisterStaff(number, number, category, [GridRole(grid.id)])
                self.staff.append(self.service.handle(command).id)
            elif deed == "merge":
                ending = {"code": grid.code, "into": [self.grids[other].code]}
                self.service.handle(SupersedePlaces([], [ending]))
            elif deed == "end_grid":
                self.end(grid)
            elif deed == "captain":
                self.write(update(posts).where(posts.c.id == self.doors[one + 1].id).values(serving=other))
            elif member is not None:
                self.service.handle(
                    {
                        "post": PostStaff(member, grid.id),
                        "release": ReleaseStaff(member, grid.id),
                        "end": EndDuty(member),
                        "replace": ReplaceStaff(member, self.staff[one % len(self.staff)]),
                        "resume": ResumeDuty(member, [GridRole(grid.id)]),
                    }[deed]
                )
        except JiushuError:
            pass

    def end(self, grid):
        """The place is no more; that is another deed's, which moves what is open or leaves it."""
        self.write(update(places).where(places.c.id == grid.id).values(valid_to=date(2024, 5, 27)))

    def write(self, statement):
        with self.service.database.writing() as session:
            session.execute(statement)

    def rows(self, table):
        with self.service.database.reading() as session:
            return session.execute(select(table)).all()


def counted_slowly(street, place_ref):
    """By category (on duty, in a grid), and by grid what it misses, one by one."""
    there = {row.id: row for row in street.rows(places) if row.kind == "grid" and row.valid_to is None}
    open_postings = [row for row in street.rows(postings) if row.valid_to is None]
    doors = {row.id: row for row in street.rows(places) if row.kind == "door"}
    figures = dict.fromkeys(CATEGORY_NAMES, (0, 0))
    present = set()
    for member in street.rows(staff):
        own = [row for row in open_postings if row.staff_ref == member.id]
        inside = any(
            f"/{place_ref}/" in path for path in (member.place_path, *(row.place_path for row in own))
        )
        if member.state != "on_duty":
            continue
        present |= {(row.grid_ref, member.category) for row in own}
        if place_ref is None or inside:
            total, covered = figures[member.category]
            has_grid = any(row.grid_ref in there for row in own)
            figures[member.category] = total + 1, covered + has_grid
    for post in street.rows(posts):
        if place_ref is None or f"/{place_ref}/" in post.place_path:
            total, covered = figures["captain"]
            in_grid = doors[post.id].grid_ref in there
            figures["captain"] = total + post.serving, covered + post.serving * in_grid
    missing = {
        id: [code for code in NEEDED_IN_EVERY_GRID if (id, code) not in present]
        for id, row in there.items()
        if place_ref is None or f"/{place_ref}/" in row.place_path
    }
    return figures, missing


def asked(street, place_ref):
    actor = Actor("x", "community", f"place:{place_ref}") if place_ref else Actor("x", "street")
    with street.service.database.reading() as session:
        figures = staff_coverage(session, actor)
        lists = [
            {row.id: row.missing for row in _all(session, actor, only_missing)}
            for only_missing in (False, True)
        ]
    return figures, *lists


def _all(session, actor, only_missing):
    """Part by part."""
    found, after = [], None
    while True:
        part = grid_coverage(session, actor, only_missing=only_missing, limit=2, after=after, sort="id")
        found += part.items
        after = part.next
        if after is None:
            return found


def agrees(street):
    for place_ref in (None, street.communities[0].id, street.grids[4].id):
        figures, every, gaps = asked(street, place_ref)
        by_hand, missing = counted_slowly(street, place_ref)
        assert {each.category: (each.on_duty, each.in_grid) for each in figures.categories} == by_hand
        assert every == missing
        assert gaps == {id: codes for id, codes in missing.items() if codes}
        complete = sum(not codes for codes in missing.values())
        assert (figures.grids, figures.complete_grids) == (len(missing), complete)


@settings(max_examples=40, deadline=None)
@given(DRAWN)
def test_the_figures_agree_with_a_slow_exact_count_after_any_postings_departures_and_mergers(deeds):
    street = Street(ServiceUnderTest(service_class("grid").definition))
    for deed in deeds:
        street.do(*deed)
    agrees(street)


def test_they_agree_on_each_database(under_test):
    street = Street(under_test("grid"))
    for number, deed in enumerate(
        ("register", "register", "post", "captain", "merge", "register", "end_grid")
    ):
        street.do(deed, number % 5, (number + 1) % 5, CATEGORIES[number % 2])
    agrees(street)


def test_where_nobody_is_on_duty_there_is_no_share_and_where_a_grid_has_ended_it_is_not_whole(under_test):
    street = Street(under_test("grid"))
    empty = street.service.request("GET", "/coverage/staff").json
    assert (empty["percent"], empty["complete_percent"]) == (None, "0.0")
    assert len(empty["categories"]) == 8
    street.do("register", 0, 0, "grid_worker")
    street.do("register", 1, 0, "grid_worker")
    whole = street.service.request("GET", "/coverage/staff").json
    assert whole["percent"] == "100.0"
    street.end(street.grids[1])
    figures = street.service.request("GET", "/coverage/staff").json
    (workers,) = (each for each in figures["categories"] if each["category"] == "grid_worker")
    assert workers == {
        "category": "grid_worker",
        "name": "网格员",
        "on_duty": 2,
        "in_grid": 1,
        "percent": "50.0",
    }
    gaps = street.service.request("GET", "/coverage/staff/grids").json["items"]
    assert {gap["id"]: gap["missing"] for gap in gaps}[street.grids[0].id] == ["community_cadre"]


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (
            "SELECT id FROM places WHERE kind = 'grid' AND valid_to IS NULL ORDER BY id LIMIT 51",
            "ix_places_grids",
        ),
        (
            "SELECT staff_ref FROM postings WHERE valid_to IS NULL AND grid_ref = 'x'",
            "uq_postings_now",
        ),
        ("SELECT id FROM staff WHERE state = 'on_duty' AND category = 'police'", "ix_staff_at_work"),
        ("SELECT id FROM cases WHERE organisation_ref = 'x'", "ix_cases_organisation_ref"),
        ("SELECT id FROM pairings WHERE worker_ref = 'x' AND valid_to IS NULL", "ix_pairings_of_worker"),
    ],
)
def test_what_is_asked_often_is_found_by_an_index(statement, index):
    service = ServiceUnderTest(service_class("grid").definition)
    with service.database.reading() as session:
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {statement}")).all()
    assert index in str(plan), plan
