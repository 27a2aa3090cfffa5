"""Settings: one frozen object per service, from `JIUSHU_…` variables and an optional TOML file.

A variable may be meant for one service: `JIUSHU_GRID_DATABASE_URL` goes before `JIUSHU_DATABASE_URL`. Its value may
stand in a file, as secrets do: `JIUSHU_GRID_DATABASE_PASSWORD_FILE=/run/secrets/grid_database_password`.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from shared.kernel.clock import Clock, FileClock, SystemClock

LEAST_AUDIT_DAYS = 183
LEAST_DISCLOSURE_DAYS = 1095


IN_A_FILE = "_FILE"


class SettingsWrong(Exception):
    """A setting that cannot be used; the text names it and says what is allowed."""


def _database_url(value: str) -> None:
    try:
        backend = make_url(value.replace("{service}", "service")).get_backend_name()
    except ArgumentError:
        backend = "?"
    if backend not in ("sqlite", "postgresql"):
        raise ValidationError(
            "must be sqlite:///<file> or postgresql+psycopg2://…; {service} stands for the name"
        )


def _networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(text.strip()) for text in value.split(",") if text.strip())
    except ValueError:
        raise ValidationError(
            "must be networks such as 10.0.0.0/8, several separated by commas, or empty"
        ) from None


_RATE = validate.Range(0, 1_000_000, error="must be a number of requests a minute, 0 for no limit at all")


class _Form(Schema):
    """The settings as they are written."""

    class Meta:
        unknown = EXCLUDE

    street_code = fields.String(
        load_default="110112010",
        validate=validate.Regexp(r"^\d{9}$", error="must be the street's 9-digit code (区划代码)"),
    )
    street_name = fields.String(load_default="九棵树街道")
    database_url = fields.String(
        load_default="", validate=lambda value: _database_url(value) if value else None
    )
    database_password = fields.String(load_default="")
    amqp_password = fields.String(load_default="")
    amqp_uri = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"^$|^amqps?://", error="must be amqp://user:password@host:port/vhost, or empty"
        ),
    )
    plugins = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"^$|^\w+=\w+(,\w+=\w+)*$",
            error="must be <point>=<plugin>, several with commas: decision_rules=more_than_threshold",
        ),
    )
    http_host = fields.String(load_default="127.0.0.1")
    http_port = fields.Integer(
        load_default=8000, validate=validate.Range(1, 65535, error="must be a port from 1 to 65535")
    )
    hosts = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"(?i)^$|^[\w.:\[\]-]+(,[\w.:\[\]-]+)*$",
            error="must be host names, several separated by commas, or empty: any",
        ),
    )
    rate_per_minute = fields.Integer(load_default=600, validate=_RATE)
    machine_rate_per_minute = fields.Integer(load_default=6000, validate=_RATE)
    services = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"^$|^\w+=https?://[^\s,=]+(,\w+=https?://[^\s,=]+)*$",
            error="must be <service>=http://host:port, several separated by commas, or empty",
        ),
    )
    retention_days = fields.Integer(
        load_default=30,
        validate=validate.Range(0, 3650, error="must be a number of days from 0 (keep all) to 3650"),
    )
    audit_days = fields.Integer(
        load_default=1095,
        validate=validate.Range(
            LEAST_AUDIT_DAYS,
            36500,
            error=f"must be a number of days, at least {LEAST_AUDIT_DAYS} (six months, 网络安全法 21)",
        ),
    )
    trusted_proxies = fields.String(load_default="", validate=_networks)
    oidc_issuer = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"^$|^https?://[^\s?#]+$", error="must be the provider's issuer, https://…, or empty"
        ),
    )
    oidc_audience = fields.String(load_default="")
    oidc_jwks_uri = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"^$|^https?://\S+$", error="must be https://…, or empty: as the provider's discovery says"
        ),
    )
    oidc_role_claim = fields.String(load_default="jiushu_role", validate=validate.Length(min=1))
    oidc_scope_claim = fields.String(load_default="jiushu_scope", validate=validate.Length(min=1))
    local_tokens = fields.String(
        load_default="", validate=validate.OneOf(("", "yes", "no"), error="must be yes or no, or empty")
    )
    var_dir = fields.String(load_default="var")
    token_key_file = fields.String(load_default="")
    data_key_file = fields.String(load_default="")
    contact_key_file = fields.String(load_default="")
    contact_public_key_file = fields.String(load_default="")
    attachments_folder = fields.String(load_default="")
    message_days = fields.Integer(
        load_default=365,
        validate=validate.Range(0, 3650, error="must be a number of days from 0 (keep all) to 3650"),
    )
    disclosure_days = fields.Integer(
        load_default=LEAST_DISCLOSURE_DAYS,
        validate=validate.Range(
            LEAST_DISCLOSURE_DAYS,
            36500,
            error=f"must be a number of days, at least {LEAST_DISCLOSURE_DAYS} (three years, 个人信息保护法 56)",
        ),
    )
    calendar_file = fields.String(load_default="")
    clock_file = fields.String(load_default="")
    log_level = fields.String(
        load_default="INFO",
        validate=validate.OneOf(("DEBUG", "INFO", "WARNING", "ERROR"), error="must be one of: {choices}"),
    )
    log_format = fields.String(
        load_default="json", validate=validate.OneOf(("json", "text"), error="must be one of: {choices}")
    )

    @validates_schema
    def some_tokens_are_believed(self, data: Mapping[str, Any], **_: Any) -> None:
        """A provider's tokens must be meant for us; and without a provider there are only local ones."""
        if data["oidc_issuer"] and not data["oidc_audience"]:
            raise ValidationError("must be set beside JIUSHU_OIDC_ISSUER", "oidc_audience")
        if not data["oidc_issuer"] and data["local_tokens"] == "no":
            raise ValidationError("can be no only where JIUSHU_OIDC_ISSUER is set", "local_tokens")


@dataclass(frozen=True)
class Settings:
    """What a service is told from outside.

    `amqp_uri` is None on the embedded bus. `calendar_file` adds years to the working calendar, and the site's hours.
    `clock_file` moves the business clock, in demonstrations only.
    `plugins` names, by point, the plugin that is preferred. `services` says where those run that are not in this
    process and that its pages show too. `retention_days`: how long
    handled messages and published events are kept, 0 for ever; `audit_days`: audit entries. `trusted_proxies`: whose
    word (`X-Forwarded-For`) about the caller's address is taken. `oidc_…`: the OpenID Connect provider whose tokens are
    believed; `local_tokens`: whether those are that `jiushu token create` issues. `message_days`: after how many days
    the texts of messages are emptied, 0 never; `disclosure_days`: records of provision are removed.
    """

    service: str
    street_code: str
    street_name: str
    database_url: str
    amqp_uri: str | None
    plugins: Mapping[str, str]
    http_host: str
    http_port: int
    hosts: Sequence[str]
    rate_per_minute: int
    machine_rate_per_minute: int
    services: Mapping[str, str]
    retention_days: int
    audit_days: int
    trusted_proxies: Sequence[IPv4Network | IPv6Network]
    oidc_issuer: str
    oidc_audience: str
    oidc_jwks_uri: str
    oidc_role_claim: str
    oidc_scope_claim: str
    local_tokens: bool
    var_dir: Path
    token_key_file: Path
    data_key_file: Path
    contact_key_file: Path
    contact_public_key_file: Path
    attachments_folder: Path
    message_days: int
    disclosure_days: int
    calendar_file: Path | None
    clock_file: Path | None
    log_level: str
    log_format: str

    @classmethod
    def load(cls, service: str, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings of a service. Raises SettingsWrong naming each wrong variable."""
        environment = os.environ if environment is None else environment
        written = {**_from_file(environment.get("JIUSHU_SETTINGS_FILE")), **_from(environment, "JIUSHU_")}
        written |= _from(environment, f"JIUSHU_{service.upper()}_")
        try:
            values: dict[str, Any] = _Form().load(written)
        except ValidationError as error:
            wrong = [
                f"JIUSHU_{name.upper()}: {' '.join(texts)}" for name, texts in error.messages_dict.items()
            ]
            raise SettingsWrong("\n".join(wrong)) from None
        var_dir = Path(values.pop("var_dir"))
        services = filter(None, values.pop("services").split(","))
        url = values.pop("database_url") or f"sqlite:///{var_dir}/{{service}}.db"
        url = url.replace("{service}", service)
        uri = values.pop("amqp_uri").replace("{service}", service)
        key_file, clock_file = values.pop("token_key_file"), values.pop("clock_file")
        calendar_file = values.pop("calendar_file")
        contact_key, contact_public = values.pop("contact_key_file"), values.pop("contact_public_key_file")
        data_key_file, attachments = values.pop("data_key_file"), values.pop("attachments_folder")
        return cls(
            service=service,
            database_url=_with_password(url, values.pop("database_password")),
            amqp_uri=_with_password(uri, values.pop("amqp_password")) or None,
            hosts=tuple(filter(None, values.pop("hosts").lower().split(","))),
            services=dict(pair.split("=", 1) for pair in services),
            plugins=dict(pair.split("=") for pair in values.pop("plugins").split(",") if pair),
            trusted_proxies=_networks(values.pop("trusted_proxies")),
            local_tokens=(values.pop("local_tokens") or ("no" if values["oidc_issuer"] else "yes")) == "yes",
            var_dir=var_dir,
            token_key_file=Path(key_file) if key_file else var_dir / "token.key",
            data_key_file=Path(data_key_file) if data_key_file else var_dir / "data.key",
            contact_key_file=Path(contact_key) if contact_key else var_dir / "contact.key",
            contact_public_key_file=Path(contact_public) if contact_public else var_dir / "contact.pub",
            attachments_folder=Path(attachments or var_dir / "attachments") / service,
            calendar_file=Path(calendar_file) if calendar_file else None,
            clock_file=Path(clock_file) if clock_file else None,
            **values,
        )

    def clock(self) -> Clock:
        """The business clock."""
        return FileClock(self.clock_file) if self.clock_file else SystemClock()


TOPOLOGY = "topology"  # stands in variables where a service would: JIUSHU_TOPOLOGY_AMQP_URI


def declaring_uri(environment: Mapping[str, str] | None = None) -> str | None:
    """The broker's address for whoever may declare what is on it; None where each service does so itself."""
    environment = os.environ if environment is None else environment
    if f"JIUSHU_{TOPOLOGY.upper()}_AMQP_URI" not in environment:
        return None
    return Settings.load(TOPOLOGY, environment).amqp_uri


def setting_names() -> list[str]:
    """Everything that may be set, in lower case."""
    return list(_Form().fields)


def _from(environment: Mapping[str, str], prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in setting_names():
        variable = f"{prefix}{name.upper()}"
        if variable in environment:
            found[name] = environment[variable]
        elif secret := environment.get(f"{variable}{IN_A_FILE}"):
            found[name] = _secret(f"{variable}{IN_A_FILE}", secret)
    return found


def _secret(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsWrong(f"{variable}: {error}") from None


def _with_password(address: str, password: str) -> str:
    """The address, with the password for its user where it says none."""
    parts = urlsplit(address)
    if not password or parts.username is None or parts.password is not None:
        return address
    user, _, host = parts.netloc.rpartition("@")
    return address.replace(parts.netloc, f"{user}:{quote(password, safe='')}@{host}", 1)


def _from_file(path: str | None) -> dict[str, Any]:
    if not path:
        return {}
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsWrong(f"JIUSHU_SETTINGS_FILE: {error}") from None
