"""Random trees of places, merged and split at random: the figures that grid keeps agree with a slow, exact look."""

from __future__ import annotations

from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from services.grid.domain.estates import captains_per_door
from services.grid.service import DEFINITION
from services.grid.store.cases import cases
from services.grid.store.places import households, places
from services.grid.store.posts import posts
from services.grid.use_cases.cases import ReportCase
from services.grid.use_cases.places import RegisterHousehold, RegisterPlace
from services.grid.use_cases.successions import SupersedePlaces
from shared.testing.harness import STREET_CODE, ServiceUnderTest

TYPES = ("old", "tower", "mixed_use", "")


class Town:
    """A street that grows and is redrawn as the draws say; it knows nothing but what the tables say."""

    def __init__(self, data):
        self.data = data
        self.service = ServiceUnderTest(DEFINITION)
        self.serials = count(1)
        self.street = self.service.handle(RegisterPlace("street", "街道", STREET_CODE))
        self.closed = {}
        self.own_types = set()
        for _ in range(self.draw(2, 3)):
            self.grow_community()

    def draw(self, least, most):
        return self.data.draw(st.integers(least, most))

    def pick(self, values):
        return self.data.draw(st.sampled_from(list(values)))

    # ---- growing

    def add(self, kind, parent_ref, code=None, **more):
        code = code or f"{kind}-{next(self.serials)}"
        return self.service.handle(RegisterPlace(kind, code, code, parent_ref, **more)).id

    def grow_community(self):
        code = self.next_community()
        community = self.add("community", self.street.id, code)
        for _ in range(self.draw(1, 2)):
            estate = self.add("estate", community, estate_type=self.pick(TYPES))
            grid = self.add("grid", estate, self.next_grid(code))
            for _ in range(self.draw(0, 2)):
                own = {"estate_type": self.pick(TYPES)} if self.draw(0, 1) else {}
                building = self.add("building", grid, **own)
                self.own_types |= {building} if own else set()
                for _ in range(self.draw(0, 2)):
                    door = self.add("door", building)
                    self.service.handle(RegisterHousehold(door, "101"))
            for _ in range(self.draw(0, 2)):
                self.report(self.pick(self.inside(grid)))
        if self.draw(0, 1):  # small estates in one grid of the community's own
            grid = self.add("grid", community, self.next_grid(code))
            estate = self.add("estate", grid, estate_type=self.pick(TYPES))
            self.add("door", self.add("building", estate))

    def report(self, place_ref):
        case = self.service.handle(ReportCase("0603", place_ref, "?", "patrol"))
        if self.draw(0, 1):
            with self.service.database.writing() as session:
                session.execute(update(cases).where(cases.c.id == case.id).values(state="closed"))
                self.closed[case.id] = tuple(
                    session.execute(select(cases).where(cases.c.id == case.id)).one()
                )

    def next_community(self):
        return f"{STREET_CODE}{next(self.serials):03}"

    def next_grid(self, community_code):
        return f"{community_code}{next(self.serials):03}"

    # ---- looking, slowly

    def rows(self, table):
        with self.service.database.reading() as session:
            return session.execute(select(table)).all()

    def now(self):
        return {row.id: row for row in self.rows(places) if row.valid_to is None}

    def inside(self, ref):
        return [row.id for row in self.now().values() if f"/{ref}/" in row.place_path]

    def around(self, ref):
        """The place and all that it lies in, the widest first, by their parents alone."""
        now = self.now()
        line = [now[ref]]
        while line[0].parent_ref is not None:
            line.insert(0, now[line[0].parent_ref])
        return line

    # ---- redrawing

    def merge(self, kind):
        """Two places of a kind into a new one beside the first, with all the grids that need another code then."""
        found = [row for row in self.now().values() if row.kind == kind]
        if len(found) < 2:
            return
        first, second = found[0], self.pick(found[1:])
        if f"/{first.id}/" in second.place_path or f"/{second.id}/" in first.place_path:
            return
        if (
            kind == "grid" and second.estate_ref and not first.estate_ref
        ):  # its buildings stay in their estate
            first, second = second, first
        parent = self.now()[first.parent_ref]
        code = {"community": self.next_community, "grid": lambda: self.next_grid(first.community_code)}.get(
            kind, lambda: f"{kind}-{next(self.serials)}"
        )()
        register = [{"kind": kind, "name": "合并", "code": code, "parent": parent.code}]
        endings = [{"code": place.code, "into": [code]} for place in (first, second)]
        self.supersede(register, endings, code if kind == "community" else first.community_code)

    def split(self, kind):
        """One place in two, each child wherever the draw sends it."""
        found = [row for row in self.now().values() if row.kind == kind]
        if not found:
            return
        old = self.pick(found)
        parent = self.now()[old.parent_ref]
        codes = {
            "community": self.next_community,
            "grid": lambda: self.next_grid(old.community_code),
        }.get(kind, lambda: f"{kind}-{next(self.serials)}")
        into = [codes(), codes()]
        children = [row for row in self.now().values() if row.parent_ref == old.id and row.kind != "grid"]
        moves = {row.code: into[1] for row in children if self.draw(0, 1)}
        register = [{"kind": kind, "name": "拆分", "code": code, "parent": parent.code} for code in into]
        ending = {"code": old.code, "into": into, "moves": moves}
        self.supersede(register, [ending], into[0] if kind == "community" else old.community_code, moves)

    def supersede(self, register, endings, community_code, moves=None):
        """With new codes for the grids whose community changes: first without them, which is refused."""
        old = {ending["code"]: ending for ending in endings}
        for row in list(self.now().values()):
            line = self.around(row.id) if row.kind == "grid" and row.code not in old else []
            ended = next((place for place in line if place.code in old), None)
            if ended is None:
                continue
            below = line[line.index(ended) + 1]
            successor = (moves or {}).get(below.code, old[ended.code]["into"][0])
            new_community = successor if ended.kind == "community" else community_code
            if new_community == row.community_code and below.id != row.id:
                continue
            parent = line[-2].code if line[-2].code not in old else successor
            code = self.next_grid(new_community)
            register = [*register, {"kind": "grid", "name": "新码", "code": code, "parent": parent}]
            endings = [*endings, {"code": row.code, "into": [code]}]
        before = self.service.snapshot()
        would = self.service.handle(SupersedePlaces(register, endings, dry_run=True))
        assert self.service.snapshot() == before
        did = self.service.handle(SupersedePlaces(register, endings))
        assert (did.moved, did.case_numbers) == (would.moved, would.case_numbers)

    # ---- what must hold

    def check(self):
        now = self.now()
        for row in now.values():
            line = self.around(row.id)
            assert row.place_path == "/" + "".join(f"{place.id}/" for place in line)
            for kind in ("community", "estate", "grid", "building"):
                nearest = next((place for place in reversed(line) if place.kind == kind), None)
                assert getattr(row, f"{kind}_ref") == (nearest.id if nearest else None)
            if row.kind == "grid":
                assert row.code.startswith(now[row.community_ref].code)
        codes = [row.code for row in self.rows(places)]
        assert len(codes) == len(set(codes))
        for case in self.rows(cases):
            if case.id in self.closed:
                assert tuple(case) == self.closed[case.id]
            else:
                place = now[case.place_ref]
                assert (case.place_path, case.grid_ref, case.grid_code) == (
                    place.place_path,
                    place.grid_ref,
                    place.grid_code,
                )
        for household in self.rows(households):
            assert household.place_path == now[household.door_ref].place_path
        for post in self.rows(posts):
            line = self.around(post.id)
            estate = next(place for place in reversed(line) if place.kind == "estate")
            building = line[-2]
            assert post.place_path == line[-1].place_path
            typed = building if building.id in self.own_types or not estate.estate_type else estate
            assert line[-1].estate_type == typed.estate_type
            assert post.required == captains_per_door(typed.estate_type)
            assert post.missing == max(0, post.required - post.serving)
        doors = {row.id for row in now.values() if row.kind == "door"}
        assert {post.id for post in self.rows(posts)} == doors


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.data())
def test_after_any_mergers_and_splits_what_is_open_lies_where_it_is_and_what_is_closed_where_it_was(data):
    town = Town(data)
    town.check()
    for _ in range(town.draw(1, 3)):
        kind = town.pick(("community", "estate", "grid", "building"))
        town.pick((town.merge, town.split))(kind)
        town.check()
