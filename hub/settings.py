"""The hub's settings: typed, loaded once, each with the sentence that the documentation prints.

In: a TOML file and the environment (`TAPLOOP_HUB_…`, which wins). Out: one frozen `Settings`, or
`SettingsError` with one sentence that says what to do.
"""

from __future__ import annotations

import difflib
import os
import stat
import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "TAPLOOP_HUB_"
FILE_VARIABLE = PREFIX + "SETTINGS"
"""Names the settings file to every command; it is no setting itself."""
Role = Literal["ingest", "watch", "courier", "web"]
Words = Annotated[tuple[str, ...], NoDecode]
Port = Annotated[int, Field(ge=0, le=65535)]


class SettingsError(Exception):
    """A setting is wrong; the message is one sentence that says what to do."""


class Settings(BaseSettings):
    """Everything that can be set. Port 0 means: any free port."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    data_dir: Path = Field(
        Path("taploop-data"),
        description="Directory for the hub's secret and, with SQLite, the database; made when missing.",
    )
    database_url: str = Field(
        "",
        description="sqlite:///path (relative to where the hub is started) or "
        "postgresql+psycopg://user@host/name; empty: hub.db in data_dir.",
    )
    http_host: str = Field("0.0.0.0", description="Address on which the pages are served.")  # noqa: S104 phones and terminals are on the LAN
    http_port: Port = Field(8080, description="Port on which the pages are served.")
    public_url: str = Field(
        "",
        description="Address under which phones reach the pages, as printed in QR codes; empty: http, this "
        "machine's own address and http_port.",
    )
    trusted_proxies: Words = Field(
        ("127.0.0.1",),
        description="Addresses of reverse proxies whose X-Forwarded-For and -Proto are believed.",
    )
    metrics_from: Words = Field(
        ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
        description="Networks that may read /metrics.",
    )
    broker: Literal["embedded", "external"] = Field(
        "embedded",
        description="embedded: the broker runs inside the hub; external: the hub connects to mqtt_host.",
    )
    mqtt_host: str = Field(
        "",
        description="embedded: address on which the broker listens (empty: every address); external: the "
        "broker's host (empty: 127.0.0.1).",
    )
    mqtt_port: Port = Field(1883, description="Port of the broker, embedded or external.")
    mqtt_tls: bool = Field(False, description="external: connect with TLS.")
    mqtt_ca_file: str = Field("", description="external: CA certificates for mqtt_tls; empty: the system's.")
    mqtt_password: SecretStr = Field(
        SecretStr(""),
        description="external: password of the broker's user `hub`; better kept in mqtt_password_file.",
    )
    mqtt_password_file: Path | None = Field(
        None,
        description="external: file with the password of the broker's user `hub`, readable by the hub alone.",
    )
    roles: Annotated[tuple[Role, ...], NoDecode] = Field(
        ("ingest", "watch", "courier", "web"),
        description="What this process does: ingest (MQTT to store), watch (alert rules), courier (letters), "
        "web (pages).",
    )
    allow_private_sinks: bool = Field(
        False,
        description="Letters may go to private and link-local addresses, for instance a work-order system.",
    )
    timezone: str = Field("Asia/Shanghai", description="Time zone in which days begin and times are shown.")
    heartbeat_after: int = Field(300, ge=5, le=3600, description="Seconds between a terminal's heartbeats.")
    log_format: Literal["text", "json"] = Field("text", description="text for people, json for collectors.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What is logged at least."
    )

    @field_validator("roles", "trusted_proxies", "metrics_from", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(word.strip() for word in value.split(",") if word.strip())
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{value!r} is not a time zone such as Asia/Shanghai") from error
        return value

    @field_validator("metrics_from")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ip_network(network)
        return value

    @field_validator("public_url")
    @classmethod
    def _bare_url(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _complete(self) -> Settings:
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{self.data_dir / 'hub.db'}")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over what `load` read from the file; nothing else is looked at."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    def broker_password(self) -> str:
        """The password of the broker's user `hub`; raise SettingsError when its file is not private."""
        if self.mqtt_password_file is None:
            return self.mqtt_password.get_secret_value()
        _refuse_open(self.mqtt_password_file, "mqtt_password_file")
        return _read(self.mqtt_password_file, "mqtt_password_file").strip()


def load(path: Path | None = None) -> Settings:
    """Read the file at `path` (none: defaults) and the environment; raise SettingsError."""
    in_file = _from_file(path) if path else {}
    for name in os.environ:
        if name.startswith(PREFIX) and name != FILE_VARIABLE:
            _refuse_unknown(
                name.removeprefix(PREFIX).lower(), f"environment variable {name}", PREFIX, upper=True
            )
    try:
        settings = Settings(**in_file)
    except ValidationError as error:
        raise SettingsError(_sentence(error, in_file, path)) from error
    if settings.broker == "external" and not settings.broker_password():
        raise SettingsError(
            "broker is external: set mqtt_password_file to a file with the password of user `hub`"
        )
    return settings


def origins(path: Path | None) -> dict[str, str]:
    """Where each setting comes from: `default`, the file's name or the environment variable's."""
    in_file = _from_file(path) if path else {}
    found = {}
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        found[name] = variable if os.environ.get(variable) else str(path) if name in in_file else "default"
    return found


def _from_file(path: Path) -> dict[str, Any]:
    text = _read(path, "settings file")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"settings file {path} is not TOML: {error}") from error
    for name in values:
        _refuse_unknown(name, f"setting {name!r} in {path}")
    if "mqtt_password" in values:
        _refuse_open(path, "settings file with mqtt_password")
    for name in ("data_dir", "mqtt_password_file"):  # relative to the file that names them
        if isinstance(values.get(name), str):
            values[name] = path.parent / values[name]
    return values


def _refuse_unknown(name: str, what: str, prefix: str = "", *, upper: bool = False) -> None:
    if name in Settings.model_fields:
        return
    near = difflib.get_close_matches(name, Settings.model_fields, 1, 0.5)
    if near:
        guess = prefix + (near[0].upper() if upper else near[0])
        raise SettingsError(f"{what} is not known; did you mean {guess}?")
    raise SettingsError(f"{what} is not known; `taploop-hub settings` lists them all")


def _read(path: Path, what: str) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise SettingsError(f"{what} {path} does not exist; check the path") from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise SettingsError(
            f"{what} {path} cannot be read ({reason}); check its path and permissions"
        ) from error


def _refuse_open(path: Path, what: str) -> None:
    if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(f"{what} {path} can be read by others; run: chmod 600 {path}")


def _sentence(error: ValidationError, in_file: Mapping[str, Any], path: Path | None) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else "settings"
    variable = PREFIX + name.upper()
    where = f"environment variable {variable}" if os.environ.get(variable) else f"setting {name!r}"
    if name in in_file and not os.environ.get(variable):
        where += f" in {path}"
    text = first["msg"].removeprefix("Value error, ")
    return f"{where} is wrong: {text[:1].lower()}{text[1:]}"
