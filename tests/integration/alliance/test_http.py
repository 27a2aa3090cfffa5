"""alliance's doors: what comes back, and what bad input is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.contracts import alliance, consultation
from tests.builders import alliance as wishes

CREDIT_CODE = "91110112MA00DEM017"


@pytest.fixture
def service(under_test):
    return under_test("alliance")


def register(service, **body):
    return service.post("/organisations", wishes.organisation_body(**body))["id"]


@pytest.fixture
def organisation(service):
    return register(service)


def ask_for_review(service, **changed):
    """The id of an open request for reviewers."""
    data = wishes.review_requested(**changed)
    service.hear(consultation.ReviewRequested, data["review_ref"], data)
    answer = service.request("GET", f"/requests?request_ref={data['review_ref']}")
    return answer.json["items"][0]["id"]


def accept(service, request, organisation, *experts, role="professional", scope=None, **changed):
    body = {"org_ref": organisation, "expert_refs": list(experts or "a"), "interests": "无"} | changed
    scope = scope or f"party:{organisation}"
    return service.request("POST", f"/requests/{request}/accept", body, role=role, scope=scope)


def decline(service, request, organisation):
    body = {"org_ref": organisation, "reason": "人手不足"}
    scope = f"party:{organisation}"
    return service.request("POST", f"/requests/{request}/decline", body, role="professional", scope=scope)


def withdraw(service, engagement, organisation):
    path = f"/engagements/{engagement}/withdraw"
    return service.request(
        "POST", path, {"reason": "项目冲突"}, role="professional", scope=f"party:{organisation}"
    )


def state_of(service, request):
    return service.request("GET", f"/requests/{request}").json["state"]


# ---- organisations


def test_a_registered_organisation_can_be_read_by_everyone_and_is_announced(service):
    answer = service.request(
        "POST", "/organisations", wishes.organisation_body(credit_code=CREDIT_CODE, kind="social")
    )
    organisation = answer.json
    assert answer.headers["Location"] == f"/alliance/v1/organisations/{organisation['id']}"
    bearers = [
        ("street", "*"),
        ("community", "place:anywhere"),
        ("professional", f"party:{organisation['id']}"),
        ("professional", "party:another"),
    ]
    for role, scope in bearers:
        path = f"/organisations/{organisation['id']}"
        assert service.request("GET", path, role=role, scope=scope).json == organisation
        listed = service.request("GET", "/organisations?kind=social", role=role, scope=scope).json
        assert listed["items"] == [organisation]
    assert service.request("GET", "/organisations?kind=professional").json["items"] == []
    (said,) = service.said(alliance.OrganisationRegistered)
    assert said.data == {
        "org_ref": organisation["id"],
        "kind": "social",
        "name": "示例规划设计院",
        "expertise": ["planning", "accessibility"],
    }


def test_a_credit_code_belongs_to_one_organisation(service):
    register(service, credit_code=CREDIT_CODE)
    again = service.request("POST", "/organisations", wishes.organisation_body(credit_code=CREDIT_CODE))
    assert (again.status_code, again.json["code"]) == (409, "organisation_already_registered")


def test_organisations_without_a_credit_code_do_not_stand_in_each_others_way(service):
    assert register(service) != register(service)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"credit_code": CREDIT_CODE[:-1] + "8"}, {"credit_code"}),
        ({"expertise": ["law", "law"]}, {"expertise"}),
        ({"kind": "company", "name": " "}, {"kind", "name"}),
        ({"expertise": [""]}, {"expertise.0"}),
        ({"expertise": None, "colour": "red"}, {"expertise", "colour"}),
    ],
)
def test_every_wrong_field_of_an_organisation_is_named(service, changed, fields):
    answer = service.request("POST", "/organisations", wishes.organisation_body(**changed))
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json["errors"]} == fields
    assert service.request("GET", "/organisations").json["items"] == []


def test_an_unknown_organisation_is_not_found(service):
    assert service.request("GET", "/organisations/nobody").status_code == 404


# ---- accept


def test_a_request_is_filled_when_enough_experts_have_come(service, organisation):
    request = ask_for_review(service)
    answer = accept(service, request, organisation, "a")
    engagement = answer.json
    assert answer.status_code == 201, answer.text
    assert engagement["allowed_actions"] == ["finish", "withdraw"]
    assert (engagement["request_ref"], engagement["purpose"]) == ("review", "review")
    assert state_of(service, request) == "open"
    assert accept(service, request, register(service), "b").status_code == 201
    view = service.request("GET", f"/requests/{request}").json
    assert (view["state"], view["allowed_actions"]) == ("filled", [])
    assert service.scheduled() == []
    late = accept(service, request, register(service), "c")
    assert (late.status_code, late.json["code"]) == (409, "not_now")


def test_who_drew_the_plan_is_kept_from_its_review(service, organisation):
    request = ask_for_review(service, excluded_org_refs=[organisation])
    answer = accept(service, request, organisation)
    assert (answer.status_code, answer.json["code"]) == (403, "organisation_excluded")
    assert service.said(alliance.EngagementAccepted) == []


@pytest.mark.parametrize("role", ["street", "community", "convenor"])
def test_nobody_of_the_staff_says_yes_for_an_organisation(service, organisation, role):
    request = ask_for_review(service)
    answer = accept(service, request, organisation, "invented", role=role, scope="*")
    assert (answer.status_code, answer.json["code"]) == (403, "role_missing")
    assert service.said(alliance.EngagementAccepted) == []


def test_a_social_organisation_says_yes_for_itself_and_may_go_again(service):
    request = ask_for_review(service)
    own, other = register(service, kind="social"), register(service)
    foreign = accept(service, request, other, role="social_org", scope=f"party:{own}")
    assert (foreign.status_code, foreign.json["code"]) == (403, "outside_scope")
    engagement = accept(service, request, own, role="social_org").json
    path = f"/engagements/{engagement['id']}/withdraw"
    gone = service.post(path, {"reason": "人手不足"}, role="social_org", scope=f"party:{own}", status=200)
    assert gone["state"] == "withdrawn"


def test_an_organisation_without_any_of_the_wanted_expertise_is_told_so(service):
    request = ask_for_review(service)
    answer = accept(service, request, register(service, expertise=["law"]))
    assert (answer.status_code, answer.json["code"]) == (422, "expertise_missing")
    assert answer.json["errors"][0]["field"] == "org_ref"


def test_an_organisation_answers_a_request_once(service, organisation):
    request = ask_for_review(service)
    assert accept(service, request, organisation).status_code == 201
    for answer in (accept(service, request, organisation, "b"), decline(service, request, organisation)):
        assert (answer.status_code, answer.json["code"]) == (409, "organisation_already_engaged")


def test_a_no_is_kept_and_stays_a_no(service, organisation):
    request = ask_for_review(service)
    answer = decline(service, request, organisation)
    assert (answer.status_code, answer.json["reason"]) == (201, "人手不足")
    assert state_of(service, request) == "open"
    for again in (accept(service, request, organisation), decline(service, request, organisation)):
        assert (again.status_code, again.json["code"]) == (409, "organisation_already_declined")
    assert len(service.said()) == 1


def test_what_an_answer_says_lies_where_it_can_be_read_by_its_organisation_only(service, organisation):
    accepted = accept(service, ask_for_review(service), organisation)
    declined = decline(service, ask_for_review(service, review_ref="next"), organisation)
    for answer, kind in ((accepted, "engagements"), (declined, "declines")):
        path = f"/{kind}/{answer.json['id']}"
        assert answer.headers["Location"] == f"/alliance/v1{path}"
        own = service.request("GET", path, role="professional", scope=f"party:{organisation}")
        assert own.json == answer.json
        assert service.request("GET", path, role="professional", scope="party:another").status_code == 403
        assert service.request("GET", path, scope="place:another").status_code == 403
        assert service.request("GET", f"/{kind}/nothing").status_code == 404


def test_an_organisation_speaks_for_itself_only(service, organisation):
    request = ask_for_review(service)
    foreign = accept(service, request, organisation, scope="party:another")
    assert (foreign.status_code, foreign.json["code"]) == (403, "outside_scope")
    engagement = accept(service, request, organisation).json["id"]
    assert withdraw(service, engagement, "another").status_code == 403
    finish = f"/engagements/{engagement}/finish"
    assert service.request("POST", finish, role="professional", scope="party:another").status_code == 403
    assert service.request("POST", finish, role="resident").status_code == 403
    assert service.request("POST", finish, role="street").status_code == 200


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"expert_refs": []}, "expert_refs"),
        ({"expert_refs": [f"{number}" for number in range(11)]}, "expert_refs"),
        ({"expert_refs": ["a", "a"]}, "expert_refs"),
        ({"org_ref": "nobody"}, "org_ref"),
        ({"interests": None}, "interests"),
        ({"interests": "x" * 501}, "interests"),
    ],
)
def test_a_wrong_field_of_a_yes_is_named(service, organisation, changed, field):
    request = ask_for_review(service)
    scope = f"party:{changed.get('org_ref', organisation)}"
    answer = accept(service, request, organisation, scope=scope, **changed)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_an_unknown_request_is_not_found(service, organisation):
    assert accept(service, "nothing", organisation).status_code == 404
    assert decline(service, "nothing", organisation).status_code == 404
    assert withdraw(service, "nothing", organisation).status_code == 404


# ---- finish, withdraw


def test_a_withdrawal_opens_the_request_again_while_there_is_time(service, organisation):
    request = ask_for_review(service, experts_needed=1)
    engagement = accept(service, request, organisation).json["id"]
    assert state_of(service, request) == "filled"
    answer = withdraw(service, engagement, organisation)
    assert (answer.status_code, answer.json["state"]) == (200, "withdrawn")
    (said,) = service.said(alliance.EngagementWithdrawn)
    assert (said.data["reason_text"], said.data["request_ref"]) == ("项目冲突", "review")
    assert state_of(service, request) == "open"
    assert service.scheduled() == [f"lapse:{request}"]
    back = accept(service, request, organisation)
    assert (back.status_code, back.json["code"]) == (409, "organisation_already_engaged")
    assert accept(service, request, register(service)).status_code == 201
    assert state_of(service, request) == "filled"


def test_a_withdrawal_after_the_answer_date_leaves_the_request_unfilled(service, organisation):
    request = ask_for_review(service, experts_needed=1)
    engagement = accept(service, request, organisation).json["id"]
    service.clock.at = wishes.ANSWER_BY
    assert withdraw(service, engagement, organisation).status_code == 200
    assert state_of(service, request) == "unfilled"
    assert service.scheduled() == []
    (said,) = service.said(alliance.RequestUnfilled)
    assert (said.data["request_ref"], said.data["reason_code"]) == ("review", "answer_date_passed")


def test_a_finished_engagement_still_counts_for_its_request(service, organisation):
    request = ask_for_review(service)
    engagement = accept(service, request, organisation, "a").json["id"]
    assert service.request("POST", f"/engagements/{engagement}/finish").json["state"] == "finished"
    accept(service, request, register(service), "b")
    assert state_of(service, request) == "filled"


def test_an_engagement_ends_once(service, organisation):
    engagement = accept(service, ask_for_review(service), organisation).json["id"]
    assert service.request("POST", f"/engagements/{engagement}/finish").status_code == 200
    for answer in (
        service.request("POST", f"/engagements/{engagement}/finish"),
        withdraw(service, engagement, organisation),
    ):
        assert (answer.status_code, answer.json["allowed_actions"]) == (409, [])
    assert len(service.said(alliance.EngagementFinished)) == 1


# ---- lists


def test_every_organisation_sees_all_open_requests_and_its_own_engagements(service, organisation):
    request = ask_for_review(service)
    ask_for_review(service, review_ref="filled", topic_ref="other topic", experts_needed=1)
    (filled,) = service.request("GET", "/requests?topic_ref=other topic").json["items"]
    accept(service, filled["id"], organisation)

    def seen(path, scope):
        role = "street" if scope == "*" else "professional"
        items = service.request("GET", path, role=role, scope=scope).json["items"]
        return [item["id"] for item in items]

    assert seen("/requests?state=open", "party:anyone") == [request]
    assert len(seen("/engagements?topic_ref=other topic", f"party:{organisation}")) == 1
    assert len(seen("/engagements?request_ref=filled", "*")) == 1
    assert seen("/engagements?request_ref=review", "*") == []
    assert seen("/engagements", "party:anyone") == []


def test_a_caller_sees_and_answers_only_what_lies_in_its_place(service, organisation):
    request = ask_for_review(service)
    for scope, status, count in (("place:estate", 200, 1), ("place:another", 403, 0)):
        assert len(service.request("GET", "/requests", role="community", scope=scope).json["items"]) == count
        answer = service.request("GET", f"/requests/{request}", role="community", scope=scope)
        assert answer.status_code == status
    body = {"org_ref": organisation, "reason": "人手不足"}
    for scope, status in (("place:another", 403), ("place:estate", 201)):
        answer = service.request("POST", f"/requests/{request}/decline", body, scope=scope)
        assert answer.status_code == status


def test_organisations_that_answer_at_the_same_time_all_count(service):
    organisations = [register(service) for _ in range(6)]
    request = ask_for_review(service, experts_needed=6)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda org: accept(service, request, org, f"expert of {org}"), organisations))
    assert [answer.status_code for answer in answers] == [201] * 6
    assert state_of(service, request) == "filled"
