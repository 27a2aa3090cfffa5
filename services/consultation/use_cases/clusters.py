"""聚集 What similar cases in one place put up for deliberation by themselves (未诉先办, chain 4)."""

from __future__ import annotations

from dataclasses import dataclass

from services.consultation.domain.topic import Site, Topic, problem_of_cluster
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
    """A topic, once for each cluster; it takes up the cases that join later. Raises NotYet where the place is not known
    yet."""
    topic = work.topics.of_cluster(command.cluster_ref)
    if topic is not None:
        while topic.merged_into_ref is not None:
            topic = work.topics.get(topic.merged_into_ref)
        topic.hear_cases_joined(command.case_refs)
        return
    place = work.find_copy("grid.place", command.place_ref)
    if place is None:
        raise NotYet(f"place {command.place_ref} is not known")
    problem = problem_of_cluster(
        command.cluster_ref,
        place_name=place["name"],
        category=command.category,
        category_name=command.category_name,
        case_refs=command.case_refs,
    )
    work.topics.add(Topic(problem, site=Site.of(place), now=work.now))
