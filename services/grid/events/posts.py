"""What grid says of vacancies among the captains."""

from __future__ import annotations

from typing import Any

from services.grid.domain import post as posts
from shared.contracts import grid
from shared.persistence.unit_of_work import CurrentFacts, Translations, at_home


def _about(post: posts.Post) -> dict[str, Any]:
    return {
        "place_ref": post.id,
        "place_path": post.place_path,
        "door_ref": post.id,
        "door_name": post.door_name,
        "required_captains": post.required,
    }


def _vacancy_found(post: posts.Post, event: posts.VacancyFound) -> Any:
    return grid.VacancyFound, {**_about(post), "missing": event.missing, "reason_code": event.reason_code}


def _vacancy_filled(post: posts.Post, _event: posts.VacancyFilled) -> Any:
    return grid.VacancyFilled, _about(post)


def _vacancy_now(post: posts.Post, event: Any) -> Any:
    """As it is now."""
    if post.missing:
        return grid.VacancyFound, {**_about(post), "missing": post.missing, "reason_code": "still_missing"}
    return _vacancy_filled(post, event)


SAYS: Translations = {
    posts.PostOpened: at_home,
    posts.PostChanged: at_home,
    posts.VacancyFound: _vacancy_found,
    posts.VacancyFilled: _vacancy_filled,
}

CURRENT: CurrentFacts = {
    posts.Post: _vacancy_now,
}
