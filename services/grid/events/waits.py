"""What cases wait for elsewhere: mediations (alliance) and claims (property)."""

from __future__ import annotations

from datetime import date

from services.grid.domain.case_conditions import CLAIM
from services.grid.domain.case_waiting import MEDIATION
from services.grid.use_cases.waits import LetCasesGoOn, LetCasesWait, SettleCases
from shared.contracts import alliance, property
from shared.messaging.subscriptions import Received, Subscription, advance

CONSENTED = "双方已同意由{org_name}调解"
AGREED = "已达成调解协议，约定于{perform_by}前履行"
CLAIMED = "已进入赔付整改：{reason_text}"


def on_mediation_consented(event: Received) -> LetCasesWait:
    """The case waits for the mediation."""
    return _waiting(event, MEDIATION, CONSENTED)


def on_mediation_agreed(event: Received) -> LetCasesWait:
    """It waits for what was agreed."""
    return _waiting(event, MEDIATION, AGREED, next_on=event.data["perform_by"])


def on_mediation_performed(event: Received) -> SettleCases:
    """It is handled by what was agreed."""
    return SettleCases(event.data["mediation_ref"], _cases(event), event.data["outcome_text"])


def on_mediation_breached(event: Received) -> LetCasesGoOn:
    """What was agreed was not done: it goes on without."""
    return _going_on(event, "mediation_ended", "调解协议到期未履行（{reason_text}）")


def on_mediation_terminated(event: Received) -> LetCasesGoOn:
    """Refused, or failed: it goes on without."""
    return _going_on(event, "mediation_ended", "调解终止（{reason_text}）")


def on_claim_found(event: Received) -> LetCasesWait:
    """Its cases wait for payment and cure."""
    return _waiting(event, CLAIM, CLAIMED, next_on=event.data["cure_by"])


def on_claim_denied(event: Received) -> LetCasesGoOn:
    """Its cases go on without."""
    return _going_on(event, "claim_denied", "经认定不予赔付（{reason_text}）")


def on_claim_settled(event: Received) -> SettleCases:
    """Only this lets its cases go on as handled (domain row 95)."""
    return SettleCases(event.data["claim_ref"], _cases(event), event.data["outcome_text"])


def _waiting(event: Received, waiting_for: str, words: str, *, next_on: date | None = None) -> LetCasesWait:
    reason = words.format_map(event.data)
    return LetCasesWait(waiting_for, _awaited(event), _cases(event), reason, next_on)


def _going_on(event: Received, reason_code: str, words: str) -> LetCasesGoOn:
    return LetCasesGoOn(_awaited(event), _cases(event), reason_code, words.format_map(event.data))


def _awaited(event: Received) -> str:
    return str(event.data["mediation_ref"] if "mediation_ref" in event.data else event.data["claim_ref"])


def _cases(event: Received) -> list[str]:
    return [event.data["case_ref"]] if "case_ref" in event.data else event.data["case_refs"]


HEARS: list[Subscription] = [
    advance(alliance.MediationConsented, on_mediation_consented),
    advance(alliance.MediationAgreed, on_mediation_agreed),
    advance(alliance.MediationPerformed, on_mediation_performed),
    advance(alliance.MediationBreached, on_mediation_breached),
    advance(alliance.MediationTerminated, on_mediation_terminated),
    advance(property.ClaimFound, on_claim_found),
    advance(property.ClaimDenied, on_claim_denied),
    advance(property.ClaimSettled, on_claim_settled),
]
