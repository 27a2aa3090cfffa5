"""合并、拆分 Places that merge and split. Everything is named by its code, which is never another place's."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.grid.domain.estates import ESTATE_TYPE_NAMES
from services.grid.domain.place import KINDS
from services.grid.domain.succession import SUPERSEDED_KINDS
from services.grid.http.common import api
from services.grid.use_cases.successions import DONE, REHEARSED, SCHEDULED, SupersedePlaces, WhatMoves
from shared.access.roles import STREET
from shared.web.api import Call
from shared.web.fields import Code, Day, Flag, Named, PublicCode, PublicWords, Text, Whole, distinct, several

MOST = 500
STATES = {DONE: "已生效", SCHEDULED: "到期生效", REHEARSED: "预演，未生效"}
KINDS_TO_SUPERSEDE = {kind: KINDS[kind] for kind in SUPERSEDED_KINDS}


class NewPlaceBody(Schema):
    """A place that begins with the deed; `parent`: the code of what it lies in, which may be new too."""

    kind = Named(KINDS_TO_SUPERSEDE, required=True)
    name = PublicWords(100, required=True)
    code = PublicCode(30, required=True)
    parent = PublicCode(30, required=True)
    estate_type = Named(ESTATE_TYPE_NAMES)
    household_count = Whole(load_default=None, allow_none=True, most=1_000_000)


class MoveBody(Schema):
    """A place that lies directly in the old one, and which of its successors gets it."""

    code = PublicCode(30, required=True)
    to = PublicCode(30, required=True)


def _once_each(values: list[dict[str, Any]]) -> None:
    distinct([value["code"] for value in values])


def _each_code_once(part: type[Schema], least: int = 0, **options: Any) -> fields.List[Any]:
    return fields.List(
        fields.Nested(part), validate=[validate.Length(min=least, max=MOST), _once_each], **options
    )


class EndingBody(Schema):
    """A place that ends; `into`: those that take over, the first of which gets what `moves` gives to no other."""

    code = PublicCode(30, required=True)
    into = fields.List(PublicCode(30), required=True, validate=[validate.Length(min=1, max=MOST), distinct])
    moves = _each_code_once(MoveBody, load_default=list)


class SuccessionBody(Schema):
    """A merger or a split."""

    register = _each_code_once(NewPlaceBody, load_default=list)
    supersede = _each_code_once(EndingBody, least=1, required=True)
    effective_on = Day(load_default=None, allow_none=True)
    dry_run = Flag(load_default=False)


class MovedView(Schema):
    """How much of one kind follows: of a kind of places, or of what lies in them."""

    kind = Code()
    count = Whole()


class SuccessionView(Schema):
    """What moves: how many places begin and end, how much of which kind follows, which open cases."""

    effective_on = Day()
    state = Named(STATES)
    registered = Whole()
    ended = Whole()
    moved = several(MovedView)
    case_numbers = fields.List(Text())


@api.post("/places/supersede", roles=(STREET,), body=SuccessionBody, answer=SuccessionView)
def supersede_places(call: Call) -> Any:
    """合并、拆分场所"""
    endings = [
        {**ending, "moves": {move["code"]: move["to"] for move in ending["moves"]}}
        for ending in call.body["supersede"]
    ]
    return _view(call.handle(SupersedePlaces(**{**call.body, "supersede": endings})))


def _view(moves: WhatMoves) -> dict[str, Any]:
    counts = [{"kind": kind, "count": count} for kind, count in sorted(moves.moved.items())]
    return {**vars(moves), "moved": counts}
