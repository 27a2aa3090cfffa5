"""What alliance refuses, and why."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Forbidden, Invalid


class CreditCodeWrong(Invalid):
    """The last character of a unified social credit code checks the others (GB 32100)."""

    code = "credit_code_wrong"
    zh = "统一社会信用代码 {credit_code} 不正确，请核对最后一位校验码"
    en = "the unified social credit code {credit_code} is not right; check its last character"


class OrganisationAlreadyRegistered(Conflict):
    """The credit code belongs to another organisation."""

    code = "organisation_already_registered"
    zh = "统一社会信用代码 {credit_code} 已登记为“{name}”"
    en = "the credit code {credit_code} is registered already, as '{name}'"


class OrganisationExcluded(Forbidden):
    """双审: who drew the plan does not review it (domain.md 0)."""

    code = "organisation_excluded"
    zh = "“{name}”参与了方案设计，不能评审该方案"
    en = "'{name}' drew the plan and cannot review it"


class ExpertiseMissing(Invalid):
    """The organisation knows nothing of what is asked for."""

    code = "expertise_missing"
    zh = "“{name}”不具备所需的任何一项专业，请对照需求中列出的专业"
    en = "'{name}' has none of the expertise that is wanted: {wanted}"


class OrganisationAlreadyEngaged(Conflict):
    """One engagement per request and organisation; who withdrew does not come back to the same request."""

    code = "organisation_already_engaged"
    zh = "“{name}”已应征过此需求"
    en = "'{name}' has accepted this request already"


class OrganisationAlreadyDeclined(Conflict):
    """A no is a no."""

    code = "organisation_already_declined"
    zh = "“{name}”已婉拒此需求"
    en = "'{name}' has declined this request already"
