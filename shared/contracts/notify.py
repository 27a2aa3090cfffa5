"""What notify (通知公示) says. It alone knows who a resident_ref is."""

from __future__ import annotations

from shared.contracts.common import Placed
from shared.contracts.fields import Code, Flag, Instant, Part, Ref, Text, Whole, internal, nested, several
from shared.contracts.grid import RESOLUTIONS
from shared.contracts.registry import Event


class _AboutContact(Placed):
    resident_ref = Ref(required=True)
    contact_class = Code("resident", "worker", required=True)


class ContactRegistered(_AboutContact):
    """联系人登记 A resident can be reached: reference fact, without name, phone or room. Never on the feed.

    Sent when: 联系人登记时 a contact is registered.
    Not sent when: 查得已登记过时 it is found to exist already.
    """

    type = "notify.contact.registered.v1"
    on_feed = False


class ContactMoved(_AboutContact):
    """联系人迁居 A resident lives at another door: the place is the new one. Never on the feed.

    Sent when: 住址更正到另一楼门时 the address is corrected to another door.
    Not sent when: 只更正姓名、电话或渠道时 only name, phone or channels are corrected.
    """

    type = "notify.contact.moved.v1"
    on_feed = False
    from_door_ref = Ref(required=True)
    to_door_ref = Ref(required=True)


class ContactErased(Event):
    """联系人删除 Nobody knows any more who the ref is: whoever keeps something about it forgets it. Never on the feed.

    Sent when: 个人信息依请求删除时、法定保存期满删除时 a person is erased at a wish, or when the time is over for which
        a law demanded that the data be kept.
    Not sent when: 停止使用时 a contact is only stopped.
    """

    type = "notify.contact.erased.v1"
    on_feed = False
    resident_ref = Ref(required=True)


class About(Part):
    """所评事项 What a question is about; an answer counts for one turn."""

    type = Code("topic", "case", required=True)
    ref = Ref(required=True)
    turn = Whole(required=True)


class FeedbackReceived(Event):
    """回访结果 A person answered whether it is good. `covers` lists the person's own cases that the
    answer settles, when it was asked about their topic.

    Sent when: 受询人自己或经工作人员作答、或更正代录的评价时 an asked person answers, by link or through staff, or
        corrects once what staff recorded.
    Not sent when: 同一人再次作答时 the same person answers again.
    """

    type = "notify.feedback.received.v1"
    question_ref = Ref(required=True)
    about = nested(About, required=True)
    covers = several(About, load_default=list)
    resident_ref = internal(Ref(required=True))
    resolution = Code(*RESOLUTIONS, required=True)
    grade = Whole(required=True, metadata={"description": "satisfaction, 1 (very bad) to 5 (very good)"})
    reason_code = Text(32, load_default="")
    recorded_by_staff = Flag(load_default=False)


class QuestionClosed(Event):
    """评价结束 A satisfaction question ended.

    Sent when: 受询人都已亲自作答或时限已到时 all who were asked have answered themselves, or its time is over.
    Not sent when: 某一人作答时 one person answers.
    """

    type = "notify.question.closed.v1"
    question_ref = Ref(required=True)
    about = nested(About, required=True)
    asked = Whole(required=True)
    answered = Whole(required=True)
    resolved = Whole(required=True, metadata={"description": "answers that say resolved"})


class MessageAbout(Part):
    """所涉事项 What a message is about."""

    type = Code(required=True)
    ref = Ref(required=True)


class MessageFailed(Event):
    """必达消息未能送达 Every channel has failed, and it must reach: a person has to go. Never on the feed.

    Sent when: 必须送达的消息在本人的所有渠道都失败时 all channels of the person have failed for a message that must
        reach.
    Not sent when: 其他消息失败时、本人数据已停用或删除时 another message fails, or the person may not be written to.
    """

    type = "notify.message.failed.v1"
    on_feed = False
    message_ref = Ref(required=True)
    must_reach = Flag(required=True)
    about = nested(MessageAbout, required=True, metadata={"title": "所涉事项"})
    door_ref = Ref(required=True)
    by = Instant(required=True, allow_none=True, metadata={"description": "when it must have reached"})
