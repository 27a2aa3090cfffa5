"""What property (物业与产权单位) says."""

from __future__ import annotations

from shared.contracts.common import AboutWorks
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
