"""What is refused of cases (事项)."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class ReporterElsewhere(Forbidden):
    """Who looks after a place speaks for those who live there."""

    code = "reporter_elsewhere"
    zh = "{field}：反映人 {ref} 不住在您负责的范围内，您只能代本范围内的居民反映"
    en = "{field}: {ref} does not live in your place; you report for residents who do"


class NotAnonymous(Invalid):
    """Somebody must be there to be helped, or to be a party."""

    code = "not_anonymous"
    zh = "{field}：“{name}”须知道反映人是谁（{why}），不能匿名；请实名反映，姓名和电话只由通知服务保管"
    en = "{field}: '{name}' cannot be anonymous ({why}); say who you are: only notify keeps names and phones"


class AnonymousNamed(Invalid):
    """Both at once."""

    code = "anonymous_named"
    zh = "{field}：匿名反映不能写反映人，二者取其一"
    en = "{field}: who reports anonymously names no reporter; one of the two"


class SourceOfStaff(Invalid):
    """Residents report for themselves."""

    code = "source_of_staff"
    zh = "{field}：居民本人反映的来源为 resident，不能是 {source}"
    en = "{field}: what residents report has the source resident, not {source}"


class NumberUnknown(NotFound):
    """A spoken number that belongs to no case, or whose check digit is wrong."""

    code = "number_unknown"
    zh = "没有编号为 {ref} 的事项，请核对末位校验码"
    en = "no case has the number {ref}; check its last digit"


class NotYourPart(Forbidden):
    """Another's part in this case."""

    code = "not_your_part"
    zh = "这一步应由{who}来做"
    en = "this step is for: {who}"


class ObjectedBefore(Conflict):
    """One objection to one dispatch."""

    code = "objected_before"
    zh = "对这次派单已经提出过异议，不能再提；计时不停，请先办理"
    en = "this dispatch was objected to before; the clock runs on, go on with the case"


class ClaimOpen(Conflict):
    """Only the claim's settlement lets it go on (domain row 95)."""

    code = "claim_open"
    zh = "赔付整改尚未完结，不能撤回、并案或另行结案"
    en = "a claim is open: until it is settled or denied the case cannot be withdrawn, merged or ended otherwise"


class OthersJoined(Conflict):
    """It goes on for them."""

    code = "others_joined"
    zh = "另有事项已并入本事项，不能撤回，也不能再并入其他事项"
    en = "other cases were merged into this one: it can neither be withdrawn nor merged"


class MergeUnfit(Invalid):
    """A case is merged into an earlier one that is not verified yet."""

    code = "merge_unfit"
    zh = "{field}：只能并入更早登记、尚未核实的事项；{number} 不是"
    en = "{field}: merge into an earlier case that is not verified yet; {number} is not"


class NoObjection(Conflict):
    """Nothing to rule on."""

    code = "no_objection"
    zh = "没有等待裁定的派单异议"
    en = "there is no objection to rule on"


class ObjectionOpen(Conflict):
    """First the ruling."""

    code = "objection_open"
    zh = "派单异议尚未裁定"
    en = "the objection has not been ruled on yet"


class LedByThemNow(Invalid):
    """An objection that is upheld takes it to somebody else."""

    code = "led_by_them_now"
    zh = "{field}：现在就由{name}负责，支持异议须改派给另一责任主体"
    en = "{field}: {name} is responsible now; to uphold the objection name another"


class PartyUnfit(Invalid):
    """Gate G2, or a party that has nothing to do with the place."""

    code = "party_unfit"
    zh = "{field}：{ref} 不能负责此事项；可改派给：{possible}"
    en = "{field}: {ref} may not be responsible for this case; possible: {possible}"


class VerifiedByWhoHandled(Forbidden):
    """Gate G4: somebody else looks."""

    code = "verified_by_who_handled"
    zh = "办理人不能核实自己办的事，请由另一人核实"
    en = "who handled the case may not verify it; somebody else must"


class NoReporter(Conflict):
    """Nobody to ask."""

    code = "no_reporter"
    zh = "没有反映人，无需回访；核实后可直接结案（close）"
    en = "nobody reported it, so there is nobody to ask; once verified it can be closed"


class RevisitFirst(Conflict):
    """Gate G4: the reporter is asked."""

    code = "revisit_first"
    zh = "请先回访反映人；回访不到的记录下来，满 {tries} 次方可结案"
    en = "ask the reporter first; note each try in vain, after {tries} of them the case can be closed"


class EndPending(Conflict):
    """One application at a time."""

    code = "end_pending"
    zh = "已有不经办理结案的申请等待审批"
    en = "an end without handling was asked for already and is not decided yet"


class NoEndAsked(Conflict):
    """Nothing to decide on."""

    code = "no_end_asked"
    zh = "没有等待审批的结案申请"
    en = "no end was asked for"
