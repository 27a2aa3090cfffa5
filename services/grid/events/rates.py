"""What grid says of turns and rates: nothing. What happens to cases is told by them; rates are read at the doors."""

from __future__ import annotations

from services.grid.domain.rate_report import RatesPublished
from services.grid.domain.rate_rules import RateRulesAdopted
from services.grid.domain.turn import ExclusionAsked, ExclusionDecided, TurnEnded, TurnReopened
from shared.persistence.unit_of_work import Translations, at_home

SAYS: Translations = {
    TurnEnded: at_home,
    TurnReopened: at_home,
    ExclusionAsked: at_home,
    ExclusionDecided: at_home,
    RateRulesAdopted: at_home,
    RatesPublished: at_home,
}
