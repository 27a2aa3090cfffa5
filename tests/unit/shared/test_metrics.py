"""The metrics as Prometheus reads them: its own parser, its own rules for names, and the page that explains them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
import yaml
from prometheus_client.parser import text_string_to_metric_families

from shared.cli.main import app
from shared.testing.harness import ServiceUnderTest
from tests.integration.messaging.toy import LISTENER, SENDER, LabelSet, MakeThing, ThingMade

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "operating" / "metrics.md"
OBSERVABILITY = ROOT / "deploy" / "observability"
# what `promtool check metrics` refuses beside a missing HELP
NOT_BASE_UNITS = r"milliseconds|minutes|hours|days|kilobytes|bits|percent|ms|us|min"


@pytest.fixture
def listener():
    return ServiceUnderTest(LISTENER)


def scraped(service):
    answer = service.request("GET", "/metrics", role="monitor")
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    return {family.name: family for family in text_string_to_metric_families(answer.text)}


def value(service, name, **labels):
    """The value of one series; 0 where it has not begun."""
    for family in scraped(service).values():
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return sample.value
    return 0.0


def ours(service):
    return [family for name, family in scraped(service).items() if name.startswith("jiushu_")]


def test_names_units_and_help_are_as_prometheus_wants_them(listener):
    for family in ours(listener):
        assert re.fullmatch(r"jiushu_[a-z]+(_[a-z]+)*", family.name), family.name
        assert family.documentation.endswith("."), family.name
        assert not re.search(rf"_({NOT_BASE_UNITS})(_|$)", family.name), family.name
        assert not re.search(r"(counter|gauge|histogram)", family.name), family.name
        for sample in family.samples:
            assert (family.type == "counter") == sample.name.endswith("_total"), sample.name
        if family.type == "histogram" or "_age_" in family.name:
            assert family.name.endswith("_seconds")


def explained():
    return set(re.findall(r"^\| `(jiushu_\w+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE))


def test_each_metric_is_explained_on_the_page_and_no_other_is(listener):
    assert explained() == {
        family.name + ("_total" if family.type == "counter" else "") for family in ours(listener)
    }


def test_what_is_handled_is_counted_by_type(listener):
    listener.hear(ThingMade, "a", {"name": "x", "count": 1})
    listener.hear(LabelSet, "a", {"name": "y"})
    assert value(listener, "jiushu_events_handled_total", type=ThingMade.type) == 1
    assert value(listener, "jiushu_events_handled_total", type=LabelSet.type) == 1
    assert value(listener, "jiushu_event_handler_seconds_count", type=ThingMade.type) == 1


def test_what_fails_waits_or_is_given_up_is_counted_each_for_itself(listener):
    for key, name in (("a", "bad"), ("b", "refused"), ("c", "early")):
        listener.hear(ThingMade, key, {"name": name, "count": 1})
    assert value(listener, "jiushu_event_retries_total", type=ThingMade.type) >= 1
    assert value(listener, "jiushu_events_dead_total", type=ThingMade.type) == 1
    assert value(listener, "jiushu_event_waits_total", type=ThingMade.type) >= 1
    assert value(listener, "jiushu_events_handled_total", type=ThingMade.type) == 0


def test_a_type_that_the_service_does_not_know_makes_no_series_of_its_own(listener):
    listener.application.metrics.keep_received([f"invented.{number}" for number in range(50)], 50)
    assert value(listener, "jiushu_events_received_total", type="other") == 50
    assert "invented" not in listener.request("GET", "/metrics", role="monitor").text


def test_paths_are_counted_as_declared_without_their_values(listener):
    listener.request("GET", "/dead-letters/4711", role="admin")
    listener.request("GET", "/no/such/place")
    operation = "GET /listener/v1/dead-letters/{number}"
    assert value(listener, "jiushu_http_requests_total", operation=operation, status="404") == 1
    assert value(listener, "jiushu_http_requests_total", operation="other", status="404") == 1
    assert value(listener, "jiushu_http_request_seconds_count", operation=operation) == 1
    assert "/4711" not in listener.request("GET", "/metrics", role="monitor").text


def test_two_services_of_one_process_count_apart(listener):
    sender = ServiceUnderTest(SENDER)
    listener.hear(ThingMade, "a", {"name": "x", "count": 1})
    sender.handle(MakeThing("a", "x"))
    assert value(sender, "jiushu_outbox_unpublished") == 1
    assert value(listener, "jiushu_outbox_unpublished") == 0
    assert value(sender, "jiushu_events_handled_total", type=ThingMade.type) == 0


def test_residents_and_passers_by_may_not_read_them(listener):
    assert listener.anonymous("GET", "/metrics").status_code == 401
    assert listener.request("GET", "/metrics", role="resident").status_code == 403
    assert listener.request("GET", "/metrics", role="street", scope="place:1").status_code == 403


def test_a_monitor_may_read_metrics_and_nothing_else(listener):
    assert listener.request("GET", "/metrics", role="monitor").status_code == 200
    assert listener.request("GET", "/outbox", role="monitor").status_code == 403
    assert listener.request("GET", "/dead-letters", role="monitor").status_code == 403


def test_what_the_bus_does_not_have_yet_is_listed_in_parts_with_its_age():
    sender = ServiceUnderTest(SENDER)
    for number in range(3):
        sender.handle(MakeThing("a", f"n{number}"))
    first = sender.request("GET", "/outbox?limit=2").json
    assert [(item["type"], item["partition_key"]) for item in first["items"]] == [(ThingMade.type, "a")] * 2
    assert all(0 <= item["age_seconds"] < 60 for item in first["items"])
    assert "body" not in first["items"][0]
    assert len(sender.request("GET", f"/outbox?after={first['next']}").json["items"]) == 1
    summary = sender.request("GET", "/outbox/summary").json
    assert summary["unpublished"] == 3
    assert summary["bus_up"] is True
    assert sender.request("GET", "/outbox", scope="place:1").status_code == 403


@pytest.mark.parametrize("file", ["alarms.yml", "dashboards/operators.json"])
def test_alarms_and_dashboards_ask_for_metrics_that_there_are(file):
    asked = set(re.findall(r"jiushu_\w+", (OBSERVABILITY / file).read_text(encoding="utf-8")))
    assert asked
    assert {name.removesuffix("_bucket") for name in asked} <= explained()


ALARMS = yaml.safe_load((OBSERVABILITY / "alarms.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
TO_DO = (ROOT / "docs" / "operating" / "alarms.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.*?)\n\n(.*?)(?=^## |\Z)", TO_DO, re.MULTILINE | re.DOTALL))


def test_the_page_of_alarms_has_a_section_for_each_rule_and_no_other():
    assert [*SECTIONS][:-1] == [alarm["alert"] for alarm in ALARMS]


@pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: alarm["alert"].split()[1])
def test_each_alarm_says_what_to_do_and_when_somebody_is_called(alarm):
    assert alarm["annotations"].keys() == {"summary", "action"}
    section = SECTIONS[alarm["alert"]]
    assert section.startswith(f"`{alarm['labels']['severity']}`")
    assert alarm.get("for", "0m")[:-1] in section or "for" not in alarm


def test_what_the_page_of_alarms_tells_to_run_is_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"`make (\w+)", TO_DO))
    assert targets <= set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    commands = {command.split()[0] for command in re.findall(r"`jiushu ([\w-]+)", TO_DO)}
    assert commands <= set(typer.main.get_command(app).commands)
    for verb in re.findall(r"`jiushu dead-letters (\w+)", TO_DO):
        assert verb in typer.main.get_command(app).commands["dead-letters"].commands
    for page in re.findall(r"\]\((\w+\.md)", TO_DO):
        assert (ROOT / "docs" / "operating" / page).exists()
