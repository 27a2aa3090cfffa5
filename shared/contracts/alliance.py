"""What alliance (商居同盟) says."""

from __future__ import annotations

from shared.contracts.consultation import PURPOSES
from shared.contracts.fields import Code, Codes, Ref, Refs, Text, internal
from shared.contracts.registry import Event


class OrganisationRegistered(Event):
    """组织登记 A professional or social organisation: reference fact.

    Sent when: an organisation is registered. Not sent when: a property party is registered (property's).
    """

    type = "alliance.organisation.registered.v1"
    org_ref = Ref(required=True)
    kind = Code("professional", "social", required=True)
    name = Text(100, required=True)
    expertise = Codes(required=True)


class _AboutRequest(Event):
    request_ref = Ref(required=True)
    purpose = Code(*PURPOSES, required=True)
    topic_ref = Ref(required=True)


class RequestUnfilled(_AboutRequest):
    """无人应征 The answer date has passed and not enough professionals came; a request never waits for ever.

    Sent when: the answer date passes. Not sent when: one organisation declines.
    """

    type = "alliance.request.unfilled.v1"
    reason_code = Code("answer_date_passed", required=True)


class _AboutEngagement(_AboutRequest):
    engagement_ref = Ref(required=True)
    org_ref = Ref(required=True)
    org_name = Text(100, required=True)


class EngagementAccepted(_AboutEngagement):
    """专业机构应征 An organisation lends its experts, and says what interests they have (domain rows 71, 80).

    Sent when: an organisation accepts a request. Not sent when: it declines.
    """

    type = "alliance.engagement.accepted.v1"
    expert_refs = internal(Refs(required=True))
    interests = Text(500, load_default="", metadata={"description": "declared interests; empty means none"})


class EngagementWithdrawn(_AboutEngagement):
    """专业机构退出 The organisation does not go on.

    Sent when: it withdraws before its work is done. Not sent when: the work is finished.
    """

    type = "alliance.engagement.withdrawn.v1"
    reason_text = Text(300, required=True)


class EngagementFinished(_AboutEngagement):
    """专业服务完成 The engagement's work is done.

    Sent when: it is finished. Not sent when: it is withdrawn.
    """

    type = "alliance.engagement.finished.v1"
