"""Who may do what (权限), as the endpoints declare it: for the security officer at `/rights`, and as a page to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from marshmallow import Schema

from shared.access.roles import ROLES, SECURITY, TABLE, Role
from shared.web.api import Api, Call, Endpoint
from shared.web.fields import Code, Codes, Flag, Text, several

if TYPE_CHECKING:
    from shared.application import Definition

MOST_ENDPOINTS = 500
SCOPES = {
    "*": "整个街道 the whole street `*`",
    "place:": "一个地方 one place `place:<ref>`",
    "party:": "一个主体 one party `party:<ref>`",
    "person:": "本人 oneself `person:<ref>`",
}
HEAD = """\
# 角色与权限 Roles and rights

> 本页由代码生成，请勿手改；改了角色或接口之后运行 `jiushu contracts export`。
> Made from `shared/access/roles.py` and the endpoints' `roles=`: do not edit; after a change run
> `jiushu contracts export`.

令牌写明角色和范围；接口写明哪些角色可以使用；范围决定看得到、办得了哪些。系统管理员、安全管理员、审计管理员三员分立：
都不能办理业务，不能读取个人信息（审计管理员读到的是编号），也没有彼此的权限。

A token says role and scope, an endpoint which roles may use it; the scope decides which things are seen and touched.
Administrator, security officer and auditor are kept apart: none may do business or read personal data (the auditor
reads refs), none has a right of another.

## 角色 Roles

| 代码 code | 角色 | 是谁 who | 为谁行事 acts for |
|---|---|---|---|
"""


class RightView(Schema):
    """An endpoint, and the roles that may use it; `open`: anyone, without a token."""

    method = Code()
    path = Text()
    title = Text()
    open = Flag()
    roles = Codes()
    personal = Flag()


class RightsView(Schema):
    """All endpoints of a service."""

    items = several(RightView, most=MOST_ENDPOINTS)


def rights_api(definition: Definition, apis: Iterable[Api]) -> Api:
    """The door to what the doors of a service, `apis` and this one, let whom do."""
    api = Api(definition.name)
    shown = [*apis, api]

    @api.get("/rights", roles=(SECURITY,), answer=RightsView)
    def rights(_call: Call) -> Any:
        """谁能做什么"""
        return {"items": [_right(endpoint) for each in shown for endpoint in each.endpoints]}

    return api


def _right(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "method": endpoint.method,
        "path": endpoint.full_path,
        "title": _title(endpoint),
        "open": endpoint.roles is None,
        "roles": endpoint.roles or (),
        "personal": endpoint.personal,
    }


def rights_page(services: Sequence[tuple[Definition, Sequence[Api]]]) -> str:
    """The whole page: the roles, what every service has, and each service's own endpoints."""
    own = [line for definition, _ in services for line in _chapter(definition)]
    return HEAD + "\n".join([*map(_role_row, TABLE), "", *_common(*services[0]), *own])


def _role_row(role: Role) -> str:
    scopes = " / ".join(SCOPES[scope] for scope in role.scopes)
    return f"| `{role.code}` | {role.name} | {role.zh} {role.en} | {scopes} |"


def _common(definition: Definition, apis: Sequence[Api]) -> Iterator[str]:
    yield "## 每个服务都有 Every service\n"
    common = [each for api in apis if api not in definition.apis for each in api.endpoints]
    yield from _table(common, definition.name, "<service>")


def _chapter(definition: Definition) -> Iterator[str]:
    yield f"## {definition.name} {definition.title}\n"
    yield from _table([each for api in definition.apis for each in api.endpoints])


def _table(endpoints: Sequence[Endpoint], name: str = "", shown: str = "") -> Iterator[str]:
    yield "| 接口 endpoint | 做什么 | 谁可以 who may | 个人信息 |"
    yield "|---|---|---|---|"
    for endpoint in sorted(endpoints, key=lambda each: (each.full_path, each.method)):
        path = endpoint.full_path.replace(f"/{name}/", f"/{shown}/", 1) if shown else endpoint.full_path
        personal = "✓" if endpoint.personal else ""
        yield f"| `{endpoint.method} {path}` | {_title(endpoint)} | {_who(endpoint)} | {personal} |"
    yield ""


def _title(endpoint: Endpoint) -> str:
    return (endpoint.function.__doc__ or "").strip().split("\n")[0]


def _who(endpoint: Endpoint) -> str:
    if endpoint.roles is None:
        return "任何人，无需令牌 anyone"
    return "、".join(ROLES[role] for role in endpoint.roles)
