"""What is refused of those who help (协办)."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class HelpsAlready(Conflict):
    """Once at a time."""

    code = "helps_already"
    zh = "“{name}”正在协办此事项，尚未反馈；请等其反馈，或先撤销"
    en = "'{name}' helps with this case already and has not reported yet; wait for it, or release it first"


class LeadsAlready(Invalid):
    """The responsible party does not help itself."""

    code = "leads_already"
    zh = "{field}：“{name}”是此事项的责任主体，不能同时协办"
    en = "{field}: '{name}' is responsible for this case; it cannot help too"


class HelperNotSaid(Invalid):
    """One of the two."""

    code = "helper_not_said"
    zh = "请填写 party_ref（单位）或 organisation_ref（组织）之一"
    en = "give one of party_ref (a party) and organisation_ref (an organisation)"


class NotOnCommunityList(Invalid):
    """Gate G2: 社区职责清单外的事项不得交社区."""

    code = "not_on_community_list"
    zh = "{field}：“{category}”不在社区职责清单内，不得交“{name}”办理或协办；清单内的有：{listed}"
    en = "{field}: '{category}' is not on the list of what communities do, so '{name}' may not help; listed: {listed}"


class HelpDueAlready(Invalid):
    """There must be time to help."""

    code = "help_due_already"
    zh = "{field}：反馈时限须晚于现在"
    en = "{field}: it must lie ahead"


class CoHandlerUnknown(NotFound):
    """Nobody helps with this case under that id."""

    code = "co_handler_unknown"
    zh = "此事项没有协办记录 {ref}"
    en = "nobody helps with this case as {ref}"


class PartOfAnother(Forbidden):
    """Each reports its own part."""

    code = "part_of_another"
    zh = "这是“{name}”的协办任务，由其反馈；街道可代为录入"
    en = "this part is that of '{name}', which reports it; the street may enter it"


class PartDone(Conflict):
    """One result."""

    code = "part_done"
    zh = "“{name}”已反馈结果"
    en = "'{name}' has reported its result already"


class PartReleased(Conflict):
    """It was released."""

    code = "part_released"
    zh = "“{name}”的协办已撤销；需要时请重新请求协办"
    en = "'{name}' was released from helping; ask it anew if need be"


class ListNotAhead(Invalid):
    """What was done by one list stays so."""

    code = "list_not_ahead"
    zh = "{field}：社区职责清单最早次日（{today} 之后）生效"
    en = "{field}: a list holds from tomorrow on at the earliest (after {today})"


class ListNotLast(Invalid):
    """Lists follow each other."""

    code = "list_not_last"
    zh = "{field}：须晚于上一份清单的生效日 {last}"
    en = "{field}: it must be after {last}, the day of the last list"


class NobodyHelps(Conflict):
    """Nobody's part is open."""

    code = "nobody_helps"
    zh = "此事项没有待反馈的协办"
    en = "nobody's part in this case is open"
