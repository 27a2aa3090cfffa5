"""What grid says of organisations (组织): reference facts, each with all that is known."""

from __future__ import annotations

from shared.contracts.fields import Code, Codes, Day, Flag, Ref, Text, internal
from shared.contracts.registry import Event

TREES = ("vertical", "horizontal", "levels")
POWERS = ("set_direction", "open_platform", "guarantee")


class _AboutOrganisation(Event):
    organisation_ref = Ref(required=True)
    kind = Code(required=True)
    tree = Code(*TREES, required=True)
    name = Text(100, required=True)
    parent_ref = Ref(required=True, allow_none=True, metadata={"title": "上级组织"})
    place_ref = Ref(required=True, allow_none=True, metadata={"description": "where it sits; null: nowhere"})
    place_path = Text(
        500, required=True, allow_none=True, metadata={"description": "all places around it, /street/…/"}
    )
    powers = Codes(*POWERS, required=True)
    is_assumed = Flag(required=True, metadata={"description": "its name is assumed, no source gives it"})
    person_ref = internal(Ref(required=True, allow_none=True, metadata={"title": "党员骨干本人"}))
    valid_from = Day(required=True)
    valid_to = Day(required=True, allow_none=True)


class OrganisationRegistered(_AboutOrganisation):
    """组织体系登记 An organisation of one of the trees exists: reference fact (domain rows 6–10).

    Sent when: 组织登记时、党员骨干绑定网格时 an organisation is registered, or a party member is bound to a grid.
    Not sent when: 责任主体登记时（由 property 发布） a party that may be responsible is registered (property's).
    """

    type = "grid.organisation.registered.v1"


class OrganisationChanged(_AboutOrganisation):
    """组织体系变更 Its name, its powers, or where it stands or sits: reference fact.

    Sent when: 更名、调整职权或上级、所在场所变更时 it is renamed, has other powers, stands under another, or its place
    has changed.
    Not sent when: 其下级组织变更时 one under it changes.
    """

    type = "grid.organisation.changed.v1"


class OrganisationEnded(_AboutOrganisation):
    """组织体系撤销 It is no more: reference fact.

    Sent when: 组织撤销时 it has ended.
    Not sent when: 只是更名时 it is only renamed.
    """

    type = "grid.organisation.ended.v1"
