"""What consultation refuses, and why."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound, UnknownReference


class TimeIsPast(Invalid):
    """A date by which something is awaited must lie ahead."""

    code = "time_is_past"
    zh = "{field}：截止时间应晚于现在"
    en = "{field}: this time must lie ahead"


class TooFarAhead(Invalid):
    """A vote that never ends decides nothing."""

    code = "too_far_ahead"
    zh = "{field}：截止时间最多在{days}天之后"
    en = "{field}: this time may lie {days} days ahead at most"


class PeriodBackwards(Invalid):
    """A period ends after it begins."""

    code = "period_backwards"
    zh = "{field}：结束日期不能早于开始日期"
    en = "{field}: the last day must not be before the first"


# ---- places and parties


class OutsideEstate(Invalid):
    """What a topic is about, and who judges it, lies in its estate."""

    code = "outside_estate"
    zh = "{field}：{ref} 不在议题所在的小区内"
    en = "{field}: {ref} does not lie in the topic's estate"


class NotBuilding(Invalid):
    """Where a building is meant, another place does not do."""

    code = "not_building"
    zh = "{field}：{ref} 不是楼"
    en = "{field}: {ref} is not a building"


class MergedWithItself(Invalid):
    """A topic goes on for another one."""

    code = "merged_with_itself"
    zh = "{field}：不能与自身合并"
    en = "{field}: a topic is not merged with itself"


class TooManyCases(Invalid):
    """All cases of a topic stand in each of its events."""

    code = "too_many_cases"
    zh = "{field}：一个议题最多关联{most}件事项"
    en = "{field}: a topic takes up {most} cases at most"


class TooManyProposers(Invalid):
    """All who are to hear of a topic stand in each of its events."""

    code = "too_many_proposers"
    zh = "{field}：一个议题最多有{most}名提出者"
    en = "{field}: a topic has {most} proposers at most"


class NotYourVoice(Invalid):
    """A topic says whose it is; only staff raise one on behalf of others."""

    code = "not_your_voice"
    zh = "{field}：您只能以“{own}”的身份提出问题"
    en = "{field}: you may raise a topic as '{own}' only"


class NotMaintainer(Invalid):
    """Who builds does not keep it in order: a company, an owner unit or a department does."""

    code = "not_maintainer"
    zh = "{field}：{ref} 不能作维护单位，应为物业企业、产权单位或政府部门"
    en = "{field}: {ref} cannot be the maintainer; a company, an owner unit or a department can"


# ---- sessions


class SessionNotBegun(Conflict):
    """Minutes tell what was."""

    code = "session_not_begun"
    zh = "议事会尚未开始，不能形成纪要"
    en = "the session has not begun, so there are no minutes"


class SessionTooSoon(Invalid):
    """Who is invited needs time to come."""

    code = "session_too_soon"
    zh = "{field}：本平台的议事会至少提前{days}天预告"
    en = "{field}: sessions of this platform are announced {days} days ahead"


class TooFewCame(Conflict):
    """A session of too few decides for those who were not there."""

    code = "too_few_came"
    zh = "到会{persons}人，本平台的议事会至少{least}人；请改期再开"
    en = "{persons} came, a session of this platform needs {least}; put it off"


class SessionTooShort(Invalid):
    """What ends before it begins is no meeting."""

    code = "session_too_short"
    zh = "{field}：结束时间应晚于开始时间"
    en = "{field}: must be later than the beginning"


class SessionTooLong(Invalid):
    """A venue is not booked for ever by a slip of the pen."""

    code = "session_too_long"
    zh = "{field}：一次议事会最长{hours}小时"
    en = "{field}: a session lasts {hours} hours at most"


class VenueMissing(Invalid):
    """People must know where to go."""

    code = "venue_missing"
    zh = "{field}：请写明地点（venue），或选择已登记的场地（venue_ref）"
    en = "{field}: say where it is (venue), or choose a registered venue (venue_ref)"


class VenueTaken(Conflict):
    """Two sessions are never in one venue at once."""

    code = "venue_taken"
    zh = "“{venue}”在{begins}至{ends}已有议事会，请另选时间或场地"
    en = "'{venue}' is taken from {begins} until {ends}; choose another time or venue"


class AttendanceIncomplete(Invalid):
    """A joint session is one of residents and professionals (共同商讨审议)."""

    code = "attendance_incomplete"
    zh = "联审会应有居民和专业机构共同参加"
    en = "a joint session is attended by residents and by professionals"


# ---- surveys and suggestions


class OutsideSurvey(Invalid):
    """What a survey collects is said of its place."""

    code = "outside_survey"
    zh = "{field}：{ref} 不在本次问需的范围内"
    en = "{field}: {ref} does not lie where the survey is held"


class CategoryUnknown(Invalid):
    """Each stage has its own categories."""

    code = "category_unknown"
    zh = "{field}：本阶段没有类别“{ref}”，可用的有：{known}"
    en = "{field}: this stage has no category '{ref}'; known: {known}"


class PairingNotOfSurvey(Invalid):
    """Only pairings that the survey names collect in it."""

    code = "pairing_not_of_survey"
    zh = "{field}：结对 {ref} 不在本次问需的名单上"
    en = "{field}: the pairing {ref} is not one of this survey's"


class AnswerUnexplained(Invalid):
    """What is not adopted, or not all of it, is told why (domain row 30)."""

    code = "answer_unexplained"
    zh = "{field}：部分采纳或不采纳时应说明理由"
    en = "{field}: what is not adopted, or only in part, needs a reason"


class SurveyUnclassified(Conflict):
    """An analysis is one of everything that was said."""

    code = "survey_unclassified"
    zh = "还有{count}条建议没有分类"
    en = "{count} suggestions are not classified yet"


class SurveyUnanswered(Conflict):
    """Whoever said something is answered."""

    code = "survey_unanswered"
    zh = "还有{count}条建议没有答复"
    en = "{count} suggestions are not answered yet"


class NothingToCarryOut(Conflict):
    """What was not adopted is not carried out."""

    code = "nothing_to_carry_out"
    zh = "该建议未被采纳，无须落实"
    en = "the suggestion was not adopted, so there is nothing to carry out"


# ---- plans


class ItemTwice(Invalid):
    """Two items with one title at one location could not be told apart in a comparison of versions."""

    code = "item_twice"
    zh = "项目“{title}”（{location}）重复"
    en = "the item '{title}' at '{location}' stands there twice"


class FundingWrong(Invalid):
    """Gate G11: the money that comes in is the money that is spent, to the fen."""

    code = "funding_wrong"
    zh = "资金来源合计{funding}，应等于预算合计{budget}"
    en = "the funding adds up to {funding}; the budget is {budget}"


class DecisionKindMissing(Invalid):
    """A plan that needs the owners says which majority (民法典 278)."""

    code = "decision_kind_missing"
    zh = "需业主共同决定的方案应说明决定类别：{kinds}"
    en = "a plan that needs the owners must say the kind of decision: {kinds}"


class AuthorNotEngaged(UnknownReference):
    """Who draws a plan is engaged for the design of its topic; the engagement may be on its way."""

    code = "author_not_engaged"
    zh = "机构 {ref} 没有应征本议题的设计；刚刚应征的信息可能需要几秒同步，请稍后重试"
    en = "organisation {ref} is not engaged for the design of this topic; an engagement may take some seconds to arrive"


class VersionUnknown(NotFound):
    """The plan has no such version."""

    code = "version_unknown"
    zh = "方案没有第{ref}版"
    en = "the plan has no version {ref}"


# ---- reviews


class ReviewOpen(Conflict):
    """What is being judged stands still."""

    code = "review_open"
    zh = "第{version}版方案正在双审，双审结束后才能进行此操作"
    en = "version {version} of the plan is under review; this must wait for its end"


class NoReviewOpen(Conflict):
    """A joint session reviews something."""

    code = "no_review_open"
    zh = "本议题没有正在进行的双审，不能召开联审会"
    en = "no review of this topic is open, so there is nothing for a joint session to review"


class PlanMovedOn(Conflict):
    """Whoever changes a plan has read what it says now: nothing of another's is lost unseen."""

    code = "plan_moved_on"
    zh = "方案已有第{version}版（在您之后或同时由他人提出），请比较后以 base_version={version} 重新提出"
    en = "the plan has version {version} by now; look at it and propose anew with base_version={version}"


class VersionJudged(Conflict):
    """A version is judged once (domain row 33: 退回 means a new version), unless too few voted."""

    code = "version_judged"
    zh = "第{version}版方案已经双审，请提出新的版本"
    en = "version {version} of the plan was judged already; propose a new version"


class VotingEnded(Conflict):
    """The time for ballots is over."""

    code = "voting_ended"
    zh = "表决已于截止时间结束"
    en = "the time for ballots is over"


class VotingGoesOn(Conflict):
    """Nobody's ballot is cut off."""

    code = "voting_goes_on"
    zh = "还有人没有投票，表决进行到{until}"
    en = "some have not voted yet; the voting goes on until {until}"


class ChamberNotYours(Forbidden):
    """Residents judge as residents, reviewers as professionals (gate G5)."""

    code = "chamber_not_yours"
    zh = "您不能在“{chamber}”一方表决"
    en = "you do not judge in the chamber of the {chamber}"


class ExpertNotYours(Forbidden):
    """An organisation speaks for the experts whom it lends, for nobody else's."""

    code = "expert_not_yours"
    zh = "该评审人不是贵机构为本次双审派出的"
    en = "your organisation does not lend that expert for this review"


class NotOnRoster(Forbidden):
    """Only those on the chamber's roster judge."""

    code = "not_on_roster"
    zh = "该投票人不在“{chamber}”一方的名册上"
    en = "the voter is not on the roster of the {chamber}"


class OtherChamber(Forbidden):
    """Gate G5: the two verdicts come from different people."""

    code = "other_chamber"
    zh = "该投票人已在另一方投票，同一人不能在两方表决"
    en = "the voter has voted in the other chamber; nobody judges in both"


class OtherVersion(Conflict):
    """Gate G5: both verdicts are on the same version."""

    code = "other_version"
    zh = "选票所指的方案版本不是本次双审的第{version}版（{plan_hash}）"
    en = "the ballot is for another version than the one under review, {version} ({plan_hash})"


class OwnWork(Forbidden):
    """Who publishes is not who prepared it (四眼原则; users.md, 1d)."""

    code = "own_work"
    zh = "不能公布或补批自己经手的内容，请由另一人办理；紧急情况由街道值班人员紧急公布，事后补批"
    en = (
        "nobody publishes or approves their own work: another does; in an emergency the street's officer publishes, "
        "to be approved afterwards"
    )


class NoJointSession(Conflict):
    """共同商讨审议 comes before the verdicts (domain.md 0, 双审)."""

    code = "no_joint_session"
    zh = "居民与专业机构的联审会尚未召开并形成纪要，不能投票"
    en = "no joint session of residents and professionals was minuted yet; ballots come after it"


class AlreadyVoted(Conflict):
    """One person, one ballot."""

    code = "already_voted"
    zh = "该投票人已经投票"
    en = "the voter has voted already"


class InterestAlreadyDeclared(Conflict):
    """One declaration is enough."""

    code = "interest_already_declared"
    zh = "该投票人已声明利害关系并回避"
    en = "the voter has declared an interest already"


class RejectionUnexplained(Invalid):
    """A rejection says what failed (domain row 34), so that the next version can be better."""

    code = "rejection_unexplained"
    zh = "不同意时应写明未达到的标准和理由"
    en = "a rejection must name at least one failed criterion and a reason"


# ---- the end of a topic


class NoVersionPassed(Conflict):
    """Gate G6: no result without a judged plan."""

    code = "no_version_passed"
    zh = "还没有通过双审的方案"
    en = "no version of a plan has passed its review"


class LatestNotPassed(Conflict):
    """What is built is the version that passed."""

    code = "latest_not_passed"
    zh = "最新的第{version}版方案没有通过双审"
    en = "the latest version of the plan, {version}, has not passed a review"


class VersionGivenUp(Conflict):
    """A version whose works were cancelled is not built a second time."""

    code = "version_given_up"
    zh = "第{version}版方案的工程已取消，请提出新的版本"
    en = "the works of version {version} were cancelled; propose a new version"


class DecisionMissing(Conflict):
    """Owners decide what is theirs (民法典 278); a review never stands for their vote (gate G7)."""

    code = "decision_missing"
    zh = "该方案须经业主共同决定，尚无对本版方案的通过结果"
    en = "the plan needs the owners' decision, and no adopted one for this version is recorded"


class WorksOpen(Conflict):
    """A result needs accepted works."""

    code = "works_open"
    zh = "工程尚未竣工验收，成果不能落地"
    en = "the works are not accepted yet, so there is no result to land"
