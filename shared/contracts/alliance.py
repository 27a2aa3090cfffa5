"""What alliance (商居同盟) says."""

from __future__ import annotations

from shared.contracts.consultation import PURPOSES
from shared.contracts.fields import Code, Codes, Ref, Refs, Text, internal
from shared.contracts.registry import Event


class OrganisationRegistered(Event):
    """组织登记 A professional or social organisation: reference fact.

    Sent when: 组织登记时 an organisation is registered.
    Not sent when: 责任主体登记时（由 property 发布） a property party is registered (property's).
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

    Sent when: 应征截止而人数不足时 the answer date passes.
    Not sent when: 某一家机构谢绝时 one organisation declines.
    """

    type = "alliance.request.unfilled.v1"
    reason_code = Code("answer_date_passed", required=True)


class _AboutEngagement(_AboutRequest):
    engagement_ref = Ref(required=True)
    org_ref = Ref(required=True)
    org_name = Text(100, required=True)


class EngagementAccepted(_AboutEngagement):
    """专业机构应征 An organisation lends its experts, and says what interests they have (domain rows 71, 80).

    Sent when: 机构应征时 an organisation accepts a request.
    Not sent when: 机构谢绝时 it declines.
    """

    type = "alliance.engagement.accepted.v1"
    expert_refs = internal(Refs(required=True))
    interests = Text(500, load_default="", metadata={"description": "declared interests; empty means none"})


class EngagementWithdrawn(_AboutEngagement):
    """专业机构退出 The organisation does not go on.

    Sent when: 机构在工作完成前退出时 it withdraws before its work is done.
    Not sent when: 工作已经完成时 the work is finished.
    """

    type = "alliance.engagement.withdrawn.v1"
    reason_text = Text(300, required=True)


class EngagementFinished(_AboutEngagement):
    """专业服务完成 The engagement's work is done.

    Sent when: 专业服务完成时 it is finished.
    Not sent when: 机构退出时 it is withdrawn.
    """

    type = "alliance.engagement.finished.v1"
