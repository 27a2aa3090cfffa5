"""The demonstration street into a running installation, through its doors as anybody would; again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from shared.demo import street
from shared.demo.stage import Stage
from shared.web.files import CSV

IMPORTS = "/grid/v1/imports/"
CHOSEN_ON = "2024-03-01"


def load(stage: Stage, estates: Sequence[street.Estate]) -> Iterator[str]:
    """Load one part after the other, and say what became of each. Raises BrokenLink.

    Households go estate by estate: a file of all would keep a small installation from everything else meanwhile.
    """
    yield _imported("场所", _import(stage, "places", [*street.places(estates)]))
    answers = [_import(stage, "households", [*street.households(estate)]) for estate in estates]
    yield _imported("户", {name: sum(answer[name] for answer in answers) for name in _COUNTED})
    drawn = stage.post("/grid/v1/shapes", street.shapes(estates))
    yield f"网格图形：新划 {len(drawn['drawn'])}，未变 {len(drawn['unchanged'])}"
    yield f"物业管理区域：新建 {_register_areas(stage, estates)}"
    yield _imported("组织", _import(stage, "organisations", [*street.organisations(estates)]))
    yield _imported("网格力量", _import(stage, "staff", [*street.staff(estates)]))
    yield _imported("楼门长", _appoint_captains(stage, estates))


def _appoint_captains(stage: Stage, estates: Sequence[street.Estate]) -> dict[str, Any]:
    """Captains are contacts of notify's first; each community's people register their own."""
    doors = {place["code"]: place for place in stage.all_of("/grid/v1/places?kind=door")}
    rows = []
    for estate in estates:
        for captain in street.captains(estate):
            door = doors[captain["door"]]
            body = {
                "name": captain["name"],
                "phone": captain["phone"],
                "door_ref": door["id"],
                "contact_class": "resident",
                "basis": f"{street.MARK}，均为虚构",
            }
            scope = f"place:{door['community_ref']}"
            contact = stage.post("/notify/v1/contacts", body, role="community", scope=scope)
            rows.append(
                {
                    "楼门编码": captain["door"],
                    "联系人编号": contact["resident_ref"],
                    "来源": "居民",
                    "推选方式": "楼门居民会推选",
                    "推选日期": CHOSEN_ON,
                }
            )
    trial = f"{IMPORTS}captains?dry_run=true"
    sheet = street.sheet(rows)
    stage.until("楼门长都是已登记的联系人", lambda: not stage.upload(trial, sheet, CSV)["error_count"])
    return _import(stage, "captains", rows)


_COUNTED = ("rows", "created", "changed", "unchanged")


def _import(stage: Stage, kind: str, rows: Sequence[street.Row]) -> dict[str, Any]:
    answer: dict[str, Any] = stage.upload(IMPORTS + kind, street.sheet(rows), CSV)
    return answer


def _imported(what: str, answer: dict[str, Any]) -> str:
    rows, created, changed, unchanged = (answer[name] for name in _COUNTED)
    return f"{what} {rows} 行：新建 {created}，更改 {changed}，未变 {unchanged}"


def _register_areas(stage: Stage, estates: Sequence[street.Estate]) -> int:
    """Those that are not there yet; how many those were."""
    known = {area["name"] for area in stage.all_of("/property/v1/areas")}
    new = [area for estate in estates for area in street.areas(estate) if area["name"] not in known]
    if not new:
        return 0
    kinds = ("estate", "building")
    refs = {
        place["code"]: place["id"] for kind in kinds for place in stage.all_of(f"/grid/v1/places?kind={kind}")
    }
    for area in new:
        stage.post(
            "/property/v1/areas",
            {
                "name": area["name"],
                "estate_ref": refs[area["estate"]],
                "building_refs": [refs[code] for code in area["buildings"]],
                "owners_total": area["owners_total"],
                "area_total_dm2": area["area_total_dm2"],
            },
        )
    return len(new)
