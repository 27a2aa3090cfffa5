"""What grid does with what it hears: each subscription twice and out of order."""

from __future__ import annotations

from datetime import date

import pytest

from services.grid.domain.errors.captains import CaptainLivesElsewhere
from services.grid.use_cases.captains import AppointCaptain, ProposeCaptain
from services.grid.use_cases.cases import ReportCase
from services.grid.use_cases.catch_all import NameCatchAll
from services.grid.use_cases.places import RegisterPlace
from shared.contracts import consultation, grid, notify, property
from shared.contracts.registry import written
from shared.kernel.errors import EndedReference
from tests.builders import facts
from tests.builders.places import a_spot


@pytest.fixture
def service(under_test):
    """grid with a street, a community, an estate, a grid and a spot in it."""
    service = under_test("grid")
    service.spot = a_spot(service)
    return service


@pytest.fixture
def case(service):
    """A case that a resident has reported."""
    service.hear(notify.ContactRegistered, "resident-1", facts.contact())
    command = ReportCase("0603", service.spot.id, "水池干涸，花坛破损", "resident", reporter_ref="resident-1")
    return service.handle(command)


def linking(case):
    """What an event says of a topic that takes up the case."""
    return {"case_refs": [case.id], "place_path": case.place_path}


def state_of(service, case):
    return service.request("GET", f"/cases/{case.id}").json["state"]


def test_an_accepted_topic_makes_its_linked_cases_wait(service, case):
    data = facts.topic(**linking(case)) | {"party_org": "社区党委"}
    service.hear_twice(consultation.TopicAccepted, "topic", data)
    assert state_of(service, case) == "waiting"
    assert [event.data["waiting_for"] for event in service.said(grid.CaseWaiting)] == ["topic"]


def test_an_adopted_plan_makes_its_linked_cases_wait_for_the_works(service, case):
    data = facts.topic_resolved(**linking(case))
    service.hear_twice(consultation.TopicResolved, "topic", data)
    assert [event.data["waiting_for"] for event in service.said(grid.CaseWaiting)] == ["works"]


@pytest.mark.parametrize(("plan_version", "waits_for"), [(None, "topic"), (2, "works")])
def test_a_case_that_a_topic_takes_up_later_waits_for_what_the_others_wait_for(
    service, case, plan_version, waits_for
):
    linked = {"linked_case_refs": [case.id], "plan_version": plan_version}
    data = facts.topic(**linking(case)) | linked
    service.hear_twice(consultation.TopicCasesLinked, "topic", data)
    assert [event.data["waiting_for"] for event in service.said(grid.CaseWaiting)] == [waits_for]


def test_an_acceptance_that_comes_after_the_resolution_does_not_send_a_case_back(service, case):
    service.hear(consultation.TopicResolved, "topic", facts.topic_resolved(**linking(case)))
    before = service.snapshot()
    service.hear(
        consultation.TopicAccepted,
        "topic",
        facts.topic(**linking(case)) | {"party_org": "社区党委"},
        version=1,
    )
    assert service.snapshot() == before


def test_a_landed_result_handles_its_linked_cases_even_before_anything_else_is_heard(service, case):
    data = facts.result_landed(**linking(case))
    service.hear_twice(consultation.ResultLanded, "topic", data)
    assert state_of(service, case) == "verified"
    before = service.snapshot()
    service.hear(consultation.TopicResolved, "topic", facts.topic_resolved(**linking(case)))
    assert service.snapshot() == before


def test_a_good_answer_closes_the_case_once(service, case):
    service.hear(consultation.ResultLanded, "topic", facts.result_landed(**linking(case)))
    data = facts.feedback(covers=[{"type": "case", "ref": case.id, "turn": 1}])
    service.hear_twice(notify.FeedbackReceived, "answer", data)
    (closed,) = service.said(grid.CaseClosed)
    assert (closed.data["resolution"], closed.data["grade"], closed.data["on_time"]) == ("resolved", 5, True)


def test_the_persons_own_answer_opens_again_what_a_recorded_one_closed(service, case):
    service.hear(consultation.ResultLanded, "topic", facts.result_landed(**linking(case)))
    covers = [{"type": "case", "ref": case.id, "turn": 1}]
    service.hear_twice(
        notify.FeedbackReceived, "recorded", facts.feedback(covers=covers, recorded_by_staff=True)
    )
    assert state_of(service, case) == "closed"
    own = facts.feedback(covers=covers, resolution="unresolved", grade=1)
    service.hear_twice(notify.FeedbackReceived, "own", own)
    view = service.request("GET", f"/cases/{case.id}").json
    assert (view["state"], view["turn"]) == ("dispatched", 2)


def test_an_answer_that_comes_before_the_case_is_handled_waits_for_it(service, case):
    data = facts.feedback(covers=[{"type": "case", "ref": case.id, "turn": 1}])
    service.hear(notify.FeedbackReceived, "answer", data)
    assert service.heard()["pending"] == 1
    service.hear(consultation.ResultLanded, "topic", facts.result_landed(**linking(case)))
    assert state_of(service, case) == "closed"
    assert "pending" not in service.heard()


def test_an_answer_that_it_is_not_good_opens_the_case_again_with_a_fresh_clock(service, case):
    service.clock.advance(days=100)
    service.hear(consultation.ResultLanded, "topic", facts.result_landed(**linking(case)))
    bad = facts.feedback(
        covers=[{"type": "case", "ref": case.id, "turn": 1}], resolution="unresolved", grade=1
    )
    service.hear(notify.FeedbackReceived, "answer", bad)
    view = service.request("GET", f"/cases/{case.id}").json
    assert (view["state"], view["turn"], view["topic_ref"]) == ("dispatched", 2, None)
    assert view["answer_due_at"] == "2024-09-11T09:00:00+08:00"
    late = facts.feedback(covers=[{"type": "case", "ref": case.id, "turn": 1}])
    before = service.snapshot()
    service.hear(notify.FeedbackReceived, "late answer", late)
    assert service.snapshot() == before


def test_works_in_a_lived_in_estate_ask_their_contractor_for_stewards_once(service):
    service.hear_twice(property.WorksStarted, "works", facts.works_started())
    (asked,) = service.said(grid.StewardRequested)
    assert asked.data["building_refs"] == ["building"]


def test_works_that_need_no_stewards_ask_for_none(service):
    service.hear(property.WorksStarted, "works", facts.works_started(needs_stewards=False))
    assert service.said(grid.StewardRequested) == []


@pytest.fixture
def steward(service):
    """A steward whom the contractor has named."""
    service.hear(notify.ContactRegistered, "worker", facts.contact("worker", contact_class="worker"))
    service.hear(property.WorksStarted, "works", facts.works_started())
    (asked,) = service.said(grid.StewardRequested)
    answer = service.request(
        "POST",
        f"/steward-requests/{asked.subject}/stewards",
        {"building_ref": "building", "person_ref": "worker", "unit": "项目部"},
        role="contractor",
        scope="party:contractor",
    )
    assert answer.status_code == 201, answer.text
    return answer.json


def test_accepted_works_let_their_stewards_expire_once(service, steward):
    service.hear_twice(property.WorksAccepted, "works", facts.works_accepted())
    (expired,) = service.said(grid.StewardExpired)
    assert expired.data["reason_code"] == "works_accepted"


def test_acceptance_heard_before_the_start_leaves_no_steward_request_open(service):
    service.hear(property.WorksAccepted, "works", facts.works_accepted(), version=5)
    service.hear(property.WorksStarted, "works", facts.works_started(), version=3)
    assert service.said(grid.StewardAppointed) == []
    (request,) = service.request("GET", "/steward-requests?works_ref=works").json["items"] or [
        {"state": "none"}
    ]
    assert request["state"] in ("ended", "none")


def test_cancelled_works_give_waiting_cases_back_and_let_stewards_expire(service, case, steward):
    service.hear(consultation.TopicResolved, "topic", facts.topic_resolved(**linking(case)))
    service.clock.advance(days=30)
    service.hear_twice(property.WorksCancelled, "works", facts.works_cancelled(**linking(case)))
    assert [event.data["reason_code"] for event in service.said(grid.StewardExpired)] == ["works_cancelled"]
    again = service.said(grid.CaseDispatched)[-1]
    assert (again.data["reason_code"], again.data["works_ref"]) == ("works_cancelled", "works")
    assert state_of(service, case) == "dispatched"


def test_a_topic_takes_up_no_case_from_elsewhere_and_none_that_another_topic_has(service, case):
    elsewhere = facts.topic(case_refs=[case.id], place_path="/another/") | {"party_org": "党委"}
    service.hear(consultation.TopicAccepted, "topic", elsewhere)
    assert state_of(service, case) == "dispatched"
    for topic in ("first", "second"):
        data = facts.topic(topic_ref=topic, **linking(case)) | {"party_org": "党委"}
        service.hear(consultation.TopicAccepted, topic, data)
    assert service.request("GET", f"/cases/{case.id}").json["topic_ref"] == "first"


def test_works_cancelled_before_their_plan_was_heard_leave_no_case_waiting_for_ever(service, case):
    topic = facts.topic(**linking(case)) | {"party_org": "社区党委"}
    service.hear(consultation.TopicAccepted, "topic", topic)
    service.hear(property.WorksCancelled, "works", facts.works_cancelled(**linking(case)))
    service.hear(consultation.TopicResolved, "topic", facts.topic_resolved(**linking(case)))
    assert state_of(service, case) == "dispatched"
    later = facts.topic_resolved(**linking(case), plan_version=3)
    service.hear(consultation.TopicResolved, "topic", later)
    assert state_of(service, case) == "waiting"


# ---- captains (chain 12: a resident moves)


@pytest.fixture
def captain(service):
    """A resident who serves the door behind which it lives."""
    grid_ref = service.spot.parent_ref
    building = service.handle(RegisterPlace("building", "1号楼", "JQ-1", grid_ref))
    door = service.handle(RegisterPlace("door", "1号楼1单元", "JQ-1-1", building.id))
    service.at_home = {"place_ref": door.id, "place_path": door.place_path}
    service.hear(notify.ContactRegistered, "resident-1", facts.contact(**service.at_home), version=1)
    command = ProposeCaptain(door.id, "resident-1", "resident", "居民推选", date(2024, 5, 20))
    return service.handle(AppointCaptain(service.handle(command).id))


def captains(service):
    return [
        (captain["state"], captain["reason_code"])
        for captain in service.request("GET", "/captains").json["items"]
    ]


def deliver_again_late(service, message):
    """Once more at once, and when retention has removed it: nothing changes."""
    known = service.snapshot()
    service.deliver(message)
    service.forget()
    service.deliver(message)
    assert service.snapshot() == known
    assert set(service.heard()) == {"done"}, service.reasons()


@pytest.mark.parametrize(
    ("event", "data", "reason"),
    [
        (notify.ContactMoved, facts.contact_moved(), "moved"),
        (notify.ContactRegistered, facts.contact(), "moved"),  # said anew, where the move itself was missed
        (notify.ContactErased, facts.contact_erased(), "erased"),
    ],
)
def test_a_captain_who_moves_away_or_is_erased_retires_once_and_the_vacancy_is_found(
    service, captain, event, data, reason
):
    message = service.hear(event, "resident-1", data, version=2)
    deliver_again_late(service, message)
    (retired,) = service.said(grid.CaptainRetired)
    assert (retired.data["captain_ref"], retired.data["reason_code"]) == (captain.id, reason)
    found = service.said(grid.VacancyFound)[-1]
    assert (found.data["door_ref"], found.data["reason_code"]) == (captain.door_ref, reason)
    assert found.envelope.correlation_id == retired.envelope.correlation_id == "journey-under-test"
    assert captains(service) == [("retired", reason)]


def test_a_captain_who_moves_within_the_building_stays(service, captain):
    other_door = service.handle(RegisterPlace("door", "1号楼2单元", "JQ-1-2", captain.building_ref))
    data = facts.contact_moved(place_ref=other_door.id, place_path=other_door.place_path)
    service.hear(notify.ContactMoved, "resident-1", data, version=2)
    assert captains(service) == [("serving", "")]


def test_a_move_that_is_older_than_the_return_retires_nobody(service, captain):
    back = service.message(
        notify.ContactMoved, "resident-1", facts.contact_moved(**service.at_home), version=3
    )
    away = service.message(notify.ContactMoved, "resident-1", facts.contact_moved(), version=2)
    service.deliver(back, away)
    assert captains(service) == [("serving", "")]


@pytest.mark.parametrize("event", [notify.ContactMoved, notify.ContactErased])
def test_a_departure_heard_before_the_appointment_lets_nobody_be_appointed(service, captain, event):
    door, data = captain.door_ref, {"resident_ref": "resident-2"}
    if event is notify.ContactMoved:
        data = facts.contact_moved("resident-2")
    gone = service.hear(event, "resident-2", data, version=2)
    here = facts.contact("resident-2", **service.at_home)
    service.hear(notify.ContactRegistered, "resident-2", here, version=1)
    deliver_again_late(service, gone)
    with pytest.raises(CaptainLivesElsewhere if event is notify.ContactMoved else EndedReference):
        service.handle(ProposeCaptain(door, "resident-2", "resident", "自荐", date(2024, 5, 20)))
    assert captains(service) == [("serving", "")]


def test_a_candidate_who_moves_away_is_dropped_and_nobody_hears_of_it(service, captain):
    service.hear(notify.ContactRegistered, "resident-2", facts.contact("resident-2", **service.at_home))
    command = ProposeCaptain(captain.door_ref, "resident-2", "resident", "自荐", date(2024, 5, 20))
    service.handle(command)
    service.hear(notify.ContactMoved, "resident-2", facts.contact_moved("resident-2"))
    assert captains(service) == [("serving", ""), ("retired", "moved")]
    assert service.said(grid.CaptainRetired) == []


def test_who_serves_from_a_shop_and_lives_elsewhere_moves_without_leaving(service, captain):
    service.hear(notify.ContactRegistered, "keeper", facts.contact("keeper"))
    command = ProposeCaptain(captain.door_ref, "keeper", "merchant", "单位选派", date(2024, 5, 20))
    service.handle(AppointCaptain(service.handle(command).id))
    service.hear(notify.ContactMoved, "keeper", facts.contact_moved("keeper"))
    assert captains(service) == [("serving", "")] * 2
    service.hear(notify.ContactErased, "keeper", facts.contact_erased("keeper"))
    assert captains(service) == [("serving", ""), ("retired", "erased")]


# ---- chain 9: a message that must reach, and cannot


@pytest.fixture
def door(service):
    """A door of a building in the grid."""
    building = service.handle(RegisterPlace("building", "1号楼", "JQ-1", service.spot.parent_ref))
    return service.handle(RegisterPlace("door", "1号楼1单元", "JQ-1-1", building.id))


def test_a_message_that_must_reach_and_cannot_makes_somebody_go_once(service, door):
    data = facts.message_failed(door_ref=door.id)
    service.hear_twice(notify.MessageFailed, "message", data)
    (asked,) = service.said(grid.VisitRequested)
    assert asked.data["message_ref"] == "message"
    assert (asked.data["purpose"], asked.data["door_ref"]) == ("delivery", door.id)
    assert asked.data["due_at"] == data["by"]
    (visit,) = service.request("GET", "/visits").json["items"]
    assert (visit["about_ref"], visit["state"]) == ("case", "planned")


def test_a_message_that_says_no_time_is_to_be_brought_within_a_week(service, door):
    service.hear(notify.MessageFailed, "message", facts.message_failed(door_ref=door.id, by=None))
    assert service.request("GET", "/visits").json["items"][0]["due_at"] == "2024-06-03T09:00:00+08:00"


def test_a_message_that_need_not_reach_makes_nobody_go(service, door):
    data = facts.message_failed(door_ref=door.id, must_reach=False)
    service.hear_twice(notify.MessageFailed, "message", data)
    assert service.said(grid.VisitRequested) == []


def test_a_failure_heard_again_after_the_visit_was_made_asks_for_no_other(service, door):
    data = facts.message_failed(door_ref=door.id)
    service.hear(notify.MessageFailed, "message", data, version=3)
    (visit,) = service.request("GET", "/visits").json["items"]
    record = {
        "id": "01900000-0000-7000-8000-000000000001",
        "occurred_at": "2024-05-27T09:00:00+08:00",
        "outcome": "met",
        "answer": "signed",
    }
    service.post(f"/visits/{visit['id']}/records", record)
    before = service.snapshot()
    service.hear(notify.MessageFailed, "message", data, version=2)
    assert service.snapshot() == before
    (told,) = service.said(grid.VisitRecorded)
    assert (told.data["message_ref"], told.data["outcome"]) == ("message", "met")


def test_a_message_to_a_door_that_grid_does_not_have_is_told_as_a_dead_letter(service):
    service.hear(notify.MessageFailed, "message", facts.message_failed(door_ref="nowhere"))
    assert service.heard() == {"dead": 1}
    assert "door_ref" in service.reasons()[0]


# ---- chain 10, grid's part: another company takes an area over


@pytest.fixture
def area(service):
    """An area of the estate, with the company that manages it and the one that will."""
    estate = service.request("GET", f"/places/{service.spot.id}").json["estate_ref"]
    service.hear(property.AreaRegistered, "area", facts.area(estate_ref=estate))
    service.hear(property.PartyRegistered, "company", facts.party())
    return "area"


def new_company(service):
    party = facts.party(party_ref="company-2", name="新物业", area_refs=[])
    service.hear(property.PartyRegistered, "company-2", party)


def reported(service, category="0203"):
    return service.handle(ReportCase(category, service.spot.id, "灯不亮", "patrol"))


def leads(service):
    items = service.request("GET", "/cases").json["items"]
    return [(item["lead_party_name"], item["state"]) for item in items]


def test_open_cases_of_the_old_company_are_dispatched_to_the_new_one_once(service, area):
    led, streets = reported(service), reported(service, "0604")
    waiting = reported(service)
    service.hear(
        consultation.TopicAccepted, "topic", facts.topic(**linking(waiting)) | {"party_org": "社区党委"}
    )
    new_company(service)
    due = service.request("GET", f"/cases/{led.id}").json["answer_due_at"]
    service.clock.advance(days=1)
    service.hear_twice(property.TakeoverCompleted, "area", facts.takeover_completed())
    assert leads(service) == [("新物业", "dispatched"), ("街道办事处", "dispatched"), ("新物业", "waiting")]
    told = [event for event in service.said(grid.CaseDispatched) if event.data["reason_code"] == "taken_over"]
    assert {event.subject for event in told} == {led.id, waiting.id}
    assert {event.data["reason_text"] for event in told} == {"物业管理区域已由新物业接管"}
    assert service.request("GET", f"/cases/{led.id}").json["answer_due_at"] == due
    assert streets.id not in {event.subject for event in told}


def test_what_is_handled_stays_with_the_company_that_handled_it(service, area):
    done = reported(service)
    service.hear(consultation.ResultLanded, "topic", facts.result_landed(**linking(done)))
    new_company(service)
    service.hear(property.TakeoverCompleted, "area", facts.takeover_completed())
    assert leads(service) == [("示例物业", "verified")]


def test_a_takeover_that_comes_before_the_new_company_is_known_waits_for_it(service, area):
    reported(service)
    service.hear(property.TakeoverCompleted, "area", facts.takeover_completed())
    assert service.heard()["pending"] == 1
    assert leads(service) == [("示例物业", "dispatched")]
    new_company(service)
    assert leads(service) == [("新物业", "dispatched")]
    assert "pending" not in service.heard()


def test_where_nobody_managed_the_area_the_company_gets_what_companies_get_first(service):
    estate = service.request("GET", f"/places/{service.spot.id}").json["estate_ref"]
    service.hear(property.AreaRegistered, "area", facts.area(estate_ref=estate))
    reported(service)
    reported(service, "0604")
    assert {name for name, _ in leads(service)} == {"街道办事处"}
    new_company(service)
    service.hear_twice(property.TakeoverCompleted, "area", facts.takeover_completed(from_party_ref=None))
    assert [name for name, _ in leads(service)] == ["新物业", "街道办事处"]


@pytest.mark.parametrize(
    ("event", "subject", "data", "aggregate"),
    [
        (property.PartyRegistered, "company", facts.party(), "property.party"),
        (property.AreaRegistered, "area", facts.area(), "property.area"),
        (
            property.ResponsibilityPublished,
            "area",
            facts.responsibility_published(),
            "property.responsibility",
        ),
        (notify.ContactRegistered, "resident-1", facts.contact(), "notify.contact"),
        (notify.ContactMoved, "resident-1", facts.contact_moved(), "notify.contact"),
    ],
)
def test_a_reference_fact_is_kept_once_and_only_if_it_is_newer(service, event, subject, data, aggregate):
    newer = service.message(event, subject, data, version=2)
    older = service.message(event, subject, data, version=1)
    service.deliver(newer)
    before = service.snapshot()
    service.deliver(newer, older, older)
    assert service.copies(aggregate) == [written(event, data)]
    assert service.snapshot() == before


# ---- what consultation refers


def referred(service, **changed):
    where = {"place_ref": service.spot.id, "place_path": service.spot.place_path}
    asked = {"asked_text": "路灯不亮", "case_category": "0203"}
    return facts.topic_turn(**where) | asked | changed


def cases_of(service):
    return service.request("GET", "/cases").json["items"]


def test_a_referred_topic_becomes_one_case_whose_reporters_are_all_who_raised_it(service):
    for number in (1, 2):
        service.hear(notify.ContactRegistered, f"resident-{number}", facts.contact(f"resident-{number}"))
    data = referred(service, proposer_refs=["resident-1", "resident-2"])
    service.hear_twice(consultation.TopicReferred, "topic", data)
    (case,) = cases_of(service)
    assert (case["category"], case["source"]) == ("0203", "consultation")
    assert case["external_refs"] == [{"system": "consultation", "number": "topic"}]
    (reported,) = service.said(grid.CaseReported)
    assert reported.data["reporter_refs"] == ["resident-1", "resident-2"]


def test_a_referred_topic_that_takes_up_cases_leaves_it_at_those(service, case):
    service.hear_twice(consultation.TopicReferred, "topic", referred(service, case_refs=[case.id]))
    assert [each["id"] for each in cases_of(service)] == [case.id]


def test_a_referral_of_a_category_that_is_not_known_is_attended_to_all_the_same(service):
    service.hear_twice(consultation.TopicReferred, "topic", referred(service, case_category="no-such"))
    assert [case["category"] for case in cases_of(service)] == ["0901"]


def test_a_referral_waits_for_its_place_and_for_its_reporters_to_be_known(service):
    service.hear(consultation.TopicReferred, "topic", referred(service, proposer_refs=["resident-1"]))
    assert (service.heard()["pending"], cases_of(service)) == (1, [])
    service.hear(notify.ContactRegistered, "resident-1", facts.contact())
    service.run()
    assert len(cases_of(service)) == 1


def test_what_was_said_at_a_reception_point_becomes_one_case_of_who_said_it(service):
    service.hear(notify.ContactRegistered, "resident-1", facts.contact())
    data = {
        "place_ref": service.spot.id,
        "place_path": service.spot.place_path,
        "intake_ref": "intake",
        "project_ref": "project",
        "asked_text": "夜里还在施工",
        "case_category": "0404",
        "proposer_ref": "resident-1",
    }
    service.hear_twice(consultation.IntakeReferred, "intake", data)
    (case,) = cases_of(service)
    assert (case["category"], case["source"], case["text"]) == ("0404", "reception_point", "夜里还在施工")
    (reported,) = service.said(grid.CaseReported)
    assert reported.data["reporter_refs"] == ["resident-1"]


def test_what_is_referred_of_a_place_larger_than_a_grid_waits_in_the_catch_all_grid_to_be_put_in_its_place(
    service,
):
    estate = service.request("GET", "/places?kind=estate").json["items"][0]
    where = {"place_ref": estate["id"], "place_path": service.spot.place_path}
    service.hear_twice(consultation.TopicReferred, "topic", referred(service, **where))
    (case,) = cases_of(service)
    assert (case["place_is_unknown"], case["address"]) == (True, estate["name"])


def test_what_is_referred_of_an_estate_waits_in_a_grid_of_that_estate_whichever_the_street_has_named(service):
    community = service.request("GET", "/places?kind=community").json["items"][0]["id"]
    named = service.handle(RegisterPlace("estate", "别处", "XQ-OTHER", community))
    elsewhere = service.handle(RegisterPlace("grid", "别处网格", "110112010904999", named.id))
    service.handle(NameCatchAll(elsewhere.id))
    estate = next(
        each for each in service.request("GET", "/places?kind=estate").json["items"] if each["id"] != named.id
    )
    for number, (ref, grid_ref) in enumerate(((estate["id"], None), (community, elsewhere.id))):
        where = {"place_ref": ref, "place_path": service.spot.place_path, "topic_ref": f"topic-{number}"}
        service.hear(consultation.TopicReferred, f"topic-{number}", referred(service, **where))
        case = cases_of(service)[-1]
        assert case["place_is_unknown"]
        assert (case["grid_ref"] == elsewhere.id) == (grid_ref is not None)


def test_a_referral_of_somebody_who_was_erased_meanwhile_is_attended_to_all_the_same(service):
    for number in (1, 2):
        service.hear(notify.ContactRegistered, f"resident-{number}", facts.contact(f"resident-{number}"))
    service.hear(notify.ContactErased, "resident-1", facts.contact_erased())
    data = referred(service, proposer_refs=["resident-1", "resident-2"])
    service.hear_twice(consultation.TopicReferred, "topic", data)
    (reported,) = service.said(grid.CaseReported)
    assert reported.data["reporter_refs"] == ["resident-2"]
