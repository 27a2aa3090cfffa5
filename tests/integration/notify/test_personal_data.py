"""Whose data it is: masked to all, told for a purpose, shared by consent, seen, corrected and erased by the person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from services.notify.retention import Forgetting
from services.notify.store import consents, contacts, disclosures, messages
from shared.contracts import consultation, grid, notify
from tests.builders import facts
from tests.builders import notify as build

PHONE = "13800005678"
REVISIT = {"purpose": "revisit", "reason": "事项240527-0001-5回访"}
REPAIR = {"purpose": "repair", "reason": "水管维修"}
CONSENT = {
    "purpose": "repair",
    "recipient_ref": "company",
    "recipient_name": "示例物业",
    "text_version": "2024-05",
}
RECORDED = CONSENT | {"evidence": "签字表单2024-017"}
COMPANY = {"role": "property", "scope": "party:company"}


@pytest.fixture
def service(under_test):
    """notify with a door."""
    return under_test("notify")


@pytest.fixture
def person(service):
    """A resident who was asked about a landed result, and has answered."""
    ref = build.register(service, PHONE)
    service.hear(consultation.ResultLanded, "topic", facts.result_landed())
    good = {"resolution": "resolved", "grade": 5, "reason_code": "quick"}
    service.post(build.link(service, ref), good, status=200)
    return ref


def own(ref):
    return {"role": "resident", "scope": f"person:{ref}"}


def code(answer):
    return (answer.status_code, answer.json["code"])


# ---- told for a purpose


def test_staff_of_the_place_are_told_name_and_phone_for_a_purpose_and_that_is_on_record(service, person):
    staff = {"role": "community", "scope": "place:community"}
    told = service.post(f"/contacts/{person}/disclosures", REVISIT, **staff)
    assert (told["name"], told["phone"], told["resident_ref"]) == ("张小明", PHONE, person)
    assert "第13条" in told["basis"]
    record = service.request("GET", f"/disclosures/{told['id']}", **staff).json
    assert (record["recipient"], record["reason"]) == ("community:community-1", REVISIT["reason"])
    assert service.request("GET", f"/contacts/{person}/disclosures", **own(person)).json["items"] == [record]
    assert PHONE not in str(record)


def test_staff_of_another_place_are_told_nothing(service, person):
    path = f"/contacts/{person}/disclosures"
    answer = service.request("POST", path, REVISIT, role="community", scope="place:another")
    assert code(answer) == (403, "outside_scope")
    assert service.request("GET", path).json["items"] == []


def test_a_purpose_out_of_no_list_and_a_missing_reason_are_refused(service, person):
    path = f"/contacts/{person}/disclosures"
    for body, field in (
        ({"purpose": "curiosity", "reason": "x"}, "purpose"),
        ({"purpose": "revisit"}, "reason"),
    ):
        answer = service.request("POST", path, body)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json["errors"]] == [field]


def test_address_name_and_phone_are_masked_to_everybody_who_looks_without_a_purpose(service, person):
    for path in (f"/contacts/{person}", f"/contacts/{person}/data"):
        text = service.request("GET", path).text
        assert "张**" in text
        assert "138****5678" in text
        assert PHONE not in text
        assert "张小明" not in text
        assert "door" not in service.request("GET", f"/contacts/{person}").text


def test_name_and_phone_are_told_once_whoever_repeats_the_request_must_ask_anew(service, person):
    path, key = f"/contacts/{person}/disclosures", {"headers": {"Idempotency-Key": "k"}}
    assert service.request("POST", path, REVISIT, **key).json["phone"] == PHONE
    again = service.request("POST", path, REVISIT, **key)
    assert code(again) == (409, "idempotency_key_answered")
    assert PHONE not in again.text
    assert len(service.request("GET", path).json["items"]) == 1
    trail = service.request("GET", f"/audit/entries?subject={person}", role="auditor").json["items"]
    assert [e["status"] for e in trail if e["operation"].endswith("/disclosures")] == [201, 409, 200]
    service.post(f"/contacts/{person}/erase", status=200)
    assert code(service.request("POST", path, REVISIT, **key)) == (409, "idempotency_key_answered")


# ---- consent


def test_a_company_is_told_only_with_the_persons_consent_for_it_and_for_the_purpose(service, person):
    path = f"/contacts/{person}/disclosures"
    assert code(service.request("POST", path, REPAIR, **COMPANY)) == (403, "consent_missing")
    consent = service.post(f"/contacts/{person}/consents", CONSENT, **own(person))
    assert (consent["state"], consent["given_by"]) == ("in_force", "self")
    assert service.post(path, REPAIR, **COMPANY)["phone"] == PHONE
    other = {"role": "property", "scope": "party:other"}
    assert code(service.request("POST", path, REPAIR, **other)) == (403, "consent_missing")
    matter = REPAIR | {"purpose": "handle_matter"}
    assert code(service.request("POST", path, matter, **COMPANY)) == (403, "consent_missing")


def test_gate_g18_a_withdrawn_consent_stops_the_sharing_at_once_and_the_records_stay(service, person):
    path = f"/contacts/{person}/disclosures"
    consent = service.post(f"/contacts/{person}/consents", CONSENT, **own(person))
    told = service.post(path, REPAIR, **COMPANY)
    withdrawn = service.post(f"/consents/{consent['id']}/withdraw", status=200, **own(person))
    assert (withdrawn["state"], withdrawn["allowed_actions"]) == ("withdrawn", [])
    assert code(service.request("POST", path, REPAIR, **COMPANY)) == (403, "consent_missing")
    (record,) = service.request("GET", path).json["items"]
    assert (record["id"], record["consent_ref"]) == (told["id"], consent["id"])
    (kept,) = service.request("GET", f"/contacts/{person}/consents").json["items"]
    assert kept == withdrawn
    trail = service.request("GET", f"/audit/entries?subject={person}", role="auditor").json["items"]
    done = [(entry["operation"].rpartition("/")[2], entry["status"], entry["purpose"]) for entry in trail]
    assert ("disclosures", 201, "repair") in done
    assert ("disclosures", 403, "repair") in done


def test_a_consent_that_is_in_force_is_not_given_twice_and_can_be_given_anew(service, person):
    path = f"/contacts/{person}/consents"
    first = service.post(path, RECORDED)
    assert service.post(path, RECORDED, status=200) == first
    service.post(f"/consents/{first['id']}/withdraw", status=200)
    assert code(service.request("POST", f"/consents/{first['id']}/withdraw")) == (409, "not_now")
    assert service.post(path, RECORDED)["id"] != first["id"]


def test_consents_given_at_the_same_time_are_one_so_that_one_withdrawal_ends_them(service, person):
    with ThreadPoolExecutor(4) as pool:
        path = f"/contacts/{person}/consents"
        answers = list(pool.map(lambda _: service.request("POST", path, RECORDED), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json["id"] for answer in answers}) == 1


def test_consents_and_records_move_with_the_person_who_moves(service, person):
    consent = service.post(f"/contacts/{person}/consents", RECORDED)
    told = service.post(f"/contacts/{person}/disclosures", REPAIR, **COMPANY)
    build.elsewhere(service, "13800000009")
    service.post(f"/contacts/{person}/correct", {"door_ref": "door-2"}, status=200)
    paths = [f"/contacts/{person}/consents", f"/contacts/{person}/disclosures", f"/disclosures/{told['id']}"]
    withdraw = f"/consents/{consent['id']}/withdraw"
    before = {"role": "community", "scope": "place:community"}
    assert [service.request("GET", path, **before).status_code for path in paths] == [403] * 3
    assert code(service.request("POST", withdraw, **before)) == (403, "outside_scope")
    now = {"role": "community", "scope": "place:another"}
    assert [len(service.request("GET", path, **now).json["items"]) for path in paths[:2]] == [1, 1]
    assert service.request("GET", paths[2], **now).json["id"] == told["id"]
    assert service.post(withdraw, status=200, **now)["state"] == "withdrawn"


def test_staff_record_no_consent_without_saying_how_it_was_given(service, person):
    before = service.snapshot()
    answer = service.request("POST", f"/contacts/{person}/consents", CONSENT)
    assert code(answer) == (422, "evidence_missing")
    assert [error["field"] for error in answer.json["errors"]] == ["evidence"]
    assert service.snapshot() == before


def test_a_consent_that_staff_recorded_says_so_and_the_person_is_told_and_withdraws_it(service, person):
    consent = service.post(f"/contacts/{person}/consents", RECORDED)
    assert (consent["recorded_by"], consent["evidence"]) == ("street:street-1", RECORDED["evidence"])
    told = build.messages(service, person)[-1]
    assert (told["about_ref"], told["title"]) == (consent["id"], "已登记您的同意")
    for said in ("上门维修", "示例物业", "撤回"):
        assert said in told["text"]
    assert (
        service.post(f"/consents/{consent['id']}/withdraw", status=200, **own(person))["state"] == "withdrawn"
    )


def test_a_person_who_consents_hears_nothing_of_it_and_needs_no_evidence(service, person):
    before = build.milestones(service, person)
    consent = service.post(f"/contacts/{person}/consents", CONSENT, **own(person))
    assert (consent["recorded_by"], consent["evidence"]) == ("resident:resident-1", "")
    assert build.milestones(service, person) == before


def test_nobody_consents_or_withdraws_for_another(service, person):
    consent = service.post(f"/contacts/{person}/consents", RECORDED)
    neighbour = own(build.register(service, "13800000009"))
    for path, body in (
        (f"/contacts/{person}/consents", CONSENT),
        (f"/consents/{consent['id']}/withdraw", None),
        (f"/contacts/{person}/erase", None),
        (f"/contacts/{person}/correct", {"name": "李"}),
    ):
        assert code(service.request("POST", path, body, **neighbour)) == (403, "outside_scope")
    for path in ("data", "consents", "disclosures"):
        assert service.request("GET", f"/contacts/{person}/{path}", **neighbour).status_code == 403
    assert service.request("POST", f"/contacts/{person}/consents", CONSENT, **COMPANY).status_code == 403


# ---- seen, corrected, erased


def test_a_person_sees_all_that_is_held_about_them(service, person):
    service.post(f"/contacts/{person}/consents", CONSENT, **own(person))
    service.post(f"/contacts/{person}/disclosures", REPAIR, **COMPANY)
    seen = service.request("GET", f"/contacts/{person}/data", **own(person)).json
    assert (seen["name"], seen["phone"]) == ("张小明", PHONE)
    assert (seen["building_ref"], seen["door_ref"]) == ("building", "door")
    by_staff = service.request("GET", f"/contacts/{person}/data").json
    assert (by_staff["building_ref"], by_staff["door_ref"]) == ("building", None)
    for part in ("consents", "disclosures", "messages", "answers"):
        assert len(seen[part]) == 1, part
    assert "/answers/" in seen["messages"][0]["text"]
    assert seen["answers"][0]["grade"] == 5
    assert "…" in service.request("GET", f"/contacts/{person}/data").json["messages"][0]["text"]


def test_what_is_wrong_is_corrected_and_a_move_is_told_to_the_others(service, person):
    service.hear(grid.PlaceRegistered, "door-2", facts.door("door-2"))
    path = f"/contacts/{person}/correct"
    service.post(path, {"name": "李四"}, status=200, **own(person))
    service.post(path, {"phone": "＋86 139-0000 5678"}, status=200)
    seen = service.request("GET", f"/contacts/{person}/data", **own(person)).json
    assert (seen["name"], seen["phone"]) == ("李四", "13900005678")
    service.post(path, {"door_ref": "door"}, status=200)
    assert service.said(notify.ContactMoved) == []
    service.post(path, {"door_ref": "door-2"}, status=200)
    (moved,) = service.said(notify.ContactMoved)
    assert moved.data == facts.contact(person) | {
        "place_ref": "door-2",
        "place_path": facts.door("door-2")["path"],
        "from_door_ref": "door",
        "to_door_ref": "door-2",
    }
    assert len(service.said(notify.ContactRegistered)) == 1
    assert build.register(service, PHONE) != person, "the old phone is free"


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"phone": "13800000009"}, 409, "phone_taken"),
        ({"phone": "1"}, 422, "phone_wrong"),
        ({"name": "\u3164"}, 422, "name_invisible"),
        ({"channels": ["pigeon"]}, 422, "channel_unknown"),
        ({"email": "nobody"}, 422, "email_wrong"),
        ({"channels": ["smtp"]}, 422, "email_missing"),
        ({"door_ref": "spot"}, 422, "unknown_reference"),
    ],
)
def test_a_wrong_correction_is_refused_and_changes_nothing(service, person, changed, status, error):
    build.register(service, "13800000009")
    before = service.snapshot()
    assert code(service.request("POST", f"/contacts/{person}/correct", changed)) == (status, error)
    assert service.snapshot() == before


@pytest.mark.parametrize(
    "changed", [{"phone": "13900005678"}, {"phone": PHONE}, {"email": "a@b.cn"}, {"door_ref": "door"}]
)
def test_a_resident_takes_no_phone_no_email_and_no_door_of_their_own_accord(service, person, changed):
    before = service.snapshot()
    answer = service.request("POST", f"/contacts/{person}/correct", changed | {"name": "李四"}, **own(person))
    assert code(answer) == (403, "staff_must_correct")
    assert "社区工作人员核实" in answer.json["detail"]
    assert [error["field"] for error in answer.json["errors"]] == list(changed)
    assert service.snapshot() == before


def test_an_email_is_masked_to_others_told_to_the_person_and_kept_sealed(service, person):
    email = "zhang.san@example.cn"
    corrected = service.post(
        f"/contacts/{person}/correct", {"email": email, "channels": ["smtp"]}, status=200
    )
    assert (corrected["email"], corrected["channels"]) == ("z***@example.cn", ["smtp"])
    assert service.request("GET", f"/contacts/{person}/data").json["email"] == "z***@example.cn"
    assert service.request("GET", f"/contacts/{person}/data", **own(person)).json["email"] == email
    with service.database.reading() as session:
        (kept,) = session.execute(text("SELECT email FROM contacts WHERE email <> ''")).scalars()
    assert "zhang" not in kept
    erased = service.post(f"/contacts/{person}/erase", status=200)
    assert erased["email"] == ""


def test_an_erased_person_is_gone_and_the_ref_stays(service, person):
    consent = service.post(f"/contacts/{person}/consents", CONSENT, **own(person))
    service.post(f"/contacts/{person}/disclosures", REPAIR, **COMPANY)
    erased = service.post(f"/contacts/{person}/erase", status=200, **own(person))
    assert (erased["state"], erased["name"], erased["phone"]) == ("erased", "（已删除）", "")
    assert (erased["channels"], erased["basis"], erased["allowed_actions"]) == ([], "", [])
    seen = service.request("GET", f"/contacts/{person}/data").json
    assert [message["text"] for message in seen["messages"]] == [""]
    assert seen["messages"][0]["receipts"] != []
    assert [answer["reason_code"] for answer in seen["answers"]] == [""]
    assert [one["state"] for one in seen["consents"] if one["id"] == consent["id"]] == ["withdrawn"]
    assert [event.data for event in service.said(notify.ContactErased)] == [facts.contact_erased(person)]
    everything = service.snapshot()
    for gone in (PHONE, "张小明"):
        assert gone not in everything
    assert code(service.request("POST", f"/contacts/{person}/disclosures", REVISIT)) == (
        409,
        "contact_not_in_use",
    )
    assert code(service.request("POST", f"/contacts/{person}/erase")) == (409, "not_now")


def test_what_was_written_about_an_erased_person_is_gone_and_of_the_address_the_building_stays(
    service, person
):
    named = RECORDED | {"recipient_name": "王师傅", "recipient_ref": "fitter"}
    withdrawn = service.post(f"/contacts/{person}/consents", named)["id"]
    service.post(f"/consents/{withdrawn}/withdraw", status=200)
    service.post(f"/contacts/{person}/consents", RECORDED)
    building = service.request("GET", f"/contacts/{person}").json["building_ref"]
    until = (service.clock.now() + timedelta(days=9)).isoformat()
    service.post(f"/contacts/{person}/stop", {"until": until, "because": "王小明诉讼"}, status=200)
    service.clock.advance(days=9)
    service.run()
    seen = service.request("GET", f"/contacts/{person}/data").json
    assert seen["contact"]["building_ref"] == building == "building"
    assert seen["contact"]["kept_because"] == ""
    of_consents = [(one["recipient_name"], one["evidence"], one["state"]) for one in seen["consents"]]
    assert of_consents == [("", "", "withdrawn")] * 2
    with service.database.reading() as session:
        for table in (contacts, messages, consents, disclosures):
            paths = session.scalars(select(table.c.place_path).where(table.c.place_path.is_not(None))).all()
            assert [path for path in paths if "door" in path] == [], table.name


def test_the_link_of_an_erased_person_answers_nothing_more_also_not_by_staff(service):
    ref = build.register(service, PHONE)
    service.hear(consultation.ResultLanded, "topic", facts.result_landed())
    link = build.link(service, ref)
    service.post(f"/contacts/{ref}/erase", status=200, **own(ref))
    good = {"resolution": "resolved", "grade": 5}
    assert code(service.anonymous("GET", link)) == (410, "link_void")
    assert code(service.anonymous("POST", link, good)) == (410, "link_void")
    (question,) = service.request("GET", "/questions").json["items"]
    by_staff = good | {"question_ref": question["id"], "resident_ref": ref}
    assert code(service.request("POST", "/answers", by_staff)) == (410, "link_void")
    assert service.said(notify.FeedbackReceived) == []


def test_an_erased_phone_is_registered_anew_as_another_person(service, person):
    service.post(f"/contacts/{person}/erase", status=200)
    assert build.register(service, PHONE) != person


def test_an_erased_person_hears_nothing_more_not_even_what_was_on_its_way(service, person):
    neighbour = build.register(service, "13800000009")
    service.application.background, background = (), service.application.background
    service.hear(consultation.TopicResolved, "topic", facts.topic_resolved())
    service.post(f"/contacts/{person}/erase", status=200)
    service.application.background = background
    service.run()
    service.hear(consultation.SessionAnnounced, "session", build.session_announced())
    told = {
        ref: [
            (one["milestone"], one["state"])
            for one in service.request("GET", f"/messages?resident_ref={ref}").json["items"]
        ]
        for ref in (person, neighbour)
    }
    assert told[neighbour][-1] == ("session:session:announced", "delivered")
    assert told[person][-1] == (told[neighbour][-2][0], "failed")


def test_what_a_law_keeps_is_used_for_nothing_and_goes_when_its_time_is_over(service, person):
    until = service.clock.now() + timedelta(days=90)
    body = {"until": until.isoformat(), "because": "接诉即办档案保存期限"}
    assert service.request("POST", f"/contacts/{person}/stop", body, **own(person)).status_code == 403
    stopped = service.post(f"/contacts/{person}/stop", body, status=200)
    assert (stopped["state"], stopped["allowed_actions"]) == ("stopped", ["stop", "resume"])
    assert code(service.request("POST", f"/contacts/{person}/disclosures", REVISIT)) == (
        409,
        "contact_not_in_use",
    )
    assert code(service.request("POST", f"/contacts/{person}/erase", **own(person))) == (409, "not_now")
    service.hear(consultation.SessionAnnounced, "session", build.session_announced())
    assert len(build.messages(service, person)) == 1
    service.clock.advance(days=90)
    service.run()
    assert service.request("GET", f"/contacts/{person}").json["state"] == "erased"
    assert PHONE not in service.snapshot()


def test_a_stopped_person_who_is_taken_into_use_again_is_told_of_and_not_erased_by_itself(service, person):
    until = service.clock.now() + timedelta(days=90)
    body = {"until": until.isoformat(), "because": "诉讼"}
    service.post(f"/contacts/{person}/stop", body, status=200)
    resumed = service.post(f"/contacts/{person}/resume", {"basis": "本人再次登记"}, status=200)
    assert (resumed["state"], resumed["basis"], resumed["kept_until"]) == ("in_use", "本人再次登记", None)
    service.clock.advance(days=90)
    service.run()
    assert service.post(f"/contacts/{person}/disclosures", REVISIT)["phone"] == PHONE
    assert code(service.request("POST", f"/contacts/{person}/resume", {"basis": "x"})) == (409, "not_now")


@pytest.mark.parametrize("role", ["community", "convenor"])
def test_only_the_street_stops_or_resumes(service, person, role):
    until = (service.clock.now() + timedelta(days=1)).isoformat()
    for path, body in (("stop", {"until": until, "because": "诉讼"}), ("resume", {"basis": "x"})):
        answer = service.request("POST", f"/contacts/{person}/{path}", body, role=role)
        assert code(answer) == (403, "role_missing")


def test_nobody_is_kept_from_erasure_until_2199(service, person):
    body = {"until": "2199-01-01T00:00:00+08:00", "because": "诉讼"}
    assert code(service.request("POST", f"/contacts/{person}/stop", body)) == (422, "keep_until_too_far")
    assert service.post(f"/contacts/{person}/erase", status=200, **own(person))["state"] == "erased"


def test_a_time_that_has_passed_is_no_time_to_keep_until(service, person):
    body = {"until": service.clock.now().isoformat(), "because": "x"}
    assert code(service.request("POST", f"/contacts/{person}/stop", body)) == (422, "keep_until_past")


# ---- retention


def test_old_texts_go_by_themselves_and_what_proves_the_delivery_stays(service, person):
    forget = Forgetting()
    service.clock.advance(days=365)
    assert forget(service.application, service.lease) == 0
    service.clock.advance(days=1)
    service.hear(consultation.TopicResolved, "topic", facts.topic_resolved())
    assert Forgetting()(service.application, service.lease) == 1
    old, young = build.messages(service, person)
    assert (old["text"], old["state"]) == ("", "delivered")
    assert old["receipts"] != []
    assert young["text"] != ""
    service.application.message_days = 0
    service.clock.advance(days=4000)
    assert Forgetting()(service.application, service.lease) == 0


@pytest.mark.parametrize("days", [1095, 2000])
def test_records_of_provision_are_kept_as_long_as_the_setting_says(service, person, days):
    service.post(f"/contacts/{person}/disclosures", REVISIT)
    service.application.message_days = 0
    service.application.disclosure_days = days
    service.clock.advance(days=days)
    Forgetting()(service.application, service.lease)
    assert len(service.request("GET", f"/contacts/{person}/disclosures").json["items"]) == 1
    service.clock.advance(days=1)
    Forgetting()(service.application, service.lease)
    assert service.request("GET", f"/contacts/{person}/disclosures").json["items"] == []
