"""What property (物业与产权单位) says."""

from __future__ import annotations

from shared.contracts.common import AboutWorks, Placed
from shared.contracts.fields import Code, Codes, Day, Fen, Flag, Part, Ref, Refs, Text, Whole, nested, several
from shared.contracts.registry import Event

PARTY_KINDS = ("company", "owner_unit", "contractor", "department")


class AreaRegistered(Event):
    """物业管理区域登记 A unit of property management: reference fact. Not the same as an estate.

    Sent when: 物业管理区域登记时 an area is registered.
    Not sent when: 区域更换物业企业时 its company changes.
    """

    type = "property.area.registered.v1"
    area_ref = Ref(required=True)
    name = Text(100, required=True)
    estate_ref = Ref(required=True)
    building_refs = Refs(required=True)


class PartyRegistered(Event):
    """责任主体登记 A company, an owner unit, a contractor or a department: reference fact.

    Sent when: 责任主体登记时 a party is registered.
    Not sent when: 同盟组织登记时（由 alliance 发布） an alliance organisation is registered (alliance's).
    """

    type = "property.party.registered.v1"
    party_ref = Ref(required=True)
    kind = Code(*PARTY_KINDS, required=True)
    name = Text(100, required=True)
    area_refs = Refs(required=True, metadata={"description": "the areas it is responsible for"})


class ListEntry(Part):
    """责任清单条目 Who is responsible for one category of matters in an area, and by what duty."""

    category = Code(required=True)
    party_ref = Ref(required=True)
    duty = Text(200, required=True)


class ResponsibilityPublished(Event):
    """责任清单公布 The whole list of an area, in place of the one before: reference fact (domain row 92).

    Sent when: 责任清单公布或修订时 a list is published, or a new version of it.
    Not sent when: 单个事项被认定时（见 property.responsibility.found） one matter is decided (see found).
    """

    type = "property.responsibility.published.v1"
    area_ref = Ref(required=True)
    list_version = Whole(required=True)
    effective_on = Day(required=True)
    entries = several(ListEntry, required=True)


class ResponsibilityFound(Event):
    """认定责任 Whose one case is, by an entry that the list has in other words.

    Sent when: 经核对，事项属于清单中某一条目时 a case that was asked about belongs to an entry.
    Not sent when: 谁都不认领时（见 property.gray_zone.found） it is nobody's (see gray_zone.found).
    """

    type = "property.responsibility.found.v1"
    case_ref = Ref(required=True)
    area_ref = Ref(required=True)
    party_ref = Ref(required=True)
    reason_text = Text(300, required=True)


class _AboutGrayZone(Event):
    gray_zone_ref = Ref(required=True)
    area_ref = Ref(required=True)
    title = Text(100, required=True)
    case_refs = Refs(required=True)


class GrayZoneFound(_AboutGrayZone):
    """权责空白 A matter that nobody's list holds; one for many cases (domain rows 92–97).

    Sent when: 清单中没有任何主体对应时 nobody on the list is responsible.
    Not sent when: 同一空白又有事项时 another case belongs to the same zone.
    """

    type = "property.gray_zone.found.v1"


class GrayZoneAssigned(_AboutGrayZone):
    """权责空白认定 It has a party from now on.

    Sent when: 三方会商达成一致时 the tri-party session agrees.
    Not sent when: 临时指定时（见 property.gray_zone.deadlocked） somebody is named for the time being (see deadlocked).
    """

    type = "property.gray_zone.assigned.v1"
    party_ref = Ref(required=True)
    reason_text = Text(300, required=True)


class GrayZoneDeadlocked(_AboutGrayZone):
    """权责空白僵持 No agreement: somebody has it for the time being, and the street decides.

    Sent when: 三方会商未达成一致时 the tri-party session does not agree.
    Not sent when: 会商仍在进行时 it is still going on.
    """

    type = "property.gray_zone.deadlocked.v1"
    party_ref = Ref(required=True, metadata={"description": "who has it for the time being"})
    reason_text = Text(300, required=True)


class _AboutClaim(Event):
    claim_ref = Ref(required=True)
    area_ref = Ref(required=True)
    case_refs = Refs(required=True)


class ClaimFound(_AboutClaim):
    """赔付事项 Somebody is to pay, or to cure, or both: its cases wait (domain row 95).

    Sent when: 依责任清单认定应赔付时 the responsibility list says that somebody is liable.
    Not sent when: 只是有人主张时 somebody only claims so.
    """

    type = "property.claim.found.v1"
    reason_text = Text(300, required=True)
    cure_by = Day(
        load_default=None, allow_none=True, metadata={"description": "until when it is to be cured"}
    )


class ClaimDenied(_AboutClaim):
    """不予赔付 Nobody is liable; the cases go on without.

    Sent when: 认定无须赔付时 it is found that nobody has to pay.
    Not sent when: 尚在协商时 it is still being negotiated.
    """

    type = "property.claim.denied.v1"
    reason_text = Text(300, required=True)


class ClaimSettled(_AboutClaim):
    """赔付整改完结 Paid and cured, in whatever order: the only key that lets its cases go on.

    Sent when: 款项付清且整改完成时 all is paid and all is cured.
    Not sent when: 只完成其中之一时 one of the two is done.
    """

    type = "property.claim.settled.v1"
    outcome_text = Text(300, required=True)


class Tally(Part):
    """计票 One of the two counts of an owners' vote: heads, or area in dm² (0.01 ㎡)."""

    total = Whole(required=True)
    participating = Whole(required=True)
    approving = Whole(required=True)


class DecisionRecorded(Event):
    """业主共同决定结果 The result of an owners' vote held outside was imported and checked (民法典 278).

    Sent when: 表决结果录入时，不论结果如何 a result is imported, whatever it says.
    Not sent when: 双审通过时（双审不是法定的业主决定） a consultation's review passes: that is never a statutory
    decision (gate G7).
    """

    type = "property.decision.recorded.v1"
    decision_ref = Ref(required=True)
    topic_ref = Ref(required=True)
    area_ref = Ref(required=True)
    plan_hash = Text(64, required=True)
    kind = Code("common_parts", "ordinary", required=True)
    outcome = Code("adopted", "rejected", required=True)
    reasons = Codes(
        required=True,
        metadata={
            "description": "codes of what was found wrong; posted_late alone does not reject",
        },
    )
    heads = nested(Tally, required=True)
    area_dm2 = nested(Tally, required=True, metadata={"description": "in dm² (0.01 ㎡)"})
    arithmetic = Text(1000, required=True)


class WorksItem(Part):
    """工程项目 One item (修复项目) of the works."""

    number = Whole(required=True)
    kind = Code(required=True)
    title = Text(100, required=True)
    location = Text(100, required=True)
    budget_fen = Fen(required=True)


class WorksCreated(AboutWorks):
    """小微工程立项 Works exist, made from the adopted plan by the event alone (domain rows 41–42).

    Sent when: 议题的方案通过时 a topic is resolved.
    Not sent when: 工程发包或开工时 they are contracted or begin.
    """

    type = "property.works.created.v1"
    title = Text(100, required=True)
    plan_hash = Text(64, required=True)
    items = several(WorksItem, required=True)
    budget_fen = Fen(required=True)
    building_refs = Refs(required=True)
    needs_stewards = Flag(required=True)
    maintainer_ref = Ref(required=True)


class WorksContracted(AboutWorks):
    """工程发包 A contractor has the works.

    Sent when: 合同录入时 a contract is recorded.
    Not sent when: 工程开工时 works begin.
    """

    type = "property.works.contracted.v1"
    contractor_ref = Ref(required=True)
    contractor_name = Text(100, required=True)
    amount_fen = Fen(required=True)
    planned_start_on = Day(required=True)
    planned_end_on = Day(required=True)


class WorksStarted(AboutWorks):
    """工程开工 The contractor is on site.

    Sent when: 工程开工时 works start.
    Not sent when: 单个项目开工时 a single item starts.
    """

    type = "property.works.started.v1"
    title = Text(100, required=True)
    contractor_ref = Ref(required=True)
    contractor_name = Text(100, required=True)
    building_refs = Refs(required=True)
    needs_stewards = Flag(required=True)
    planned_end_on = Day(required=True)


class WorksItemAccepted(AboutWorks):
    """单项验收 One item is accepted.

    Sent when: 单个项目验收合格时 an item passes inspection.
    Not sent when: 全部工程验收时（见 accepted） all works are accepted (accepted).
    """

    type = "property.works.item_accepted.v1"
    item_number = Whole(required=True)
    item_title = Text(100, required=True)
    items_accepted = Whole(required=True)
    items_total = Whole(required=True)


class WorksItemRejected(AboutWorks):
    """单项退回 One item did not pass and must be mended.

    Sent when: 单个项目验收不合格时 an item fails inspection.
    Not sent when: 验收之后才发现缺陷时 a defect is found after acceptance.
    """

    type = "property.works.item_rejected.v1"
    item_number = Whole(required=True)
    item_title = Text(100, required=True)
    reason_text = Text(500, required=True)


class WorksAccepted(AboutWorks):
    """竣工验收 All items are accepted, with residents' representatives present.

    Sent when: 工程整体验收时 the works as a whole are accepted.
    Not sent when: 最后一个项目验收时 the last item is accepted.
    """

    type = "property.works.accepted.v1"
    title = Text(100, required=True)
    items_total = Whole(required=True)
    warranty_until_on = Day(required=True)
    maintainer_ref = Ref(required=True)
    maintainer_name = Text(100, required=True)


class WorksCancelled(AboutWorks):
    """工程取消 The works end without a result; the reason is fit to be read by anyone.

    Sent when: 工程在验收前被取消时 works are cancelled before acceptance.
    Not sent when: 工程暂停时 they are paused.
    """

    type = "property.works.cancelled.v1"
    title = Text(100, required=True)
    reason_text = Text(500, required=True)
    items_done = Whole(required=True)
    items_total = Whole(required=True)


class TakeoverCompleted(Event):
    """物业交接完成 Another company manages an area from now on (domain row 91): what the old one was doing there is the
    new one's.

    Sent when: 新物业企业接管手续完成时 the new company has taken over.
    Not sent when: 试运行或协商期间 on trial, or while it is negotiated.
    """

    type = "property.takeover.completed.v1"
    area_ref = Ref(required=True)
    from_party_ref = Ref(required=True, allow_none=True, metadata={"description": "null: nobody managed it"})
    to_party_ref = Ref(required=True)
    place_path = Text(500, required=True, metadata={"description": "all places around it, /street/…/"})


class UnmanagedAreaFound(Placed):
    """发现失管区域 Nobody manages an area (domain row 85).

    Sent when: 核实某物业管理区域无人管理时 it is verified that nobody manages it.
    Not sent when: 只是诉求集中时（见 grid.cluster.found） there are only many complaints (grid.cluster.found).
    """

    type = "property.area.unmanaged_found.v1"
    area_ref = Ref(required=True)
    area_name = Text(100, required=True)
    category = Code(required=True, metadata={"description": "of the cases by which it was found"})
    case_refs = Refs(required=True)


class EvaluationTurnStarted(Placed):
    """评价进入下一轮 A party's service is evaluated anew after its rectification (domain row 110).

    Sent when: 整改后重新评价开始时 the next turn of an evaluation begins.
    Not sent when: 达标而结束时 the target is reached.
    """

    type = "property.evaluation.turn_started.v1"
    evaluation_ref = Ref(required=True)
    area_ref = Ref(required=True)
    area_name = Text(100, required=True)
    party_ref = Ref(required=True)
    party_name = Text(100, required=True)
    turn = Whole(required=True)
    failed_turns = Whole(required=True, metadata={"description": "how many did not reach the target so far"})
