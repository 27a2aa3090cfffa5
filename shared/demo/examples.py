"""What was sent and answered while the stories were played: the examples in the services' OpenAPI documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from shared.demo.stage import Stage
from shared.suite import service_class
from shared.web.api import Endpoint
from shared.web.common import all_apis
from shared.web.openapi import EXAMPLES, operation_id

MOST_ITEMS = 2
JSON = "application/json"
ASKERS = ("street", "convenor", "auditor", "security")


class Examples:
    """Looks over the stage's shoulder; of each operation the most telling exchange is kept."""

    def __init__(self, names: Iterable[str]) -> None:
        self._endpoints = {
            name: [
                (_pattern(each), each)
                for api in all_apis(service_class(name).definition)
                for each in api.endpoints
            ]
            for name in names
        }
        self._kept: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in self._endpoints}
        self._made: dict[str, str] = {}

    def watch(self, session: requests.Session) -> None:
        """Note what this session sends and is answered."""
        session.hooks["response"].append(self._note)

    def look_around(self, stage: Stage) -> None:
        """Ask for what was made, and for all lists: the stories do not ask for everything."""
        for endpoints in self._endpoints.values():
            for pattern, endpoint in endpoints:
                known = (endpoint.full_path, *self._made.values())
                path = next((path for path in known if pattern.fullmatch(path) and "{" not in path), None)
                asker = next((role for role in ASKERS if role in (endpoint.roles or ASKERS)), None)
                asks_nothing = endpoint.query is None or _needs_no_filter(endpoint)
                if endpoint.method == "GET" and endpoint.api.in_openapi and asks_nothing and path and asker:
                    stage.ask(path, role=asker)

    def write(self, folder: Path) -> None:
        """One file per service that has a folder there: `<folder>/<service>/examples.json`."""
        for name, operations in self._kept.items():
            if not (folder / name).is_dir():
                continue  # a service from outside keeps none here
            text = json.dumps(dict(sorted(operations.items())), ensure_ascii=False, indent=1)
            (folder / name / EXAMPLES).write_text(text + "\n", "utf-8")

    def _note(self, response: requests.Response, **_: Any) -> None:
        sent, path = response.request, urlsplit(response.url).path
        for pattern, endpoint in self._endpoints.get(path.split("/")[1], []):
            if endpoint.method == sent.method and pattern.fullmatch(path):
                is_told = endpoint.api.in_openapi and sent.headers.get("Content-Type", JSON) == JSON
                if response.status_code == endpoint.status and is_told:
                    self._keep(endpoint, _exchange(sent, response))
                    if "Location" in response.headers:
                        self._made[endpoint.full_path] = response.headers["Location"]
                return

    def _keep(self, endpoint: Endpoint, exchange: dict[str, Any]) -> None:
        kept = self._kept[endpoint.api.service]
        before = kept.get(operation_id(endpoint))
        if before is None or _said(exchange) > _said(before):
            kept[operation_id(endpoint)] = exchange


def _pattern(endpoint: Endpoint) -> re.Pattern[str]:
    return re.compile(re.sub(r"{\w+}", "[^/]+", endpoint.full_path))


def _exchange(sent: requests.PreparedRequest, response: requests.Response) -> dict[str, Any]:
    answer = response.json()
    if isinstance(answer.get("items"), list) and "next" in answer:
        answer["items"] = answer["items"][:MOST_ITEMS]
    asked = {"request": json.loads(sent.body)} if sent.body else {}
    return {**asked, "answer": answer}


def _needs_no_filter(endpoint: Endpoint) -> bool:
    fields = endpoint.query.fields.values() if endpoint.query is not None else ()
    return endpoint.is_list and not any(field.required for field in fields)


def _said(exchange: dict[str, Any]) -> int:
    """How many values it shows."""
    return len(re.findall(r'[^ "\[{],|[\]}"]', re.sub(r"null|\[\]|{}|\"\"", "", json.dumps(exchange))))
