"""What is refused of cases (事项)."""

from __future__ import annotations

from shared.kernel.errors import Forbidden, Invalid, NotFound


class ReporterElsewhere(Forbidden):
    """Who looks after a place speaks for those who live there."""

    code = "reporter_elsewhere"
    zh = "{field}：反映人 {ref} 不住在您负责的范围内，您只能代本范围内的居民反映"
    en = "{field}: {ref} does not live in your place; you report for residents who do"


class CategoryUnknown(Invalid):
    """No such category of matters."""

    code = "category_unknown"
    zh = "没有类别 {category}。可用类别：{known}"
    en = "there is no category {category}; known: {known}"


class NumberUnknown(NotFound):
    """A spoken number that belongs to no case, or whose check digit is wrong."""

    code = "number_unknown"
    zh = "没有编号为 {ref} 的事项，请核对末位校验码"
    en = "no case has the number {ref}; check its last digit"
