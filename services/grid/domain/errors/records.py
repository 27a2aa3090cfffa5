"""What is refused of anything that is written down about what people did."""

from __future__ import annotations

from shared.kernel.errors import Invalid


class RecordedAhead(Invalid):
    """What is recorded has happened."""

    code = "recorded_ahead"
    zh = "{field}：时间还没有到，只能记录已发生的事；请核对手机时间"
    en = "{field}: this lies ahead; only what has happened can be recorded: check the phone's clock"
