"""What grid says of visits, and which messages make somebody go."""

from __future__ import annotations

from typing import Any

from services.grid.domain import patrol as patrols
from services.grid.domain import visit as visits
from services.grid.use_cases.visits import DeliverByVisit
from shared.contracts import grid, notify
from shared.messaging.subscriptions import Received, Subscription, start
from shared.persistence.unit_of_work import Translations, at_home


def _about(visit: visits.Visit) -> dict[str, Any]:
    path, building = visit.place_path or "", visit.building_ref or visit.door_ref
    around = path[: path.index(f"/{building}/") + len(building) + 2]
    return {
        "place_ref": building,
        "place_path": around,
        "task_ref": visit.id,
        "message_ref": visit.message_ref,
        "campaign_ref": visit.campaign_ref,
        "purpose": visit.purpose,
        "door_ref": visit.door_ref,
    }


def _visit_requested(visit: visits.Visit, _event: visits.VisitRequested) -> Any:
    return grid.VisitRequested, {**_about(visit), "due_at": visit.due_at}


def _visit_recorded(visit: visits.Visit, event: visits.VisitRecorded) -> Any:
    return grid.VisitRecorded, {
        **_about(visit),
        "outcome": event.outcome,
        "answer": event.answer,
        "occurred_at": event.occurred_at,
    }


SAYS: Translations = {
    visits.VisitRequested: _visit_requested,
    visits.VisitRecorded: _visit_recorded,
    visits.VisitPlanned: at_home,
    visits.VisitAskedAgain: at_home,
    visits.AttemptKept: at_home,
    visits.CampaignBegun: at_home,
    # where staff go is told to nobody
    patrols.PatrolBegun: at_home,
    patrols.PatrolEnded: at_home,
    patrols.CheckedIn: at_home,
    patrols.FindingLinked: at_home,
}


def on_message_failed(event: Received) -> DeliverByVisit | None:
    """Where the digital way ends, a person goes."""
    data = event.data
    if not data["must_reach"]:
        return None
    return DeliverByVisit(
        message_ref=data["message_ref"],
        door_ref=data["door_ref"],
        about_type=data["about"]["type"],
        about_ref=data["about"]["ref"],
        by=data["by"],
    )


HEARS: list[Subscription] = [start(notify.MessageFailed, on_message_failed)]
