"""What a service's doors look like, as an OpenAPI 3.1 document made from the declarations that validate."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import entry_points, version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import RAISE, Schema

from shared.access.roles import ROLES
from shared.contracts.fields import set_unknown
from shared.contracts.terms import TERMS
from shared.kernel.ids import JOURNEY_ID
from shared.persistence.tables import ANSWERS_KEPT_HOURS
from shared.web.files import DISPOSITION
from shared.web.idempotency import HEADER, REPLAYED
from shared.web.limits import is_limited
from shared.web.problems import CONTENT_TYPE, TITLES, ProblemView

if TYPE_CHECKING:
    from shared.application import Definition
    from shared.web.api import Api, Endpoint

EXAMPLES = "examples.json"

_CORRELATION = {
    "description": "这次请求所属旅程的编号 the journey that it belongs to",
    "schema": {"type": "string", "pattern": f"^{JOURNEY_ID}$"},
}
_ETAG = {"description": "版本，用于 If-Match the version, for If-Match", "schema": {"type": "string"}}
_LOCATION = {"description": "新建内容的地址 where it is", "schema": {"type": "string"}}
_NAMED = {"description": "文件名（RFC 6266） the file's name", "schema": {"type": "string"}}
_RETRY_AFTER = {"description": "几秒后再试 seconds to wait", "schema": {"type": "integer"}}
_LANGUAGE = {"description": "说明文字的语言 the language of texts", "schema": {"enum": ["zh", "en"]}}
_REPLAYED = {"description": "重复请求，原答复 the answer of the first request", "schema": {"const": "true"}}

_PARAMETERS: dict[str, dict[str, Any]] = {
    "Accept-Language": {
        "description": "zh（默认）或 en; the language of refusals",
        "schema": {"type": "string"},
        "example": "zh",
    },
    "X-Correlation-ID": {
        "description": "沿用已有旅程的编号 goes on with a journey",
        "schema": {"type": "string", "pattern": f"^{JOURNEY_ID}$"},
    },
    HEADER: {
        "description": f"同一键、同一内容的请求只生效一次，{ANSWERS_KEPT_HOURS} 小时内重复发送得到原答复；"
        "原答复含个人信息的答 409 sent again within "
        f"{ANSWERS_KEPT_HOURS} hours, the request has no second effect and gets the same answer, or 409 "
        "where that held personal data",
        "schema": {"type": "string", "pattern": '^"?[\\x21\\x23-\\x7e]{1,255}"?$'},
    },
    "If-Match": {
        "description": "读到的 ETag；内容已被他人修改时答 412 the ETag that was read; 412 if it has changed since",
        "schema": {"type": "string"},
        "example": "*",
    },
}


def document(definition: Definition, apis: Iterable[Api]) -> dict[str, Any]:
    """The document of one service: its own doors and those that every service has."""
    plugin = MarshmallowPlugin(schema_name_resolver=lambda schema: _class_of(schema).__name__)
    spec = APISpec(
        title=f"{definition.title.split('：')[0]} {definition.name}",
        version=_version(definition.name),
        openapi_version="3.1.0",
        plugins=[plugin],
        info={"description": _summary(definition)},
    )
    plugin.converter.add_attribute_function(_pattern_of)  # type: ignore[union-attr]
    plugin.converter.add_attribute_function(_term_of)  # type: ignore[union-attr]
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    for name, parameter in _PARAMETERS.items():
        spec.components.parameter(name, "header", {"required": False, **parameter})
    examples = _examples(definition)
    answered: set[str] = set()
    for endpoint in (each for api in apis if api.in_openapi for each in sorted(api.endpoints, key=_place)):
        operation = _operation(endpoint, plugin, examples.get(operation_id(endpoint), {}), answered)
        spec.path(path=endpoint.full_path, operations={endpoint.method.lower(): operation})
    plain: dict[str, Any] = json.loads(json.dumps(spec.to_dict()))
    _require_all(plain["components"]["schemas"], answered)
    return plain


def _version(service: str) -> str:
    """That of the distribution which brings the service."""
    for entry in entry_points(group="jiushu.services", name=service):
        if entry.dist is not None:
            return entry.dist.version
    return version("jiushu-shared")


def _place(endpoint: Endpoint) -> tuple[str, str]:
    return endpoint.path, endpoint.method


def operation_id(endpoint: Endpoint) -> str:
    """The name of an endpoint, unique within its service."""
    return endpoint.function.__name__.strip("_")


def _summary(definition: Definition) -> str:
    return (
        f"{definition.title}。所有时间为北京时间（+08:00），金额单位为分。\n\n"
        "拒绝一律为 application/problem+json（RFC 9457），code 不变，detail 与 errors 说明哪个字段、怎样改正。"
    )


def _operation(
    endpoint: Endpoint, plugin: MarshmallowPlugin, example: Mapping[str, Any], answered: set[str]
) -> dict[str, Any]:
    text = (endpoint.function.__doc__ or "").strip()
    operation: dict[str, Any] = {
        "operationId": operation_id(endpoint),
        "summary": text.split("\n")[0],
        "description": _who(endpoint),
        "tags": [endpoint.path.split("/")[1]],
        "parameters": _parameters(endpoint, plugin),
        "responses": _responses(endpoint, example, answered),
        "security": [] if endpoint.roles is None else [{"token": []}],
    }
    if endpoint.body is not None:
        content: dict[str, Any] = {"schema": _class_of(endpoint.body)}
        if "request" in example:
            content["example"] = example["request"]
        required = any(field.required for field in endpoint.body.fields.values())
        operation["requestBody"] = {"required": required, "content": {"application/json": content}}
    if endpoint.takes is not None:
        operation["requestBody"] = {
            "description": f"文件，最多 {endpoint.takes.most} 字节 a file of so many bytes at most",
            "required": True,
            "content": _files(endpoint.takes.media_types),
        }
    return operation


def _who(endpoint: Endpoint) -> str:
    if endpoint.roles is None:
        return "无需令牌 no token needed"
    return "需要角色 roles: " + "、".join(f"{ROLES[role]}（{role}）" for role in endpoint.roles)


def _parameters(endpoint: Endpoint, plugin: MarshmallowPlugin) -> list[Any]:
    names = re.findall(r"{(\w+)}", endpoint.path)
    found: list[Any] = [
        {"in": "path", "name": name, "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in names
    ]
    if endpoint.query is not None:
        given = plugin.converter.schema2parameters(_strict(endpoint.query), location="query")  # type: ignore[union-attr]
        found += [_without_null(parameter) for parameter in given]
    if endpoint.is_deed:
        found.append(HEADER)
    if endpoint.changes_one:
        found.append("If-Match")
    return [*found, "X-Correlation-ID", "Accept-Language"]


def _responses(endpoint: Endpoint, example: Mapping[str, Any], answered: set[str]) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, answer in {endpoint.status: endpoint.answer, **endpoint.also}.items():
        if endpoint.gives and status == endpoint.status:
            headers = {**_headers(endpoint, status), DISPOSITION: _NAMED}
            responses[str(status)] = {
                "description": "文件 a file",
                "headers": headers,
                "content": _files(endpoint.gives),
            }
            continue
        if answer is None:
            responses[str(status)] = {"description": "没有内容 no content"}
            continue
        schema: Any = _class_of(answer)
        answered.add(schema.__name__)
        if endpoint.is_list and status == endpoint.status:
            schema = _list_of(schema)
        problem = isinstance(answer, ProblemView)
        content: dict[str, Any] = {"schema": schema}
        if status == endpoint.status and "answer" in example:
            content["example"] = example["answer"]
        responses[str(status)] = {
            "description": TITLES[status][0] if problem else "成功 done",
            "headers": _headers(endpoint, status),
            "content": {CONTENT_TYPE if problem else "application/json": content},
        }
    for status in _refusals(endpoint):
        responses.setdefault(str(status), _refused(status))
    return responses


def _files(media_types: Iterable[str]) -> dict[str, Any]:
    """Bytes, as these types."""
    return {each: {"schema": {"type": "string", "format": "binary"}} for each in media_types}


def _headers(endpoint: Endpoint, status: int) -> dict[str, Any]:
    headers: dict[str, Any] = {"Content-Language": _LANGUAGE, "X-Correlation-ID": _CORRELATION}
    if status >= 400:
        return headers
    if not endpoint.is_list:
        headers["ETag"] = _ETAG
    if endpoint.location and status == 201:
        headers["Location"] = _LOCATION
    if endpoint.is_deed:
        headers[REPLAYED] = _REPLAYED
    return headers


def _refusals(endpoint: Endpoint) -> list[int]:
    """The statuses that the door itself may answer with."""
    refusals = [400, 422, 503]
    if endpoint.roles is not None:
        refusals += [401, 403]
    if "{" in endpoint.path:
        refusals.append(404)
    if endpoint.is_deed:
        refusals += [409, 413, 415]
    if endpoint.changes_one:
        refusals.append(412)
    if is_limited(endpoint):
        refusals.append(429)
    return sorted(refusals)


def _refused(status: int) -> dict[str, Any]:
    headers: dict[str, Any] = {"Content-Language": _LANGUAGE, "X-Correlation-ID": _CORRELATION}
    if status in (409, 422, 429, 503):
        headers["Retry-After"] = _RETRY_AFTER
    content = {CONTENT_TYPE: {"schema": ProblemView}}
    return {"description": " ".join(TITLES[status]), "headers": headers, "content": content}


def _list_of(schema: type[Schema]) -> dict[str, Any]:
    following = {
        "type": ["string", "null"],
        "description": "下一页的 after；null 表示没有更多 the next part's `after`",
    }
    return {
        "type": "object",
        "properties": {"items": {"type": "array", "items": schema}, "next": following},
        "required": ["items", "next"],
        "additionalProperties": False,
    }


def _class_of(schema: Any) -> type[Schema]:
    return schema if isinstance(schema, type) else type(schema)


def _strict(schema: Schema) -> Schema:
    set_unknown(schema, RAISE)
    return schema


def _without_null(parameter: dict[str, Any]) -> dict[str, Any]:
    """In a query a value is there or not there; it is never null."""
    schema = dict(parameter["schema"])
    if isinstance(schema.get("type"), list):
        schema["type"] = schema["type"][0]
    if "enum" in schema:
        schema["enum"] = [value for value in schema["enum"] if value is not None]
    if schema.get("default", ...) is None:
        del schema["default"]
    return {**parameter, "schema": schema}


def _pattern_of(_converter: Any, field: Any, **_options: Any) -> dict[str, Any]:
    """Python's regular expressions as JSON Schema has them: anchored, `$` for the end."""
    patterns = [rule.regex.pattern for rule in field.validators if hasattr(rule, "regex")]
    return {"pattern": "^" + patterns[0].lstrip("^").replace("\\Z", "$")} if patterns else {}


def _term_of(_converter: Any, field: Any, **_options: Any) -> dict[str, Any]:
    """What the field is called in Chinese: as it says itself, or as in the catalogue of events."""
    title = field.metadata.get("title") or TERMS.get(field.name)
    return {"title": title} if title else {}


def _require_all(schemas: dict[str, Any], answered: set[str]) -> None:
    """An answer has all its fields, always; and so have the structures inside."""
    wanted = {f"#/components/schemas/{name}" for name in answered}
    done: set[str] = set()
    while wanted - done:
        for reference in wanted - done:
            done.add(reference)
            schema = schemas[reference.rsplit("/", 1)[1]]
            if reference.endswith(f"/{ProblemView.__name__}"):
                continue
            schema["required"] = sorted(schema["properties"])
            schema["additionalProperties"] = False
            wanted |= set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(schema)))


def _examples(definition: Definition) -> dict[str, Any]:
    """What was sent and answered when the demo was played, by operation; beside the service's doors."""
    package, _, _ = (getattr(definition.migrations, "__package__", None) or "").rpartition(".")
    if not package:
        return {}
    file = files(package).joinpath(EXAMPLES)
    return dict(json.loads(file.read_text("utf-8"))) if file.is_file() else {}
