"""What notify refuses, and why."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Forbidden, Gone, Invalid, NotFound


class NameInvisible(Invalid):
    """A name that nobody can read."""

    code = "name_invisible"
    zh = "姓名中没有可见的文字"
    en = "the name holds nothing that can be read"


class PhoneWrong(Invalid):
    """A number at which nobody can be called."""

    code = "phone_wrong"
    zh = "电话应为11位手机号，或010-开头的8位固定电话"
    en = "the phone must be a mobile number of 11 digits, or 010- and 8 digits"


class EmailWrong(Invalid):
    """An address to which nothing can be sent."""

    code = "email_wrong"
    zh = "电子邮箱应如 name@example.cn，不超过254个字符"
    en = "the e-mail address must be like name@example.cn, of 254 characters at most"


class EmailMissing(Invalid):
    """The channel sends e-mail, and the person has no address."""

    code = "email_missing"
    zh = "渠道 {channels} 发送电子邮件，请同时登记邮箱"
    en = "channel {channels} sends e-mail: give an address too"


class NotADoor(Invalid):
    """A contact is bound to a door, nothing wider."""

    code = "not_a_door"
    zh = "“{name}”不是楼门，请选择具体楼门"
    en = "'{name}' is not a door; choose a door"


class ChannelUnknown(Invalid):
    """No such channel is installed."""

    code = "channel_unknown"
    zh = "没有通知渠道 {channels}。可用渠道：{known}"
    en = "there is no channel {channels}; known: {known}"


class AlreadyAnswered(Conflict):
    """The first answer counts."""

    code = "already_answered"
    zh = "您已评价过，以第一次评价为准"
    en = "you have answered already; the first answer counts"


class QuestionOver(Gone):
    """The question is closed."""

    code = "question_over"
    zh = "本次评价已结束"
    en = "this question is closed"


class LinkVoid(Gone):
    """The person who was asked is erased."""

    code = "link_void"
    zh = "受访人的信息已删除，评价链接已作废"
    en = "the person who was asked is erased; the link is void"


class LinkUnknown(NotFound):
    """No question belongs to the link."""

    code = "link_unknown"
    zh = "评价链接无效，请核对后重试"
    en = "this link belongs to no question"


class NoLongerInUse(Conflict):
    """The person's data may not be used any more."""

    code = "contact_not_in_use"
    zh = "该联系人已停止使用或已删除，不能提供、通知或登记同意"
    en = "this contact is stopped or erased: it may not be used"


class EvidenceMissing(Invalid):
    """Staff record a consent, and do not say how it was given."""

    code = "evidence_missing"
    zh = "代为登记同意须写明本人如何同意，如：签字表单及编号、电话、窗口当面"
    en = "say how the person consented, such as: a signed form and its number, by phone, at the counter"


class PurposeNotYours(Forbidden):
    """The role may not have a person's phone for that purpose."""

    code = "purpose_not_allowed"
    zh = "您的角色不能以“{purpose}”为由查看联系方式"
    en = "your role may not ask for a phone for the purpose '{code}'"


class ConsentMissing(Forbidden):
    """The person has not consented, or not any more."""

    code = "consent_missing"
    zh = "本人没有同意为“{purpose}”向您提供联系方式，或已撤回，请先取得同意"
    en = "the person has not consented to your having the phone for '{code}', or has withdrawn: ask first"


class PhoneTaken(Conflict):
    """Same phone, same person."""

    code = "phone_taken"
    zh = "该电话已登记为另一联系人"
    en = "this phone belongs to another contact"


class KnownByAnotherName(Conflict):
    """The phone is registered already, and not for that name."""

    code = "known_by_another_name"
    zh = (
        "该电话已用另一姓名登记，请核实：同一人请用登记的姓名，或先更正姓名；不是同一人请先更正原联系人的电话"
    )
    en = "this phone is registered under another name: correct that name, or that contact's phone, then register again"


class NotYoursToCorrect(Forbidden):
    """Phone, e-mail and door say who somebody is, and what reaches them: staff make sure of each."""

    code = "staff_must_correct"
    zh = "本人可以更正姓名和通知渠道；电话、邮箱和住址请社区工作人员核实后更正"
    en = "you may correct your name and channels; ask the community's staff to correct phone, e-mail and address"


class KeepUntilPast(Invalid):
    """A time until which something is kept lies ahead."""

    code = "keep_until_past"
    zh = "{field}：应晚于现在"
    en = "{field}: must lie in the future"


class KeepUntilTooFar(Invalid):
    """Nothing is kept from erasure for longer without somebody looking again."""

    code = "keep_until_too_far"
    zh = "{field}：一次最多三年，到期前仍须保存的可再次登记"
    en = "{field}: three years at most; say it again before then if the data must still be kept"
