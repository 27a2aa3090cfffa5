"""Tokens: ours are known, others are refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from shared.access.tokens import TokenRefused, Tokens

KEY = "a key that is long enough for this algorithm"


def test_a_token_says_who_bears_it():
    actor = Tokens(KEY).actor(Tokens(KEY).issue("staff-7", "community", "place:p1"))
    assert (actor.id, actor.role, actor.place_ref, actor.party_ref) == ("staff-7", "community", "p1", None)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x.y.z",
        Tokens("another key that is also long enough!").issue("staff-7", "street"),
        Tokens(KEY).issue("staff-7", "street", valid=timedelta(seconds=-1)),
        jwt.encode({"sub": "x", "role": "street", "scope": "*", "aud": "jiushu"}, KEY, "HS256"),
        jwt.encode(
            {"sub": "x", "role": "street", "scope": "*", "aud": "other", "exp": 9999999999}, KEY, "HS256"
        ),
        jwt.encode(
            {"sub": "x", "role": "street", "scope": "*", "aud": "jiushu", "exp": 9999999999}, None, "none"
        ),
    ],
    ids=["empty", "nonsense", "other key", "expired", "without end", "other audience", "unsigned"],
)
def test_anything_else_is_refused(token):
    with pytest.raises(TokenRefused):
        Tokens(KEY).actor(token)


@pytest.mark.parametrize(("seconds", "is_believed"), [(20, True), (-20, True), (40, False)])
def test_the_clocks_of_who_signs_and_who_reads_may_differ_by_half_a_minute(seconds, is_believed):
    made = datetime.now(UTC) + timedelta(seconds=seconds)
    claims = {"sub": "x", "role": "street", "scope": "*", "aud": "jiushu", "iat": made, "exp": 9999999999}
    token = jwt.encode(claims, KEY, "HS256")
    if is_believed:
        assert Tokens(KEY).actor(token).id == "x"
    else:
        with pytest.raises(TokenRefused):
            Tokens(KEY).actor(token)


@pytest.mark.parametrize(
    "claims",
    [
        {"role": ["street"]},
        {"role": {"street": 1}},
        {"scope": ["*"]},
        {"scope": None},
        {"sub": ""},
        {"sub": "x" * 65},
        {"sub": "a\nb"},
        {"sub": 7},
        {"sub": "13812345678"},
        {"sub": "wx-138 1234 5678"},
    ],
    ids=str,
)
def test_claims_that_are_no_texts_or_name_nobody_are_refused(claims):
    usual = {"sub": "x", "role": "street", "scope": "*", "aud": "jiushu", "exp": 9999999999}
    with pytest.raises(TokenRefused):
        Tokens(KEY).actor(jwt.encode(usual | claims, KEY, "HS256"))


@pytest.mark.parametrize("subject", ["13812345678", "+86 138-1234-5678", "staff-13812345678"])
def test_nobody_is_called_by_a_phone_that_would_stand_in_the_audit_trail_for_ever(subject):
    with pytest.raises(ValueError, match="mobile phone"):
        Tokens(KEY).issue(subject, "street")


@pytest.mark.parametrize("subject", ["110112010904001", "01a20aa3-1381-7234-8678-b72370a8b6e2", "staff-138"])
def test_other_numbers_may_name_somebody(subject):
    assert Tokens(KEY).actor(Tokens(KEY).issue(subject, "street")).id == subject


@pytest.mark.parametrize(
    ("role", "scope", "said"),
    [
        ("king", "*", "king"),
        ("street", "everything", "everything"),
        ("street", "party:p1", "place:"),
        ("resident", "*", "person:"),
        ("captain", "*", "place:"),
        ("police", "place:p1", "party:"),
        ("admin", "place:p1", r"must be \*,"),
        ("grid_worker", "place:", "place:"),
        ("grid_worker", "place", "place:"),
        ("grid_worker", "place:" + "x" * 65, "place:"),
    ],
)
def test_an_unknown_role_or_a_scope_that_it_cannot_have_is_not_issued(role, scope, said):
    with pytest.raises(ValueError, match=said):
        Tokens(KEY).issue("x", role, scope)


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    path = tmp_path / "deep" / "token.key"
    first = Tokens.from_file(path).issue("x", "street")
    assert Tokens.from_file(path).actor(first).id == "x"
    assert path.stat().st_mode & 0o077 == 0
    assert [entry.name for entry in path.parent.iterdir()] == ["token.key"]
