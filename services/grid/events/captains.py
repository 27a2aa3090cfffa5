"""What grid says of captains, and what makes them leave."""

from __future__ import annotations

from typing import Any

from services.grid.domain import captain as captains
from services.grid.domain import captain_record as records
from services.grid.domain import duty as duties
from services.grid.use_cases.captains import FollowPerson, ForgetPerson
from services.grid.use_cases.pairings import FollowLeader, LetLeaderGo
from shared.contracts import grid, notify
from shared.messaging.subscriptions import Received, Subscription, copy, forget
from shared.persistence.unit_of_work import CurrentFacts, Translations, at_home


def _about(captain: captains.Captain) -> dict[str, Any]:
    return {
        "place_ref": captain.building_ref,
        "place_path": captain.building_path,
        "captain_ref": captain.id,
        "building_ref": captain.building_ref,
        "door_ref": captain.door_ref,
        "person_ref": captain.person_ref,
        "role": "captain",
        "origin": captain.origin,
        "valid_from": captain.valid_from,
    }


def _captain_appointed(captain: captains.Captain, _event: Any) -> Any:
    return grid.CaptainAppointed, _about(captain)


def _captain_retired(captain: captains.Captain, _event: Any) -> Any:
    ended = {"valid_to": captain.valid_to, "reason_code": captain.reason_code}
    return grid.CaptainRetired, {**_about(captain), **ended}


def _captain_now(captain: captains.Captain, event: Any) -> Any:
    """As it is now; who was never appointed is nobody's business."""
    if captain.valid_from is None:
        return None
    return (_captain_appointed if captain.is_serving else _captain_retired)(captain, event)


SAYS: Translations = {
    captains.CaptainProposed: at_home,
    captains.CaptainAppointed: _captain_appointed,
    captains.CaptainRetired: _captain_retired,
    captains.CandidateDropped: at_home,
    records.CaptainRecorded: at_home,
    records.PointsEntered: at_home,
    duties.DutyLogged: at_home,
    duties.DutyAnswered: at_home,
    duties.DutyHandedBack: at_home,
}

CURRENT: CurrentFacts = {
    captains.Captain: _captain_now,
}


def on_contact_lives(event: Received) -> list[FollowPerson | FollowLeader]:
    """A captain who has left the building is its captain no more (chain 12), nor does a leader lead where it does not
    live; said anew, it is known already."""
    person_ref, home_path = event.data["resident_ref"], event.data["place_path"]
    return [FollowPerson(person_ref, home_path), FollowLeader(person_ref, home_path)]


def on_contact_erased(event: Received) -> list[ForgetPerson | LetLeaderGo]:
    """Nor is one whom nobody knows any more; pairings lose their leader too."""
    person_ref = event.data["resident_ref"]
    return [ForgetPerson(person_ref), LetLeaderGo(person_ref)]


HEARS: list[Subscription] = [
    copy(notify.ContactRegistered, on_contact_lives),
    copy(notify.ContactMoved, on_contact_lives),
    forget(notify.ContactErased, on_contact_erased),
]
