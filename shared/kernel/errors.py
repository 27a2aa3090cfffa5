"""Every refusal has a stable code, says why in Chinese and English, and names the way out.

The kind of an error (its base class below) decides the HTTP status, in `shared/web/problems.py`, and whether
an event is tried again, in `shared/messaging/lane.py`. Services add their own errors in `domain/errors.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Term:
    """What something is called: 中文, English."""

    zh: str
    en: str


class JiushuError(Exception):
    """A refusal. Subclasses set `code`, `zh` and `en`; the facts fill the placeholders of both texts.

    A fact that is a Term is said in the reader's language. The fact `field` names the input field that is to blame,
    or a list of such fields, as dotted paths.
    """

    code = "error"
    zh = "请求无法完成"
    en = "the request cannot be carried out"
    retry_after: int | None = None  # seconds, where the same request may succeed later

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(f"{self.code}: {self.text('en')}")

    def text(self, language: str) -> str:
        """The message in `zh` or `en`."""
        english = language == "en"
        facts = {name: _said(fact, english) for name, fact in self.facts.items()}
        return (self.en if english else self.zh).format(**facts)

    @property
    def fields(self) -> list[str]:
        """The input fields that are to blame, as dotted paths."""
        field = self.facts.get("field")
        return [field] if isinstance(field, str) else list(field or ())


def _said(fact: Any, english: bool) -> Any:
    return (fact.en if english else fact.zh) if isinstance(fact, Term) else fact


class Invalid(JiushuError):
    """What was sent cannot be right, now or later."""

    code = "invalid"
    zh = "{message}"
    en = "{message}"


class Several(Invalid):
    """Many things at once, as in a file: each is said for itself, and nothing was changed."""

    code = "several"
    zh = "有 {count} 处错误，未做任何改动"
    en = "{count} things are wrong; nothing was changed"

    def __init__(self, errors: Sequence[JiushuError]) -> None:
        self.errors = errors
        super().__init__(count=len(errors))


class Unknown(Invalid):
    """A reference in the request to a thing of this service that does not exist."""

    code = "unknown"
    zh = "{field}：没有找到{what} {ref}"
    en = "{field}: there is no {what} {ref}"


class NotFound(JiushuError):
    """No such thing, or none that the caller may know of."""

    code = "not_found"
    zh = "没有找到{what} {ref}"
    en = "there is no {what} {ref}"


class UnknownReference(JiushuError):
    """A reference to another service's thing whose copy has not arrived here; waiting may help."""

    code = "unknown_reference"
    zh = "{field}：没有找到 {ref}。刚登记的信息可能需要几秒钟同步，请稍后重试"
    en = (
        "{field}: {ref} is unknown here; something just registered may take some seconds to arrive, try again"
    )
    retry_after = 2


class EndedReference(Invalid):
    """A reference to another service's thing that was erased or has ended."""

    code = "ended_reference"
    zh = "{field}：{ref} 已删除，不能再引用，请改用现有的"
    en = "{field}: {ref} was erased; refer to one that is still there"


class Forbidden(JiushuError):
    """The caller may not do this."""

    code = "forbidden"
    zh = "无权进行此操作"
    en = "you may not do this"


class NotNow(JiushuError):
    """Right in itself, but not in the present state. Raised by a Lifecycle, which knows what is possible."""

    code = "not_now"
    zh = "{what}目前“{state}”，不能{action}。可以：{possible}"
    en = "'{action}' is not possible while the {what} is '{state}'; possible: {possible}"

    @property
    def allowed_actions(self) -> list[str]:
        """What could be done instead."""
        return list(self.facts.get("allowed_actions", ()))


class Conflict(JiushuError):
    """Right in itself, but something is in the way that another request made."""

    code = "conflict"
    zh = "与已有的内容冲突"
    en = "this conflicts with what is there"


class ConcurrentChange(Conflict):
    """Somebody else changed the same thing at the same time, again and again."""

    code = "concurrent_change"
    zh = "同一事项正被他人修改，请刷新后重试"
    en = "somebody else is changing the same thing; reload and try again"
    retry_after = 1


class Stale(JiushuError):
    """The thing is no longer what the caller has seen of it."""

    code = "changed_meanwhile"
    zh = "内容已被他人修改，请重新读取后再提交"
    en = "it was changed since you read it; read it again before you change it"


class Gone(JiushuError):
    """It existed, and its time is over."""

    code = "gone"
    zh = "已过期或已结束"
    en = "this has expired or ended"


class NotYet(Exception):
    """An event came before what it builds on. It is tried again without using up attempts."""
