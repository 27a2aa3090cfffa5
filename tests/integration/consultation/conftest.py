"""A topic on its way, driven through the doors as its people do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.contracts import alliance, grid
from tests.builders import consultation as build
from tests.builders import facts
from tests.integration.consultation.project_steps import opened, point_body, post


class Journey:
    """One topic of a service under test; each step answers the view that its caller got."""

    def __init__(self, service, **changed):
        self.service, self.plan = service, None
        build.hear_the_neighbourhood(service)
        self.topic_id = self.post("/topics", build.topic_body(**changed), role="community", status=201)["id"]

    def post(self, path, body=None, *, role="convenor", scope="*", status=200):
        return self.service.post(path, body, role=role, scope=scope, status=status)

    def topic(self):
        return self.service.request("GET", f"/topics/{self.topic_id}").json

    def review_view(self):
        return self.service.request("GET", f"/reviews/{self.review['id']}").json

    def accept(self):
        return self.post(f"/topics/{self.topic_id}/accept", {"party_org": "社区党委"}, role="party_org")

    def request_design(self):
        body = {"expertise": ["planning"], "experts_needed": 1, "answer_by": "2024-06-10T18:00:00+08:00"}
        return self.post(f"/topics/{self.topic_id}/design-requests", body, status=201)

    def propose(self, **changed):
        base = {"base_version": len(self.plan["versions"])} if self.plan else {}
        body = build.plan_body(**base | changed)
        self.plan = self.post(f"/topics/{self.topic_id}/plans", body, status=201)
        return self.plan

    def open_review(self, **changed):
        path = f"/plans/{self.plan['id']}/reviews"
        self.review = self.post(path, build.review_body(**changed), status=201)
        return self.review

    def engage_expert(self, **changed):
        data = build.engagement(self.review["id"], self.topic_id, **changed)
        return self.service.hear(alliance.EngagementAccepted, data["engagement_ref"], data)

    def hold_joint_session(self):
        path = f"/topics/{self.topic_id}/sessions"
        session = self.post(path, build.session_body(kind="joint_review"), status=201)
        self.post(f"/sessions/{session['id']}/minutes", build.minutes_body())
        return self.post(f"/sessions/{session['id']}/publish", role="party_org")

    def ballot(self, voter_ref, chamber="residents", *, status=201, **changed):
        body = {
            "voter_ref": voter_ref,
            "chamber": chamber,
            "plan_hash": self.review["plan_hash"],
            "approve": True,
        } | changed
        role = "resident" if chamber == "residents" else "reviewer"
        path = f"/reviews/{self.review['id']}/ballots"
        return self.post(path, body, role=role, scope=f"person:{voter_ref}", status=status)

    def close(self):
        return self.post(f"/reviews/{self.review['id']}/close")

    def close_in_the_end(self):
        """Count when the time is over."""
        self.service.clock.at = datetime.fromisoformat(self.review["closes_at"]).astimezone(UTC)
        return self.close()

    def pass_review(self):
        self.open_review()
        self.engage_expert(engagement_ref=f"engagement of {self.review['id'][-12:]}")
        self.hold_joint_session()
        for voter in ("resident-1", "resident-2", "resident-3"):
            self.ballot(voter)
        self.ballot("expert-1", "professionals")
        closed = self.close()
        assert closed["state"] == "passed"
        return closed

    def resolve(self, *, status=200):
        return self.post(f"/topics/{self.topic_id}/resolve", status=status)

    def deliver(self):
        """As far as the adopted plan."""
        self.accept()
        self.propose()
        self.pass_review()
        return self.resolve()

    def land(self, *, status=200):
        body = {"accepted_by": "居民代表3人", "evidence": "验收照片6张", "maintainer_ref": "company"}
        return self.post(f"/topics/{self.topic_id}/land", body, status=status)


@pytest.fixture
def service(under_test):
    """consultation, empty."""
    return under_test("consultation")


@pytest.fixture
def journey(service):
    """A topic that was just raised."""
    return Journey(service)


@pytest.fixture
def neighbourhood(service):
    build.hear_the_neighbourhood(service)
    return service


@pytest.fixture
def point(neighbourhood):
    project = opened(neighbourhood)
    return post(neighbourhood, f"/projects/{project['id']}/reception-points", point_body(), status=201)


@pytest.fixture
def of_eight(service):
    """A neighbourhood whose only building has eight households."""
    build.hear_the_neighbourhood(service)
    service.hear(grid.PlaceChanged, "building", facts.building(household_count=8) | {"former_path": None})
    return service
