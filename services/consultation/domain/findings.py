"""发现的问题 What puts itself up for deliberation, in words: clusters, unmanaged areas, evaluations that fail."""

from __future__ import annotations

from services.consultation.domain.topic import LONGEST_TITLE, Problem

MOST_FAILED_TURNS = 2  # of an evaluation, before the neighbourhood deliberates


def problem_of_cluster(
    cluster_ref: str, *, place_name: str, category: str, category_name: str, case_refs: list[str]
) -> Problem:
    """未诉先办 What so many similar cases in one place put up for deliberation by themselves."""
    return _found(
        cluster_ref,
        title=f"{place_name}“{category_name}”问题集中",
        text=f"{place_name}近期收到“{category_name}”类诉求{len(case_refs)}件，提请共同商议解决办法。",
        category=category,
        raised_by="resident",
        case_refs=case_refs,
    )


def problem_of_unmanaged(area_ref: str, area_name: str, *, category: str, case_refs: list[str]) -> Problem:
    """失管 What an area that nobody manages puts up for deliberation (domain row 85, chain 10)."""
    return _found(
        area_ref,
        title=f"{area_name}物业管理缺位",
        text=f"{area_name}目前无人提供物业服务，提请共同商议管理方式。",
        category=category,
        raised_by="street",
        case_refs=case_refs,
        area_ref=area_ref,
    )


def problem_of_failed_turns(
    evaluation_ref: str, area_ref: str, area_name: str, *, party_name: str, failed_turns: int
) -> Problem:
    """多轮整改不达标 What an evaluation puts up for deliberation (domain row 110, chain 7)."""
    return _found(
        evaluation_ref,
        title=f"{area_name}物业服务多轮整改未达标",
        text=f"{party_name}在{area_name}的服务经{failed_turns}轮评价、整改仍未达标，提请共同商议解决办法。",
        category="property_service",
        raised_by="street",
        case_refs=[],
        area_ref=area_ref,
    )


def _found(
    source_ref: str,
    *,
    title: str,
    text: str,
    category: str,
    raised_by: str,
    case_refs: list[str],
    area_ref: str | None = None,
) -> Problem:
    return Problem(
        title=title[:LONGEST_TITLE],
        text=text,
        category=category,
        theme="small_works",
        area_ref=area_ref,
        raised_by=raised_by,
        case_refs=case_refs,
        source_ref=source_ref,
    )
