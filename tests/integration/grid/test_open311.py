"""Open311 GeoReport v2 at grid's door: the facts of the standard, one by one."""

from __future__ import annotations

import json
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from sqlalchemy import select
from werkzeug.test import Client

from shared.access.tokens import Tokens
from shared.contracts import consultation, notify
from shared.persistence.tables import audit_entries
from shared.web.common import all_apis
from shared.web.wsgi import Door
from tests.builders import facts
from tests.builders.grid import collection, middle, square

TOKENS = Tokens("a key that is only for these tests, and long enough")
FILED = {"service_code": "0603", "address_id": "JQ-POOL", "description": "水池干涸，张三 12000000001"}
FIRST = "240527-0001-5"


class Program:
    """Another city's program."""

    def __init__(self, service) -> None:
        self.client = Client(Door(service.application, TOKENS, all_apis(service.application.definition)))
        self.key = self.new_key()

    def new_key(self, role="outside_system", scope="*"):
        return TOKENS.issue("city311", role, scope)

    def get(self, path, **asked):
        return self.client.get(f"/open311/v2/{path}", query_string=asked)

    def post(self, form, path="requests.json", *, key=None, **options):
        form = {"api_key": key or self.key, **form}
        return self.client.post(f"/open311/v2/{path}", data=form, **options)

    def file(self, **form):
        answer = self.post({**FILED, **form})
        assert answer.status_code == 200, answer.text
        return answer.json[0]["service_request_id"]

    def listed(self, **asked):
        answer = self.get("requests.json", **asked)
        assert answer.status_code == 200, answer.text
        return [request["service_request_id"] for request in answer.json]


@pytest.fixture
def program(service, spot):
    return Program(service)


def same_xml(answer, expected):
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.data.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    assert canonical(answer.data.decode()) == canonical(expected)
    return True


def canonical(text):
    return ElementTree.canonicalize(text, strip_text=True)


def same_json(answer, expected):
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.loads(answer.data) == expected
    return True


# ---- what is answered


def test_discovery_says_where_and_in_which_formats(program):
    found = program.get("discovery.json").json
    assert found["endpoints"] == [
        {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": "http://localhost/open311/v2",
            "changeset": "2026-11-27",
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }
    ]
    assert "110112010" in found["contact"]
    assert "jiushu token create" in found["key_service"]
    assert same_xml(
        program.get("discovery.xml"),
        f"""<discovery>
          <changeset>2026-11-27</changeset>
          <contact>{found["contact"]}</contact>
          <key_service>{found["key_service"]}</key_service>
          <endpoints>
            <endpoint>
              <specification>http://wiki.open311.org/GeoReport_v2</specification>
              <url>http://localhost/open311/v2</url>
              <changeset>2026-11-27</changeset>
              <type>production</type>
              <formats><format>text/xml</format><format>application/json</format></formats>
            </endpoint>
          </endpoints>
        </discovery>""",
    )


def test_the_services_are_the_categories(program, service):
    answer = program.get("services.json")
    assert answer.json[23] == {
        "service_code": "0603",
        "service_name": "绿化缺失/枯枝",
        "description": "时限：7天，由物业企业首先受理",
        "metadata": True,
        "type": "realtime",
        "keywords": "路面、绿化与管线",
        "group": "路面、绿化与管线",
    }
    categories = service.anonymous("GET", "/categories").json["items"]
    assert [each["service_code"] for each in answer.json] == [each["code"] for each in categories]
    first = ElementTree.fromstring(program.get("services.xml").data)[0]
    assert canonical(ElementTree.tostring(first, encoding="unicode")) == canonical(
        """<service>
          <service_code>0101</service_code>
          <service_name>燃气异味/泄漏</service_name>
          <description>时限：2小时，由街道办事处首先受理</description>
          <metadata>true</metadata>
          <type>realtime</type>
          <keywords>紧急险情</keywords>
          <group>紧急险情</group>
        </service>"""
    )


def test_a_definition_asks_for_nothing_more_and_says_how_to_name_the_place(program):
    answer = program.get("services/0603.json")
    note = answer.json["attributes"][0]["description"]
    assert "address_id" in note
    assert same_json(
        answer,
        {
            "service_code": "0603",
            "attributes": [
                {
                    "variable": False,
                    "code": "PLACE",
                    "datatype": "string",
                    "required": False,
                    "datatype_description": None,
                    "order": 1,
                    "description": note,
                    "values": [],
                }
            ],
        },
    )
    assert same_xml(
        program.get("services/0603.xml"),
        f"""<service_definition>
          <service_code>0603</service_code>
          <attributes>
            <attribute>
              <variable>false</variable>
              <code>PLACE</code>
              <datatype>string</datatype>
              <required>false</required>
              <datatype_description/>
              <order>1</order>
              <description>{note}</description>
              <values/>
            </attribute>
          </attributes>
        </service_definition>""",
    )


def test_a_filed_request_has_its_number_at_once(program):
    assert same_json(
        program.post(FILED),
        [
            {
                "service_request_id": FIRST,
                "service_notice": "由街道办事处受理，2024-06-03 09:00 前答复。",
                "account_id": None,
            }
        ],
    )
    assert same_xml(
        program.post(FILED, "requests.xml"),
        """<service_requests>
          <request>
            <service_request_id>240527-0002-8</service_request_id>
            <service_notice>由街道办事处受理，2024-06-03 09:00 前答复。</service_notice>
            <account_id/>
          </request>
        </service_requests>""",
    )


def test_a_filed_request_and_a_refused_one_leave_their_audit_entries(program, service):
    program.file()
    program.post({**FILED, "service_code": "none"})
    with service.database.reading() as session:
        filed, refused = session.execute(
            select(audit_entries).where(audit_entries.c.actor == "city311").order_by(audit_entries.c.id)
        ).all()
    assert (filed.operation, filed.object) == ("POST /open311/v2/requests.{format}", FIRST)
    assert refused.object is None
    assert refused.status >= 400


def test_anyone_may_read_how_it_is_with_a_request_but_not_the_reporter_s_words(program):
    program.file()
    expected = {
        "service_request_id": FIRST,
        "status": "open",
        "status_notes": "待接办",
        "service_name": "绿化缺失/枯枝",
        "service_code": "0603",
        "description": "绿化缺失/枯枝（水池）",
        "agency_responsible": "街道办事处",
        "service_notice": None,
        "requested_datetime": "2024-05-27T09:00:00+08:00",
        "updated_datetime": "2024-05-27T09:00:00+08:00",
        "expected_datetime": "2024-06-03T09:00:00+08:00",
        "address": "水池，金侨时代家园，金侨，九棵树街道",
        "address_id": "JQ-POOL",
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
    assert same_json(program.get(f"requests/{FIRST}.json"), [expected])
    assert same_json(program.get("requests.json"), [expected])
    elements = "".join(f"<{name}>{value or ''}</{name}>" for name, value in expected.items())
    assert same_xml(
        program.get(f"requests/{FIRST}.xml"),
        f"<service_requests><request>{elements}</request></service_requests>",
    )


def test_a_number_may_be_written_without_dashes(program):
    program.file()
    assert program.get("requests/24052700015.json").json[0]["service_request_id"] == FIRST
    assert program.listed(service_request_id="24052700015") == [FIRST]


def test_an_empty_list_is_a_list(program):
    assert same_json(program.get("requests.json"), [])
    assert same_xml(program.get("requests.xml"), "<service_requests/>")


def test_what_was_filed_is_a_case_like_any_other(program, service, spot):
    number = program.file()
    case = service.request("GET", f"/cases/{number}").json
    assert (case["text"], case["source"]) == (FILED["description"], "outside_system")
    assert (case["place_ref"], case["reporter_ref"]) == (spot["id"], None)


def test_a_number_is_its_own_token(program):
    program.file()
    assert same_json(program.get(f"tokens/{FIRST}.json"), [{"service_request_id": FIRST, "token": FIRST}])
    assert same_xml(
        program.get(f"tokens/{FIRST}.xml"),
        f"""<service_requests><request>
          <service_request_id>{FIRST}</service_request_id><token>{FIRST}</token>
        </request></service_requests>""",
    )


def test_the_status_is_open_until_the_reporter_says_that_it_is_good(program, service):
    number = program.file()
    case = service.request("GET", f"/cases/{number}").json
    linked = {"case_refs": [case["id"]], "place_path": "/"}

    def on_the_next_day(event, data):
        service.clock.advance(days=1)
        service.hear(event, "subject", data)
        request = program.get(f"requests/{number}.json").json[0]
        return request["status"], request["status_notes"], request["updated_datetime"]

    def answered(turn, resolution):
        return facts.feedback(
            covers=[{"type": "case", "ref": case["id"], "turn": turn}], resolution=resolution
        )

    accepted = facts.topic(**linked) | {"party_org": "社区党委"}
    for event, data, status, notes in [
        (consultation.TopicAccepted, accepted, "open", "等待：社区协商"),
        (consultation.TopicResolved, facts.topic_resolved(**linked), "open", "等待：工程实施"),
        (consultation.ResultLanded, facts.result_landed(**linked), "open", "待回访"),
        (notify.FeedbackReceived, answered(1, "unresolved"), "open", "待接办（第2次办理）"),
        (consultation.ResultLanded, facts.result_landed(**linked), "open", "待回访（第2次办理）"),
        (notify.FeedbackReceived, answered(2, "resolved"), "closed", "已办结（第2次办理）"),
    ]:
        assert on_the_next_day(event, data) == (
            status,
            notes,
            f"{service.clock.now():%Y-%m-%d}T09:00:00+08:00",
        )
    assert program.listed(status="closed") == [number]
    assert program.listed(status="open") == []


# ---- how it is asked


@pytest.mark.parametrize("address_id", ["JQ-POOL", "its ref"])
def test_an_address_id_is_a_code_or_a_ref(program, service, spot, address_id):
    number = program.file(address_id=spot["id"] if address_id == "its ref" else address_id)
    assert service.request("GET", f"/cases/{number}").json["place_ref"] == spot["id"]


@pytest.mark.parametrize(
    "address",
    [
        "JQ-POOL",
        "水池，金侨时代家园",
        "金侨时代家园 水池",
        "水池，金侨时代家园，金侨，九棵树街道",
        " 水池,JQ ",
    ],
)
def test_an_address_string_is_what_the_place_and_those_around_it_are_called(
    program, service, spot, other_pool, address
):
    number = program.file(address_id="", address_string=address)
    assert service.request("GET", f"/cases/{number}").json["place_ref"] == spot["id"]


def test_among_places_of_one_name_only_those_count_that_the_caller_may_act_for(program, spot, other_pool):
    key = program.new_key(scope=f"place:{other_pool['estate_ref']}")
    number = program.post({**FILED, "address_id": "", "address_string": "水池"}, key=key).json[0]
    assert program.get(f"requests/{number['service_request_id']}.json").json[0]["address_id"] == "YC-POOL"


def test_the_key_may_stand_in_the_form_in_the_address_or_in_a_header(program):
    key = program.key
    assert program.post(FILED).status_code == 200
    assert program.post({**FILED, "api_key": ""}, f"requests.json?api_key={key}").status_code == 200
    headers = {"Authorization": f"Bearer {key}"}
    assert program.post({**FILED, "api_key": ""}, headers=headers).status_code == 200


def test_without_words_the_category_speaks(program, service):
    number = program.file(description="  ")
    assert service.request("GET", f"/cases/{number}").json["text"] == "绿化缺失/枯枝"


def test_personal_data_are_not_kept_and_the_answer_says_which(program, service):
    personal = {"email": "a@example.org", "phone": "12000000001", "first_name": "三", "last_name": ""}
    answer = program.post({**FILED, **personal, "media_url": "http://example.org/1.jpg", "attribute[X]": "1"})
    assert answer.json[0]["service_notice"].endswith("未保存：email、first_name、phone、media_url。")
    assert "example.org" not in service.snapshot()


def test_what_is_empty_or_unknown_is_as_if_it_were_not_there(program):
    number = program.file(jurisdiction_id="", lat="39.9", long="116.7", colour="red")
    assert program.listed(status="", start_date=" ", extensions="true", api_key="anything") == [number]


def test_a_point_does_where_no_place_is_named_or_the_address_is_one_that_nobody_here_uses(program, service):
    service.post("/shapes", collection({"110112010904001": square(0, 0)}), status=200)
    point = {"lat": str(middle(0, 0)["latitude"]), "long": str(middle(0, 0)["longitude"])}
    for named in ({"address_id": ""}, {"address_id": "", "address_string": "北京市通州区某路1号"}):
        case = service.request("GET", f"/cases/{program.file(**named, **point)}").json
        assert (case["grid_code"], case["longitude"]) == ("110112010904001", middle(0, 0)["longitude"])
        (shown,) = program.get(f"requests/{case['number']}.json").json
        assert (shown["address"], shown["lat"], shown["long"]) == (
            "第一网格，金侨时代家园，金侨，九棵树街道",
            None,
            None,
        )
    case = service.request("GET", f"/cases/{program.file(**point)}").json
    assert (case["place_name"], case["longitude"]) == ("水池", None), "a place that is named says more"


def test_the_jurisdiction_is_the_street(program):
    for path in ("services.json", "services/0603.json", "requests.json"):
        assert program.get(path, jurisdiction_id="110112010").status_code == 200


def test_requests_are_found_by_service_status_and_time_newest_first(program, service):
    first = program.file()
    service.clock.advance(days=30)
    second = program.file(service_code="0601")
    service.clock.advance(days=30)
    third = program.file(service_code="0203")
    assert program.listed() == [third, second, first]
    assert program.listed(service_code="0601,0203") == [third, second]
    assert program.listed(service_code=["0603", "0601"]) == [second, first]
    assert program.listed(status="closed") == []
    assert program.listed(status="open,closed") == [third, second, first]
    assert program.listed(start_date="2024-06-01T00:00:00Z") == [third, second]
    assert program.listed(end_date="2024-06-01T00:00:00+08:00") == [first]
    assert program.listed(start_date="2024-06-01T00:00:00+08:00", end_date="2024-07-01T00:00:00Z") == [second]
    service.clock.advance(days=31)
    assert program.listed() == [third, second], "the last 90 days"
    assert program.listed(start_date="2024-05-27T00:00:00Z") == [third, second, first], "90 days from there"


def test_numbers_override_all_other_arguments(program, service):
    first, second = program.file(), program.file()
    service.clock.advance(days=100)
    asked = {"service_request_id": f"{first}, {second},240527-0009-9", "status": "closed"}
    assert program.listed(**asked, start_date="2000-01-01T00:00:00Z") == [second, first]


def test_a_blank_that_was_a_plus_is_understood(program):
    program.file()
    answer = program.client.get("/open311/v2/requests.json?start_date=2024-05-27T08:59:59+08:00")
    assert [each["service_request_id"] for each in answer.json] == [FIRST]


def test_long_lists_come_in_pages(program):
    numbers = [program.file() for _ in range(5)]
    pages = [program.listed(page=page, page_size=2) for page in (1, 2, 3, 4)]
    assert pages == [numbers[:2:-1], numbers[2:0:-1], numbers[:1], []]


# ---- what is refused

REFUSED = {
    "an unknown service": ("services/9999", {}, 404, "没有找到类别 9999"),
    "an unknown number": (
        "requests/240527-0009-9",
        {},
        404,
        "没有编号为 240527-0009-9 的事项，请核对末位校验码",
    ),
    "a wrong check digit": (
        "requests/240527-0001-6",
        {},
        404,
        "没有编号为 240527-0001-6 的事项，请核对末位校验码",
    ),
    "an unknown token": ("tokens/12345", {}, 404, "没有编号为 12345 的事项，请核对末位校验码"),
    "another jurisdiction": (
        "services",
        {"jurisdiction_id": "city.gov"},
        404,
        "jurisdiction_id：本系统服务 110112010，不是 city.gov",
    ),
    "an unknown path": ("inquiries", {}, 404, "没有找到"),
    "an unknown status": ("requests", {"status": "open,broken"}, 400, "status.1: 只能是：open, closed"),
    "a time without a zone": (
        "requests",
        {"start_date": "2024-05-27T09:00:00"},
        400,
        "start_date: 应为带时区的时间，如 2024-05-27T09:30:00+08:00",
    ),
    "no time at all": (
        "requests",
        {"end_date": "yesterday"},
        400,
        "end_date: 应为带时区的时间，如 2024-05-27T09:30:00+08:00",
    ),
    "more than 90 days": (
        "requests",
        {"start_date": "2024-01-01T00:00:00Z", "end_date": "2024-03-31T00:00:01Z"},
        400,
        "start_date 不能晚于 end_date，两者相隔最多 90 天",
    ),
    "the end before the beginning": (
        "requests",
        {"start_date": "2024-01-02T00:00:00Z", "end_date": "2024-01-01T00:00:00Z"},
        400,
        "start_date 不能晚于 end_date，两者相隔最多 90 天",
    ),
    "too large a page": ("requests", {"page_size": "1001"}, 400, "page_size: 应在1与1000之间"),
    "a page that is no number": ("requests", {"page": "last"}, 400, "page: 应为整数"),
}


@pytest.mark.parametrize(("path", "asked", "status", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_question_that_cannot_be_answered_is_refused_in_both_forms(program, path, asked, status, reason):
    answers = program.get(f"{path}.json", **asked), program.get(f"{path}.xml", **asked)
    must_be_refused(answers, status, reason)


NOT_FILED = {
    "no service": ({"service_code": ""}, 400, "service_code: 必填"),
    "an unknown service": ({"service_code": "9999"}, 404, "没有找到类别 9999"),
    "another jurisdiction": (
        {"jurisdiction_id": "city.gov"},
        404,
        "jurisdiction_id：本系统服务 110112010，不是 city.gov",
    ),
    "no place": (
        {"address_id": ""},
        400,
        "请用 address_id（地点编码）、address_string（地点名称）或 lat 和 long 说明地点",
    ),
    "half a point": (
        {"address_id": "", "lat": "39.9"},
        400,
        "请用 address_id（地点编码）、address_string（地点名称）或 lat 和 long 说明地点",
    ),
    "a point in no grid": (
        {"address_id": "", "lat": "39.9", "long": "116.7"},
        400,
        "坐标（116.7，39.9）不在任何网格内，请核对坐标，或用场所说明地点",
    ),
    "a point that is swapped": (
        {"address_id": "", "lat": "116.7", "long": "39.9"},
        400,
        "经纬度写反了：经度写成了 39.9，纬度写成了 116.7。请先写经度、后写纬度（115.4–117.6, 39.4–41.1）",
    ),
    "no number": ({"address_id": "", "lat": "north", "long": "116.7"}, 400, "lat: 应为数字"),
    "an unknown address_id": (
        {"address_id": "JQ-LAKE"},
        400,
        "address_id：没有名称或编码为“JQ-LAKE”的场所，请用登记的名称，或用 address_id 给出场所编码",
    ),
    "an unknown address": (
        {"address_id": "", "address_string": "湖"},
        400,
        "address_string：没有名称或编码为“湖”的场所，请用登记的名称，或用 address_id 给出场所编码",
    ),
    "an address that several places have": (
        {"address_id": "", "address_string": "水池，金侨"},
        400,
        "address_string：“水池，金侨”有多个场所：水池（JQ-POOL）、水池（YC-POOL）。"
        "请加上所在小区的名称，或用 address_id 给出场所编码",
    ),
    "a place that is too wide": (
        {"address_id": "JQ"},
        400,
        "“金侨时代家园”不在任何网格内，请选择更具体的位置",
    ),
    "too many words": ({"description": "水" * 4001}, 400, "description: 太长，最多4000"),
    "a NUL": ({"description": "a\0b"}, 400, "description：含有不能保存的字符"),
    "a wrong key": (
        {"api_key": "xyz"},
        403,
        "api_key 缺失、无效或已过期：请用访问令牌作为 api_key，或放在 Authorization: Bearer 之后",
    ),
    "no key": (
        {"api_key": ""},
        403,
        "api_key 缺失、无效或已过期：请用访问令牌作为 api_key，或放在 Authorization: Bearer 之后",
    ),
}


@pytest.mark.parametrize(("changed", "status", "reason"), NOT_FILED.values(), ids=NOT_FILED)
def test_a_request_that_cannot_be_filed_is_refused_in_both_forms(
    program, other_pool, changed, status, reason
):
    answers = program.post({**FILED, **changed}), program.post({**FILED, **changed}, "requests.xml")
    must_be_refused(answers, status, reason)
    assert program.listed() == []


def must_be_refused(answers, status, reason):
    as_json, as_xml = answers
    assert (as_json.status_code, as_xml.status_code) == (status, status)
    assert same_json(as_json, [{"code": status, "description": reason}])
    assert same_xml(
        as_xml, f"<errors><error><code>{status}</code><description>{reason}</description></error></errors>"
    )


def test_every_wrong_field_is_an_error_of_its_own(program):
    answer = program.post({"description": "水" * 4001})
    assert same_json(
        answer,
        [
            {"code": 400, "description": "service_code: 必填"},
            {"code": 400, "description": "description: 太长，最多4000"},
        ],
    )


def test_refusals_are_in_english_for_who_reads_that(program):
    answer = program.client.get("/open311/v2/services/1.json", headers={"Accept-Language": "en"})
    assert answer.json == [{"code": 404, "description": "there is no service_code 1"}]


@pytest.mark.parametrize("role", ["property", "resident"])
def test_only_other_systems_and_staff_file_requests(program, role):
    key = program.new_key(role, "person:1" if role == "resident" else "party:1")
    answer = program.post(FILED, key=key)
    assert (answer.status_code, answer.json[0]["code"]) == (403, 403)


def test_nobody_files_requests_for_places_outside_its_own(program, other_pool):
    key = program.new_key(scope=f"place:{other_pool['estate_ref']}")
    assert program.post(FILED, key=key).json[0]["code"] == 400, "that place is unknown to it"


@pytest.mark.parametrize("path", ["services", "services.html", "services.json.bak", "requests"])
def test_another_format_is_not_found_and_said_in_xml(program, path):
    assert program.get(path).status_code == 404
    assert same_xml(
        program.get(path),
        "<errors><error><code>404</code><description>没有找到</description></error></errors>",
    )


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"service_code": "0603"}', "application/json"),
        (urlencode(FILED, encoding="gbk").encode(), "application/x-www-form-urlencoded"),
        ("描述=水池".encode("gbk"), "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % number for number in range(101)), "application/x-www-form-urlencoded"),
        (b"a=" + b"1" * 300_000, "application/x-www-form-urlencoded"),
    ],
    ids=["JSON", "GBK quoted", "GBK", "too many fields", "too large"],
)
def test_a_body_that_is_no_form_in_utf_8_is_refused(program, body, content_type):
    headers = {"Authorization": f"Bearer {program.key}"}
    answer = program.client.post(
        "/open311/v2/requests.json", data=body, content_type=content_type, headers=headers
    )
    assert (answer.status_code, answer.json[0]["code"]) == (400, 400)


def test_another_method_is_a_request_that_cannot_be_carried_out(program):
    answer = program.client.delete(f"/open311/v2/requests/{FIRST}.json")
    assert (answer.status_code, answer.json) == (400, [{"code": 400, "description": "不支持此方法"}])


def test_what_xml_cannot_hold_is_left_out_of_it(program):
    answer = program.get("services/%01%0B.xml")
    assert answer.status_code == 404
    assert ElementTree.fromstring(answer.data)[0][1].text == "没有找到类别 "


# ---- sent twice


def test_with_an_idempotency_key_a_request_sent_twice_is_filed_once(program):
    headers = {"Idempotency-Key": "2024-0527-000123"}
    first = program.post(FILED, headers=headers)
    again = program.post(FILED, headers=headers, key=program.new_key())
    assert (again.status_code, again.json) == (200, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert program.listed() == [FIRST]
    other = program.post({**FILED, "service_code": "0601"}, headers=headers)
    assert (other.status_code, other.json[0]["code"]) == (400, 400)


def test_without_one_it_is_filed_twice(program):
    assert program.file() != program.file()
