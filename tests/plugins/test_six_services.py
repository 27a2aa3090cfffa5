"""The example of a stranger, installed: its own tests pass, and chain 1 is played with six services, its rule deciding
and its channel delivering."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest
import requests
from kombu import Connection, Consumer, Queue

from shared.demo import life_ring, neighbourhood
from shared.demo.processes import ServiceProcess
from shared.messaging.rabbitmq import FEED
from shared.suite import service_names
from tests.e2e.conftest import Deployment
from tests.e2e.ledger import assert_everybody_heard_everything_once

SIX = [*service_names(), "honour"]


@pytest.fixture
def environment(tmp_path, installed_example):
    """The settings of an operator who has installed the example, and prefers its rule and its channel."""
    dropped = tmp_path / "dropped"
    dropped.mkdir()
    return {
        "PYTHONPATH": str(installed_example),
        "JIUSHU_CLOCK_FILE": str(tmp_path / "clock"),
        "JIUSHU_CONSULTATION_PLUGINS": "decision_rules=two_thirds",
        "JIUSHU_NOTIFY_PLUGINS": "channels=drop_folder",
        "EXAMPLE_DROP_FOLDER": str(dropped),
    }


@pytest.fixture
def deployed(tmp_path):
    """Starts processes of services, and stops them in the end."""
    started = []

    def start(environment, *processes):
        deployment = Deployment(
            tmp_path, [ServiceProcess(names, environment, tmp_path) for names in processes]
        )
        started.append(deployment)
        deployment.start()
        return deployment

    yield start
    for deployment in started:
        deployment.stop()


def play_chain_1(stage):
    """The story of “生命之环”; the verdicts of its reviews are returned."""
    closed = []
    do = stage.do

    def remembering(text, path, *arguments, **options):
        answer = do(text, path, *arguments, **options)
        if path.endswith("/close"):
            closed.append(answer)
        return answer

    stage.do = remembering
    life_ring.play(stage, neighbourhood.street(stage), neighbourhood.organisations(stage))
    return [verdict for review in closed for verdict in review["verdicts"]]


def assert_the_strangers_took_part(stage, verdicts, dropped):
    """The sixth service heard, and said; the rule decided; the channel delivered."""
    (commendation,) = stage.until("已提请表彰", lambda: stage.all_of("/honour/v1/commendations"))
    assert commendation["title"] == life_ring.TITLE
    (journey,) = {
        journey
        for journey in stage.teller.journeys
        for step in stage.ask(f"/honour/v1/journeys/{journey}")["steps"]
        if step["kind"] == "said" and step["type"] == "honour.commendation.proposed.v1"
    }
    steps = stage.ask(f"/honour/v1/journeys/{journey}")["steps"]
    heard = [(step["type"], step["state"]) for step in steps if step["kind"] == "heard"]
    assert heard == [("consultation.result.landed.v1", "done")]
    assert stage.ask("/honour/v1/dead-letters")["items"] == []

    assert [verdict["passed"] for verdict in verdicts] == [True, False, True, True]
    assert all("三分之二规则" in verdict["why"] for verdict in verdicts)

    messages = stage.all_of("/notify/v1/messages")
    assert {(message["channel"], message["state"]) for message in messages} == {("drop_folder", "delivered")}
    assert {file.stem for file in dropped.iterdir()} == {message["id"] for message in messages}
    texts = [json.loads(file.read_text(encoding="utf-8"))["text"] for file in dropped.iterdir()]
    assert sum("/answers/" in text for text in texts) == 5


def test_six_services_play_chain_1_in_one_process(deployed, environment, tmp_path):
    deployment = deployed(environment, SIX)
    verdicts = play_chain_1(deployment.stage)
    assert_the_strangers_took_part(deployment.stage, verdicts, tmp_path / "dropped")
    assert_everybody_heard_everything_once(deployment.stage, deployment.stage.teller.journeys)
    assert "表彰" in requests.get(deployment.processes[0].url, timeout=5).text


def test_six_services_play_chain_1_as_six_processes_and_outsiders_hear_of_it(
    deployed, environment, tmp_path, postgresql, rabbitmq, jiushu
):
    environment["JIUSHU_AMQP_URI"] = rabbitmq.new_vhost()
    for name in SIX:
        environment[f"JIUSHU_{name.upper()}_DATABASE_URL"] = postgresql.new_database(name)
    migrated = jiushu("migrate", **environment)
    assert migrated.stdout.split("\n")[:-1] == [f"{name}: ready" for name in sorted(SIX)]
    heard_outside = []
    with Connection(environment["JIUSHU_AMQP_URI"]) as connection:
        queue = Queue("ext.district", FEED, routing_key="honour.#", exclusive=True)
        with Consumer(connection, queue, on_message=heard_outside.append, accept=None, no_ack=True):
            deployment = deployed(environment, *([name] for name in SIX))
            verdicts = play_chain_1(deployment.stage)
            assert_the_strangers_took_part(deployment.stage, verdicts, tmp_path / "dropped")
            connection.drain_events(timeout=10)
    (message,) = heard_outside
    assert message.delivery_info["routing_key"] == "honour.commendation.proposed.v1"
    assert_everybody_heard_everything_once(deployment.stage, deployment.stage.teller.journeys)


def test_the_strangers_own_tests_pass_where_it_is_installed(example, installed_example, tmp_path):
    """Away from this repository, as its author would run them."""
    shutil.copytree(example / "tests", tmp_path / "tests")
    shutil.copy(example / "pyproject.toml", tmp_path)
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed_example)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stdout
    assert " passed" in result.stdout
