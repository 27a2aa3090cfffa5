"""Backup, destruction, restore: the chain goes on where it stood, and what was only in the broker comes back."""

from __future__ import annotations

from shared.demo import deliberation as acts
from shared.demo import neighbourhood
from tests.e2e.ledger import assert_everybody_heard_everything_once
from tests.stack.conftest import DEPLOY
from tests.stack.test_2_chain import play_chain_1


def published(stage):
    """Whether grid's outbox is empty: what it said is with the broker."""
    return stage.ask("/grid/v1/outbox")["items"] == []


def test_what_is_backed_up_is_restored_and_goes_on(stack, tmp_path):
    stage = stack.stage()
    street, code = neighbourhood.street(stage), neighbourhood.free_code(stage)
    estate = neighbourhood.estate(
        stage, street, name="备份恢复", code=code, owners=1, area_dm2=1, spot="广场"
    )
    resident = neighbourhood.resident(stage, "演示居民", 10 * int(code) + 9, estate.doors[0])
    stack.compose("stop", "notify")
    case = acts.report(stage, "演示居民", resident, estate.spot, "路灯不亮")
    stage.until("what grid said is with the broker only", lambda: published(stage))

    folder = tmp_path / "backup"
    stack.run(str(DEPLOY / "backup.sh"), str(folder))
    refused = stack.run(str(DEPLOY / "restore.sh"), str(folder), check=False)
    assert "There is a stack here already" in refused
    stack.compose("down", "--volumes", "--timeout", "5")
    (DEPLOY / "secrets").rename(tmp_path / "secrets")  # they are in the backup too
    stack.run(str(DEPLOY / "restore.sh"), str(folder))
    stack.wait_until_ready()

    assert stage.ask(f"/grid/v1/cases/{case['id']}")["text"] == "路灯不亮"
    acts.await_message(stage, "what only the broker had was heard after all", resident, ":reported")
    assert_everybody_heard_everything_once(stage, stage.teller.journeys)
    play_chain_1(stage)
