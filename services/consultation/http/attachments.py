"""附件 Attachments: uploaded first, then named by a result or a stage of a project."""

from __future__ import annotations

from services.consultation import queries
from services.consultation.domain.attached import PROJECT, TOPIC
from services.consultation.http.common import READERS, api
from shared.access.roles import RESIDENT, STAFF
from shared.web.attachments import Shown, open_doors

open_doors(
    api,
    uploaders=STAFF,
    shown={
        TOPIC: Shown(queries.topics.topic, (*READERS, RESIDENT)),
        PROJECT: Shown(queries.projects.project, (*READERS, RESIDENT)),
    },
)
