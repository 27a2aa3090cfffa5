"""一件事的闭环 A case from its acceptance to the reporter's word, which is not good at first (chain 2, gate G4)."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from shared.demo import deliberation as acts
from shared.demo.neighbourhood import Estate
from shared.demo.stage import Stage

# 演示数据: a picture of one white point
PHOTOGRAPH = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)


@dataclass(frozen=True)
class Loop:
    """A case that the grid's own worker handles, and who reported it."""

    stage: Stage
    estate: Estate
    case: str
    reporter: str

    def play(self) -> None:
        """Handled, verified by another, not good, handled once more, good."""
        known = self.stage.ask("/grid/v1/categories")["items"]
        self.stage.check(f"{len(known)}类事项各有时限和首接单位", all(each["phases"] for each in known))
        self._do("网格员联系反映人", "contact", {})
        self._handle("已劝导各家搬离，通道清空", ["self_governance"])
        self._verify("现场通道畅通")
        self._answer(1, "unresolved", 2, "反映人用链接答复：没解决")
        self.stage.until("事项重新打开，时限重新计", lambda: self._is("dispatched", 1))
        self._handle("与各家约定堆放区域，网格员每日巡查", ["self_governance", "rule_of_virtue"])
        self._verify("堆放区域已划线，通道畅通")
        self._answer(2, "resolved", 5, "反映人再次答复：解决了")
        self.stage.until("反映人认可，事项办结", lambda: self._is("closed", 1))

    def _handle(self, outcome: str, modes: list[str]) -> None:
        self._do("网格员接办", "accept", {})
        handled = self._do("网格员办结反馈", "handle", {"outcome": outcome, "modes": modes})
        self.stage.check("办结后由他人核实，网格员无可再做", not handled["allowed_actions"])

    def _verify(self, finding: str) -> None:
        photograph = self.stage.upload("/grid/v1/attachments", PHOTOGRAPH, "image/png", role="community")
        body = {"finding": finding, "photographs": [photograph["ref"]]}
        self.stage.do("社区到现场核实", f"/grid/v1/cases/{self.case}/verify", body, role="community")

    def _answer(self, turn: int, resolution: str, grade: int, deed: str) -> None:
        asked = acts.await_message(
            self.stage, "核实后反映人被询问一次", self.reporter, f"turn{turn}:verified"
        )
        link = acts.answer_link(self.stage, asked)
        self.stage.teller.deed(deed)
        answer = self.stage.answer_publicly(link, {"resolution": resolution, "grade": grade})
        self.stage.check("答复已收到", answer.ok)

    def _is(self, state: str, reopenings: int) -> bool:
        case = self.stage.ask(f"/grid/v1/cases/{self.case}")
        return (case["state"], case["reopen_count"]) == (state, reopenings)

    def _do(self, deed: str, action: str, body: dict[str, Any]) -> Any:
        path, scope = f"/grid/v1/cases/{self.case}/{action}", f"place:{self.estate.grid}"
        return self.stage.do(deed, path, body, role="grid_worker", scope=scope)
