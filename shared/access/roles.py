"""The roles of the main chain, with their Chinese names. The street's own office may do everything but judge:
verdicts, decisions and answers belong to those whose they are."""

from __future__ import annotations

STREET = "street"
COMMUNITY = "community"
PARTY_ORG = "party_org"
CONVENOR = "convenor"
PROFESSIONAL = "professional"
REVIEWER = "reviewer"
PROPERTY = "property"
CONTRACTOR = "contractor"
RESIDENT = "resident"
OUTSIDE_SYSTEM = "outside_system"
MONITOR = "monitor"
ADMIN = "admin"

ROLES: dict[str, str] = {
    STREET: "街道办事处",
    COMMUNITY: "社区工作者",
    PARTY_ORG: "党组织",
    CONVENOR: "居委会（召集人）",
    PROFESSIONAL: "专业机构",
    REVIEWER: "评审人",
    PROPERTY: "物业企业",
    CONTRACTOR: "施工单位",
    RESIDENT: "居民",
    OUTSIDE_SYSTEM: "外部系统",
    MONITOR: "监控系统",
    ADMIN: "系统管理员",
}

# what a role's scope must say: for whom it acts. The others act for the whole street (`*`) or one place of it.
ACTS_FOR: dict[str, str] = {
    RESIDENT: "person:",
    REVIEWER: "person:",
    PROFESSIONAL: "party:",
    PROPERTY: "party:",
    CONTRACTOR: "party:",
}

STAFF = (STREET, COMMUNITY, CONVENOR, PARTY_ORG)
