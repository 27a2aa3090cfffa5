"""Import and export of the catalogue: everything that is wrong is said at once, and nothing is half-loaded."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from services.grid.http.sheets.kinds import KINDS
from shared.contracts import grid, notify
from shared.kernel.personal import holds_mobile, personal_data_in
from shared.web.files import CSV, XLSX
from tests.builders import facts

PLACES = """编码,名称,类型,上级编码,小区类型,户数
110112010,九棵树街道,街道,,,
110112010904,金侨,社区,110112010,,
JQ,金侨时代家园,小区,110112010904,塔楼商品房,1980
110112010904001,第一网格,grid,JQ,,
L1,1号楼,楼,110112010904001,,
M1,1号楼1单元,楼门,L1,,40
"""
HOUSEHOLDS = "楼门编码,房号\nM1,101\nM1,102\n"
SECOND_GRID = "编码,名称,类型,上级编码\n110112010904002,第二网格,网格,JQ\n"
ORGANISATIONS = """种类,名称,上级组织,场所编码,暂定名称
行业党组织,教育培训党组织,九棵树党工委,,是
网格,第一网格党群站,金侨社区站,110112010904001,
社区,金侨社区站,九棵树街道站,110112010904,
党工委,九棵树党工委,,,
街道,九棵树街道站,,110112010,
"""
STAFF = """工号,姓名,类别,网格编码,网格职务,账号
WG001,演示网格员,网格员,110112010904001,网格长,
WG001,演示网格员,网格员,110112010904002,,
SQ001,演示干部,community_cadre,110112010904001,成员,cadre-1
"""
CAPTAINS = """楼门编码,联系人编号,来源,推选方式,推选日期
M1,p1,居民,楼门会推选,2024-03-01
M1,p2,agent,社区推荐,2024-03-02
"""


def imported(service, kind, text, query="", content_type=CSV, **options):
    content = text if isinstance(text, bytes) else text.encode()
    return service.raw("POST", f"/imports/{kind}{query}", content, content_type=content_type, **options)


def exported(service, kind, format="csv", **options):
    answer = service.request("GET", f"/exports/{kind}?format={format}", **options)
    assert answer.status_code == 200, answer.text
    return answer.data


@pytest.fixture
def filled(service):
    """With the street, and two households."""
    assert imported(service, "places", PLACES).json["created"] == 6
    assert imported(service, "households", HOUSEHOLDS).json["created"] == 2
    return service


PEOPLE = {"organisations": ORGANISATIONS, "staff": STAFF, "captains": CAPTAINS}


@pytest.fixture
def peopled(filled):
    """With a second grid, and with organisations, staff and captains."""
    assert counts(imported(filled, "places", SECOND_GRID)) == (1, 1, 0, 0, 0)
    door = filled.request("GET", "/places?code=M1").json["items"][0]
    for person in ("p1", "p2"):
        path = f"/street/community/{door['building_ref']}/{door['id']}/"
        contact = facts.contact(person, place_ref=door["id"], place_path=path)
        filled.hear(notify.ContactRegistered, person, contact)
    for kind, sheet in PEOPLE.items():
        assert imported(filled, kind, sheet).status_code == 200
    return filled


def counts(answer):
    assert answer.status_code == 200, answer.text
    return tuple(answer.json[name] for name in ("rows", "created", "changed", "unchanged", "error_count"))


def wrong(answer):
    """What is wrong: field and message."""
    assert (answer.status_code, answer.json["code"]) == (422, "sheet_wrong"), answer.text
    return [(error["field"], error["message"]) for error in answer.json["errors"]]


def test_places_are_registered_as_one_by_one_with_their_events_and_posts(filled):
    door = filled.request("GET", "/places?code=M1").json["items"][0]
    assert (door["kind"], door["grid_code"], door["estate_type"]) == ("door", "110112010904001", "tower")
    assert door["required_captains"] == 2
    assert len(filled.said(grid.PlaceRegistered)) == 6
    (vacancy,) = filled.said(grid.VacancyFound)
    assert vacancy.data["missing"] == 2
    rooms = filled.request("GET", f"/households?door_ref={door['id']}").json["items"]
    assert {each["room"] for each in rooms} == {"101", "102"}


def test_the_same_file_twice_changes_nothing(filled):
    known = filled.snapshot()
    assert counts(imported(filled, "places", PLACES)) == (6, 0, 0, 6, 0)
    assert counts(imported(filled, "households", HOUSEHOLDS)) == (2, 0, 0, 2, 0)
    assert filled.snapshot() == known


def test_the_order_of_the_rows_does_not_matter(service):
    header, *lines = PLACES.splitlines()
    assert counts(imported(service, "places", "\n".join([header, *reversed(lines)]))) == (6, 6, 0, 0, 0)


def test_what_a_known_place_is_called_or_counts_is_changed_and_what_is_left_out_stays(filled):
    sheet = (
        "code,name,kind,parent_code,户数\nM1,1号楼一单元,door,L1,\nJQ,金侨时代家园,estate,110112010904,2000\n"
    )
    assert counts(imported(filled, "places", sheet)) == (2, 0, 2, 0, 0)
    door, estate = (filled.request("GET", f"/places?code={code}").json["items"][0] for code in ("M1", "JQ"))
    assert (door["name"], door["household_count"]) == ("1号楼一单元", 40)
    assert (estate["household_count"], estate["estate_type"]) == (2000, "tower")
    assert len(filled.said(grid.PlaceChanged)) == 2


def test_another_type_of_an_estate_reaches_its_doors(filled):
    sheet = "编码,名称,类型,上级编码,小区类型\nJQ,金侨时代家园,小区,110112010904,老旧小区\n"
    assert counts(imported(filled, "places", sheet)) == (1, 0, 1, 0, 0)
    assert filled.request("GET", "/places?code=M1").json["items"][0]["required_captains"] == 1
    edited = exported(filled, "places").decode("utf-8-sig").replace("老旧小区", "塔楼商品房")
    assert counts(imported(filled, "places", edited)) == (6, 0, 1, 5, 0)
    assert filled.request("GET", "/places?code=M1").json["items"][0]["required_captains"] == 2


BROKEN = """编码,名称,类型,上级编码,户数
110112010905,领展,社区,110112010,
110112010905,领展,社区,110112010,
L2,,楼,110112010904001,
L3,3号楼,塔楼,110112010904001,x
L4,4号楼,楼,NIRGENDS,
L5,请找王女士13812345678,楼,110112010904001,
M1,1号楼,楼,110112010904001,
1.10112E+14,五号,楼,110112010904001,
L6,=1+1,楼,110112010904001,
L7,7号楼,楼,110112010904001,,多
1101120109,第十网格,网格,JQ,
L1,1号楼,楼,JQ,
JQ2,二期,小区,L1,
"""


def test_every_row_that_is_wrong_is_said_with_its_column_and_the_way_out_and_nothing_is_kept(filled):
    known = filled.snapshot()
    errors = wrong(imported(filled, "places", BROKEN))
    assert errors == [
        ("rows.3.code", "第3行“编码”：与第2行重复，请只保留一行"),
        ("rows.4.name", "第4行“名称”：必填"),
        ("rows.5.kind", "第5行“类型”：只能是：街道、社区、小区、网格、楼、楼门、点位"),
        ("rows.5.household_count", "第5行“户数”：应为整数"),
        ("rows.6.parent_code", "第6行“上级编码”：没有找到场所 NIRGENDS"),
        ("rows.7.name", "第7行“名称”：将会公开，第6个字起有电话号码（138****5678），请删去"),
        ("rows.8.kind", "第8行“类型”：M1 已登记为楼门“1号楼1单元”，编码不可改作他用"),
        ("rows.9.code", "第9行“编码”：已被表格软件改成科学记数，请把该列设为“文本”后重填"),
        ("rows.10.name", "第10行“名称”：是公式或含有不能保存的字符，请改为文字（选择性粘贴→数值）"),
        ("rows.11.", "第11行“整行”：单元格多于表头，请检查有无多余的分隔符"),
        (
            "rows.12.code",
            "第12行“编码”：网格编码 1101120109 应为15位数字：所在社区的编码 110112010904 加3位顺序号",
        ),
        (
            "rows.13.parent_code",
            "第13行“上级编码”：L1 已登记在“第一网格”之下；导入不迁移场所，请核对上级编码",
        ),
        ("rows.14.parent_code", "第14行“上级编码”：小区不能直接设在楼之下，可以设在：社区、网格"),
    ]
    assert filled.snapshot() == known


def test_a_trial_says_what_would_be_and_changes_nothing(filled):
    known = filled.snapshot()
    trial = imported(filled, "places", BROKEN, "?dry_run=true")
    assert counts(trial) == (13, 1, 0, 0, 13)
    assert trial.json["errors"][4] == {
        "row": 6,
        "column": "上级编码",
        "field": "parent_code",
        "message": "没有找到场所 NIRGENDS",
    }
    more = PLACES + "L2,2号楼,楼,110112010904001,,\n"
    assert counts(imported(filled, "places", more, "?dry_run=true")) == (7, 1, 0, 6, 0)
    assert filled.snapshot() == known
    assert counts(imported(filled, "places", more)) == (7, 1, 0, 6, 0)


def test_what_is_wrong_is_said_in_english_to_those_who_prefer_it(filled):
    trial = imported(filled, "places", BROKEN, "?dry_run=true", headers={"Accept-Language": "en"})
    assert trial.json["errors"][4]["message"] == "there is no place NIRGENDS"
    assert trial.json["errors"][4]["column"] == "parent_code"


def test_households_are_found_behind_their_doors_only(filled):
    sheet = (
        "楼门编码,房号\nM1,101\nM1,101\nL1,102\nM9,103\nM1,\nM1,110105194912310021\nM1,11010519491231002X\n"
    )
    assert wrong(imported(filled, "households", sheet)) == [
        ("rows.3.door_code", "第3行“楼门编码”：与第2行重复，请只保留一行"),
        ("rows.4.door_code", "第4行“楼门编码”：“1号楼”是楼，此处应为楼门"),
        ("rows.5.door_code", "第5行“楼门编码”：没有找到场所 M9"),
        ("rows.6.room", "第6行“房号”：必填"),
        (
            "rows.8.room",
            "第8行“房号”：第1个字起有身份证号（110***************）。本系统不收集身份证号，请删去",
        ),
    ]


def test_organisations_are_registered_under_each_other_whatever_their_order(peopled):
    listed = peopled.request("GET", "/organisations").json["items"]
    by_name = {each["name"]: each for each in listed}
    assert by_name["第一网格党群站"]["parent_ref"] == by_name["金侨社区站"]["id"]
    assert by_name["教育培训党组织"]["parent_ref"] == by_name["九棵树党工委"]["id"]
    assert by_name["教育培训党组织"]["is_assumed"]
    assert not by_name["九棵树党工委"]["is_assumed"]
    committee = (
        "种类,名称,上级组织\n党建协调委员会,协调委员会,九棵树党工委\n行业党组织,教育培训党组织,协调委员会\n"
    )
    assert counts(imported(peopled, "organisations", committee)) == (2, 1, 1, 0, 0)


def test_staff_have_a_row_for_each_of_their_grids_and_are_known_by_their_numbers(peopled):
    (worker,) = peopled.request("GET", "/staff?staff_no=WG001").json["items"]
    roles = {each["grid_code"]: each["role"] for each in worker["postings"]}
    assert roles == {"110112010904001": "lead", "110112010904002": "member"}
    sheet = "工号,姓名,类别,网格编码,网格职务\nWG001,更名网格员,网格员,110112010904002,网格长\n"
    assert counts(imported(peopled, "staff", sheet)) == (1, 0, 1, 0, 0)
    (worker,) = peopled.request("GET", "/staff?staff_no=WG001").json["items"]
    assert worker["name"] == "更名网格员"
    assert {each["role"] for each in worker["postings"]} == {"lead"}
    assert peopled.said(grid.StaffAssigned)[-1].data["role"] == "lead"


def test_who_gives_out_names_leaves_a_trace(peopled):
    exported(peopled, "staff")
    entries = peopled.request("GET", "/audit/entries", role="auditor").json["items"]
    assert [each["status"] for each in entries if each["operation"] == "GET /grid/v1/exports/{kind}"] == [200]


def test_captains_are_proposed_and_appointed_and_the_vacancy_is_filled(peopled):
    (door,) = peopled.request("GET", "/places?code=M1").json["items"]
    assert peopled.request("GET", f"/captain-posts/{door['id']}").json["missing"] == 0
    captains = peopled.request("GET", f"/captains?door_ref={door['id']}").json["items"]
    assert {(each["person_ref"], each["origin"], each["state"]) for each in captains} == {
        ("p1", "resident", "serving"),
        ("p2", "agent", "serving"),
    }
    assert len(peopled.said(grid.VacancyFilled)) == 1


@pytest.mark.parametrize(
    ("kind", "sheet", "field", "said"),
    [
        (
            "organisations",
            "种类,名称,上级组织\n行业党组织,甲,无此组织\n",
            "parent_name",
            "没有找到组织 无此组织",
        ),
        (
            "organisations",
            "种类,名称,上级组织,场所编码\n社区,金侨社区站,九棵树街道站,110112010\n",
            "place_code",
            "导入不迁移组织",
        ),
        ("organisations", "种类,名称\n社区,乙\n", "parent_name", "上级可以是：街道"),
        ("staff", "工号,姓名,类别,网格编码\nWG001,某,城管,110112010904001\n", "category", "工号不可改作他用"),
        ("staff", "工号,姓名,类别,网格编码\nWG002,某,网格员,L1\n", "grid_code", "此处应为网格"),
        ("staff", "工号,姓名,类别,网格编码\nWG002,某,楼门长,110112010904001\n", "category", "只能是"),
        (
            "captains",
            "楼门编码,联系人编号,来源,推选方式,推选日期\nM1,p9,居民,推选,2024-03-01\n",
            "person_ref",
            "p9",
        ),
        (
            "captains",
            "楼门编码,联系人编号,来源,推选方式,推选日期\nL1,p1,居民,推选,2024-03-01\n",
            "door_code",
            "此处应为楼门",
        ),
        (
            "captains",
            "楼门编码,联系人编号,来源,推选方式,推选日期\nM1,p1,居民,推选,2024/3/1\n",
            "chosen_on",
            "日期",
        ),
    ],
)
def test_what_is_wrong_with_a_row_about_people_is_said_at_its_column(peopled, kind, sheet, field, said):
    known = peopled.snapshot()
    ((named, message),) = wrong(imported(peopled, kind, sheet))
    assert named == f"rows.2.{field}"
    assert said in message
    assert peopled.snapshot() == known


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("编码,名称", "缺少“类型”列"),
        ("编码,名称,类型,颜色", "没有“颜色”这一列"),
        ("编码,code,名称,类型", "“编码”列重复"),
    ],
)
def test_a_header_that_is_not_the_kind_s_is_refused_and_says_which_it_may_be(filled, header, code):
    ((field, message),) = wrong(imported(filled, "places", f"{header}\nA,b,door,d\n"))
    assert field == "file"
    assert code in message


@pytest.mark.parametrize("content", [b"\n\n", b"\xff\xff", b'"'])
def test_a_file_that_is_no_sheet_is_refused(filled, content):
    for content_type in (CSV, XLSX):
        answer = imported(filled, "places", content, content_type=content_type)
        assert (answer.status_code, answer.json["code"]) == (422, "sheet_unreadable")


def test_of_very_many_mistakes_the_first_are_told_and_all_are_counted(filled):
    sheet = "楼门编码,房号\n" + "".join(f"M9,{number}\n" for number in range(5000))
    answer = imported(filled, "households", sheet)
    assert len(wrong(answer)) == 200
    assert "有 5000 处错误" in answer.json["detail"]
    assert counts(imported(filled, "households", sheet, "?dry_run=true")) == (5000, 0, 0, 0, 5000)


def test_another_kind_of_sheet_is_not_found_and_the_known_ones_are_named(service):
    for answer in (imported(service, "planets", PLACES), service.request("GET", "/exports/planets")):
        assert (answer.status_code, answer.json["code"]) == (404, "sheet_unknown")
        assert "places 场所" in answer.json["detail"]


def test_nobody_imports_into_or_exports_from_another_s_place(filled):
    inside = filled.request("GET", "/places?code=JQ").json["items"][0]["id"]
    more = "编码,名称,类型,上级编码\nL2,2号楼,楼,110112010904001\n"
    for scope, allowed in ((f"place:{inside}", True), ("place:elsewhere", False)):
        answer = filled.request("GET", "/exports/places?format=csv", role="community", scope=scope)
        assert ("JQ" in answer.text) == allowed
        assert "110112010904,金侨" not in answer.text
    assert counts(imported(filled, "places", more, scope=f"place:{inside}")) == (1, 1, 0, 0, 0)
    before = filled.snapshot()
    for sheet in (more, more.replace("L2", "L3"), "编码,名称,类型\n110112010,别的,街道\n"):
        refused = imported(filled, "places", sheet, scope="place:elsewhere")
        assert (refused.status_code, refused.json["code"]) == (403, "outside_scope")
        assert refused.json["detail"].startswith("第2行")
    assert filled.snapshot() == before


@pytest.mark.parametrize(("format", "media_type"), [("csv", CSV), ("xlsx", XLSX)])
@pytest.mark.parametrize("kind", KINDS)
def test_an_export_imported_again_changes_nothing(peopled, kind, format, media_type):
    content, known = exported(peopled, kind, format), peopled.snapshot()
    answer = imported(peopled, kind, content, content_type=media_type)
    rows, created, changed, unchanged, errors = counts(answer)
    assert (created, changed, errors) == (0, 0, 0)
    assert rows == unchanged > 0
    assert peopled.snapshot() == known


@pytest.mark.parametrize(("format", "media_type"), [("csv", CSV), ("xlsx", XLSX)])
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_a_sheet_without_rows_that_explains_itself(filled, kind, format, media_type):
    answer = filled.request("GET", f"/imports/{kind}/template?format={format}")
    assert counts(imported(filled, kind, answer.data, content_type=media_type)) == (0, 0, 0, 0, 0)
    if format == "xlsx":
        explained = load_workbook(io.BytesIO(answer.data)).worksheets[1]
        assert {row[0] for row in explained.values} > {
            field.metadata["title"] for field in KINDS[kind].columns.fields.values()
        }
    else:
        assert "# 必填" in answer.text


TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=20).map(str.strip)


@pytest.mark.parametrize(("format", "media_type"), [("csv", CSV), ("xlsx", XLSX)])
def test_whatever_things_are_called_an_export_imported_again_changes_nothing(filled, format, media_type):
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        name=TEXTS.filter(lambda text: text and not personal_data_in(text)),
        room=TEXTS.filter(lambda text: text and not personal_data_in(text)),
        code=TEXTS.filter(lambda text: text and not holds_mobile(text)),
    )
    def round_trip(name, room, code):
        building = filled.request("GET", "/places?code=L1").json["items"][0]["id"]
        body = {"kind": "door", "name": name, "code": code, "parent_ref": building}
        door = filled.request("POST", "/places", body)
        if door.status_code == 201:
            filled.post("/households", {"door_ref": door.json["id"], "room": room})
        known = filled.snapshot()
        for kind in KINDS:
            assert (
                imported(filled, kind, exported(filled, kind, format), content_type=media_type).json[
                    "changed"
                ]
                == 0
            )
        assert filled.snapshot() == known

    round_trip()
