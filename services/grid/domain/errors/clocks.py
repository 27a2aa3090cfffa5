"""What is refused of clocks (计时)."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Forbidden, Invalid


class ClockStands(Conflict):
    """It was paused before."""

    code = "clock_stands"
    zh = "计时已经暂停，请先恢复（resume）"
    en = "the clock stands still already; resume it first"


class ClockRuns(Conflict):
    """It was not paused."""

    code = "clock_runs"
    zh = "计时没有暂停，无需恢复"
    en = "the clock is running; there is nothing to resume"


class OverdueAlready(Conflict):
    """Time that is over cannot be stopped, nor asked for again."""

    code = "overdue_already"
    zh = "已经超期，不能再暂停计时或申请延期；请尽快办结，并在结果中说明原因"
    en = "time is over, so it can neither be stopped nor extended; finish, and say why it took longer"


class ExtensionPending(Conflict):
    """One application at a time."""

    code = "extension_pending"
    zh = "已有延期申请等待审批"
    en = "an extension was asked for already and is not decided yet"


class NoExtension(Conflict):
    """Nothing to decide on."""

    code = "no_extension"
    zh = "没有等待审批的延期申请"
    en = "no extension was asked for"


class ExtensionTooLong(Invalid):
    """An extension at most doubles what the category allows."""

    code = "extension_too_long"
    zh = "{field}：延期不能超过原时限（{most}{unit}）"
    en = "{field}: an extension may at most double the limit ({most} more, in its own unit)"


class SetByHotline(Conflict):
    """Whoever has set a limit may move it."""

    code = "set_by_hotline"
    zh = "办理时限由热线规定，计时不能暂停；延期请向热线申请，由热线批准后导入"
    en = (
        "the hotline has set when time is over: the clock cannot stand still, and only the hotline extends it"
    )


class DecidedByWhoAsked(Forbidden):
    """Who asks does not decide."""

    code = "decided_by_who_asked"
    zh = "申请人不能审批自己的申请，请由另一人审批"
    en = "who asked may not decide; somebody else must"


class PhasesLeft(Conflict):
    """What comes in phases is finished phase by phase."""

    code = "phases_left"
    zh = "还有后续阶段未完成，请先完成当前阶段（finish_phase）"
    en = "there are phases left; finish the present one first"


class LastPhase(Conflict):
    """After the last phase there is only the end."""

    code = "last_phase"
    zh = "已是最后一个阶段，请直接办结（handle）"
    en = "this is the last phase; report the case as handled instead"
