"""What property refuses, and why."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Invalid, NotFound


class PlaceKindWrong(Invalid):
    """An area is made of an estate and its buildings."""

    code = "place_kind_wrong"
    zh = "{field}：“{name}”不是{wanted}"
    en = "{field}: '{name}' is no {wanted}"


class BuildingOutsideEstate(Invalid):
    """The building lies in another estate."""

    code = "building_outside_estate"
    zh = "楼栋“{name}”不在小区“{estate}”内"
    en = "building '{name}' does not lie in the estate '{estate}'"


class BuildingAlreadyManaged(Conflict):
    """A building belongs to one area only."""

    code = "building_already_managed"
    zh = "楼栋 {building_ref} 已属于物业管理区域“{name}”"
    en = "building {building_ref} belongs to the area '{name}' already"


class PartyKindWrong(Invalid):
    """The party cannot do this because of what it is."""

    code = "party_kind_wrong"
    zh = "“{name}”是{kind}，此处应为：{wanted}"
    en = "'{name}' is a party of the kind '{kind}'; needed here: {wanted}"


class CreditCodeWrong(Invalid):
    """Not a unified social credit code (GB 32100)."""

    code = "credit_code_wrong"
    zh = "统一社会信用代码 {credit_code} 不正确，请核对最后一位校验码"
    en = "the unified social credit code {credit_code} is not right; check its last character"


class PartyAlreadyRegistered(Conflict):
    """The credit code belongs to another party."""

    code = "party_already_registered"
    zh = "统一社会信用代码 {credit_code} 已登记为“{name}”"
    en = "the credit code {credit_code} is registered already, as '{name}'"


class TallyImpossible(Invalid):
    """More approve than take part, or more take part than there are."""

    code = "tally_impossible"
    zh = "{field}：{part}大于{whole}，不可能成立"
    en = "{field}: {part} is more than {whole}, which cannot be"


class VotedBeforeNotice(Invalid):
    """A vote cannot be announced after it was held."""

    code = "voted_before_notice"
    zh = "表决日期 {voted_on} 早于会前公示日期 {noticed_on}"
    en = "the vote on {voted_on} is before its notice on {noticed_on}"


class PostedBeforeVote(Invalid):
    """A decision cannot be posted before it was made."""

    code = "posted_before_vote"
    zh = "决定公示日期 {posted_on} 早于表决日期 {voted_on}"
    en = "posted on {posted_on}, before the vote on {voted_on}"


class DayInFuture(Invalid):
    """What is imported has happened."""

    code = "day_in_future"
    zh = "{field}：{day} 还没有到，今天是 {today}"
    en = "{field}: {day} is still to come; today is {today}"


class DecisionAskedOtherwise(Invalid):
    """The plan asked for a vote of another kind, or of another area's owners."""

    code = "decision_asked_otherwise"
    zh = "{field}：该方案要求的是{asked}"
    en = "{field}: this plan asks for {asked}"


class AlreadyAdopted(Conflict):
    """The owners have adopted this plan."""

    code = "already_adopted"
    zh = "该方案已由业主共同决定通过（决定 {decision_ref}）"
    en = "the owners have adopted this plan already (decision {decision_ref})"


class AmountOverBudget(Invalid):
    """A contract may not cost more than the plan's budget."""

    code = "amount_over_budget"
    zh = "合同金额{amount}超过方案预算{budget}"
    en = "the amount {amount} is more than the plan's budget {budget}"


class PlannedEndWrong(Invalid):
    """Works end after they start, and not in another age."""

    code = "planned_end_wrong"
    zh = "计划完工日期应不早于计划开工日期 {planned_start_on}，且不超过其后{years}年"
    en = "the planned end must not be before the planned start {planned_start_on} nor {years} years after it"


class WarrantyWrong(Invalid):
    """A warranty begins with the acceptance."""

    code = "warranty_wrong"
    zh = "保修截止日期应不早于验收当日 {accepted_on}，且不超过其后{years}年"
    en = "the warranty must not end before the day of acceptance {accepted_on} nor {years} years after it"


class MaintainerNotResponsible(Invalid):
    """Whoever maintains what was built answers for the area, or is the one that the plan names."""

    code = "maintainer_not_responsible"
    zh = "“{name}”不负责该物业管理区域，也不是方案确定的维护单位"
    en = "'{name}' is not responsible for the area, and is not the maintainer that the plan names"


class ItemUnknown(NotFound):
    """The works have no item of that number."""

    code = "item_unknown"
    zh = "该工程没有第{ref}项"
    en = "the works have no item {ref}"


class ItemsNotAccepted(Conflict):
    """Works are accepted only when every item is."""

    code = "items_not_accepted"
    zh = "尚有项目未通过验收：{items}"
    en = "not accepted yet: {items}"
