"""专题议事会 What is on the agenda of a session by its topic's theme, and who should be there (domain row 39). Our
assumption: the article names the three themes only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Template:
    """模板 The agenda of a session, and the classes of those who should come (`session.CLASSES`)."""

    agenda: tuple[str, ...]
    expected: tuple[str, ...]


TEMPLATES = {
    "small_works": Template(
        ("说明问题与关联诉求", "现场查看", "商议修复项目、点位与时限", "明确日常维护责任"),
        ("residents", "property"),
    ),
    "renovation": Template(
        (
            "说明改造政策与资金",
            "通报问需结果与答复",
            "商议改造菜单：基础类与自选类",
            "商议物业管理与维护责任",
            "商议施工期间的安排与接待",
        ),
        ("residents", "professionals", "party", "property"),
    ),
    "sprout": Template(
        ("居民提出设想", "专业机构回应可行性", "商议方案、预算与共建分工", "明确日常维护责任"),
        ("residents", "professionals"),
    ),
}
