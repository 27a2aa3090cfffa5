"""The ledger sees what it is there to see; a plan is what its seed says."""

from __future__ import annotations

import pytest

from tests.faults import plan
from tests.faults.ledger import Entry, Verdict, outcomes

SAID = [Entry("a", "1"), Entry("b", "1b"), Entry("a", "2"), Entry("a", "3")]


def verdict_on(found):
    verdict = Verdict()
    verdict.compare("here", SAID, found)
    return verdict


def test_what_happened_once_and_in_order_is_clean():
    assert verdict_on([Entry("b", "1b"), *[entry for entry in SAID if entry.key == "a"]]).is_clean


def test_what_is_missing_is_lost():
    assert verdict_on(SAID[:-1]).lost == ["here: Entry(key='a', intent='3')"]


def test_what_happened_twice_is_doubled_and_nothing_else():
    verdict = verdict_on([*SAID, SAID[0]])
    assert len(verdict.doubled) == 1
    assert not verdict.out_of_order


def test_what_happened_too_early_is_out_of_order():
    assert verdict_on([SAID[2], SAID[0], SAID[1], SAID[3]]).out_of_order == ["here: a"]


def test_what_nobody_said_is_a_ghost():
    assert len(verdict_on([*SAID, Entry("a", "4")]).ghosts) == 1


@pytest.mark.parametrize(
    ("told", "there", "wrong"),
    [
        ("committed x", [], "lost"),
        ("rolled-back x", ["x"], "ghosts"),
        ("", ["x"], "ghosts"),
        ("begun x", ["x"], None),
        ("begun x", [], None),
        ("unknown x", ["x"], None),
    ],
)
def test_what_a_writer_was_told_must_be_so(tmp_path, told, there, wrong):
    (tmp_path / "intents").write_text(f"begun x\n{told}\n" if told else "")
    verdict = Verdict()
    verdict.compare_intents(outcomes(tmp_path / "intents"), there)
    assert verdict.is_clean is (wrong is None)
    assert wrong is None or getattr(verdict, wrong)


def test_a_seed_replays_its_plan_and_another_makes_another():
    def drawn(seed):
        return plan.service_steps(seed, "second", plan.POINTS["second"], plan.LONG, 2)

    assert drawn(1) == drawn(1) != drawn(2)
    assert plan.network_steps(1, plan.LONG) == plan.network_steps(1, plan.LONG)
