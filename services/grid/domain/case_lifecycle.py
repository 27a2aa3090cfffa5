"""事项的状态 What can happen to a case, by whom, and where it leads: the one table (row 15, gates G3 and G4)."""

from __future__ import annotations

from shared.kernel.errors import Term
from shared.kernel.lifecycle import Lifecycle, heard, move, stay

DISPATCHED, HANDLING, WAITING = "dispatched", "handling", "waiting"
HANDLED, VERIFIED, CLOSED = "handled", "verified", "closed"
STATES = {
    DISPATCHED: "待接办",
    HANDLING: "办理中",
    WAITING: "等待",
    HANDLED: "待核实",
    VERIFIED: "待回访",
    CLOSED: "已办结",
}
OPEN = (DISPATCHED, HANDLING, WAITING)  # not handled yet

# in which capacity somebody stands to a case
LEAD, OFFICER, REPORTER, HELPER = "lead", "officer", "reporter", "helper"
CAPACITIES = {LEAD: "责任主体", OFFICER: "街道、社区工作人员", REPORTER: "反映人", HELPER: "协办单位"}

LIFECYCLE = Lifecycle(
    Term("事项", "case"),
    STATES,
    #     action                     from                            to           by
    move("accept", "接办", DISPATCHED, HANDLING, LEAD),
    stay("object", "提出派单异议", DISPATCHED, LEAD),
    stay("uphold", "支持派单异议，改派", DISPATCHED, OFFICER),
    stay("overrule", "驳回派单异议", DISPATCHED, OFFICER),
    stay("pass", "转交", (DISPATCHED, HANDLING), (LEAD, OFFICER)),
    stay("place", "定位", (DISPATCHED, HANDLING), OFFICER),
    stay("attend", "指定经办人", OPEN, OFFICER),
    stay("ask_co_handler", "请求协办", OPEN, (LEAD, OFFICER)),
    stay("release_co_handler", "撤销协办", OPEN, (LEAD, OFFICER)),
    stay("report_part", "反馈协办情况", (*OPEN, HANDLED), HELPER),
    stay("contact", "联系反映人", OPEN, LEAD),
    stay("pause", "暂停计时", HANDLING, LEAD),
    stay("resume", "恢复计时", HANDLING, LEAD),
    stay("ask_extension", "申请延期", HANDLING, LEAD),
    stay("extend", "同意延期", HANDLING, OFFICER),
    stay("refuse_extension", "不同意延期", HANDLING, OFFICER),
    stay("finish_phase", "完成阶段", HANDLING, LEAD),
    move("handle", "办结反馈", HANDLING, HANDLED, LEAD),
    move("verify", "核实通过", HANDLED, VERIFIED, OFFICER),
    move("send_back", "退回重办", HANDLED, HANDLING, OFFICER),
    stay("try_revisit", "记录未能回访", VERIFIED, OFFICER),
    move("revisit", "回访", VERIFIED, CLOSED, OFFICER),
    move("close", "结案", VERIFIED, CLOSED, OFFICER),
    stay("ask_end", "申请不经办理结案", OPEN, (LEAD, OFFICER)),
    move("end", "批准不经办理结案", OPEN, CLOSED, OFFICER),
    stay("refuse_end", "不予批准", OPEN, OFFICER),
    move("withdraw", "撤回", OPEN, CLOSED, (REPORTER, OFFICER)),
    move("merge", "并案", OPEN, CLOSED, OFFICER),
    #     what is heard
    heard("wait", "等待", OPEN, WAITING),
    heard("dispatch", "重新派单", WAITING, DISPATCHED),
    heard("hand_over", "移交", (DISPATCHED, HANDLING), DISPATCHED),
    heard("settle", "所等之事办妥", OPEN, HANDLED),
    heard("land", "成果落实", OPEN, VERIFIED),
    heard("amend", "热线更正", OPEN, None),
    heard("hear_extension", "热线同意延期", OPEN, None),
    heard("leave", "退回热线", OPEN, CLOSED),
    heard("hear_good", "反映人认可", VERIFIED, CLOSED),
    heard("reopen", "重新办理", (VERIFIED, CLOSED), DISPATCHED),
)
