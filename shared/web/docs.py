"""The OpenAPI document of a service, and a page that shows it: Swagger UI from a package, nothing from outside."""

from __future__ import annotations

import json
from functools import cache, partial
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from shared.web.api import Api, Call
from shared.web.openapi import document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.application import Definition

ASSETS = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
START = """SwaggerUIBundle({url: "openapi.json", dom_id: "#docs", deepLinking: true, docExpansion: "list",
  defaultModelsExpandDepth: 0, persistAuthorization: false, validatorUrl: null, syntaxHighlight: false});
"""
PAGE = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>九树 · {title} · 接口文档</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="docs/favicon-32x32.png">
<body>
<main id="docs">
<noscript><p>此页需要 JavaScript；文档本身：<a href="openapi.json">openapi.json</a></p></noscript>
</main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
"""
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_CACHED = {"Cache-Control": "public, max-age=86400"}


def docs_api(definition: Definition, apis: Sequence[Api]) -> Api:
    """The doors to the documentation of the service whose doors are `apis`."""
    api = Api(definition.name, in_openapi=False)
    written = cache(partial(_written, definition, tuple(apis)))

    @api.get("/openapi.json", roles=None)
    def openapi(_call: Call) -> Any:
        """OpenAPI 3.1"""
        return Response(written(), content_type="application/json; charset=utf-8")

    @api.get("/docs", roles=None)
    def docs(_call: Call) -> Any:
        """接口文档"""
        page = PAGE.format(title=escape(definition.title))
        headers = {"Content-Security-Policy": CSP, "Referrer-Policy": "no-referrer"}
        return Response(page, headers=headers, content_type="text/html; charset=utf-8")

    @api.get("/docs/{asset}", roles=None)
    def docs_asset(call: Call) -> Any:
        """What the page is made of"""
        if call.path["asset"] == "start.js":
            return Response(START, headers=_CACHED, content_type="text/javascript")
        if call.path["asset"] not in ASSETS:
            raise NotFound()
        return Response(_asset(call.path["asset"]), headers=_CACHED, content_type=ASSETS[call.path["asset"]])

    return api


@cache
def _asset(name: str) -> bytes:
    return files("swagger_ui").joinpath("static", name).read_bytes()


def _written(definition: Definition, apis: tuple[Api, ...]) -> str:
    return json.dumps(document(definition, apis), ensure_ascii=False)
