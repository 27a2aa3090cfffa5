"""Failpoints say what they do, refuse what they do not know, and are not there unless asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from time import perf_counter

import pytest

from shared.messaging import failpoints
from shared.messaging.failpoints import FailpointReached, FailpointsWrong, failpoint
from tests.faults import plan


def ran(variable, code):
    environment = {**os.environ, "JIUSHU_FAILPOINTS": variable}
    program = f"from shared.messaging.failpoints import failpoint\n{code}\nprint('alive')"
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=30
    )


REACHED_TWICE = "failpoint('relay.after_confirm')\nfailpoint('relay.after_confirm')"


def test_nothing_happens_where_nothing_is_armed():
    failpoint("relay.after_confirm")
    began = perf_counter()
    for _ in range(10_000):
        failpoint("relay.after_confirm")
    assert perf_counter() - began < 1


def test_a_process_is_killed_when_it_reaches_the_point_for_the_second_time():
    assert ran("relay.after_confirm:kill@2", REACHED_TWICE).returncode == -9
    assert ran("relay.after_confirm:kill@3", REACHED_TWICE).stdout == "alive\n"


def test_a_process_can_end_without_cleaning_up():
    assert ran("relay.after_confirm:exit", REACHED_TWICE).returncode == 9


def test_an_error_is_raised_where_it_is_asked_for():
    assert (
        "FailpointReached" in ran("lane.in_handler:sleep=0,relay.after_confirm:raise", REACHED_TWICE).stderr
    )


@pytest.mark.parametrize(
    "variable",
    [
        "relay.nowhere:kill",
        "relay.after_confirm",
        "relay.after_confirm:kill@0",
        "relay.after_confirm:kill@x",
        "relay.after_confirm:sleep=x",
        "relay.after_confirm:kill=3",
    ],
)
def test_what_cannot_be_understood_is_refused_in_words(variable):
    with pytest.raises(FailpointsWrong, match=r"JIUSHU_FAILPOINTS.*relay"):
        failpoints.parse(variable)


def test_a_point_acts_once_in_a_test_of_one_process():
    def fail():
        raise FailpointReached

    with failpoints.acting("lane.in_handler", fail):
        with pytest.raises(FailpointReached):
            failpoint("lane.in_handler")
        failpoint("lane.in_handler")
    failpoint("lane.in_handler")


def test_the_plan_visits_every_point_there_is():
    assert {point for points in plan.POINTS.values() for point in points} == set(failpoints.POINTS)
