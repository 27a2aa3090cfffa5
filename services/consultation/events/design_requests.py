"""What consultation says of requests for designers."""

from __future__ import annotations

from typing import Any

from services.consultation.domain import design_request as design_requests
from services.consultation.events.common import professionals_wanted
from shared.contracts import consultation
from shared.persistence.unit_of_work import Translations, at_home


def _design_requested(request: design_requests.DesignRequest, _event: design_requests.DesignRequested) -> Any:
    return consultation.DesignRequested, {**professionals_wanted(request), "request_ref": request.id}


SAYS: Translations = {
    design_requests.DesignRequested: _design_requested,
    design_requests.DesignersEngaged: at_home,
    design_requests.DesignersWithdrawn: at_home,
    design_requests.DesignUnfilled: at_home,
}
