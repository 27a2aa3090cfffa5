"""What is refused of searches (全文检索)."""

from __future__ import annotations

from shared.kernel.errors import Forbidden, Invalid


class NothingToSearch(Invalid):
    """Only blanks and punctuation."""

    code = "nothing_to_search"
    zh = "{field}：请输入要查找的汉字、字母或数字"
    en = "{field}: give at least one character, letter or digit to look for"


class SearchedByStaff(Forbidden):
    """Whoever reads texts masked, or only some of them, would learn by searching what stands in the others."""

    code = "searched_by_staff"
    zh = "{field}：只有街道、社区工作人员可以全文检索；请改用其他条件"
    en = "{field}: only staff search in texts; use the other filters"
