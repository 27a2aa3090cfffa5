"""What the tests of grid's doors share: a place where cases may be reported."""

from __future__ import annotations

import pytest


@pytest.fixture
def service(under_test):
    return under_test("grid")


@pytest.fixture
def spot(service):
    """A pool in a grid of an estate."""
    street = service.post("/places", {"kind": "street", "name": "九棵树街道", "code": "110112010"})
    community = _inside(service, street, "community", "金侨", "110112010904")
    estate = _inside(service, community, "estate", "金侨时代家园", "JQ")
    grid = _inside(service, estate, "grid", "第一网格", "110112010904001")
    return _inside(service, grid, "spot", "水池", "JQ-POOL")


@pytest.fixture
def other_pool(service, spot):
    """Another pool, in another estate."""
    community = service.request("GET", f"/places/{spot['community_ref']}").json
    estate = _inside(service, community, "estate", "映翠居", "YC")
    grid = _inside(service, estate, "grid", "第二网格", "110112010904002")
    return _inside(service, grid, "spot", "水池", "YC-POOL")


def _inside(service, parent, kind, name, code):
    return service.post("/places", {"kind": kind, "name": name, "code": code, "parent_ref": parent["id"]})
