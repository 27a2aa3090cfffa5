"""三率 through the doors: they agree with SQL that knows nothing of them, lead to the cases behind them, and stay as
they were published."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, text

from shared.contracts import notify, property
from shared.testing.harness import STARTED
from tests.builders import facts
from tests.builders.case_lives import Lives

OWN_RULES = {
    "first_period": "2024-06",
    "basis": "街道办事处决定〔2024〕2号",
    "period_rule": "from_19th",
    "response_weight": 200,
    "solution_weight": 300,
    "satisfaction_weight": 500,
    "partly_weight": 500,
    "grade_weights": [0, 200, 500, 900, 1000],
    "contact_hours": 12,
    "excluded_categories": [],
}
# by days in Beijing, as minutes of the epoch: 2024-05-01, 06-01, 06-19, 07-19
MAY, JUNE, CYCLE, OVER = 28574880, 28619520, 28645440, 28688640
PERIODS = {
    "2024-05": (MAY, JUNE, 24, 0, (0, 0, 600, 800, 1000), (100, 450, 450)),
    "2024-06": (JUNE, CYCLE, 12, 500, (0, 200, 500, 900, 1000), (200, 300, 500)),
    "2024-07": (CYCLE, OVER, 12, 500, (0, 200, 500, 900, 1000), (200, 300, 500)),
}
TEXTS = ("number", "category", "source", "community", "party", "resolution")
COUNTED = """
    SELECT {key} AS its_key,
        COUNT(*) AS turns,
        SUM(CASE WHEN reporter = 1 AND contacted <= {contact_due} THEN 1 ELSE 0 END) AS contacted,
        SUM(CASE WHEN reporter = 1 AND (contacted IS NOT NULL OR ended >= {contact_due}) THEN 1 ELSE 0 END)
            AS to_contact,
        SUM(CASE resolution WHEN 'resolved' THEN 1000 WHEN 'partly' THEN {partly} ELSE 0 END) AS solved,
        SUM(CASE WHEN resolution IS NOT NULL THEN 1000 ELSE 0 END) AS revisited,
        SUM(CASE grade WHEN 1 THEN {g[0]} WHEN 2 THEN {g[1]} WHEN 3 THEN {g[2]} WHEN 4 THEN {g[3]} WHEN 5 THEN {g[4]}
            ELSE 0 END) AS content,
        SUM(CASE WHEN grade IS NOT NULL THEN 1000 ELSE 0 END) AS graded,
        SUM(CASE WHEN answered <= due THEN 1 ELSE 0 END) AS answered_in_time,
        SUM(CASE WHEN answered IS NOT NULL OR ended >= due THEN 1 ELSE 0 END) AS to_answer,
        SUM(reopened) AS opened_again,
        SUM(CASE WHEN turn = 1 AND source IN ('patrol', 'captain') THEN 1 ELSE 0 END) AS found,
        SUM(CASE WHEN turn = 1 THEN 1 ELSE 0 END) AS cases,
        SUM(objections) AS objections, SUM(dispatches) AS dispatches, SUM(upheld) AS upheld
    FROM journal WHERE ended >= {since} AND ended < {until} AND excluded = 0 {group}
"""


@pytest.fixture
def lives(service):
    """Two communities, one with a company and one without; a resident; nothing has happened yet."""
    service.clock.at = STARTED - timedelta(days=40)
    street = _place(service, None, "street", "110112010")
    spots = {}
    for code, party in (("904", "company"), ("905", None)):
        community = _place(service, street, "community", f"110112010{code}")
        estate = _place(service, community, "estate", f"E{code}")
        grid = _place(service, estate, "grid", f"110112010{code}001")
        spots[party] = _place(service, grid, "spot", f"S{code}")
        if party:
            area = facts.area(estate_ref=estate["id"])
            service.hear(property.AreaRegistered, area["area_ref"], area)
            service.hear(property.PartyRegistered, party, facts.party(area_refs=[area["area_ref"]]))
    service.hear(notify.ContactRegistered, "resident-1", facts.contact())
    return Lives(service, spots, "resident-1", seed=20240527)


def _place(service, parent, kind, code):
    ref = parent and parent["id"]
    return service.post("/places", {"kind": kind, "name": f"{kind}{code}", "code": code, "parent_ref": ref})


@pytest.fixture
def played(service, lives):
    """Cases of ten weeks, under the shipped rules and then under the street's own; a few are excluded."""
    service.post("/rate-rules", OWN_RULES)
    play(service, lives, 45)
    for turn in lives.dice.sample(all_turns(service), 6):
        lives.exclude(turn["id"], turn["number"], turn["turn"])
    return lives


def play(service, lives, cases):
    for _ in range(cases):
        lives.play(STARTED - timedelta(days=30) + timedelta(minutes=lives.dice.randint(0, 60 * 24 * 60)))
    service.clock.at = STARTED + timedelta(days=90)


def rates(service, period, **more):
    """The figures, and those by one thing."""
    query = "&".join(f"{name}={value}" for name, value in {"period": period, **more}.items())
    answer = service.request("GET", f"/rates?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


def all_turns(service, query="", **who):
    """The whole list, part by part."""
    found, after = [], ""
    while after is not None:
        answer = service.request("GET", f"/case-turns?limit=7&after={after}&{query}", **who)
        assert answer.status_code == 200, answer.text
        found, after = found + answer.json["items"], answer.json.get("next")
    return found


def sql(service, lives, period, key="''", group=""):
    """The same from the journal, by a database that has never heard of figures."""
    since, until, hours, partly, grades, _ = PERIODS[period]
    due = f"(CASE WHEN begun + {hours * 60} < due THEN begun + {hours * 60} ELSE due END)"
    columns = [Column(name, String(100) if name in TEXTS else Integer) for name in lives.rows()[0]]
    journal = Table("journal", MetaData(), *columns)
    query = COUNTED.format(
        key=key, contact_due=due, partly=partly, g=grades, since=since, until=until, group=group
    )
    with service.database.engine.begin() as connection:
        journal.create(connection)
        connection.execute(journal.insert(), lives.rows())
        rows = [row._asdict() for row in connection.execute(text(query))]
        journal.drop(connection)
    return {row["its_key"]: row for row in rows}


AS_SQL = {
    "response": ("contacted", "to_contact"),
    "solution": ("solved", "revisited"),
    "satisfaction": ("content", "graded"),
    "on_time": ("answered_in_time", "to_answer"),
    "reopened": ("opened_again", "turns"),
    "self_found": ("found", "cases"),
    "objected": ("objections", "dispatches"),
    "objection_upheld": ("upheld", "objections"),
}


def assert_equal(figures, row):
    for name, (numerator, denominator) in AS_SQL.items():
        told = figures[name]["numerator"], figures[name]["denominator"]
        assert told == (row[numerator], row[denominator]), name
    well = figures["well_dispatched"]
    assert (well["numerator"], well["denominator"]) == (row["dispatches"] - row["upheld"], row["dispatches"])


def test_the_figures_agree_with_sql_that_knows_nothing_of_them(service, played):
    for period, (*_, weights) in PERIODS.items():
        row = sql(service, played, period)[""]
        assert row["turns"] > 10, "else nothing is held to anything"
        told = rates(service, period)
        assert_equal(told["total"], row)
        mean = sum(
            Fraction(weight, 1000) * Fraction(row[above], row[below])
            for weight, (above, below) in zip(weights, list(AS_SQL.values())[:3], strict=True)
        )
        overall = told["total"]["overall"]
        assert Fraction(overall["numerator"], overall["denominator"]) == mean
        for by, key in (("community", "community"), ("party", "party"), ("category", "category")):
            rows = sql(service, played, period, key, f"GROUP BY {key}")
            shares = {share["key"]: share["figures"] for share in rates(service, period, by=by)["shares"]}
            assert set(shares) == set(rows)
            for each, figures in shares.items():
                assert_equal(figures, rows[each])


def test_every_turn_is_written_down_once_and_ends_in_one_period(service, lives):
    play(service, lives, 15)
    told = all_turns(service)
    assert sorted((turn["number"], turn["turn"]) for turn in told) == sorted(
        (entry.number, entry.turn) for entry in lives.journal
    )
    months = (f"2024-{month:02}" for month in range(4, 10))
    by_period = [turn["id"] for period in months for turn in all_turns(service, f"period={period}")]
    assert sorted(by_period) == [turn["id"] for turn in told]


def test_every_figure_leads_to_the_turns_behind_it(service, played):
    told = rates(service, "2024-06", by="party")
    for name, figure in told["total"].items():
        behind = all_turns(service, f"period=2024-06&figure={name}&part=denominator")
        above = all_turns(service, f"period=2024-06&figure={name}&part=numerator&sort=-id")
        if name != "overall":
            assert len(behind) == figure["cases"]
        assert {turn["id"] for turn in above} <= {turn["id"] for turn in behind}
        assert [turn["id"] for turn in above] == sorted((turn["id"] for turn in above), reverse=True)
        assert not [turn for turn in behind if turn["state"] == "excluded"]
    for share in told["shares"]:
        query = f"period=2024-06&figure=response&by=party&key={share['key']}"
        behind = all_turns(service, query)
        assert len(behind) == share["figures"]["response"]["cases"]
        assert {turn["lead_party_ref"] or "" for turn in behind} <= {share["key"]}
    case = service.request("GET", f"/cases/{behind[0]['case_ref']}").json
    assert case["number"] == behind[0]["number"]


def test_what_was_published_stays_whatever_is_learned_later(service, played):
    report = service.post("/rate-reports", {"period": "2024-05"})
    now = rates(service, "2024-05")
    assert (report["total"], now["report_ref"]) == (now["total"], report["id"])
    assert report["rules"]["first_period"] == "2000-01"
    assert [share for share in report["shares"] if share["by"] == "community"] == now["shares"]
    frozen = f"report_ref={report['id']}"
    turns = all_turns(service, frozen)
    assert len(turns) == report["turn_count"]
    excluded = all_turns(service, f"{frozen}&state=excluded")
    assert len(excluded) == report["excluded_count"] > 0
    assert {(each["exclusion"]["by"], each["exclusion"]["decided_by"]) for each in excluded} == {
        ("street:1", "street:2")
    }

    closed = next(turn for turn in turns if turn["outcome"] == "revisited" and turn["turn"] < 5)
    about = {"type": "case", "ref": closed["case_ref"], "turn": closed["turn"]}
    answer = facts.feedback(about=about, covers=[], resolution="unresolved", grade=1)
    service.hear(notify.FeedbackReceived, "answer-1", answer)
    service.post(f"/places/{closed['community_ref']}/change", {"name": "改了名"}, status=200)
    assert service.request("GET", f"/cases/{closed['case_ref']}").json["turn"] == closed["turn"] + 1
    assert rates(service, "2024-05") != now

    assert service.request("GET", f"/rate-reports/{report['id']}").json == report
    assert all_turns(service, frozen) == turns
    response = all_turns(service, f"{frozen}&figure=response")
    assert len(response) == report["total"]["response"]["cases"]
    (listed,) = service.request("GET", "/rate-reports").json["items"]
    assert "shares" not in listed
    again = service.request("POST", "/rate-reports", {"period": "2024-05"})
    assert (again.status_code, again.json["code"]) == (409, "published_already")
    asked = service.request("POST", f"/case-turns/{closed['id']}/ask-exclusion", {"reason": "诉求不实"})
    assert (asked.status_code, asked.json["code"]) == (409, "published_already")


def test_each_sees_its_own_figures_and_turns_only(service, lives):
    play(service, lives, 15)
    whole = len(all_turns(service))
    company = {"role": "property", "scope": "party:company"}
    seen = all_turns(service, **company)
    assert {turn["lead_party_ref"] for turn in seen} == {"company"}
    other = next(turn for turn in all_turns(service) if turn["lead_party_ref"] is None)
    for path, status in ((f"/case-turns/{other['id']}", 403), (f"/case-turns/{seen[0]['id']}", 200)):
        assert service.request("GET", path, **company).status_code == status
    refused = service.request(
        "POST", f"/case-turns/{other['id']}/ask-exclusion", {"reason": "不实"}, **company
    )
    assert refused.status_code == 403
    worker = {"role": "grid_worker", "scope": f"place:{seen[0]['grid_ref']}"}
    ask = f"/case-turns/{seen[0]['id']}/ask-exclusion"
    assert service.request("POST", ask, {"reason": "不实"}, **worker).json["code"] == "not_your_part"
    own = service.request("GET", "/rates?period=2024-06&by=party", **company).json
    assert [share["key"] for share in own["shares"]] == ["company"]
    community = {"role": "community", "scope": f"place:{other['community_ref']}"}
    assert 0 < len(all_turns(service, **community)) < whole
    shares = service.request("GET", "/rates?period=2024-06", **community).json["shares"]
    assert [share["key"] for share in shares] == [other["community_ref"]]
    by_grid = rates(service, "2024-06", by="grid", place_ref=other["community_ref"])
    assert [share["key"] for share in by_grid["shares"]] == [other["grid_ref"]]


def test_an_exclusion_is_decided_by_another_before_anything_is_published(service, lives):
    lives.play(STARTED - timedelta(days=20))
    service.clock.at = STARTED + timedelta(days=90)
    turn = all_turns(service)[0]
    path = f"/case-turns/{turn['id']}"
    asked = service.post(f"{path}/ask-exclusion", {"reason": "诉求不实"}, status=200)
    assert (asked["state"], asked["allowed_actions"]) == ("asked", ["exclude", "refuse_exclusion"])
    assert asked["exclusion"]["by"] == "street:street-1"
    assert service.request("POST", f"{path}/exclude", {}).json["code"] == "decided_by_who_asked"
    period = turn["ended_at"][:7]
    pending = service.request("POST", "/rate-reports", {"period": period})
    assert (pending.status_code, pending.json["code"]) == (409, "exclusions_pending")
    assert turn["number"] in pending.json["detail"]
    assert service.request("POST", f"{path}/exclude", {}, role="community").status_code == 403


def test_what_is_not_excluded_counts_and_is_published(service, lives):
    lives.play(STARTED - timedelta(days=20))
    service.clock.at = STARTED + timedelta(days=90)
    turn = all_turns(service)[0]
    path = f"/case-turns/{turn['id']}"
    service.post(f"{path}/ask-exclusion", {"reason": "诉求不实"}, role="community", status=200)
    again = service.request("POST", f"{path}/ask-exclusion", {"reason": "诉求不实"})
    assert (again.status_code, again.json["code"]) == (409, "not_now")
    refused = service.post(f"{path}/refuse-exclusion", {}, status=200)
    assert (refused["state"], refused["exclusion"]["decided_by"]) == ("counted", "street:street-1")
    report = service.post("/rate-reports", {"period": turn["ended_at"][:7]})
    assert (report["turn_count"] > 0, report["excluded_count"]) == (True, 0)


def test_where_nothing_has_ended_every_figure_is_a_dash_and_can_be_published(service, spot):
    told = service.request("GET", "/rates").json
    assert (told["period"], told["first_day"], told["last_day"]) == ("2024-05", "2024-05-01", "2024-05-31")
    assert {figure["percent"] for figure in told["total"].values()} == {"—"}
    assert {figure["is_small"] for figure in told["total"].values()} == {True}
    assert told["shares"] == []
    report = service.post("/rate-reports", {"period": "2024-04"})
    assert (report["turn_count"], report["total"]["overall"]["percent"]) == (0, "—")


def test_what_is_under_way_is_not_published(service):
    answer = service.request("POST", "/rate-reports", {"period": "2024-05"})
    assert (answer.status_code, answer.json["code"]) == (422, "period_not_over")
    assert "2024-05-31" in answer.json["detail"]
    elsewhere = service.request("POST", "/rate-reports", {"period": "2024-04"}, scope="place:elsewhere")
    assert elsewhere.status_code == 403


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("figure=response", "period"),
        ("period=2024-05&key=x", "by"),
        ("period=2024-05&by=party", "key"),
        ("period=2024-13", "period"),
        ("period=2024-5", "period"),
        ("period=1999-12", "period"),
        ("period=2024-05&figure=luck", "figure"),
        ("report_ref=nothing", "report_ref"),
    ],
)
def test_what_is_wrong_in_a_question_is_named(service, query, field):
    answer = service.request("GET", f"/case-turns?{query}")
    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json["errors"]]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"response_weight": 201}, "response_weight"),
        ({"grade_weights": [1000, 900, 500, 200, 0]}, "grade_weights"),
        ({"grade_weights": [0, 1000]}, "grade_weights"),
        ({"partly_weight": 1001}, "partly_weight"),
        ({"contact_hours": 0}, "contact_hours"),
        ({"period_rule": "week"}, "period_rule"),
        ({"first_period": "2024-05"}, "first_period"),
        ({"excluded_categories": ["0601", "9999"]}, "excluded_categories.1"),
        ({"basis": " "}, "basis"),
    ],
)
def test_what_is_wrong_in_the_rules_is_named(service, changed, field):
    answer = service.request("POST", "/rate-rules", OWN_RULES | changed)
    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json["errors"]]
    assert service.request("GET", "/rate-rules").json["items"] == []


def test_rules_are_only_added_and_only_by_those_who_act_for_the_whole_street(service):
    adopted = service.post("/rate-rules", OWN_RULES)
    assert (adopted["effective_on"], adopted["rules"]) == ("2024-06-01", OWN_RULES)
    again = service.request("POST", "/rate-rules", OWN_RULES)
    assert again.json["code"] == "rate_rules_not_last"
    elsewhere = service.request("POST", "/rate-rules", OWN_RULES, scope="place:elsewhere")
    assert elsewhere.status_code == 403
    assert rates(service, "2024-06")["rules"] == OWN_RULES
    assert rates(service, "2024-05")["rules"]["basis"].startswith("随软件提供")
