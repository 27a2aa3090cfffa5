"""Asking what may never answer: a frozen server accepts connections and says nothing.

Drivers' own time limits do not reach everywhere, so the question is asked in a thread (a green one where the process
is) that is left behind when its time is over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class NoAnswer(Exception):
    """It did not answer within its time; the thread that asked may still be waiting."""


def ask(question: Callable[[], T]) -> Future[T]:
    """Ask in a thread of its own, which keeps no process from ending."""
    answer: Future[T] = Future()

    def asking() -> None:
        try:
            answer.set_result(question())
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=asking, name="check", daemon=True).start()
    return answer


def waited_for(answer: Future[T], seconds: float) -> T:
    """The answer, if it comes within these seconds. Raises NoAnswer, or what the question raised."""
    try:
        return answer.result(timeout=seconds)
    except TimeoutError:
        if answer.done():
            raise
        raise NoAnswer(f"{seconds:g} s") from None


def within(seconds: float, question: Callable[[], T]) -> T:
    """Ask, and wait for these seconds. Raises NoAnswer, or what the question raised."""
    return waited_for(ask(question), seconds)
