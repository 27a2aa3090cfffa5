"""What grid says of the hotline's orders: nothing. Their cases tell what is to be told, with the hotline's number."""

from __future__ import annotations

from services.grid.domain.catch_all import CatchAllNamed
from services.grid.domain.hotline_order import HotlineSaid, OrderReceived, OrderRevised, OrderTakenUp
from services.grid.domain.hotline_reconciliation import DayReconciled
from shared.persistence.unit_of_work import Translations, at_home

SAYS: Translations = {
    CatchAllNamed: at_home,
    OrderReceived: at_home,
    OrderRevised: at_home,
    OrderTakenUp: at_home,
    HotlineSaid: at_home,
    DayReconciled: at_home,
}
