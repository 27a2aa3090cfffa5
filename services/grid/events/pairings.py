"""What grid says of pairings."""

from __future__ import annotations

from typing import Any

from services.grid.domain import pairing as pairings
from shared.contracts import grid
from shared.persistence.unit_of_work import CurrentFacts, Translations, at_home


def _about(pairing: pairings.Pairing) -> dict[str, Any]:
    return {
        "pairing_ref": pairing.id,
        "place_ref": pairing.place_ref,
        "place_path": pairing.place_path,
        "place_name": pairing.place_name,
        "worker_ref": pairing.worker_ref,
        "leader_refs": [leader.person_ref for leader in pairing.open_leaders],
        "valid_from": pairing.valid_from,
        "valid_to": pairing.valid_to,
    }


def _started(pairing: pairings.Pairing, _event: Any) -> Any:
    return grid.PairingStarted, _about(pairing)


def _ended(pairing: pairings.Pairing, event: pairings.PairingEnded) -> Any:
    return grid.PairingEnded, {**_about(pairing), "reason_code": event.reason_code}


def _now(pairing: pairings.Pairing, _event: None) -> Any:
    """Those that are active; what is not was told when it ended, and whoever has no copy needs none."""
    return _started(pairing, None) if pairing.state == pairings.ACTIVE else None


SAYS: Translations = {
    pairings.PairingProposed: at_home,
    pairings.PairingChanged: at_home,
    pairings.PairingStarted: _started,
    pairings.PairingEnded: _ended,
}

CURRENT: CurrentFacts = {pairings.Pairing: _now}
