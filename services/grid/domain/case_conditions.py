"""What must hold of a case, beside its state, before something can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from services.grid.domain.co_handler import ASKED
from services.grid.domain.errors import cases as wrong
from services.grid.domain.errors import clocks
from services.grid.domain.errors.attendance import LedByAParty
from services.grid.domain.errors.co_handlers import NobodyHelps
from shared.kernel.errors import JiushuError

if TYPE_CHECKING:
    from services.grid.domain.case import Case

TRIES = 3  # so many revisits in vain, and a case may be closed
CLAIM = "claim"

Condition = tuple[Callable[["Case"], bool], type[JiushuError]]


def _is_helped(case: Case) -> bool:
    return any(each.state == ASKED for each in case.co_handlers)


NO_CLAIM: Condition = (lambda case: case.waiting_for != CLAIM, wrong.ClaimOpen)
ALONE: Condition = (lambda case: not case.merged_count, wrong.OthersJoined)
HAS_REPORTER: Condition = (lambda case: case.has_reporter, wrong.NoReporter)
IS_OUR_CLOCK: Condition = (lambda case: not case.countdown.is_set_from_outside, clocks.SetByHotline)

CONDITIONS: Mapping[str, tuple[Condition, ...]] = {
    "accept": ((lambda case: case.objection is None, wrong.ObjectionOpen),),
    "object": ((lambda case: not case.has_objected, wrong.ObjectedBefore),),
    "uphold": ((lambda case: case.objection is not None, wrong.NoObjection),),
    "overrule": ((lambda case: case.objection is not None, wrong.NoObjection),),
    "attend": ((lambda case: case.lead_party_ref is None, LedByAParty),),
    "release_co_handler": ((_is_helped, NobodyHelps),),
    "report_part": ((_is_helped, NobodyHelps),),
    "contact": (HAS_REPORTER,),
    "pause": (IS_OUR_CLOCK, (lambda case: case.countdown.paused_at is None, clocks.ClockStands)),
    "resume": ((lambda case: case.countdown.paused_at is not None, clocks.ClockRuns),),
    "ask_extension": ((lambda case: case.extension is None, clocks.ExtensionPending),),
    "extend": (IS_OUR_CLOCK, (lambda case: case.extension is not None, clocks.NoExtension)),
    "refuse_extension": ((lambda case: case.extension is not None, clocks.NoExtension),),
    "finish_phase": ((lambda case: case.phase + 1 < case.phase_count, clocks.LastPhase),),
    "handle": ((lambda case: case.phase + 1 == case.phase_count, clocks.PhasesLeft),),
    "try_revisit": (HAS_REPORTER,),
    "revisit": (HAS_REPORTER,),
    "close": ((lambda case: not case.has_reporter or case.revisit_tries >= TRIES, wrong.RevisitFirst),),
    "ask_end": (NO_CLAIM, (lambda case: case.ending is None, wrong.EndPending)),
    "end": ((lambda case: case.ending is not None, wrong.NoEndAsked),),
    "refuse_end": ((lambda case: case.ending is not None, wrong.NoEndAsked),),
    "withdraw": (NO_CLAIM, HAS_REPORTER, ALONE),
    "merge": (NO_CLAIM, ALONE),
}
