"""What grid says of whistles, and of who is on duty: of the latter nothing."""

from __future__ import annotations

from typing import Any

from services.grid.domain import community_list, roster
from services.grid.domain import whistle as whistles
from shared.contracts import grid
from shared.persistence.unit_of_work import Translations, at_home


def _about(whistle: whistles.Whistle) -> dict[str, Any]:
    return {
        "whistle_ref": whistle.id,
        "case_ref": whistle.case_ref,
        "number": whistle.number,
        "category": whistle.category,
        "category_name": whistle.category_name,
        "place_ref": whistle.place_ref,
        "place_path": whistle.place_path,
        "place_name": whistle.place_name,
        "grid_ref": whistle.grid_ref,
        "party_ref": whistle.party_ref,
        "organisation_ref": whistle.organisation_ref,
        "called_name": whistle.called_name,
        "need_text": whistle.need,
        "answer_due_at": whistle.answer_due_at,
        "solve_due_at": whistle.solve_due_at,
    }


def _blown(whistle: whistles.Whistle, _event: whistles.WhistleBlown) -> Any:
    return grid.WhistleBlown, _about(whistle)


def _answered(whistle: whistles.Whistle, _event: whistles.WhistleAnswered) -> Any:
    return grid.WhistleAnswered, {
        **_about(whistle),
        "answered_at": whistle.answered_at,
        "on_time": whistle.answered_in_time,
    }


SAYS: Translations = {
    whistles.WhistleBlown: _blown,
    whistles.WhistleAnswered: _answered,
    whistles.WhistleMoved: at_home,
    community_list.CommunityListAdopted: at_home,
    # when somebody works is theirs
    roster.RosterChanged: at_home,
}
