"""The roles, and for whom each acts: one table. Which role may do what, each endpoint says by its `roles=`;
docs/contracts/roles.md is made from both.

The street's own office may do everything but vote and set the agenda. What owners decided on paper and residents said
by phone it enters for them, under its own name.
Administrator, security officer and auditor are three people (三员分立): none of them touches the business or sees
personal data, and none has a right of another.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.kernel.command import EVERYWHERE

STREET = "street"
COMMUNITY = "community"
CONVENOR = "convenor"
PARTY_ORG = "party_org"
GRID_WORKER = "grid_worker"
CAPTAIN = "captain"
STEWARD = "steward"
MEDIATOR = "mediator"
DEPARTMENT = "department"
CHENGGUAN = "chengguan"
POLICE = "police"
PROPERTY = "property"
OWNER_UNIT = "owner_unit"
OWNERS_BODY = "owners_body"
CONTRACTOR = "contractor"
PROFESSIONAL = "professional"
SOCIAL_ORG = "social_org"
MEMBER_UNIT = "member_unit"
REVIEWER = "reviewer"
RESIDENT = "resident"
OUTSIDE_SYSTEM = "outside_system"
MONITOR = "monitor"
ADMIN = "admin"
SECURITY = "security"
AUDITOR = "auditor"

PLACE, PARTY, PERSON = "place:", "party:", "person:"
ANYWHERE = (EVERYWHERE, PLACE)  # the whole street, or one place of it
LONGEST_REF = 64


@dataclass(frozen=True)
class Role:
    """角色 Who somebody is here, and what its scope must say: one of `scopes`, with a ref behind the colon."""

    code: str
    name: str
    scopes: tuple[str, ...]
    zh: str
    en: str


TABLE = (
    Role(STREET, "街道办事处", ANYWHERE, "街道工作人员", "staff of the sub-district"),
    Role(COMMUNITY, "社区工作者", ANYWHERE, "社区工作人员", "staff of a community"),
    Role(CONVENOR, "居委会（召集人）", ANYWHERE, "召集议事、主持双审", "convenes sessions and reviews"),
    Role(PARTY_ORG, "党组织", ANYWHERE, "决定议题是否立项", "sets the agenda"),
    Role(GRID_WORKER, "网格员", (PLACE,), "巡查、走访自己的网格", "patrols and visits one grid"),
    Role(CAPTAIN, "楼门长", (PLACE,), "反映本楼门的问题", "a resident who speaks for a building or door"),
    Role(STEWARD, "施工楼栋管家", (PLACE,), "施工期间联系一栋楼", "looks after a building during works"),
    Role(MEDIATOR, "调解员", (PLACE,), "人民调解委员会的调解员", "of a people's mediation committee"),
    Role(DEPARTMENT, "委办局", (PARTY,), "办理派给它的事项", "a department, for what is sent to it"),
    Role(CHENGGUAN, "城管", (PARTY,), "综合行政执法队", "urban management, for what is sent to it"),
    Role(POLICE, "民警", (PARTY,), "派出所", "the police, for what is sent to it"),
    Role(PROPERTY, "物业企业", (PARTY,), "物业服务企业", "a property company"),
    Role(OWNER_UNIT, "产权单位", (PARTY,), "公有住房等的产权单位", "a unit that owns dwellings"),
    Role(OWNERS_BODY, "业委会/物管会", (PARTY,), "业主组织", "a body of the owners"),
    Role(CONTRACTOR, "施工单位", (PARTY,), "承建工程的单位", "builds what was contracted"),
    Role(PROFESSIONAL, "专业机构", (PARTY,), "设计、评审等专业机构", "designs, or lends reviewers"),
    Role(SOCIAL_ORG, "社会组织", (PARTY,), "社区社会组织", "a social organisation"),
    Role(MEMBER_UNIT, "成员单位", (PARTY,), "商居同盟成员单位", "a member of the alliance"),
    Role(REVIEWER, "评审人", (PERSON,), "双审中专业一方的评审人", "one of the professionals' chamber"),
    Role(RESIDENT, "居民", (PERSON,), "居民本人", "a resident, for oneself"),
    Role(OUTSIDE_SYSTEM, "外部系统", ANYWHERE, "对接的其他城市系统", "another city system"),
    Role(MONITOR, "监控系统", (EVERYWHERE,), "只读运行指标", "reads metrics, nothing else"),
    Role(ADMIN, "系统管理员", (EVERYWHERE,), "死信、重放、体检", "dead letters, replays, checks"),
    Role(
        SECURITY,
        "安全管理员",
        (EVERYWHERE,),
        "只读权限表：谁能用哪个接口",
        "reads who may use which endpoint, nothing else",
    ),
    Role(AUDITOR, "审计管理员", (EVERYWHERE,), "只读审计记录", "reads the audit trail, nothing else"),
)

ROLES: dict[str, str] = {role.code: role.name for role in TABLE}

# what the scope of a role begins with that acts for one place, party or person only
ACTS_FOR: dict[str, str] = {role.code: role.scopes[0] for role in TABLE if role.scopes[0] != EVERYWHERE}

STAFF = (STREET, COMMUNITY, CONVENOR, PARTY_ORG)
OFFICERS = (ADMIN, SECURITY, AUDITOR)

_SCOPES = {role.code: role.scopes for role in TABLE}


def what_is_wrong(role: str, scope: str) -> str | None:
    """Why there can be no such role with such a scope; None where there can."""
    if role not in ROLES:
        return f"role '{role}' is unknown; one of: {', '.join(ROLES)}"
    kind, colon, ref = scope.partition(":")
    if (kind + colon) in _SCOPES[role] and bool(colon) == bool(ref) and len(ref) <= LONGEST_REF:
        return None
    allowed = " or ".join(f"{each}<ref>" if each.endswith(":") else each for each in _SCOPES[role])
    return f"the scope of a {role} must be {allowed}, not '{scope}'"
