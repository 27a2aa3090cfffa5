"""What the caller is told of an error that is nobody's refusal."""

from __future__ import annotations

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from shared.persistence.database import CutOff, DatabaseAway, TooLongIdle
from shared.web.problems import problem


@pytest.mark.parametrize(
    "error", [DatabaseAway("x"), CutOff("x"), TooLongIdle()], ids=lambda e: type(e).__name__
)
def test_where_the_database_ended_the_deed_nothing_was_written_and_the_same_may_be_sent_again(error):
    answer = problem(error, Request(EnvironBuilder().get_environ()), None)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
