"""What an operator may set. In go environment variables and overrides, out come Settings, or one line that says what
to mend.

Every setting is declared once, below: name, type, default, bounds and meaning. Its variable is the name in capitals
after CROSSPATCH_; `crosspatch serve --help` and the docs are derived from the same declarations.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from crosspatch.errors import CrosspatchError
from crosspatch.limits import MOST_STEPS, Limits
from crosspatch.web.admission import CHECKS
from crosspatch.web.setting_defaults import files_at_least, four_each, four_files, own_directory, processors
from crosspatch.web.setting_words import ALLOWED, DEFAULT, PREFIX, SECRET, SettingRow, fault_in_words, rows_of

_Value = TypeVar("_Value")
_LIST = "separated by spaces or commas"
_REDIS = ("redis://", "rediss://", "unix://")


class SettingsError(CrosspatchError, ValueError):
    """A setting that cannot be used, or a variable that is none. `field` names it."""


class Settings(BaseSettings):
    """All settings of the service; frozen."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="Address to listen on; 0.0.0.0 for every interface.",
        json_schema_extra={ALLOWED: "an address or a host name"},
    )
    port: int = Field(8080, ge=1, le=65535, description="TCP port to listen on.")
    workers: int = Field(
        2,
        ge=1,
        le=64,
        description="Server processes. NumPy works in native threads, so more of them are not faster; "
        "a second one keeps serving while a dead one is replaced.",
    )
    max_clients: int = Field(256, ge=1, le=10_000, description="Open connections per worker; others wait.")

    max_upload_bytes: int = Field(20 * 2**20, ge=1024, description="Largest picture file, in bytes.")
    max_pixels: int = Field(40_000_000, ge=1, description="Most pixels of a picture, read from its header.")
    max_side_px: int = Field(16_384, ge=1, description="Longest side of a picture, in pixels.")
    max_aspect: int = Field(256, ge=1, description="How many times one side may exceed the other.")

    decode_timeout_s: float = Field(
        5, gt=0, le=600, description="Seconds that a picture may take to decode and resize; then its decoder is killed."
    )
    decode_memory_bytes: int = Field(
        200 * 2**20,
        ge=2**23,
        description="Memory for decoding, in bytes, all workers together: pictures wait for it; one that needs more is "
        "refused.",
    )

    files_bytes: int = Field(
        default_factory=four_files,
        ge=1024,
        description="Bytes of requests, and of files to decode, held at once per worker, and as many of large answers "
        "on their way; more are answered 429.",
        json_schema_extra={
            DEFAULT: "4 times max_upload_bytes and 1 MiB",
            ALLOWED: "at least twice max_upload_bytes and 1 MiB",
        },
    )

    body_timeout_s: float = Field(5, gt=0, le=600, description="Seconds for the whole body of a request to arrive.")
    keepalive_s: int = Field(
        5, ge=1, le=600, description="Seconds for a request's headers to arrive, and for an idle connection to stay."
    )
    worker_timeout_s: int = Field(
        30, ge=2, le=3600, description="Seconds after which a stuck worker is killed and replaced."
    )
    send_timeout_s: int = Field(
        30, ge=1, le=3600, description="Seconds after which a client that takes nothing of its answer is dropped."
    )
    drain_s: int = Field(8, ge=0, le=600, description="Seconds for requests to finish once asked to stop.")

    store: str = Field(
        default_factory=own_directory,
        min_length=1,
        repr=False,
        description="Where uploaded pictures stay: a directory, or redis://host:port/database, of Crosspatch's own.",
        json_schema_extra={
            DEFAULT: "crosspatch-UID in the temporary directory",
            ALLOWED: "a directory, or an address that begins with redis://",
        },
    )
    store_lifetime_s: int = Field(3600, ge=1, le=10**7, description="How long an uploaded picture stays, in seconds.")
    store_max_images: int = Field(200, ge=1, le=10_000, description="Most pictures kept; the first to expire go first.")
    store_max_bytes: int = Field(512 * 2**20, ge=1024, description="Most bytes kept, likewise.")
    cache_bytes: int = Field(64 * 2**20, ge=0, description="Decoded pictures kept in memory, in bytes per worker.")

    worker_memory_bytes: int = Field(
        2**30,
        ge=2**26,
        description="Memory that a worker may take on top of what it starts with; what needs more is refused.",
    )

    computations: int = Field(
        default_factory=processors,
        ge=1,
        le=256,
        description="Heavy computations at once, per worker.",
        json_schema_extra={DEFAULT: "the number of processors"},
    )
    queue: int = Field(
        default_factory=four_each,
        ge=0,
        le=10_000,
        description="Computations that may wait, per worker; further ones are answered 429.",
        json_schema_extra={DEFAULT: "4 times computations"},
    )
    baselines: int = Field(
        4, ge=1, le=256, description="Chance levels measured at once, per worker; further ones are answered 429."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level logged.")
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="One JSON object a line, or text; auto is text on a terminal and JSON elsewhere."
    )
    metrics_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="TCP port of its own for /metrics, which is then not on the main port.",
        json_schema_extra={DEFAULT: "none", ALLOWED: "a whole number from 1 to 65535, not the main port"},
    )
    metrics_host: str | None = Field(
        None,
        min_length=1,
        description="Address to listen on for /metrics, when it has a port of its own.",
        json_schema_extra={DEFAULT: "that of host", ALLOWED: "an address or a host name"},
    )

    allowed_hosts: str = Field(
        "",
        description="Host names that requests may name; one that begins with a dot stands for all below it too.",
        json_schema_extra={DEFAULT: "any", ALLOWED: f"host names without a port, {_LIST}"},
    )
    allowed_origins: str = Field(
        "",
        description="Other sites whose pages may use the API from a browser.",
        json_schema_extra={DEFAULT: "none", ALLOWED: f"origins such as https://example.org, {_LIST}"},
    )
    api_token: SecretStr | None = Field(
        None,
        description="What a client must present to use the API and the page: as `Authorization: Bearer ...`, or as the "
        "password when a browser asks for one.",
        json_schema_extra={
            DEFAULT: "none",
            ALLOWED: "16 to 256 letters, digits or any of - . _ ~ + / =",
            SECRET: "yes",
        },
    )
    rate_limit: str = Field(
        "",
        description="Most requests of one client to the API; further ones are answered 429. Counted in Redis when the "
        "store is there, otherwise by each worker for itself.",
        json_schema_extra={DEFAULT: "none", ALLOWED: "a number and second, minute, hour or day, such as 60/minute"},
    )
    trusted_proxies: str = Field(
        "",
        description="Proxies whose X-Forwarded-For names the client; from anyone else the header is ignored.",
        json_schema_extra={DEFAULT: "none", ALLOWED: f"addresses or networks such as 10.0.0.0/8, {_LIST}"},
    )

    @field_validator("allowed_hosts", "allowed_origins", "api_token", "rate_limit", "trusted_proxies")
    @classmethod
    def _usable(cls, value: _Value, field: ValidationInfo) -> _Value:
        CHECKS[str(field.field_name)](value)
        return value

    @field_validator("store")
    @classmethod
    def _known_store(cls, store: str) -> str:
        if "://" in store and not store.startswith(_REDIS):
            raise ValueError("an unknown kind of store")
        return store

    @field_validator("files_bytes")
    @classmethod
    def _room_for_a_form(cls, files_bytes: int, others: ValidationInfo) -> int:
        if files_bytes < files_at_least(2, others.data):
            raise ValueError("too few for the two pictures of a form")
        return files_bytes

    @field_validator("metrics_port")
    @classmethod
    def _own_port(cls, metrics_port: int | None, others: ValidationInfo) -> int | None:
        if metrics_port is not None and metrics_port == others.data.get("port"):
            raise ValueError("the main port")
        return metrics_port

    @property
    def limits(self) -> Limits:
        """What a picture may be at most."""
        return Limits(self.max_upload_bytes, self.max_pixels, self.max_side_px, self.max_aspect, MOST_STEPS)

    @property
    def redis(self) -> bool:
        """Whether `store` names a Redis database, not a directory."""
        return self.store.startswith(_REDIS)


def load_settings(**overrides: Any) -> Settings:
    """The settings from the environment; `overrides` that are not None win over it.

    Raises SettingsError, one line, for a value that cannot be used and for a CROSSPATCH_ variable that is no setting.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    _refuse_strangers(given)
    try:
        return Settings(**given)
    except ValidationError as fault:
        raise SettingsError(*fault_in_words(Settings, fault, given)) from None


def setting_rows() -> Iterator[SettingRow]:
    """Every setting, in the order of declaration."""
    return rows_of(Settings)


def describe_settings() -> str:
    """Every setting as text for a terminal: variable and default on one line, then what is allowed and its meaning."""
    return "\n".join(
        f"{row.variable}={row.default}\n    {row.meaning} Allowed: {row.allowed}." for row in setting_rows()
    )


def _refuse_strangers(overrides: dict[str, Any]) -> None:
    known = [name.upper() for name in Settings.model_fields]
    said = {name: name.upper().removeprefix(PREFIX) for name in os.environ if name.upper().startswith(PREFIX)}
    said |= {name: name.upper() for name in overrides}
    for stranger in sorted(name for name, setting in said.items() if setting not in known):
        near = get_close_matches(said[stranger], known, n=1)
        fix = f"did you mean {PREFIX}{near[0]}?" if near else "`crosspatch serve --help` lists the settings"
        raise SettingsError(f"{stranger} is not a setting: {fix}", said[stranger].lower())
