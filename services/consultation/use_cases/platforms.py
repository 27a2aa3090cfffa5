"""Set up platforms, revise their rules, end them."""

from __future__ import annotations

from dataclasses import dataclass

from services.consultation.domain.platform import Platform, Rules
from services.consultation.domain.topic import Site
from services.consultation.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class SetUpPlatform(Command):
    """设立议事平台"""

    name: str
    place_ref: str
    lead_days: int
    least_persons: int


@use_case
def set_up_platform(command: SetUpPlatform, work: Work) -> Platform:
    """A standing way to deliberate. Raises UnknownReference, Forbidden."""
    place = work.copy_of("grid.place", command.place_ref, field="place_ref")
    rules = Rules(command.lead_days, command.least_persons)
    platform = Platform(name=command.name, rules=rules, site=Site.of(place))
    work.platforms.add(platform)
    return platform


@dataclass(frozen=True)
class RevisePlatform(Command):
    """修改议事规则"""

    platform_id: str
    lead_days: int
    least_persons: int


@use_case
def revise_platform(command: RevisePlatform, work: Work) -> Platform:
    """For sessions announced from now on. Raises NotNow."""
    platform = work.platforms.get(command.platform_id)
    platform.revise(Rules(command.lead_days, command.least_persons))
    return platform


@dataclass(frozen=True)
class EndPlatform(Command):
    """停办议事平台"""

    platform_id: str


@use_case
def end_platform(command: EndPlatform, work: Work) -> Platform:
    """What is announced already is held. Raises NotNow."""
    platform = work.platforms.get(command.platform_id)
    platform.end()
    return platform
