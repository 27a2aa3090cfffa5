"""Whatever comes and goes: the posts' counters, the vacancies told and the coverage agree with a slow, exact count."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_DOWN, Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from services.grid.domain.captain import ORIGINS, REASONS, Captain
from services.grid.domain.estates import ESTATE_TYPES
from services.grid.domain.place import Place
from services.grid.domain.post import Post
from services.grid.use_cases.captains import AppointCaptain, ProposeCaptain, RetireCaptain
from services.grid.use_cases.places import RegisterPlace
from shared.contracts import grid, notify
from shared.kernel.clock import local_date
from shared.kernel.command import Cause, system
from shared.kernel.errors import Conflict, Invalid, NotNow
from shared.suite import service_class
from shared.testing.harness import ServiceUnderTest
from tests.builders import facts

PEOPLE = range(3)  # whoever is erased has a successor
DOORS = range(3)
ORIGIN = st.sampled_from(["resident", "resident", *ORIGINS])


class ComingAndGoing(RuleBasedStateMachine):
    """Two buildings, three doors, three people at a time."""

    @initialize()
    def a_street(self):
        self.service = ServiceUnderTest(service_class("grid").definition)
        street = self.service.handle(RegisterPlace("street", "街", "110112010"))
        community = self.service.handle(RegisterPlace("community", "社区", "110112010904", street.id))
        estate = self.service.handle(RegisterPlace("estate", "小区", "X", community.id, "tower"))
        buildings = [
            self.service.handle(RegisterPlace("building", f"楼{n}", f"X{n}", estate.id)) for n in (1, 2)
        ]
        self.doors = [
            self.service.handle(RegisterPlace("door", f"门{n}", f"X{n}-1", buildings[n % 2].id))
            for n in DOORS
        ]
        self.homes = {}
        self.erased = set()
        self.types = dict.fromkeys(DOORS, "tower")
        self.people = {}
        for number in PEOPLE:
            self._come(number, 0)

    def _come(self, number, door):
        self.people[number] = f"person-{number}-{len(self.homes)}"
        self._live(notify.ContactRegistered, self.people[number], door)

    def _live(self, event, person, door):
        self.homes[person] = door
        at = {"place_ref": self.doors[door].id, "place_path": self.doors[door].place_path}
        data = facts.contact(person, **at)
        if event is notify.ContactMoved:
            data |= {"from_door_ref": "x", "to_door_ref": self.doors[door].id}
        self.service.hear(event, person, data)

    @rule(number=st.sampled_from(PEOPLE), door=st.sampled_from(DOORS), origin=ORIGIN)
    def propose(self, number, door, origin):
        """Whoever it is; refused or not."""
        person = self.people[number]
        command = ProposeCaptain(
            self.doors[door].id, person, origin, "推选", local_date(self.service.clock.now())
        )
        try:
            self.service.handle(command)
        except (Conflict, Invalid):
            return
        assert person not in self.erased
        assert origin != "resident" or self.homes[person] % 2 == door % 2

    @precondition(lambda self: self._captains())
    @rule(data=st.data())
    def appoint(self, data):
        """Anyone, also who serves already or has retired."""
        captain = data.draw(st.sampled_from(self._captains()))
        serving = self._serving()[captain.door_ref]
        try:
            self.service.handle(AppointCaptain(captain.id))
        except NotNow:
            assert captain.state != "candidate"
        except Conflict:
            assert serving == 2
        else:
            assert serving < 2

    @precondition(lambda self: self._captains())
    @rule(data=st.data(), reason=st.sampled_from(list(REASONS)))
    def retire(self, data, reason):
        """Anyone, also who has retired."""
        captain = data.draw(st.sampled_from(self._captains()))
        try:
            self.service.handle(RetireCaptain(captain.id, reason))
        except NotNow:
            assert captain.state == "retired"

    @rule(number=st.sampled_from(PEOPLE), door=st.sampled_from(DOORS))
    def move(self, number, door):
        """To any door."""
        self._live(notify.ContactMoved, self.people[number], door)

    @rule(number=st.sampled_from(PEOPLE), door=st.sampled_from(DOORS))
    def erase(self, number, door):
        """Somebody; another one comes."""
        person = self.people[number]
        self.erased.add(person)
        self.service.hear(notify.ContactErased, person, facts.contact_erased(person))
        self._come(number, door)

    @rule(door=st.sampled_from(DOORS), estate_type=st.sampled_from(list(ESTATE_TYPES)))
    def change_type(self, door, estate_type):
        """Of the estate, as this door sees it."""
        self.types[door] = estate_type
        application = self.service.application
        with application.writing() as session:
            work = application.definition.store(
                session,
                application.database,
                calendar=application.calendar,
                now=application.clock.now(),
                cause=Cause(system("grid")),
                identity=application.identity,
                translations=application.definition.translations,
                plugins={},
                attachments=application.attachments,
            )
            with work:
                place = session.get(Place, self.doors[door].id)
                place.estate_type = estate_type
                work.posts.get(place.id).follow(place)

    def _captains(self):
        with self.service.database.reading() as session:
            return session.scalars(select(Captain).order_by(Captain.id)).all()

    def _serving(self):
        return Counter(captain.door_ref for captain in self._captains() if captain.state == "serving")

    @invariant()
    def the_counters_are_the_counts(self):
        """And what was said of a door last is so."""
        serving = self._serving()
        with self.service.database.reading() as session:
            posts = {post.id: post for post in session.scalars(select(Post))}
        last = {
            said.subject: said
            for said in self.service.said()
            if said.type in (grid.VacancyFound.type, grid.VacancyFilled.type)
        }
        for number, door in enumerate(self.doors):
            required = ESTATE_TYPES[self.types[number]].captains_per_door
            post = posts[door.id]
            missing = max(0, required - serving[door.id])
            assert (post.required, post.serving, post.missing) == (required, serving[door.id], missing)
            assert last[door.id].data.get("missing", 0) == missing

    @invariant()
    def nobody_serves_who_is_gone(self):
        """A resident lives in the building; the erased serve nowhere; a person serves a door once."""
        buildings = {door.id: number % 2 for number, door in enumerate(self.doors)}
        now = [captain for captain in self._captains() if captain.state != "retired"]
        assert len({(captain.door_ref, captain.person_ref) for captain in now}) == len(now)
        for captain in now:
            assert captain.person_ref not in self.erased
            if captain.origin == "resident":
                assert self.homes[captain.person_ref] % 2 == buildings[captain.door_ref]

    @invariant()
    def the_coverage_is_the_slow_count(self):
        """Over HTTP, of the whole street."""
        serving = self._serving()
        doubles = [
            door
            for number, door in enumerate(self.doors)
            if ESTATE_TYPES[self.types[number]].captains_per_door == 2
        ]
        total = self.service.request("GET", "/coverage/captains").json["total"]
        full = sum(serving[door.id] == 2 for door in doubles)
        assert total == {
            "doors": len(self.doors),
            "doors_with_captain": len(serving),
            "percent": slow_percent(len(serving), len(self.doors)),
            "two_captain_doors": len(doubles),
            "two_captain_doors_full": full,
            "two_captain_percent": slow_percent(full, len(doubles)) if doubles else None,
        }


def slow_percent(part, whole):
    """With one decimal, the rest cut off."""
    return str((Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_DOWN))


ComingAndGoing.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestComingAndGoing = ComingAndGoing.TestCase
