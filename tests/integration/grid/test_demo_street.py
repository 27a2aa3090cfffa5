"""The whole demonstration street in grid: everything is there, in its place, and again changes nothing."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from services.grid.store.places import households, places
from services.grid.store.posts import posts
from shared.demo import street
from shared.web.files import CSV


def load(service, estates):
    """What became of all rows."""
    became = Counter()
    sheets = [
        ("places", street.places(estates)),
        *(("households", street.households(each)) for each in estates),
    ]
    for kind, rows in sheets:
        answer = service.raw("POST", f"/imports/{kind}", street.sheet([*rows]), content_type=CSV)
        assert answer.status_code == 200, answer.text
        became.update({name: answer.json[name] for name in ("created", "changed", "unchanged")})
    return became


def test_the_whole_street_is_imported_and_again_changes_nothing(service):
    estates = street.estates()
    assert load(service, estates) == {"created": 784 + 15220, "changed": 0, "unchanged": 0}
    drawn = service.request("POST", "/shapes", street.shapes(estates)).json
    assert (len(drawn["drawn"]), drawn["gaps"], drawn["without_shape"]) == (42, [], [])
    with service.database.reading() as session:
        kinds = dict(session.execute(select(places.c.kind, func.count()).group_by(places.c.kind)).all())
        missing = session.scalar(select(func.sum(posts.c.missing)))
        behind = session.scalar(
            select(func.count())
            .select_from(households.join(places, places.c.id == households.c.door_ref))
            .where(households.c.place_path == places.c.place_path)
        )
        in_grids = session.scalar(select(func.sum(places.c.household_count)).where(places.c.kind == "grid"))
    assert kinds == {"street": 1, "community": 11, "estate": 11, "grid": 42, "building": 161, "door": 558}
    assert (missing, behind, in_grids) == (622, 15220, 15220)
    assert load(service, estates) == {"created": 0, "changed": 0, "unchanged": 784 + 15220}
