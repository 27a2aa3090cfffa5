"""Whatever lies in a place says whether it follows when places merge and split, or why it stays."""

from __future__ import annotations

import pytest

from shared.following import PLACES
from shared.suite import service_class
from tests.contract.ours import NAMES

STAYS = {
    "consultation.house_visits": "a record of what grid told of a building, where it was then",
    "grid.places": "a place moves by itself",
    "grid.posts": "its aggregate follows its door and counts anew",
    "grid.organisations": "its aggregate follows and tells of it",
    "grid.clusters": "a finding about a place as it was; its cases follow",
    "grid.community_lists": "the rules of the whole street",
    "grid.category_tables": "the rules of the whole street",
    "grid.case_turns": "a record of how a turn of a case ended, where it was then",
    "grid.published_turns": "a record of what was published",
    "grid.rate_rules": "the rules of the whole street",
    "grid.rate_reports": "a record of what was published",
    "grid.hotline_orders": "a record of what the hotline sent; its case follows",
    "grid.hotline_reconciliations": "lies nowhere",
    "grid.staff": "its aggregate follows: where the postings are, it is",
    "grid.postings": "its staff follow: who is posted to two grids that merge is posted once",
    "grid.captain_records": "a record of what a captain went through",
    "grid.points": "a record of what a captain got",
    "grid.visit_records": "a record of who was met",
    "grid.check_ins": "a record of where somebody was",
    "grid.case_notes": "lies nowhere: it is read with its case, wherever that lies",
    "grid.shift_handovers": "a record of what was open then",
    "grid.patrol_findings": "a record of what was found",
    "property.decisions": "a record of what the owners decided",
    "property.parties": "lies nowhere",
    "alliance.organisations": "lies nowhere",
    "alliance.landed_topics": "is over",
    "notify.disclosures": "a record of what was told to whom",
    "notify.alarms": "a record of what reached nobody",
}


@pytest.mark.parametrize("name", NAMES)
def test_every_table_of_things_that_lie_in_a_place_follows_or_says_why_not(name):
    definition = service_class(name).definition
    placed = {table.name for table in definition.metadata.sorted_tables if "place_path" in table.c}
    follow = {rows.table.name for rows in definition.store.follows}
    stay = {key.removeprefix(f"{name}.") for key in STAYS if key.startswith(f"{name}.")}
    assert follow & stay == set()
    assert follow | stay == placed


@pytest.mark.parametrize("name", [name for name in NAMES if name != "grid"])
def test_every_other_service_hears_of_all_that_happens_to_places(name):
    assert set(PLACES) <= set(service_class(name).definition.subscriptions)
