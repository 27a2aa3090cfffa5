"""What notify (通知公示) says. It alone knows who a resident_ref is."""

from __future__ import annotations

from shared.contracts.common import Placed
from shared.contracts.fields import Code, Part, Ref, Text, Whole, internal, nested, several
from shared.contracts.grid import RESOLUTIONS
from shared.contracts.registry import Event


class ContactRegistered(Placed):
    """联系人登记 A resident can be reached: reference fact, without name, phone or room.

    Sent when: a contact is registered. Not sent when: it is found to exist already. Never on the feed.
    """

    type = "notify.contact.registered.v1"
    on_feed = False
    resident_ref = Ref(required=True)
    contact_class = Code("resident", "worker", required=True)


class About(Part):
    """What a question is about; an answer counts for one turn."""

    type = Code("topic", "case", required=True)
    ref = Ref(required=True)
    turn = Whole(required=True)


class FeedbackReceived(Event):
    """回访结果 A person answered whether it is good.

    Sent when: an asked person answers, by link or through staff. Not sent when: the same person answers again.
    `covers` lists the person's own cases that the answer settles, when it was asked about their topic.
    """

    type = "notify.feedback.received.v1"
    question_ref = Ref(required=True)
    about = nested(About, required=True)
    covers = several(About, load_default=list)
    resident_ref = internal(Ref(required=True))
    resolution = Code(*RESOLUTIONS, required=True)
    grade = Whole(required=True, metadata={"description": "satisfaction, 1 (very bad) to 5 (very good)"})
    reason_code = Text(32, load_default="")


class QuestionClosed(Event):
    """满意度评价结束 A satisfaction question ended.

    Sent when: all who were asked have answered, or its time is over. Not sent when: one person answers.
    """

    type = "notify.question.closed.v1"
    question_ref = Ref(required=True)
    about = nested(About, required=True)
    asked = Whole(required=True)
    answered = Whole(required=True)
    resolved = Whole(required=True, metadata={"description": "answers that say resolved"})
