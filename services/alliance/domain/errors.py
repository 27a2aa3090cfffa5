"""What alliance refuses, and why."""

from __future__ import annotations

from shared.kernel.errors import Forbidden, Invalid, NotNow


class CreditCodeWrong(Invalid):
    """A unified social credit code has 18 digits and letters, without I, O, S, V and Z (GB 32100)."""

    code = "credit_code_wrong"
    zh = "统一社会信用代码 {credit_code} 应为 18 位,不含字母 I、O、S、V、Z"
    en = "the unified social credit code {credit_code} must have 18 characters, none of I, O, S, V, Z"


class OrganisationAlreadyRegistered(NotNow):
    """The credit code belongs to another organisation."""

    code = "organisation_already_registered"
    zh = "统一社会信用代码 {credit_code} 已登记为“{name}”"
    en = "the credit code {credit_code} is registered already, as '{name}'"


class OrganisationUnknown(Invalid):
    """No such organisation."""

    code = "organisation_unknown"
    zh = "没有登记过组织 {org_ref}"
    en = "no organisation {org_ref} is registered"


class OrganisationExcluded(Forbidden):
    """双审: who drew the plan does not review it (domain.md 0)."""

    code = "org_excluded"
    zh = "“{name}”参与了方案设计,不能评审该方案"
    en = "'{name}' drew the plan and cannot review it"


class ExpertiseMissing(Invalid):
    """The organisation knows nothing of what is asked for."""

    code = "expertise_missing"
    zh = "“{name}”不具备所需专业: {wanted}"
    en = "'{name}' has none of the expertise that is wanted: {wanted}"


class ExpertNamedTwice(Invalid):
    """Each expert counts once."""

    code = "expert_named_twice"
    zh = "同一专家重复填写"
    en = "an expert is named twice"


class OrganisationAlreadyEngaged(NotNow):
    """One engagement per request and organisation; who withdrew does not come back to the same request."""

    code = "org_already_engaged"
    zh = "“{name}”已应征过此需求"
    en = "'{name}' has accepted this request already"


class OrganisationAlreadyDeclined(NotNow):
    """A no is a no."""

    code = "org_already_declined"
    zh = "“{name}”已婉拒此需求"
    en = "'{name}' has declined this request already"
