"""全文检索 Chinese text made into words that any index finds again: without a dictionary, by pairs of characters.

Chinese has no blanks, and most of its words have two characters: an index of single characters finds far too much, one
of whole runs or of three characters nothing at all for 花坛. So a run of Chinese characters becomes its overlapping
pairs, and its last character once more by itself: each character then begins exactly one word. What is asked for is
made into words in the same way, which must follow each other in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_WORD = 64  # of letters and digits; what is longer is found by its beginning
_CHINESE = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+")


@dataclass(frozen=True)
class Phrase:
    """词组 Words that follow each other in a text. `is_open`: of the last one only the beginning is known."""

    words: tuple[str, ...]
    is_open: bool = False


def words(text: str) -> list[str]:
    """检索词 The words of a text; full and half width, capitals and small letters are the same.

    >>> words("3号楼前的花坛，ＬＥＤ灯")
    ['3', '号楼', '楼前', '前的', '的花', '花坛', '坛', 'led', '灯']
    """
    return [word for run in _runs(text) for word in _words(run)]


def phrases(asked: str) -> list[Phrase]:
    """检索条件 What must be found in a text, each for itself: what stands between blanks. None where nothing is asked
    for: no character, letter or digit.

    >>> phrases("花坛 3号")
    [Phrase(words=('花坛',), is_open=False), Phrase(words=('3', '号'), is_open=True)]
    """
    found = (_phrase(list(_runs(part))) for part in unicodedata.normalize("NFKC", asked).split())
    return [phrase for phrase in found if phrase.words]


def _phrase(runs: list[str]) -> Phrase:
    if not runs:
        return Phrase(())
    *before, last = runs
    known = [word for run in before for word in _words(run)]
    if not _is_chinese(last):
        return Phrase((*known, *_words(last)))
    if len(last) == 1:  # in the text it may begin a pair
        return Phrase((*known, last), is_open=True)
    return Phrase((*known, *_words(last)[:-1]))  # in the text the run may go on


def _runs(text: str) -> Iterator[str]:
    yield from _RUN.findall(unicodedata.normalize("NFKC", text).casefold())


def _words(run: str) -> list[str]:
    if not _is_chinese(run):
        return [run[:LONGEST_WORD]]
    return [run[place : place + 2] for place in range(len(run))]


def _is_chinese(run: str) -> bool:
    return re.match(f"[{_CHINESE}]", run) is not None
