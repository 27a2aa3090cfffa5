"""The OpenAPI document of each service: valid, in Chinese, and with examples that are true."""

from __future__ import annotations

import re

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from shared.suite import service_class
from shared.testing.harness import ServiceUnderTest
from shared.web.common import all_apis
from shared.web.openapi import document
from tests.contract.ours import NAMES

DOCUMENTS = {
    name: document(service_class(name).definition, all_apis(service_class(name).definition)) for name in NAMES
}
OPERATIONS = [
    pytest.param(name, operation, id=f"{name} {method} {path}")
    for name, published in DOCUMENTS.items()
    for path, methods in published["paths"].items()
    for method, operation in methods.items()
]
# what the demo does not do; an operation that is added is either played or named here
NOT_PLAYED = {
    "alliance": {"request", "decline_request", "decline", "finish_engagement", "withdraw_engagement"},
    "consultation": {
        "plan_difference",
        "declare_interest",
        "interest",
        "decline_topic",
        "design_requests",
        "publish_session_in_emergency",
        "approve_session",
        "link_cases",
        "merge_topic",
        "suspend_topic",
        "resume_topic",
        "calendar",
        "register_venue",
        "venue",
        "close_venue",
        "reopen_venue",
        "reschedule_session",
        "cancel_session",
        "call_off_survey",
        "keep_attachment",
        "attachment",
        "refer_topic",
        "reopen_result",
        "link_to_project",
        "complete_project",
        "call_off_project",
        "teams",
        "reception_points",
        "intakes",
        "set_up_platform",
        "platform",
        "revise_platform",
        "end_platform",
        "participation",
        "compose_team",
        "rearrange_reception_point",
        "close_reception_point",
        "suggest_intake",
        "suggestions",
        "import_suggestions",
        "suggestion_template",
    },
    "grid": {
        "object_to_case",
        "uphold_objection",
        "overrule_objection",
        "pause_clock",
        "resume_clock",
        "ask_extension",
        "extend_case",
        "refuse_extension",
        "finish_phase",
        "send_back_case",
        "try_revisit",
        "revisit_case",
        "close_case",
        "ask_end",
        "end_case",
        "refuse_end",
        "withdraw_case",
        "merge_case",
        "cluster",
        "similar_cases",
        "recount_clocks",
        "write_note",
        "notes",
        "case_counts",
        "act_on_cases",
        "hand_shift_over",
        "shift_handover",
        "take_shift",
        "attend_case",
        "ask_co_handler",
        "release_co_handler",
        "report_part",
        "adopt_community_list",
        "blow_whistle",
        "whistle",
        "answer_whistle",
        "report_result",
        "confirm_result",
        "send_whistle_back",
        "withdraw_whistle",
        "put_on_duty",
        "duty_shift",
        "take_shift_back",
        "duty_roster",
        "be_absent",
        "absence",
        "take_absence_back",
        "adopt_category_table",
        "rates",
        "case_turn",
        "ask_exclusion",
        "exclude_turn",
        "refuse_exclusion",
        "adopt_rate_rules",
        "publish_rates",
        "rate_report",
        "import_sheet",
        "import_template",
        "export_sheet",
        "change_place",
        "draw_shapes",
        "locate",
        "register_household",
        "household",
        "surroundings",
        "end_household",
        "change_organisation",
        "end_organisation",
        "release_staff",
        "post_staff",
        "end_duty",
        "resume_duty",
        "take_over_pairing",
        "end_pairing",
        "captain_coverage",
        "captain_post",
        "my_day",
        "propose_captain",
        "captain",
        "appoint_captain",
        "retire_captain",
        "record_captain",
        "captain_record",
        "enter_points",
        "points_entry",
        "log_captains_duty",
        "log_stewards_duty",
        "answer_duty",
        "duty",
        "keep_attachment",
        "attachment",
        "begin_patrol",
        "patrol",
        "check_in",
        "check_ins",
        "report_finding",
        "findings",
        "end_patrol",
        "request_visit",
        "visit",
        "record_visit",
        "visit_records",
        "ask_again",
        "begin_campaign",
        "campaign",
        "supersede_places",
        "place_case",
        "name_catch_all",
        "put_hotline_order",
        "hotline_order",
        "hear_objection_ruled",
        "hear_extension_decided",
        "hear_revisit",
        "reconcile_day",
        "reconciliation",
    },
    "notify": {
        "message",
        "answer_for_resident",
        "question_by_token",
        "personal_file",
        "correct_contact",
        "stop_contact",
        "resume_contact",
        "erase_contact",
        "give_consent",
        "consents",
        "withdraw_consent",
        "disclose_contact",
        "disclosures",
        "disclosure",
    },
    "property": {"one_works", "reject_item"},
}
MENDING = {
    "dead_letter",
    "replay",
    "discard",
    "dead_command",
    "replay_command",
    "discard_command",
    "ask_for_replay",
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_validator_that_we_did_not_write_accepts_the_document(name):
    assert list(OpenAPIV31SpecValidator(DOCUMENTS[name]).iter_errors()) == []


@pytest.mark.parametrize(("name", "operation"), OPERATIONS)
def test_every_operation_says_in_chinese_what_it_does_and_who_may(name, operation):
    assert re.search(r"[\u4e00-\u9fff]", operation["summary"])
    assert operation["description"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_operations_have_names_of_their_own(name):
    names = [operation.values[1]["operationId"] for operation in OPERATIONS if operation.values[0] == name]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(("name", "operation"), OPERATIONS)
def test_every_example_is_as_the_document_says(name, operation):
    for content in contents(operation):
        if "example" in content:
            schema = {**content["schema"], "components": DOCUMENTS[name]["components"]}
            Draft202012Validator(schema, format_checker=FormatChecker()).validate(content["example"])


@pytest.mark.parametrize(("name", "operation"), OPERATIONS)
def test_every_operation_that_the_demo_plays_has_an_example_and_no_other(name, operation):
    is_played = operation["operationId"] not in MENDING | NOT_PLAYED[name]
    assert any("example" in content for content in contents(operation)) == is_played, "run `make examples`"


def contents(operation):
    """What is sent and what is answered, each with its schema."""
    yield from operation.get("requestBody", {}).get("content", {}).values()
    for response in operation["responses"].values():
        yield from response.get("content", {}).values()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_document_and_its_page_are_there_for_anyone_and_need_nothing_from_outside(name):
    service = ServiceUnderTest(service_class(name).definition)
    assert service.anonymous("GET", "/openapi.json").json == DOCUMENTS[name]
    page = service.anonymous("GET", "/docs")
    assert page.mimetype == "text/html"
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    linked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(linked) == 5
    for link in linked:
        assert service.anonymous("GET", f"/{link}").status_code == 200
    assert service.anonymous("GET", "/docs/../openapi.py").status_code == 404
    assert service.anonymous("GET", "/docs/swagger-editor.js").status_code == 404
