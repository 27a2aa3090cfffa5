"""What consultation (树下贤聊) says."""

from __future__ import annotations

from shared.contracts.common import Placed
from shared.contracts.fields import (
    Code,
    Codes,
    Day,
    Fen,
    Flag,
    Instant,
    Part,
    Ref,
    Refs,
    Text,
    Whole,
    internal,
    nested,
    several,
)

CHAMBERS = ("residents", "professionals")
PURPOSES = ("design", "review")
STAGES = ("design", "entry")
SESSION_KINDS = ("co_design", "joint_review")
PROPOSERS = ("resident", "community", "owners_body", "property", "unit", "street", "social_org")


class _AboutTopic(Placed):
    topic_ref = Ref(required=True)
    title = Text(100, required=True)
    category = Code(required=True)
    place_name = Text(100, required=True)
    estate_ref = Ref(required=True, allow_none=True)
    case_refs = Refs(required=True)
    proposer_refs = internal(
        Refs(load_default=list, metadata={"description": "residents who hear what becomes of it"})
    )


class TopicRaised(_AboutTopic):
    """提出问题 A problem is put up for deliberation (domain row 37).

    Sent when: 有人提出议题时 a topic is raised.
    Not sent when: 党组织同意立项时（见 accepted） the party organisation accepts it (that is accepted).
    """

    type = "consultation.topic.raised.v1"
    raised_by = Code(
        *PROPOSERS, required=True, metadata={"description": "class of the proposer, never a person"}
    )


class TopicAccepted(_AboutTopic):
    """议题立项 The party organisation approves the agenda (domain row 6); deliberation begins.

    Sent when: 党组织同意立项时 a raised topic is accepted.
    Not sent when: 工程取消后退回共议时（见 returned） it comes back after cancelled works (returned).
    """

    type = "consultation.topic.accepted.v1"
    party_org = Text(100, required=True)


class TopicCasesLinked(_AboutTopic):
    """关联事项 More cases are about the same, and share what becomes of the topic (domain row 43).

    Sent when: 共议中或落实中的议题又关联了事项时 a topic under deliberation, or being delivered, takes up more cases.
    Not sent when: 议题尚未立项时（见 accepted） it is only raised: its acceptance speaks of all its cases (accepted).
    """

    type = "consultation.topic.cases_linked.v1"
    linked_case_refs = Refs(required=True)
    plan_version = Whole(
        required=True, allow_none=True, metadata={"description": "what they wait for; null: deliberation"}
    )


class TopicDeclined(_AboutTopic):
    """议题不予立项 The topic ends without deliberation, with a reason anyone may read.

    Sent when: 党组织决定不予立项时 a raised topic is declined.
    Not sent when: 共议中的议题被搁置时 a topic under deliberation is suspended.
    """

    type = "consultation.topic.declined.v1"
    reason_text = Text(500, required=True)


class TopicReferred(_AboutTopic):
    """议题转办 It needs no deliberation, and is attended to as a case: of its own, unless it takes up cases already.

    Sent when: 转办尚未立项的议题时 a topic that is only raised is referred.
    Not sent when: 不予立项时（见 declined） it is declined (declined).
    """

    type = "consultation.topic.referred.v1"
    asked_text = Text(2000, required=True)
    case_category = Code(required=True)
    reason_text = Text(500, required=True)


class TopicMerged(_AboutTopic):
    """议题合并 Another topic is about the same, and goes on for both.

    Sent when: 尚未立项的议题并入另一议题时 a topic that is only raised is merged into another.
    Not sent when: 不予立项时（见 declined） it is declined (declined).
    """

    type = "consultation.topic.merged.v1"
    into_topic_ref = Ref(required=True)
    into_title = Text(100, required=True)


class TopicSuspended(_AboutTopic):
    """议题中止 Deliberation rests.

    Sent when: 共议中的议题中止时 a topic under deliberation is suspended.
    Not sent when: 不予立项时（见 declined） it is declined (declined).
    """

    type = "consultation.topic.suspended.v1"
    reason_text = Text(500, required=True)


class TopicResumed(_AboutTopic):
    """议题恢复共议 Deliberation goes on.

    Sent when: 中止的议题恢复共议时 a suspended topic is taken up again.
    Not sent when: 首次立项时（见 accepted） it is accepted (accepted).
    """

    type = "consultation.topic.resumed.v1"


class TopicReturned(_AboutTopic):
    """议题退回共议 The result cannot be had this way; the topic is deliberated again.

    Sent when: 所属工程被取消时 its works were cancelled.
    Not sent when: 双审退回方案时（见 review.returned） a review returns a plan (review.returned).
    """

    type = "consultation.topic.returned.v1"
    works_ref = Ref(required=True)
    reason_text = Text(500, required=True)


class _ProfessionalsWanted(Placed):
    topic_ref = Ref(required=True)
    title = Text(100, required=True)
    expertise = Codes(
        required=True, metadata={"description": "fields of the profession: planning, safety, …"}
    )
    experts_needed = Whole(required=True)
    answer_by = Instant(required=True)
    excluded_org_refs = Refs(load_default=list)


class DesignRequested(_ProfessionalsWanted):
    """征集设计机构 Professionals are wanted to draw the plan with the residents (domain rows 71, 80).

    Sent when: 召集人征集设计机构时 the convenor asks for a designer.
    Not sent when: 征集评审专家时（见 review.requested） reviewers are wanted (review.requested).
    """

    type = "consultation.design.requested.v1"
    request_ref = Ref(required=True)


class _AboutSession(Placed):
    session_ref = Ref(required=True)
    topic_ref = Ref(required=True)
    title = Text(100, required=True)
    kind = Code(*SESSION_KINDS, required=True)
    venue = Text(100, required=True)
    starts_at = Instant(required=True)


class SessionAnnounced(_AboutSession):
    """议事会预告 People are invited to a session.

    Sent when: 议事会确定时 a session is set.
    Not sent when: 议事会改期或取消时 it is rescheduled or cancelled.
    """

    type = "consultation.session.announced.v1"
    audience = Text(100, required=True, metadata={"description": "who is meant, in words"})


class SessionRescheduled(_AboutSession):
    """议事会改期 It is held at another time, perhaps elsewhere.

    Sent when: 议事会改期时 a session gets another time.
    Not sent when: 议事会首次预告时（见 announced） it is announced (announced).
    """

    type = "consultation.session.rescheduled.v1"
    reason_text = Text(500, required=True)
    times_rescheduled = Whole(required=True)


class SessionCancelled(_AboutSession):
    """议事会取消 It is not held.

    Sent when: 已预告的议事会取消时 an announced session is called off.
    Not sent when: 只是改期时（见 rescheduled） it is only held at another time (rescheduled).
    """

    type = "consultation.session.cancelled.v1"
    reason_text = Text(500, required=True)


class SessionMinuted(Placed):
    """会议纪要 The session was held and its minutes are there.

    Sent when: 会议纪要录入时 minutes are recorded.
    Not sent when: 会议只是开过、尚无纪要时 the session only took place.
    """

    type = "consultation.session.minuted.v1"
    session_ref = Ref(required=True)
    topic_ref = Ref(required=True)
    kind = Code(*SESSION_KINDS, required=True)
    attendance = Whole(required=True, metadata={"description": "persons, all classes together"})
    points = Whole(required=True, metadata={"description": "how many points were minuted"})


class PlanItem(Part):
    """方案项目 One thing to be built or done."""

    kind = Code(required=True)
    title = Text(100, required=True)
    location = Text(100, required=True)
    budget_fen = Fen(required=True)


class PlanProposed(Placed):
    """提出方案 A version of the plan, fixed by its hash.

    Sent when: 每一版方案提交议题时 each version is laid before the topic.
    Not sent when: 方案通过双审时（见 review.passed） a plan is passed (review.passed).
    """

    type = "consultation.plan.proposed.v1"
    plan_ref = Ref(required=True)
    topic_ref = Ref(required=True)
    plan_version = Whole(required=True)
    plan_hash = Text(64, required=True)
    budget_fen = Fen(required=True)
    items = several(PlanItem, required=True)
    author_org_refs = Refs(required=True)


class ReviewRequested(_ProfessionalsWanted):
    """发起双审 Professionals are wanted to judge a version of a plan, beside the residents (domain rows 32–34).
    Who drew it is excluded.

    Sent when: 双审开始时 a review opens.
    Not sent when: 征集设计机构时 a designer is wanted.
    """

    type = "consultation.review.requested.v1"
    review_ref = Ref(required=True)
    plan_ref = Ref(required=True)
    plan_version = Whole(required=True)
    plan_hash = Text(64, required=True)


class Verdict(Part):
    """一方结论 How one chamber judged."""

    chamber = Code(*CHAMBERS, required=True)
    passed = Flag(required=True)
    on_roster = Whole(required=True)
    voted = Whole(required=True)
    approved = Whole(required=True)
    why = Text(300, required=True)
    entered_for_others = Whole(
        load_default=0, metadata={"description": "ballots that others put in for the voters, as on paper"}
    )


class _ReviewEnded(Placed):
    review_ref = Ref(required=True)
    topic_ref = Ref(required=True)
    plan_ref = Ref(required=True)
    plan_version = Whole(required=True)
    plan_hash = Text(64, required=True)
    verdicts = several(Verdict, required=True)


class ReviewPassed(_ReviewEnded):
    """双审通过 Both chambers passed the same version.

    Sent when: 双审结束且双方都通过时 a review closes with two passes.
    Not sent when: 只有一方通过时（见 returned） only one chamber passed (returned).
    """

    type = "consultation.review.passed.v1"


class ReviewReturned(_ReviewEnded):
    """双审退回 At least one chamber did not pass the version; a new one is needed.

    Sent when: 双审结束而未获双方通过时 a review closes without two passes.
    Not sent when: 工程后来未能完成时 works fail later.
    """

    type = "consultation.review.returned.v1"
    reason_codes = Codes(required=True, metadata={"description": "criteria that were failed"})


class DecisionRequested(Placed):
    """提请业主共同决定 The plan needs a vote of the owners (民法典 278) before works.

    Sent when: 须业主共同决定的方案通过双审时 a plan that needs one passes its review.
    Not sent when: 方案写明无须业主决定及其理由时 the plan says that none is needed, and why.
    """

    type = "consultation.decision.requested.v1"
    plan_ref = Ref(required=True)
    topic_ref = Ref(required=True)
    plan_hash = Text(64, required=True)
    kind = Code("common_parts", "ordinary", required=True)
    area_ref = Ref(required=True)


class Funding(Part):
    """资金来源 One source of money."""

    source = Text(50, required=True)
    amount_fen = Fen(required=True)


class OwnersDecision(Part):
    """业主决定 Whether the owners must decide, why, and what they decided."""

    required = Flag(required=True)
    reason = Text(300, required=True)
    decision_ref = Ref(required=True, allow_none=True)


class TopicResolved(_AboutTopic):
    """方案通过 A plan is adopted; from here on it is built.

    Sent when: 方案经双审通过（须业主决定的已决定）并被采纳时 a plan passed both chambers, and the owners where
    they must decide, and is adopted.
    Not sent when: 成果已经落实时（见 result.landed） the result is there (result.landed).
    """

    type = "consultation.topic.resolved.v1"
    plan_ref = Ref(required=True)
    plan_version = Whole(required=True)
    plan_hash = Text(64, required=True)
    items = several(PlanItem, required=True)
    budget_fen = Fen(required=True)
    funding = several(Funding, required=True)
    owners_decision = nested(OwnersDecision, required=True)
    needs_stewards = Flag(required=True)
    area_ref = Ref(required=True)
    building_refs = Refs(required=True)
    maintainer_ref = Ref(required=True)
    maintainer_name = Text(100, required=True)
    suggestions_adopted = Whole(
        load_default=0, metadata={"description": "suggestions of residents that the plan takes up"}
    )


class ResultLanded(_AboutTopic):
    """落实成果 The result is there: accepted works, residents' word, and who keeps it in order (domain row 37).

    Sent when: 召集人确认成果落实时 the convenor lands the result.
    Not sent when: 工程验收了却没有管护单位时 works are accepted without a maintainer.
    """

    type = "consultation.result.landed.v1"
    works_ref = Ref(required=True)
    maintainer_ref = Ref(required=True)
    maintainer_name = Text(100, required=True)
    accepted_by = internal(
        Text(200, required=True, metadata={"description": "which residents' representatives, as a class"})
    )
    turn = Whole(load_default=1, metadata={"description": "2 and more: after a result that was not good"})


class ResultReopened(_AboutTopic):
    """成果重议 The residents say that the result is not good; the topic is deliberated again.

    Sent when: 半数以上评价者认为没有解决时、召集人据居民意见重开时 more than half of those who answer say that it
    is not resolved, or the convenor says so for them.
    Not sent when: 工程取消时（见 topic.returned） its works are cancelled before it landed (topic.returned).
    """

    type = "consultation.result.reopened.v1"
    works_ref = Ref(required=True, allow_none=True)
    reason_text = Text(500, required=True)
    turn = Whole(required=True, metadata={"description": "the turn that begins"})


class _AboutSurvey(Placed):
    survey_ref = Ref(required=True)
    topic_ref = Ref(required=True, allow_none=True)
    title = Text(100, required=True)
    place_name = Text(100, required=True)
    stage = Code(*STAGES, required=True)


class SurveyOpened(_AboutSurvey):
    """问需开始 People are asked what they need (domain row 29).

    Sent when: 开始征集时 suggestions are collected from now on.
    Not sent when: 只是计划时 it is only planned.
    """

    type = "consultation.survey.opened.v1"
    asked_text = Text(2000, required=True)
    closes_at = Instant(required=True)


class SurveyClosed(_AboutSurvey):
    """问需征集结束 Nothing more is collected.

    Sent when: 到期时、提前结束时 its time is over, or somebody ends it before.
    Not sent when: 答复反馈完成时（见 fed_back） everything is answered (fed_back).
    """

    type = "consultation.survey.closed.v1"
    received = Whole(required=True)


class SurveyFedBack(_AboutSurvey):
    """问需反馈完成 Each suggestion is answered, and anyone may read the answers.

    Sent when: 所有建议都已答复、问需办结时 everything is answered, and the survey ends.
    Not sent when: 还有建议没有答复时 some suggestion is not answered.
    """

    type = "consultation.survey.fed_back.v1"
    received = Whole(required=True)
    adopted = Whole(required=True)
    partly_adopted = Whole(required=True)
    not_adopted = Whole(required=True)


class _AboutSuggestion(Placed):
    suggestion_ref = Ref(required=True)
    survey_ref = Ref(required=True)
    topic_ref = Ref(required=True, allow_none=True)
    stage = Code(*STAGES, required=True)
    category = Code(required=True, allow_none=True)
    proposer_ref = internal(Ref(required=True, allow_none=True))


class SuggestionReceived(_AboutSuggestion):
    """收到建议 Somebody said what is needed (domain rows 30, 31). What was said stays with consultation.

    Sent when: 一条建议被收集时 a suggestion is collected.
    Not sent when: 分类时 it is classified.
    """

    type = "consultation.suggestion.received.v1"
    channel = Code("door", "reception", "session", "online", "phone", "form", required=True)


class SuggestionAnswered(_AboutSuggestion):
    """答复建议 Whether it is adopted, and why.

    Sent when: 采纳、部分采纳或不采纳时 it is adopted, in part or not at all.
    Not sent when: 已采纳的建议落实时（见 implemented） what was adopted is carried out (implemented).
    """

    type = "consultation.suggestion.answered.v1"
    outcome = Code("adopted", "partly_adopted", "not_adopted", required=True)
    reason_text = Text(1000, required=True)


class SuggestionImplemented(_AboutSuggestion):
    """建议落实 What was adopted is done.

    Sent when: 已采纳的建议落实时 what was adopted is carried out.
    Not sent when: 只是采纳时（见 answered） it is only adopted (answered).
    """

    type = "consultation.suggestion.implemented.v1"
    evidence_text = Text(1000, required=True)


PROJECT_KINDS = ("key", "sprout")


class _AboutProject(Placed):
    project_ref = Ref(required=True)
    kind = Code(*PROJECT_KINDS, required=True)
    title = Text(100, required=True)
    place_name = Text(100, required=True)
    topic_refs = Refs(required=True)
    stage = Code(required=True)


class ProjectOpened(_AboutProject):
    """项目启动 A key project or a 新芽项目 begins (domain row 16).

    Sent when: 项目启动时 a project is opened.
    Not sent when: 单个议题立项时（见 topic.accepted） a single topic is accepted (topic.accepted).
    """

    type = "consultation.project.opened.v1"


class ProjectStageChanged(_AboutProject):
    """项目进入下一阶段 All that the stage stands on is there.

    Sent when: 进入下一阶段时 the next stage begins.
    Not sent when: 停工、复工时（见 paused、resumed） work stops or goes on (paused, resumed).
    """

    type = "consultation.project.stage_changed.v1"
    former_stage = Code(required=True)
    stage_name = Text(50, required=True)


class ProjectPaused(_AboutProject):
    """项目停工 Its days are lost until it goes on.

    Sent when: 登记停工时 a pause begins.
    Not sent when: 工程自身停工时（由 property 发布） works pause by themselves (property's).
    """

    type = "consultation.project.paused.v1"
    cause = Code("conflict", "weather", "materials", "other", required=True)
    reason_text = Text(500, required=True)
    paused_on = Day(required=True)


class ProjectResumed(_AboutProject):
    """项目复工 It goes on.

    Sent when: 登记复工时 a pause ends.
    Not sent when: 停工中被终止时（见 closed） it is called off while paused (closed).
    """

    type = "consultation.project.resumed.v1"
    days_lost = Whole(required=True, metadata={"description": "in all its pauses so far"})


class ProjectClosed(_AboutProject):
    """项目结束 All its stages are done, or it goes no further.

    Sent when: 结项或终止时 it is completed or called off.
    Not sent when: 最后一个议题成果落地时（见 result.landed） its last result lands (result.landed).
    """

    type = "consultation.project.closed.v1"
    outcome = Code("completed", "called_off", required=True)
    reason_text = Text(500, required=True)
    days_lost = Whole(required=True)


class Side(Part):
    """支部一方 How many members one side has: never who they are."""

    side = Code("street", "community", "builder", "residents", required=True)
    count = Whole(required=True)


class _AboutBranch(Placed):
    branch_ref = Ref(required=True)
    project_ref = Ref(required=True)
    name = Text(100, required=True)


class BranchEstablished(_AboutBranch):
    """临时党支部成立 With members of all four sides, led by the street (domain row 17).

    Sent when: 四方齐备并成立时 it is established.
    Not sent when: 还在筹建、或调整成员时 it is only forming, or its members change.
    """

    type = "consultation.branch.established.v1"
    sides = several(Side, required=True)


class BranchDissolved(_AboutBranch):
    """临时党支部撤销 Its project is over (gate G14).

    Sent when: 项目结项或终止时 its project is completed or called off.
    Not sent when: 项目停工时 its project is paused.
    """

    type = "consultation.branch.dissolved.v1"


class IntakeReferred(Placed):
    """接待点诉求转办 What somebody said at a reception point is attended to as a case (domain row 19).

    Sent when: 接待登记转为事项时 it is referred.
    Not sent when: 当场答复或转为建议时（见 suggestion.received） it is answered, or becomes a suggestion.
    """

    type = "consultation.intake.referred.v1"
    intake_ref = Ref(required=True)
    project_ref = Ref(required=True)
    asked_text = Text(2000, required=True)
    case_category = Code(required=True)
    proposer_ref = internal(Ref(required=True, allow_none=True))
