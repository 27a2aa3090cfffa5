"""附件 Attachments: uploaded first, then named by whatever they belong to."""

from __future__ import annotations

from services.grid import queries
from services.grid.domain.attached import CASE, VISIT
from services.grid.http.common import READERS, WATCHERS, api
from services.grid.http.visits import VISITORS
from shared.access.roles import OUTSIDE_SYSTEM, RESIDENT, STAFF
from shared.web.attachments import Shown, open_doors

open_doors(
    api,
    uploaders=(*STAFF, *WATCHERS, RESIDENT, OUTSIDE_SYSTEM),  # whoever may report a case
    shown={
        CASE: Shown(queries.cases.case, (*READERS, RESIDENT)),
        VISIT: Shown(queries.visits.visit, VISITORS),
    },
)
