"""Whether what a service answers is what its OpenAPI document says: each answer of each test is held to it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.test import TestResponse

from shared.web.common import all_apis
from shared.web.openapi import document

if TYPE_CHECKING:
    from shared.application import Definition
    from shared.web.api import Endpoint

DOORS_OWN = ("Content-Type", "Content-Length", "Cache-Control", "X-Content-Type-Options", "WWW-Authenticate")


class NotAsPublished(AssertionError):
    """An answer that the document does not declare."""


@cache
def _document(definition: Definition) -> dict[str, Any]:
    return document(definition, all_apis(definition))


@cache
def _validator(
    definition: Definition, path: str, method: str, status: str, content_type: str
) -> Draft202012Validator:
    published = _document(definition)
    response = published["paths"][path][method]["responses"].get(status)
    if response is None:
        raise NotAsPublished(f"{method} {path}: status {status} is not declared")
    content = response.get("content", {}).get(content_type)
    if content is None:
        raise NotAsPublished(f"{method} {path}: {status} as {content_type} is not declared")
    schema = {**content["schema"], "components": published["components"]}
    return Draft202012Validator(schema, format_checker=FormatChecker())


def hold_to_document(definition: Definition, endpoint: Endpoint, answer: TestResponse) -> None:
    """Raises NotAsPublished, saying what is not as the document of the service says."""
    path, method, status = endpoint.full_path, endpoint.method.lower(), str(answer.status_code)
    if not endpoint.api.in_openapi:
        return
    if answer.status_code != 204:
        validator = _validator(definition, path, method, status, answer.mimetype)
        told = () if answer.mimetype in endpoint.gives else validator.iter_errors(answer.json)
        for error in told:
            where = ".".join(str(part) for part in error.absolute_path)
            raise NotAsPublished(f"{method} {path} → {status}: {where}: {error.message}")
    declared = _document(definition)["paths"][path][method]["responses"][status].get("headers", {})
    undeclared = [header for header, _ in answer.headers if header not in (*declared, *DOORS_OWN)]
    if undeclared:
        raise NotAsPublished(f"{method} {path} → {status}: undeclared headers {undeclared}")
