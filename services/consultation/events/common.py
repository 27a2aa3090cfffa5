"""What several kinds of events tell."""

from __future__ import annotations

from typing import Any

from services.consultation.domain.design_request import DesignRequest
from services.consultation.domain.review import Review
from shared.contracts import consultation

DESIGN, REVIEW = consultation.PURPOSES


def placed(thing: Any) -> dict[str, Any]:
    return {"place_ref": thing.place_ref, "place_path": thing.place_path}


def professionals_wanted(thing: DesignRequest | Review) -> dict[str, Any]:
    return {
        **placed(thing),
        "topic_ref": thing.topic_ref,
        "title": thing.title,
        "expertise": thing.expertise,
        "experts_needed": thing.experts_needed,
        "answer_by": thing.answer_by,
    }
