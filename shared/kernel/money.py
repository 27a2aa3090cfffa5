"""Money is an integer of fen (分); yuan exist only in what people read."""

from __future__ import annotations


def yuan(fen: int) -> str:
    """An amount as people read it.

    >>> yuan(28888888)
    '288,888.88元'
    >>> yuan(-5)
    '-0.05元'
    """
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}元"
