"""As many cases as a street has in years, as rows: few of them open, spread over grids, categories and months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from services.grid.domain.case_clock import Application
from services.grid.domain.case_lifecycle import CLOSED, DISPATCHED, HANDLED, HANDLING, VERIFIED, WAITING
from services.grid.domain.categories import CATEGORIES
from services.grid.domain.place import Place
from services.grid.queries.case_filters import Asked
from services.grid.store.cases import cases
from shared.kernel.ids import spoken_number
from tests.unit.grid.case_builder import NOW, reported

COMMUNITIES, GRIDS, PARTIES = 11, 199, 41  # primes: nothing of one goes with something of another
OPEN_EVERY, OVERDUE_EVERY, ASKED_EVERY = 50, 500, 1000
OPEN = (DISPATCHED, HANDLING, WAITING, HANDLED, VERIFIED)
SOURCES = ("resident", "hotline", "patrol", "captain")
WHERE = (
    "花坛",
    "水池",
    "单元门",
    "地下车库",
    "电梯",
    "楼道",
    "围墙",
    "路灯",
    "井盖",
    "快递柜",
    "自行车棚",
    "儿童乐园",
    "健身器材",
    "消防通道",
    "垃圾站",
    "配电箱",
    "充电桩",
    "门禁",
    "楼顶",
    "阳台",
    "下水道",
    "化粪池",
    "绿篱",
    "草坪",
    "长椅",
    "信报箱",
    "道闸",
    "岗亭",
    "台阶",
    "坡道",
    "宣传栏",
)
WHAT = (
    "漏水",
    "不亮",
    "破损",
    "堆放杂物",
    "有异味",
    "积水",
    "倒伏",
    "停运",
    "被占用",
    "松动",
    "堵塞",
    "脏污",
    "异响",
)
WEEK, THREE_YEARS = timedelta(days=7), timedelta(days=1096)


@dataclass(frozen=True)
class Street:
    """The places that the cases lie at: a spot in each grid."""

    places: Sequence[Place]
    communities: Sequence[Place]
    spots: Sequence[Place]


def street() -> Street:
    """Communities with their grids."""
    top = _place("street", "九棵树街道", "110112010")
    communities = [
        _place("community", f"第{number}社区", f"1101120109{number:02}", top) for number in range(COMMUNITIES)
    ]
    grids = [
        _place("grid", f"网格{number}", f"{parent.code}{number:03}", parent)
        for number in range(GRIDS)
        for parent in (communities[number % COMMUNITIES],)
    ]
    spots = [_place("spot", f"{number}号绿地", f"SPOT-{number}", grid) for number, grid in enumerate(grids)]
    return Street([top, *communities, *grids, *spots], communities, spots)


def case_rows(made: Street, many: int) -> Iterator[dict[str, Any]]:
    """The rows of so many cases, the newest last; every fiftieth is open."""
    case = reported()
    case.journey = "journey"
    template = {column.name: getattr(case, column.name, None) for column in cases.c}
    categories = list(CATEGORIES.values())
    for number in range(many):
        at = NOW - THREE_YEARS * ((many - number) / many)
        is_open = number % OPEN_EVERY == 0
        category, spot = categories[number % len(categories)], made.spots[number % GRIDS]
        asked = Application("property:company", "需订货", amount=1) if number % ASKED_EVERY == 0 else None
        yield template | {
            "id": f"case-{number:08}",
            "number": spoken_number("240101", number),
            "category": category.code,
            "category_name": category.name,
            "text": f"{WHERE[number % len(WHERE)]}{WHAT[number % len(WHAT)]}，{number % 29}号楼居民反映",
            "place_ref": spot.id,
            "place_name": spot.name,
            "place_path": spot.place_path,
            "grid_ref": spot.grid_ref,
            "grid_code": spot.grid_code,
            "source": SOURCES[number % len(SOURCES)],
            "lead_party_ref": f"party-{number % PARTIES}",
            "state": OPEN[number // OPEN_EVERY % len(OPEN)] if is_open else CLOSED,
            "closed_at": None if is_open else at + WEEK,
            "missed_at": at if number % OVERDUE_EVERY == 0 else None,
            "extension": asked,
            **_clock(at),
        }


def word_rows(row: dict[str, Any]) -> dict[str, Any]:
    """What a case is found by."""
    texts = [row["number"].replace("-", ""), row["number"], row["text"], row["place_name"]]
    return {"found_ref": row["id"], "text_ref": row["id"], "words": texts}


def questions(made: Street) -> dict[str, dict[str, Any]]:
    """What a duty officer asks of the list: a title, and the arguments."""
    grid, community = made.spots[3].grid_ref, made.communities[3].id
    day = timedelta(days=1)
    return {
        "all, newest first": {"sort": "-id"},
        "open, by what is due": {"asked": Asked(state=OPEN), "sort": "due_at"},
        "to be accepted, by what is due": {"asked": Asked(state=[DISPATCHED]), "sort": "due_at"},
        "open in a community": {"asked": Asked(state=OPEN, place_ref=community), "sort": "due_at"},
        "all of a grid": {"asked": Asked(place_ref=grid), "sort": "due_at"},
        "overdue": {"asked": Asked(overdue=True), "sort": "due_at"},
        "to be decided": {"asked": Asked(mine_to_decide=True), "sort": "due_at"},
        "due within a day": {"asked": Asked(state=OPEN, due_before=NOW + day), "sort": "due_at"},
        "reported on a day": {
            "asked": Asked(reported_since=NOW - 2 * day, reported_before=NOW - day),
            "sort": "reported_at",
        },
        "of a category": {"category": "0603", "sort": "due_at"},
        "of a source that there is not": {"source": "outside_system", "sort": "due_at"},
        "of a party": {"lead_party_ref": "party-7", "sort": "due_at"},
        "花坛": {"asked": Asked(text="花坛"), "sort": "due_at"},
        "open with 花坛 漏水": {"asked": Asked(state=OPEN, text="花坛 漏水"), "sort": "due_at"},
        "3号楼 in a grid": {"asked": Asked(text="3号楼", place_ref=grid), "sort": "due_at"},
        "what nobody wrote": {"asked": Asked(text="凉亭"), "sort": "due_at"},
    }


@contextmanager
def listening(session: Session) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are executed meanwhile, as the driver gets them."""
    heard: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        heard.append((statement, parameters))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(connection, "before_cursor_execute", hear)


def _place(kind: str, name: str, code: str, parent: Place | None = None) -> Place:
    made = Place(
        kind=kind, name=name, code=code, parent=parent, street_code="110112010", today=date(2024, 1, 1)
    )
    made.journey = "journey"
    made.take_recorded()
    return made


def _clock(at: datetime) -> dict[str, datetime]:
    due = at + WEEK
    return {"reported_at": at, "changed_at": at, "due_at": due, "answer_due_at": due}
