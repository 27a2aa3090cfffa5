"""What notify refuses, and why."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Gone, Invalid, NotFound


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


class LinkUnknown(NotFound):
    """No question belongs to the link."""

    code = "link_unknown"
    zh = "评价链接无效，请核对后重试"
    en = "this link belongs to no question"
