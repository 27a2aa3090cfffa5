"""What alliance (商居同盟) says."""

from __future__ import annotations

from shared.contracts.consultation import PURPOSES
from shared.contracts.fields import Code, Codes, Day, Ref, Refs, Text, internal
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


class _AboutMediation(Event):
    mediation_ref = Ref(required=True)
    case_ref = Ref(required=True)


class MediationConsented(_AboutMediation):
    """同意调解 Both sides want to be mediated; the case waits for it (domain rows 74–75).

    Sent when: 双方当事人都同意调解时 both sides have consented.
    Not sent when: 只有一方同意时 one side has.
    """

    type = "alliance.mediation.consented.v1"
    org_name = Text(100, required=True)


class MediationAgreed(_AboutMediation):
    """达成调解协议 What was agreed stays with the mediators; here is only until when it is to be done.

    Sent when: 调解协议生效时 the agreement takes effect.
    Not sent when: 约定履行完毕时（见 alliance.mediation.performed） it is performed (see performed).
    """

    type = "alliance.mediation.agreed.v1"
    perform_by = Day(required=True)


class MediationPerformed(_AboutMediation):
    """调解协议履行 What was agreed is done.

    Sent when: 核实约定已履行时 the performance was checked.
    Not sent when: 协议达成时 it is agreed.
    """

    type = "alliance.mediation.performed.v1"
    outcome_text = Text(300, required=True, metadata={"description": "what was done, without names"})


class MediationBreached(_AboutMediation):
    """调解协议违约 What was agreed was not done.

    Sent when: 逾期未履行时 the day has passed and it was not performed.
    Not sent when: 仍在履行期内时 there is still time.
    """

    type = "alliance.mediation.breached.v1"
    reason_text = Text(300, required=True)


class MediationTerminated(_AboutMediation):
    """终止调解 One side refused, or no agreement was reached; both were told what other ways there are.

    Sent when: 一方拒绝调解或调解不成时 one side refuses, or it fails (人民调解法 17, 26).
    Not sent when: 达成协议后违约时（见 alliance.mediation.breached） what was agreed is not done (see breached).
    """

    type = "alliance.mediation.terminated.v1"
    outcome = Code("refused", "failed", required=True)
    reason_text = Text(300, required=True)
