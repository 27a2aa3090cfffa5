"""The endpoints that every service has: health, readiness, journeys; mending and watching (beside this file)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields

from shared.checks.readiness import obstacles
from shared.web.api import Answer, Api, Call
from shared.web.auditing import add_auditing
from shared.web.docs import docs_api
from shared.web.fields import Code, Flag, Text
from shared.web.journeys import add_journeys
from shared.web.mending import mending_api
from shared.web.replays import add_replays
from shared.web.rights import rights_api
from shared.web.watching import add_outbox, metrics_api

if TYPE_CHECKING:
    from shared.application import Definition


class HealthView(Schema):
    """Alive."""

    status = Code("ok")


class ReadinessView(Schema):
    """Whether it can do its work, and what is wrong where it cannot."""

    ready = Flag()
    wrong = fields.List(Text())


def common_api(service: str) -> Api:
    """A fresh set of the common endpoints for one service."""
    api = mending_api(service)
    api.get("/healthz", roles=None, answer=HealthView)(_healthz)
    api.get("/readyz", roles=None, answer=ReadinessView, also={503: ReadinessView})(_readyz)
    add_outbox(api)
    add_journeys(api)
    add_replays(api)
    add_auditing(api)
    return api


def all_apis(definition: Definition) -> tuple[Api, ...]:
    """All doors of a service: its own, and those that every service has."""
    described = (*definition.apis, common_api(definition.name))
    described = (*described, rights_api(definition, described))
    return (*described, metrics_api(definition.name), docs_api(definition, described))


def _healthz(_call: Call) -> Any:
    """存活"""
    return {"status": "ok"}


def _readyz(call: Call) -> Any:
    """就绪"""
    wrong = [f"{obstacle.zh} ({obstacle.en})" for obstacle in obstacles(call.application)]
    return Answer({"ready": not wrong, "wrong": wrong}, 503 if wrong else 200)
