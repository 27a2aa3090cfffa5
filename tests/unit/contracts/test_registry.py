"""Contracts: producers are strict, consumers tolerant, outsiders see less."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import registry
from shared.contracts.fields import (
    LARGEST_WHOLE,
    Code,
    Day,
    Fen,
    Flag,
    Instant,
    Part,
    Ref,
    Refs,
    Text,
    internal,
    nested,
    several,
)
from shared.contracts.registry import (
    ContractBroken,
    Event,
    contract,
    for_feed,
    load_contracts,
    read,
    written,
)

NOON = datetime(2024, 5, 27, 4, tzinfo=UTC)


class Item(Part):
    """One thing, and who asked for it."""

    title = Text(10, required=True)
    asked_by = internal(Ref(load_default=None, allow_none=True))


def _declare():
    class ListMade(Event):
        """Sent when: a test says so. Not sent when: it does not."""

        type = "toy.list.made.v1"
        list_ref = Ref(required=True)
        at = Instant(required=True)
        kind = Code("long", "short", load_default="long")
        cost_fen = Fen(load_default=0)
        is_open = Flag(load_default=False)
        on = Day(load_default=None, allow_none=True)
        things = several(Item, load_default=list)
        first = nested(Item, load_default=None, allow_none=True)
        resident_refs = internal(Refs(load_default=list))

    class ListSealed(Event):
        """Sent when: it is secret. Not sent when: outsiders listen."""

        type = "toy.list.sealed.v1"
        on_feed = False
        list_ref = Ref(required=True)

    return SimpleNamespace(ListMade=ListMade, ListSealed=ListSealed)


@pytest.fixture(scope="module")
def own_registry():
    """Events declared in these tests are forgotten after them."""
    known = dict(load_contracts())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_registered", known)
        yield known


@pytest.fixture(scope="module")
def toy(own_registry):
    return _declare()


@pytest.fixture(scope="module")
def list_made(toy):
    return toy.ListMade


def facts(**changed):
    return {"list_ref": "list", "at": NOON} | changed


# ---- declared


@pytest.mark.parametrize(
    "name",
    [
        "",
        "toy.list.v1",
        "toy.list.made",
        "toy.list.made.v0",
        "toy.list.made.v01",
        "toy.list.made.V1",
        "Toy.list.made.v1",
        "toy.list.made.v1.v2",
        "toy.li-st.made.v1",
        "toy..made.v1",
        "toy.list.made.#",
    ],
)
def test_a_type_whose_name_is_not_owner_aggregate_participle_version_is_refused(own_registry, name):
    with pytest.raises(ValueError, match="is not"):
        type("Misnamed", (Event,), {"type": name})
    assert name not in own_registry


def test_a_type_that_two_declare_is_refused(toy):
    with pytest.raises(ValueError, match="declared by"):
        type("Another", (Event,), {"type": "toy.list.made.v1"})
    assert contract("toy.list.made.v1") is toy.ListMade


def test_what_events_have_in_common_is_no_event_itself(own_registry):
    before = len(own_registry)
    shared_part = type("_AboutList", (Event,), {"list_ref": Ref(required=True)})
    assert len(own_registry) == before
    event = type("Shown", (shared_part,), {"type": "toy.list.shown.v1"})
    assert contract("toy.list.shown.v1") is event


def test_a_type_says_whose_it_is_and_what_about(list_made):
    assert (list_made.owner(), list_made.aggregate()) == ("toy", "toy.list")


def test_an_unknown_type_is_no_contract():
    assert contract("toy.list.unheard_of.v1") is None


def test_every_owner_has_contracts():
    owners = {event.owner() for event in load_contracts().values()}
    assert owners >= {"grid", "consultation", "property", "alliance", "notify"}


def said(docstring):
    event = type(
        "ListSaid", (Event,), {"type": f"toy.list.said.v{1 + len(registry._registered)}"} | docstring
    )
    return event.title, event.summary, event.sent_when, event.not_sent_when


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        (
            """列表 A list (清单) is made:
            it has things.

            Sent when: it is made. Not sent when: it is
            only thought of.
            """,
            ("列表", "A list (清单) is made: it has things", "it is made", "it is only thought of"),
        ),
        ("Sent when: a. Not sent when: b.", ("", "", "a", "b")),
        ("列表 Made.", ("列表", "Made", "", "")),
        ("Made. Not sent when: b", ("", "Made", "", "b")),
        ("", ("", "", "", "")),
    ],
)
def test_title_and_occasions_are_read_from_the_docstring(own_registry, docstring, expected):
    assert said({"__doc__": docstring}) == expected


def test_an_event_without_a_docstring_does_not_speak_with_its_parents(own_registry):
    assert said({}) == ("", "", "", "")


def test_an_event_may_have_a_field_named_title_beside_its_own_title(own_registry):
    namespace = {"type": "toy.list.titled.v1", "__doc__": "列表 Titled.", "title": Ref(required=True)}
    event = type("ListTitled", (Event,), namespace)
    assert event.title == "列表"
    assert read(event, {"title": "防滑铺装"}) == {"title": "防滑铺装"}


# ---- written


def test_what_is_written_is_plain_json_with_instants_in_utc(list_made):
    beijing = NOON.astimezone(timezone(timedelta(hours=8)))
    plain = written(list_made, facts(at=beijing, things=[{"title": "防滑铺装", "asked_by": "resident-1"}]))
    assert plain == {
        "list_ref": "list",
        "at": "2024-05-27T04:00:00+00:00",
        "things": [{"title": "防滑铺装", "asked_by": "resident-1"}],
    }


def test_what_is_written_can_be_read(list_made):
    data = facts(
        kind="short",
        cost_fen=5,
        is_open=True,
        on=NOON.date(),
        things=[{"title": "a", "asked_by": None}],
        first={"title": "b", "asked_by": "resident-1"},
        resident_refs=["resident-1"],
    )
    assert read(list_made, written(list_made, data)) == data


@given(
    title=st.text(max_size=10),
    fen=st.integers(0, LARGEST_WHOLE),
    at=st.datetimes(timezones=st.just(UTC)),
    refs=st.lists(st.text(min_size=1, max_size=64), max_size=3),
)
def test_values_survive_the_way_out_and_back(list_made, title, fen, at, refs):
    data = {"list_ref": "list", "at": at, "cost_fen": fen, "resident_refs": refs}
    values = read(list_made, written(list_made, data | {"things": [{"title": title}]}))
    assert {name: values[name] for name in data} == data
    assert values["things"] == [{"title": title, "asked_by": None}]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"things": [{"title": "a", "colour": "red"}]}, "things.colour"),
        ({"first": {"title": "a", "colour": "red"}}, "first.colour"),
        ({"list_ref": None}, "list_ref"),
        ({"list_ref": ""}, "list_ref"),
        ({"list_ref": "x" * 65}, "list_ref"),
        ({"kind": "medium"}, "kind"),
        ({"cost_fen": -1}, "cost_fen"),
        ({"cost_fen": LARGEST_WHOLE + 1}, "cost_fen"),
        ({"is_open": "yes"}, "is_open"),
        ({"things": [{}]}, "things"),
        ({"things": [{"title": "x" * 11}]}, "things"),
        ({"resident_refs": [""]}, "resident_refs"),
    ],
)
def test_a_producer_that_breaks_its_contract_is_told_which_field(list_made, changed, field):
    with pytest.raises(ContractBroken) as broken:
        written(list_made, facts(**changed))
    assert list(broken.value.errors) == [field]
    assert "toy.list.made.v1" in str(broken.value)


def test_a_producer_that_leaves_out_what_is_required_is_refused(list_made):
    with pytest.raises(ContractBroken) as broken:
        written(list_made, {"list_ref": "list"})
    assert list(broken.value.errors) == ["at"]


@pytest.mark.parametrize(
    "changed",
    [
        {"cost_fen": 1.7},
        {"cost_fen": "12"},
        {"cost_fen": True},
        {"is_open": 1},
        {"list_ref": ["a"]},
        {"at": datetime(2024, 5, 27, 4)},  # noqa: DTZ001
        {"at": "2024-05-27"},
        {"things": ["a"]},
        {"first": 3},
    ],
)
def test_a_producer_that_gives_a_value_of_another_type_is_refused(list_made, changed):
    with pytest.raises(ContractBroken):
        written(list_made, facts(**changed))


def test_a_missing_field_that_is_named_as_a_method_of_dicts_is_refused_like_any_other(own_registry):
    fields = {"type": "toy.list.counted.v1", "items": several(Item, required=True)}
    counted = type("ListCounted", (Event,), fields)
    with pytest.raises(ContractBroken):
        written(counted, {})


# ---- read


def test_a_consumer_ignores_fields_of_a_later_version_everywhere(list_made):
    plain = written(list_made, facts(things=[{"title": "a"}], first={"title": "b"}))
    plain["colour"] = "red"
    plain["things"][0]["colour"] = plain["first"]["colour"] = "red"
    values = read(list_made, plain)
    assert "colour" not in values
    assert values["things"] == [{"title": "a", "asked_by": None}]
    assert values["first"] == {"title": "b", "asked_by": None}


def test_a_tolerant_reader_does_not_make_the_producer_tolerant(list_made):
    read(list_made, written(list_made, facts()) | {"things": [{"title": "a", "colour": "red"}]})
    with pytest.raises(ContractBroken):
        written(list_made, facts(things=[{"title": "a", "colour": "red"}]))


def test_a_consumer_fills_in_what_an_earlier_version_did_not_say(list_made):
    values = read(list_made, {"list_ref": "list", "at": "2024-05-27T04:00:00+00:00"})
    assert values == facts(
        kind="long", cost_fen=0, is_open=False, on=None, things=[], first=None, resident_refs=[]
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"list_ref": 5}, "list_ref"),
        ({"at": "2024-05-27T04:00:00"}, "at"),
        ({"cost_fen": 1.0}, "cost_fen"),
        ({"cost_fen": "1"}, "cost_fen"),
        ({"kind": "medium"}, "kind"),
        ({"is_open": "true"}, "is_open"),
        ({"things": {"title": "a"}}, "things"),
        ({"first": ["a"]}, "first"),
        ({"resident_refs": None}, "resident_refs"),
    ],
)
def test_a_consumer_refuses_what_breaks_the_contract_and_names_the_field(list_made, changed, field):
    with pytest.raises(ContractBroken) as broken:
        read(list_made, written(list_made, facts()) | changed)
    assert list(broken.value.errors) == [field]


@pytest.mark.parametrize("plain", [None, [], "x", 3])
def test_data_that_is_no_object_breaks_the_contract(list_made, plain):
    with pytest.raises(ContractBroken):
        read(list_made, plain)


# ---- for the feed


def test_outsiders_do_not_see_internal_fields_however_deep(list_made):
    plain = written(
        list_made,
        facts(
            things=[{"title": "a", "asked_by": "resident-1"}, {"title": "b"}],
            first={"title": "c", "asked_by": "resident-2"},
            resident_refs=["resident-3"],
        ),
    )
    public = for_feed(list_made, plain)
    assert public == {
        "list_ref": "list",
        "at": "2024-05-27T04:00:00+00:00",
        "things": [{"title": "a"}, {"title": "b"}],
        "first": {"title": "c"},
    }
    assert plain["resident_refs"] == ["resident-3"]
    assert plain["things"][0]["asked_by"] == "resident-1"


def test_what_is_empty_stays_empty_for_outsiders(list_made):
    public = for_feed(list_made, written(list_made, facts(first=None, things=[])))
    assert (public["first"], public["things"]) == (None, [])


def test_types_that_are_not_on_the_feed_are_not_seen_at_all(toy):
    assert for_feed(toy.ListSealed, written(toy.ListSealed, {"list_ref": "list"})) is None


def test_no_ref_of_a_resident_is_on_the_feed():
    shown = [
        f"{name}.{field}"
        for name, event in load_contracts().items()
        if event.on_feed and name.split(".")[0] != "toy"
        for field, kind in event().fields.items()
        if "resident" in field and not kind.metadata.get("internal")
    ]
    assert shown == []
