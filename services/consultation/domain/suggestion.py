"""建议 A suggestion that was collected in a survey (domain rows 26, 30, 31): sorted, answered, and carried out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.consultation.domain.errors import (
    AnswerUnexplained,
    CategoryUnknown,
    NothingToCarryOut,
    PairingNotOfSurvey,
)
from services.consultation.domain.survey import Survey
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

CHANNELS = {
    "door": "入户",
    "reception": "接待点",
    "session": "议事会",
    "online": "线上",
    "phone": "电话",
    "form": "纸质意见表",
}
ADOPTED, PARTLY, NOT_ADOPTED = "adopted", "partly_adopted", "not_adopted"
OUTCOMES = {ADOPTED: "采纳", PARTLY: "部分采纳", NOT_ADOPTED: "不采纳"}
RECEIVED, CLASSIFIED, ANSWERED, IMPLEMENTED = "received", "classified", "answered", "implemented"

LIFECYCLE = Lifecycle(
    Term("建议", "suggestion"),
    {RECEIVED: "已收集", CLASSIFIED: "已分类", ANSWERED: "已答复", IMPLEMENTED: "已落实"},
    #    action         中文      from                        to
    move("classify", "分类", (RECEIVED, CLASSIFIED), CLASSIFIED),
    move("answer", "答复", CLASSIFIED, ANSWERED),
    move("implement", "落实", ANSWERED, IMPLEMENTED),
)


@dataclass(frozen=True)
class SuggestionReceived(DomainEvent):
    """收到建议 Somebody said what is needed."""


@dataclass(frozen=True)
class SuggestionClassified(DomainEvent):
    """分类 It is known what it is about. Stays at home."""


@dataclass(frozen=True)
class SuggestionAnswered(DomainEvent):
    """答复 Whether it is adopted, and why."""


@dataclass(frozen=True)
class SuggestionImplemented(DomainEvent):
    """落实 What was adopted is done."""


@dataclass(frozen=True)
class Collected:
    """What somebody said, by which channel, and who brought it: `proposer_ref` None says that nobody was named.

    `form_no` is the number of a paper form or of a row in a sheet: the same one is collected once.
    """

    text: str
    channel: str
    category: str | None
    proposer_ref: str | None
    pairing_ref: str | None
    collected_by: str
    form_no: str | None = None


class Suggestion(Aggregate):
    """建议 `place_ref`: what it is said of, the survey's place or one in it. `reason` is the answer's, and public."""

    term = LIFECYCLE.name

    def __init__(
        self, survey: Survey, collected: Collected, *, place_ref: str, place_path: str | None, now: datetime
    ) -> None:
        """收到 Raises NotNow unless the survey is open, CategoryUnknown, PairingNotOfSurvey."""
        survey.must_collect()
        if collected.pairing_ref not in (None, *survey.pairing_refs):
            raise PairingNotOfSurvey(ref=collected.pairing_ref, field="pairing_ref")
        self.id = new_id()
        self.survey_ref = survey.id
        self.topic_ref = survey.topic_ref
        self.stage = survey.stage
        self.place_ref = place_ref
        self.place_path = place_path
        self.form_no = collected.form_no
        self.text = collected.text
        self.channel = collected.channel
        self.proposer_ref = collected.proposer_ref
        self.pairing_ref = collected.pairing_ref
        self.collected_by = collected.collected_by
        self.received_at = now
        self.category: str | None = None
        self.outcome: str | None = None
        self.reason = ""
        self.answered_at: datetime | None = None
        self.answered_by: str | None = None
        self.evidence = ""
        self.implemented_at: datetime | None = None
        self.state = RECEIVED
        self.record(SuggestionReceived())
        if collected.category is not None:
            self.classify(collected.category, survey)

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done next."""
        return LIFECYCLE.actions(self.state)

    def classify(self, category: str, survey: Survey) -> None:
        """分类, also anew until it is answered. Raises NotNow, CategoryUnknown."""
        state = LIFECYCLE.after("classify", self.state)
        if category not in survey.categories:
            raise CategoryUnknown(ref=category, known="、".join(survey.categories), field="category")
        self.state, self.category = state, category
        self.record(SuggestionClassified())

    def answer(self, outcome: str, *, reason: str, by: str, now: datetime) -> None:
        """答复 Once. What is not, or only partly, adopted is told why. Raises NotNow, AnswerUnexplained."""
        state = LIFECYCLE.after("answer", self.state)
        if outcome != ADOPTED and not reason:
            raise AnswerUnexplained(field="reason")
        self.state = state
        self.outcome, self.reason = outcome, reason
        self.answered_at, self.answered_by = now, by
        self.record(SuggestionAnswered())

    def implement(self, *, evidence: str, now: datetime) -> None:
        """落实 What was adopted is done, and what shows it. Raises NotNow, NothingToCarryOut."""
        state = LIFECYCLE.after("implement", self.state)
        if self.outcome == NOT_ADOPTED:
            raise NothingToCarryOut()
        self.state = state
        self.evidence, self.implemented_at = evidence, now
        self.record(SuggestionImplemented())
