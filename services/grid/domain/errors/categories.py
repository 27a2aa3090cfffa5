"""What is refused of categories (事项类别)."""

from __future__ import annotations

from shared.kernel.errors import Invalid


class CategoryUnknown(Invalid):
    """No such category of matters."""

    code = "category_unknown"
    zh = "没有类别 {category}。可用类别：{known}"
    en = "there is no category {category}; known: {known}"


class TableNotAhead(Invalid):
    """What was reported before keeps what it was promised."""

    code = "table_not_ahead"
    zh = "{field}：类别表最早从次日起生效（今天是 {today}）"
    en = "{field}: a table holds from tomorrow at the earliest (today is {today})"


class TableNotLast(Invalid):
    """Tables are only added."""

    code = "table_not_last"
    zh = "{field}：须晚于已有类别表的生效日 {last}"
    en = "{field}: it must be after the day of the last table, {last}"


class CategoryTwice(Invalid):
    """One code, one category."""

    code = "category_twice"
    zh = "{field}：类别 {code} 出现两次"
    en = "{field}: category {code} is there twice"


class CategoryGroupUnknown(Invalid):
    """The first two digits are the group's."""

    code = "category_group_unknown"
    zh = "{field}：类别 {code} 的前两位不是已有的分组。可用分组：{groups}"
    en = "{field}: the first two digits of {code} are no group; known: {groups}"
