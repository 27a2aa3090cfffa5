"""发现的问题 What puts itself up for deliberation: similar cases in one place (未诉先办, chain 4), an area that nobody
manages (chain 10), an evaluation that fails again and again (chain 7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.consultation.domain.findings import (
    MOST_FAILED_TURNS,
    problem_of_cluster,
    problem_of_failed_turns,
    problem_of_unmanaged,
)
from services.consultation.domain.topic import Problem, Site, Topic
from services.consultation.use_cases.ports import Work
from shared.kernel.command import Command, use_case
from shared.kernel.errors import NotYet


@dataclass(frozen=True)
class TakeUpCluster(Command):
    """So many similar cases in one place that their cause is deliberated."""

    cluster_ref: str
    place_ref: str
    category: str
    category_name: str
    case_refs: list[str]


@use_case
def take_up_cluster(command: TakeUpCluster, work: Work) -> None:
    """A topic, once for each cluster; it takes up the cases that join later. Raises NotYet."""

    def problem(site: Site) -> Problem:
        return problem_of_cluster(
            command.cluster_ref,
            place_name=site.name,
            category=command.category,
            category_name=command.category_name,
            case_refs=command.case_refs,
        )

    _take_up(command.cluster_ref, command.case_refs, command.place_ref, problem, work)


@dataclass(frozen=True)
class TakeUpUnmanagedArea(Command):
    """失管 Nobody manages an area."""

    area_ref: str
    area_name: str
    place_ref: str
    category: str
    case_refs: list[str]


@use_case
def take_up_unmanaged_area(command: TakeUpUnmanagedArea, work: Work) -> None:
    """A topic, once for each area. Raises NotYet."""

    def problem(_site: Site) -> Problem:
        return problem_of_unmanaged(
            command.area_ref, command.area_name, category=command.category, case_refs=command.case_refs
        )

    _take_up(command.area_ref, command.case_refs, command.place_ref, problem, work)


@dataclass(frozen=True)
class TakeUpFailedTurns(Command):
    """多轮整改不达标 An evaluation failed so many times."""

    evaluation_ref: str
    area_ref: str
    area_name: str
    party_name: str
    place_ref: str
    failed_turns: int


@use_case
def take_up_failed_turns(command: TakeUpFailedTurns, work: Work) -> None:
    """A topic, once for each evaluation, where it has failed often enough. Raises NotYet."""
    if command.failed_turns < MOST_FAILED_TURNS:
        return

    def problem(_site: Site) -> Problem:
        return problem_of_failed_turns(
            command.evaluation_ref,
            command.area_ref,
            command.area_name,
            party_name=command.party_name,
            failed_turns=command.failed_turns,
        )

    _take_up(command.evaluation_ref, [], command.place_ref, problem, work)


def _take_up(
    source_ref: str, case_refs: list[str], place_ref: str, problem: Callable[[Site], Problem], work: Work
) -> None:
    """Raises NotYet where the place is not known yet."""
    topic = work.topics.of_source(source_ref)
    if topic is not None:
        while topic.merged_into_ref is not None:
            topic = work.topics.get(topic.merged_into_ref)
        topic.hear_cases_joined(case_refs)
        return
    place = work.find_copy("grid.place", place_ref)
    if place is None:
        raise NotYet(f"place {place_ref} is not known")
    site = Site.of(place)
    work.topics.add(Topic(problem(site), site=site, now=work.now))
