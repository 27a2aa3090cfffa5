"""What property refuses, and why."""

from __future__ import annotations

from shared.kernel.errors import Invalid, NotFound, NotNow


class PlaceKindWrong(Invalid):
    """An area is made of an estate and its buildings."""

    code = "place_kind_wrong"
    zh = "{field}: “{name}”是 {kind},应为 {wanted}"
    en = "{field}: '{name}' is a {kind}; it must be a {wanted}"


class BuildingOutsideEstate(Invalid):
    """The building lies in another estate."""

    code = "building_outside_estate"
    zh = "楼栋“{name}”不在小区“{estate}”内"
    en = "building '{name}' does not lie in the estate '{estate}'"


class BuildingAlreadyManaged(NotNow):
    """A building belongs to one area only."""

    code = "building_already_managed"
    zh = "楼栋 {building_ref} 已属于物业管理区域“{name}”"
    en = "building {building_ref} belongs to the area '{name}' already"


class AreaUnknown(Invalid):
    """No such area of property management."""

    code = "area_unknown"
    zh = "没有物业管理区域 {ref}"
    en = "there is no area {ref}"


class PartyUnknown(Invalid):
    """No such party."""

    code = "party_unknown"
    zh = "没有责任主体 {ref}"
    en = "there is no party {ref}"


class PartyKindWrong(Invalid):
    """The party cannot do this because of what it is."""

    code = "party_kind_wrong"
    zh = "“{name}”是 {kind},应为 {wanted}"
    en = "'{name}' is a {kind}; a {wanted} is needed"


class CreditCodeWrong(Invalid):
    """Not a unified social credit code (GB 32100)."""

    code = "credit_code_wrong"
    zh = "统一社会信用代码 {credit_code} 有误,请核对 18 位代码(末位为校验码)"
    en = "{credit_code} is not a unified social credit code: 18 characters, the last one checks"


class TallyImpossible(Invalid):
    """More approve than take part, or more take part than there are."""

    code = "tally_impossible"
    zh = "{field}: {part} 大于 {whole},不可能成立"
    en = "{field}: {part} is more than {whole}, which cannot be"


class PostedBeforeVote(Invalid):
    """A decision cannot be posted before it was made."""

    code = "posted_before_vote"
    zh = "公示日期 {posted_on} 早于表决日期 {voted_on}"
    en = "posted on {posted_on}, before the vote on {voted_on}"


class DecisionAskedOtherwise(Invalid):
    """The plan asked for a vote of another kind, or of another area's owners."""

    code = "decision_asked_otherwise"
    zh = "{field}: 该方案要求的是 {asked}"
    en = "{field}: this plan asks for {asked}"


class AlreadyAdopted(NotNow):
    """The owners have adopted this plan."""

    code = "already_adopted"
    zh = "该方案已由业主共同决定通过 (决定 {decision_ref})"
    en = "the owners have adopted this plan already (decision {decision_ref})"


class AmountOverBudget(Invalid):
    """A contract may not cost more than the plan's budget."""

    code = "amount_over_budget"
    zh = "合同金额 {amount} 超过方案预算 {budget}"
    en = "the amount {amount} is more than the plan's budget {budget}"


class EndBeforeStart(Invalid):
    """Works cannot end before they start."""

    code = "end_before_start"
    zh = "计划完工 {planned_end_on} 早于计划开工 {planned_start_on}"
    en = "the planned end {planned_end_on} is before the planned start {planned_start_on}"


class ItemUnknown(NotFound):
    """The works have no item of that number."""

    code = "item_unknown"
    zh = "该工程没有第 {ref} 项"
    en = "the works have no item {ref}"


class ItemsNotAccepted(NotNow):
    """Works are accepted only when every item is."""

    code = "items_not_accepted"
    zh = "尚有项目未通过验收: {items}"
    en = "not accepted yet: {items}"
