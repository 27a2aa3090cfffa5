"""What grid says of cases (事项)."""

from __future__ import annotations

from shared.contracts.common import Placed
from shared.contracts.fields import Code, Flag, Instant, Part, Ref, Refs, Text, Whole, internal, several

RESOLUTIONS = ("resolved", "partly", "unresolved")


class ExternalRef(Part):
    """外部编号 The number that another system knows the case by."""

    system = Code(required=True)
    number = Text(64, required=True)


class _AboutCase(Placed):
    case_ref = Ref(required=True)
    number = Text(20, required=True, metadata={"description": "can be read out; the last digit checks"})
    turn = Whole(required=True, metadata={"description": "1, and one more each time it is reopened"})
    category = Code(required=True)
    category_name = Text(50, required=True)
    place_name = Text(100, required=True)
    grid_ref = Ref(required=True)
    grid_code = Text(30, required=True)
    estate_ref = Ref(required=True, allow_none=True)
    area_ref = Ref(required=True, allow_none=True)
    building_ref = Ref(required=True, allow_none=True)
    source = Code(required=True)
    external_refs = several(ExternalRef, load_default=list)
    reporter_refs = internal(Refs(load_default=list))
    topic_ref = Ref(required=True, allow_none=True)
    works_ref = Ref(required=True, allow_none=True)
    answer_due_at = Instant(required=True)


class CaseReported(_AboutCase):
    """立案 A matter is registered, always with a grid (domain row 14).

    Sent when: 案件登记时，不论来源 a case is registered, from whatever source.
    Not sent when: 只是提示有相近案件时 a near duplicate is only shown.
    """

    type = "grid.case.reported.v1"


class CaseDispatched(_AboutCase):
    """派单 A responsible party has the case and its clock runs.

    Sent when: 登记时、重新办理时、所等的工程被取消时、物业交接时 at registration, after a reopening, when the works
    that a case waited for were cancelled, and when another company takes over the area (what waits goes on waiting).
    Not sent when: 案件只是在等议题或工程时 the case only waits for a topic or works.
    """

    type = "grid.case.dispatched.v1"
    lead_party_ref = Ref(required=True, allow_none=True, metadata={"description": "null: the street itself"})
    lead_party_name = Text(100, required=True)
    reason_code = Code("first_receiver", "reopened", "works_cancelled", "taken_over", required=True)
    reason_text = Text(700, required=True)


class CaseWaiting(_AboutCase):
    """转入等待 The case waits for something outside the party's hands; the reporter has an interim answer.

    Sent when: 关联议题立项时、其工程确定时 a linked topic is accepted, and when its works are decided.
    Not sent when: 期限将近时 a deadline is near.
    """

    type = "grid.case.waiting.v1"
    waiting_for = Code("topic", "works", required=True)
    reason_text = Text(700, required=True)
    plan_version = Whole(
        required=True, allow_none=True, metadata={"description": "of the plan that is built"}
    )


class CasePassed(_AboutCase):
    """转交 The organisation above or below has the case in hand now; who is responsible stays (domain rows 7–9).

    Sent when: 承办组织向上级上报或向下级下派时 the organisation that has it passes it up or down its tree.
    Not sent when: 责任主体更换时（见 grid.case.dispatched） another party becomes responsible (see dispatched).
    """

    type = "grid.case.passed.v1"
    from_organisation_ref = Ref(required=True)
    organisation_ref = Ref(required=True)
    organisation_name = Text(100, required=True)
    direction = Code("up", "down", required=True)
    reason_text = Text(700, required=True)


class CaseHandled(_AboutCase):
    """办理完成 What was to be done is done; whether it is good, the reporter says.

    Sent when: 所等的成果落实时 the result that a case waited for has landed.
    Not sent when: 工程验收时（成果还须有管护单位） works are accepted (a result needs a maintainer too).
    """

    type = "grid.case.handled.v1"
    outcome_text = Text(700, required=True)
    handled_at = Instant(required=True)


class CaseReopened(_AboutCase):
    """重新办理 The reporter says that it is not good; a new turn begins.

    Sent when: 本轮的第一个答复说未解决时 the first answer of a turn says unresolved.
    Not sent when: 对前一轮的迟到答复来到时 a late answer to an earlier turn comes.
    """

    type = "grid.case.reopened.v1"
    reason_code = Code(required=True)


class CaseClosed(_AboutCase):
    """结案 The end, after a valid revisit.

    Sent when: 反映人答复已解决或部分解决时 the reporter's answer says resolved or partly.
    Not sent when: 案件只是办理完成时 the case is only handled.
    """

    type = "grid.case.closed.v1"
    outcome = Code("revisited", required=True)
    resolution = Code(*RESOLUTIONS, required=True)
    grade = Whole(required=True, metadata={"description": "satisfaction, 1 (very bad) to 5 (very good)"})
    handled_at = Instant(required=True)
    on_time = Flag(required=True, metadata={"description": "answered before answer_due_at"})
    reopen_count = Whole(required=True)
