"""率 A part of a whole, as people read it."""

from __future__ import annotations


def percent(part: int, whole: int) -> str | None:
    """Per cent with one decimal, never rounded up to what it is not; None (“—”) where there is no whole.

    >>> percent(1999, 2000), percent(2, 3), percent(0, 7), percent(0, 0)
    ('99.9', '66.6', '0.0', None)
    """
    if whole == 0:
        return None
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}"
