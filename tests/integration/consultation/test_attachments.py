"""Photographs of results and of stages (domain row 35): whoever may see the thing may see them."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from shared.contracts import property
from tests.builders import facts
from tests.integration.consultation.project_steps import opened, post, refused


@pytest.fixture
def photo(service):
    written = BytesIO()
    Image.new("RGB", (4, 4)).save(written, "PNG")
    kept = service.raw("POST", "/attachments", written.getvalue(), role="community", content_type="image/png")
    return kept.json["ref"]


def may_see(service, photo, **who):
    return service.request("GET", f"/attachments/{photo}", **who).status_code == 200


RESIDENT = {"role": "resident", "scope": "person:resident-1"}
ELSEWHERE = {"role": "grid_worker", "scope": "place:elsewhere"}


def test_the_photographs_of_a_result_are_seen_by_whoever_may_see_the_topic(service, journey, photo):
    journey.deliver()
    service.hear(property.WorksAccepted, "works", facts.works_accepted(topic_ref=journey.topic_id))
    assert not may_see(service, photo, **RESIDENT)
    landing = {"accepted_by": "居民代表3人", "evidence": "改造前后对比", "maintainer_ref": "company"}
    path = f"/topics/{journey.topic_id}/land"
    assert refused(service, path, landing | {"photographs": ["0" * 64]}) == (422, "photograph_unknown")
    assert journey.topic()["state"] == "delivering"
    landed = journey.post(path, landing | {"photographs": [photo]})
    assert landed["photographs"] == [photo]
    assert may_see(service, photo, **RESIDENT)
    assert not may_see(service, photo, **ELSEWHERE)
    assert service.anonymous("GET", f"/attachments/{photo}").status_code == 401


def test_the_photographs_of_a_stage_are_seen_by_whoever_may_see_the_project(service, journey, photo):
    project = opened(service, topic_refs=[journey.topic_id])
    path = f"/projects/{project['id']}/advance"
    assert refused(service, path, {"photographs": ["0" * 64]}) == (422, "photograph_unknown")
    begun = post(service, path, {"note": "入户摸底", "photographs": [photo]})
    assert begun["history"][-1]["photographs"] == [photo]
    assert may_see(service, photo, **RESIDENT)
    assert not may_see(service, photo, **ELSEWHERE)
