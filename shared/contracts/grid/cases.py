"""What grid says of cases (事项)."""

from __future__ import annotations

from shared.contracts.common import Placed
from shared.contracts.fields import (
    Code,
    Codes,
    Day,
    Flag,
    Instant,
    Part,
    Ref,
    Refs,
    Text,
    Whole,
    internal,
    several,
)

RESOLUTIONS = ("resolved", "partly", "unresolved")
OUTCOMES = ("revisited", "unreported", "unanswered", "withdrawn", "explained", "referred", "raised", "merged")


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
    due_at = Instant(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "when the phase under way is to be finished; answer_due_at is the first one's"
        },
    )
    phase = Whole(load_default=0, metadata={"description": "which phase is under way, from 0"})
    cluster_ref = Ref(
        load_default=None, allow_none=True, metadata={"description": "the cluster that it belongs to"}
    )


class CaseReported(_AboutCase):
    """立案 A matter is registered, always with a grid (domain row 14).

    Sent when: 案件登记时，不论来源 a case is registered, from whatever source.
    Not sent when: 只是提示有相近案件时 a near duplicate is only shown.
    """

    type = "grid.case.reported.v1"
    reporter_sealed = internal(
        Text(
            2000,
            load_default=None,
            allow_none=True,
            metadata={
                "description": "name and phone, which notify alone can open; null: notify knows the reporter, or nobody"
            },
        )
    )


class CasePlaced(_AboutCase):
    """定位 The case is somewhere else than it was said to be, or was in the catch-all grid until now.

    Sent when: 工作人员把案件定位到其场所时 staff put the case at its place.
    Not sent when: 场所本身迁移、合并、拆分时（见 grid.place.changed、superseded） the place itself moves (see places).
    """

    type = "grid.case.placed.v1"
    reporter_sealed = internal(
        Text(
            2000,
            load_default=None,
            allow_none=True,
            metadata={
                "description": "name and phone, which notify alone can open; null: notify knows the reporter, or nobody"
            },
        )
    )


class CaseDispatched(_AboutCase):
    """派单 A responsible party has the case and its clock runs.

    Sent when: 登记时、重新办理时、派单异议成立时、所等的事项落空时、换了责任主体时 at registration, after a reopening,
    when an objection is upheld, when the works, the mediation or the claim that a case waited for came to nothing, when
    it was found who is responsible, when another company takes over the area (what waits goes on waiting), and
    when another is responsible where it was put.
    Not sent when: 案件只是在等议题或工程时 the case only waits for a topic or works.
    """

    type = "grid.case.dispatched.v1"
    lead_party_ref = Ref(required=True, allow_none=True, metadata={"description": "null: the street itself"})
    lead_party_name = Text(100, required=True)
    reason_code = Code(
        "first_receiver",
        "reopened",
        "works_cancelled",
        "mediation_ended",
        "claim_denied",
        "taken_over",
        "objection_upheld",
        "responsibility_found",
        "gray_zone_assigned",
        "gray_zone_deadlocked",
        "placed",
        required=True,
    )
    reason_text = Text(700, required=True)


class CaseResponsibilityAsked(_AboutCase):
    """请求认定责任 No entry of the area's responsibility list fits: whose is it? Meanwhile somebody has it in hand.

    Sent when: 应由物业首接而责任清单未载明、或该区域没有物业时 a company should get it first, and no list names one, or
    nobody manages the area.
    Not sent when: 责任清单已载明时 the list names somebody.
    """

    type = "grid.case.responsibility_asked.v1"


class CaseMerged(_AboutCase):
    """并案 The case is the same matter as another, which goes on for all who reported it; `closed` follows.

    Sent when: 工作人员并案时 staff merge it into another.
    Not sent when: 只是归入同类聚集时（见 grid.cluster.case_joined） it only joins a cluster (see
    grid.cluster.case_joined).
    """

    type = "grid.case.merged.v1"
    into_case_ref = Ref(required=True)
    into_number = Text(20, required=True)


class DisputeFound(_AboutCase):
    """邻里纠纷 A neighbour dispute, told by its category: mediation may be offered (domain row 75).

    Sent when: 纠纷类事项登记或重新办理时 a case of such a category is registered, or opened again.
    Not sent when: 其他类别的事项登记时 a case of another category is registered.
    """

    type = "grid.dispute.found.v1"
    respondent_door_ref = internal(
        Ref(
            required=True,
            allow_none=True,
            metadata={"description": "the other side's door, where it was said"},
        )
    )
    hazard = Flag(required=True, metadata={"description": "it may come to blows (人民调解法 25)"})


class DisputeWithdrawn(_AboutCase):
    """纠纷撤回 There is nothing to mediate any more.

    Sent when: 纠纷类事项未经调解而结束时 such a case ends without a mediation.
    Not sent when: 调解履行完毕时 a mediation was performed.
    """

    type = "grid.dispute.withdrawn.v1"
    outcome = Code(*OUTCOMES, required=True)


class CaseAccepted(_AboutCase):
    """接办 The responsible party has taken the case up.

    Sent when: 责任主体接办时 the responsible party accepts.
    Not sent when: 案件直接转入等待时 the case goes from dispatched to waiting.
    """

    type = "grid.case.accepted.v1"
    lead_party_ref = Ref(required=True, allow_none=True, metadata={"description": "null: the street itself"})
    lead_party_name = Text(100, required=True)


class CaseObjected(_AboutCase):
    """派单异议 The first receiver says that the case is another's; its clock runs on (gate G3).

    Sent when: 责任主体提出派单异议时 the responsible party objects.
    Not sent when: 案件被退回重办时 a case is sent back.
    """

    type = "grid.case.objected.v1"
    lead_party_ref = Ref(required=True, allow_none=True, metadata={"description": "null: the street itself"})
    reason_text = Text(700, required=True)


class CaseObjectionRuled(_AboutCase):
    """异议裁定 Whether the first receiver was right. Upheld, a `dispatched` to another follows.

    Sent when: 裁定派单异议时 an objection is upheld or overruled.
    Not sent when: 异议因案件转入等待而失去意义时 the case goes to waiting meanwhile.
    """

    type = "grid.case.objection_ruled.v1"
    upheld = Flag(required=True)
    reason_text = Text(700, required=True)


class CaseContacted(_AboutCase):
    """联系反映人 Whoever is responsible has spoken with the reporter (响应).

    Sent when: 本轮首次联系反映人时 for the first time in a turn.
    Not sent when: 同一轮再次联系时 again in the same turn.
    """

    type = "grid.case.contacted.v1"
    contacted_at = Instant(required=True)


class CasePaused(_AboutCase):
    """暂停计时 The clock stands still, for a reason of the list.

    Sent when: 暂停计时时 the clock is stopped.
    Not sent when: 案件转入等待时（见 grid.case.waiting） the case waits (see waiting).
    """

    type = "grid.case.paused.v1"
    reason_code = Code(required=True)
    reason_text = Text(700, required=True)


class CaseResumed(_AboutCase):
    """恢复计时 The clock runs again; `due_at` has got back what the pause took.

    Sent when: 恢复计时时 the clock is started again.
    Not sent when: 案件不再等待时（见 grid.case.dispatched、verified） a case waits no longer (see dispatched and
    verified).
    """

    type = "grid.case.resumed.v1"


class CaseExtended(_AboutCase):
    """延期 There is more time, approved by somebody else than who asked; `due_at` is the new one.

    Sent when: 延期获批准时 an extension is approved.
    Not sent when: 提出申请或不予批准时 it is asked for, or refused.
    """

    type = "grid.case.extended.v1"
    amount = Whole(required=True)
    unit = Code("hours", "days", "working_hours", "working_days", required=True)
    reason_text = Text(700, required=True)


class CasePhaseFinished(_AboutCase):
    """完成阶段 One phase is done, and the clock of the next begins; `phase` and `due_at` are the next one's.

    Sent when: 完成一个阶段且还有下一阶段时 a phase is finished and another follows.
    Not sent when: 最后一个阶段完成时（见 grid.case.handled） the last phase is finished (see handled).
    """

    type = "grid.case.phase_finished.v1"
    phase_name = Text(50, required=True)
    next_phase_name = Text(50, required=True)


class CaseDeadlineWarned(_AboutCase):
    """临期 One fifth of the time is left.

    Sent when: 剩余时间为五分之一时 four fifths of the limit are over.
    Not sent when: 计时暂停或案件等待时 the clock stands still, or the case waits.
    """

    type = "grid.case.deadline_warned.v1"


class CaseDeadlineMissed(_AboutCase):
    """超期 Time is over.

    Sent when: 到期仍未办结时 `due_at` passes before the case is handled.
    Not sent when: 计时暂停或案件等待时 the clock stands still, or the case waits.
    """

    type = "grid.case.deadline_missed.v1"


class CaseEscalated(_AboutCase):
    """逐级上报 The overdue case is in hand one level higher: 网格 → 社区 → 街道.

    Sent when: 超期时，以及其后每级各过一段时间 when it becomes overdue, and again at each level after a time.
    Not sent when: 已到街道时，或由人转交时（见 grid.case.passed） at the street, or when somebody passes it (see
    passed).
    """

    type = "grid.case.escalated.v1"
    from_organisation_ref = Ref(required=True, allow_none=True)
    organisation_ref = Ref(required=True)
    organisation_name = Text(100, required=True)


class CaseWaiting(_AboutCase):
    """转入等待 The case waits for something outside the party's hands; the reporter has an interim answer.

    Sent when: 关联议题立项时、其工程确定时、双方同意调解时、达成协议时、进入赔付时 a linked topic is accepted, its
    works are decided, both sides consent to a mediation, they agree, and a claim is found.
    Not sent when: 期限将近时 a deadline is near.
    """

    type = "grid.case.waiting.v1"
    waiting_for = Code("topic", "works", "mediation", "claim", required=True)
    reason_text = Text(700, required=True)
    plan_version = Whole(
        required=True, allow_none=True, metadata={"description": "of the plan that is built"}
    )
    next_on = Day(
        load_default=None,
        allow_none=True,
        metadata={"description": "the day on which there is news at the latest, where one was said"},
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
    """办理完成 What was to be done is done; somebody else will verify it.

    Sent when: 责任主体反馈办结时，或所等的成果落实时 the responsible party says so, or the result that the case waited
    for has landed.
    Not sent when: 工程验收时（成果还须有管护单位） works are accepted (a result needs a maintainer too).
    """

    type = "grid.case.handled.v1"
    outcome_text = Text(700, required=True)
    handled_at = Instant(required=True)


class CaseVerified(_AboutCase):
    """核实 Somebody else has seen that it is done (gate G4); whether it is good, the reporter says.

    Sent when: 核实通过时，或成果落实时（居民已参与验收） it is verified, or the result has landed, which residents
    accepted.
    Not sent when: 退回重办时（见 grid.case.sent_back） it is sent back (see sent_back).
    """

    type = "grid.case.verified.v1"
    outcome_text = Text(700, required=True, metadata={"description": "what was done"})
    finding_text = Text(700, required=True)
    handled_at = Instant(required=True)


class CaseSentBack(_AboutCase):
    """退回重办 Somebody else has seen that it is not done; the clock has run on.

    Sent when: 核实不通过时 the verification fails.
    Not sent when: 反映人不满意时（见 grid.case.reopened） the reporter is not content (see reopened).
    """

    type = "grid.case.sent_back.v1"
    reason_text = Text(700, required=True)


class CaseReopened(_AboutCase):
    """重新办理 The reporter says that it is not good; a new turn begins.

    Sent when: 本轮的第一个答复说未解决时 the first answer of a turn says unresolved.
    Not sent when: 对前一轮的迟到答复来到时 a late answer to an earlier turn comes.
    """

    type = "grid.case.reopened.v1"
    reason_code = Code(required=True)


class CaseClosed(_AboutCase):
    """结案（仅经回访） The end, after the reporter's answer. `grid.case.closed.v2` tells of every end, of this one too.

    Sent when: 反映人答复已解决或部分解决时 the reporter's answer says resolved or partly.
    Not sent when: 以其他方式结案时（见 grid.case.closed.v2） it ends in another way (see grid.case.closed.v2).
    """

    type = "grid.case.closed.v1"
    outcome = Code("revisited", required=True)
    resolution = Code(*RESOLUTIONS, required=True)
    grade = Whole(required=True, metadata={"description": "satisfaction, 1 (very bad) to 5 (very good)"})
    handled_at = Instant(required=True)
    on_time = Flag(required=True, metadata={"description": "answered before answer_due_at"})
    reopen_count = Whole(required=True)


class CaseClosedV2(_AboutCase):
    """结案 The end. `resolution` and `grade` are the reporter's words: null where there is no answer.

    Sent when: 反映人答复后；无反映人且核实后；多次回访不到后；撤回、解释、移送、报请区级获准时 after the reporter's
    answer; verified where nobody reported it; after revisits in vain; when it is withdrawn, or when a second officer
    approves that it is explained, referred or raised to the district.
    Not sent when: 案件只是办理完成或核实时 the case is only handled or verified.
    """

    type = "grid.case.closed.v2"
    outcome = Code(*OUTCOMES, required=True)
    reason_text = Text(700, required=True)
    resolution = Code(*RESOLUTIONS, required=True, allow_none=True)
    grade = Whole(
        required=True,
        allow_none=True,
        metadata={"description": "satisfaction, 1 (very bad) to 5 (very good)"},
    )
    lead_party_ref = Ref(
        required=True,
        allow_none=True,
        metadata={"description": "who was responsible; null: the street itself"},
    )
    co_party_refs = Refs(load_default=list, metadata={"description": "the parties that helped"})
    contacted_at = Instant(required=True, allow_none=True)
    handled_at = Instant(required=True, allow_none=True)
    on_time = Flag(required=True, metadata={"description": "answered before answer_due_at"})
    reopen_count = Whole(required=True)
    modes = Codes(
        required=True,
        metadata={"description": "自治 self_governance, 法治 rule_of_law, 德治 rule_of_virtue"},
    )
