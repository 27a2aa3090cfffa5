"""Settings: what is wrong is named, with what is allowed."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from shared.settings import Settings, SettingsWrong

PAGE = Path(__file__).parents[3] / "docs" / "operating" / "settings.md"


def test_without_any_setting_a_service_is_embedded_and_local():
    settings = Settings.load("grid", {})
    assert settings.database_url == "sqlite:///var/grid.db"
    assert settings.amqp_uri is None
    assert settings.http_host == "127.0.0.1"
    assert settings.token_key_file == Path("var/token.key")


def test_a_setting_for_one_service_goes_before_the_one_for_all():
    environment = {
        "JIUSHU_DATABASE_URL": "postgresql+psycopg2://u@h/all_{service}",
        "JIUSHU_GRID_DATABASE_URL": "sqlite:///own.db",
    }
    assert Settings.load("grid", environment).database_url == "sqlite:///own.db"
    assert Settings.load("notify", environment).database_url == "postgresql+psycopg2://u@h/all_notify"


def test_a_file_is_read_and_the_environment_goes_before_it(tmp_path):
    file = tmp_path / "jiushu.toml"
    file.write_text('street_name = "示例街道"\nhttp_port = 9000\n', encoding="utf-8")
    environment = {"JIUSHU_SETTINGS_FILE": str(file), "JIUSHU_HTTP_PORT": "9001"}
    settings = Settings.load("grid", environment)
    assert (settings.street_name, settings.http_port) == ("示例街道", 9001)


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("JIUSHU_HTTP_PORT", "ninety", "integer"),
        ("JIUSHU_HTTP_PORT", "0", "1 to 65535"),
        ("JIUSHU_AMQP_URI", "http://x", "amqp://"),
        ("JIUSHU_DATABASE_URL", "mysql://x/y", "postgresql+psycopg2://"),
        ("JIUSHU_DATABASE_URL", "nonsense", "sqlite:///"),
        ("JIUSHU_STREET_CODE", "12", "9-digit"),
        ("JIUSHU_LOG_LEVEL", "LOUD", "WARNING"),
        ("JIUSHU_OIDC_ISSUER", "id.example", "https://"),
        ("JIUSHU_LOCAL_TOKENS", "no", "JIUSHU_OIDC_ISSUER"),
        ("JIUSHU_SETTINGS_FILE", "/nowhere/at/all", "/nowhere/at/all"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(name, value, hint):
    with pytest.raises(SettingsWrong) as wrong:
        Settings.load("grid", {name: value})
    assert name in str(wrong.value)
    assert hint in str(wrong.value)


def test_a_value_may_stand_in_a_file_as_secrets_do(tmp_path):
    secret = tmp_path / "grid_database_password"
    secret.write_text("p@ss/word\n")
    environment = {
        "JIUSHU_DATABASE_URL": "postgresql+psycopg2://{service}@db/{service}",
        "JIUSHU_GRID_DATABASE_PASSWORD_FILE": str(secret),
        "JIUSHU_AMQP_URI": "amqp://grid@broker/",
        "JIUSHU_GRID_AMQP_PASSWORD_FILE": str(secret),
    }
    grid, notify = Settings.load("grid", environment), Settings.load("notify", environment)
    assert make_url(grid.database_url).password == "p@ss/word"
    assert grid.database_url == "postgresql+psycopg2://grid:p%40ss%2Fword@db/grid"
    assert grid.amqp_uri == "amqp://grid:p%40ss%2Fword@broker/"
    assert notify.database_url == "postgresql+psycopg2://notify@db/notify"


def test_a_secret_that_is_not_there_is_named_with_its_variable():
    with pytest.raises(SettingsWrong, match=r"JIUSHU_GRID_AMQP_PASSWORD_FILE.*nowhere"):
        Settings.load("grid", {"JIUSHU_GRID_AMQP_PASSWORD_FILE": "/nowhere"})


def test_a_password_in_the_address_is_left_as_it_is():
    environment = {"JIUSHU_AMQP_URI": "amqp://grid:own@broker/", "JIUSHU_AMQP_PASSWORD": "other"}
    assert Settings.load("grid", environment).amqp_uri == "amqp://grid:own@broker/"


def test_a_provider_s_tokens_must_be_meant_for_us():
    with pytest.raises(SettingsWrong, match="JIUSHU_OIDC_AUDIENCE: must be set beside JIUSHU_OIDC_ISSUER"):
        Settings.load("grid", {"JIUSHU_OIDC_ISSUER": "https://id.example/realms/jiushu"})


@pytest.mark.parametrize(
    ("issuer", "said", "believed"),
    [
        ("", "", True),
        ("", "yes", True),
        ("https://id.example", "", False),
        ("https://id.example", "yes", True),
    ],
)
def test_beside_a_provider_local_tokens_are_believed_only_if_that_is_said(issuer, said, believed):
    environment = {
        "JIUSHU_OIDC_ISSUER": issuer,
        "JIUSHU_OIDC_AUDIENCE": "jiushu",
        "JIUSHU_LOCAL_TOKENS": said,
    }
    assert Settings.load("grid", environment).local_tokens is believed


def test_settings_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings.load("grid", {}).http_port = 1


def test_the_page_for_operators_lists_every_setting_and_no_other():
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `JIUSHU_")]
    listed = [name for row in rows for name in re.findall("JIUSHU_([A-Z_]+)", row.split("|")[1])]
    known = {field.name.upper() for field in dataclasses.fields(Settings)} - {"SERVICE"}
    assert sorted(listed) == sorted(known)
