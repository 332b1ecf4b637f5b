"""Settings: what an operator may say, and what the start says to a mistake."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from pydantic import ValidationError

from crosspatch.errors import CrosspatchError
from crosspatch.limits import MOST_STEPS, Limits
from crosspatch.web.setting_words import without_password
from crosspatch.web.settings import (
    Settings,
    SettingsError,
    describe_settings,
    load_settings,
    setting_rows,
)


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("CROSSPATCH_"):
            monkeypatch.delenv(name)


def test_without_variables_only_this_machine_is_served_on_port_8080() -> None:
    settings = load_settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)


def test_a_variable_sets_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSPATCH_PORT", "9000")
    assert load_settings().port == 9000


def test_an_override_wins_over_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSPATCH_PORT", "9000")
    assert load_settings(port=9001).port == 9001


def test_an_override_that_is_none_leaves_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSPATCH_PORT", "9000")
    assert load_settings(port=None).port == 9000


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("CROSSPATCH_PORT", "abc", "CROSSPATCH_PORT is 'abc', and must be a whole number from 1 to 65535"),
        ("CROSSPATCH_PORT", "", "CROSSPATCH_PORT is '', and must be a whole number from 1 to 65535"),
        ("CROSSPATCH_PORT", "70000", "CROSSPATCH_PORT is '70000', and must be a whole number from 1 to 65535"),
        ("CROSSPATCH_BODY_TIMEOUT_S", "0", "CROSSPATCH_BODY_TIMEOUT_S is '0', and must be a number above 0 to 600"),
        ("CROSSPATCH_BODY_TIMEOUT_S", "nan", "CROSSPATCH_BODY_TIMEOUT_S is 'nan', and must be a number above 0 to 600"),
        ("CROSSPATCH_COMPUTATIONS", "x", "CROSSPATCH_COMPUTATIONS is 'x', and must be a whole number from 1 to 256"),
        (
            "CROSSPATCH_LOG_LEVEL",
            "loud",
            "CROSSPATCH_LOG_LEVEL is 'loud', and must be one of debug, info, warning, error",
        ),
        (
            "CROSSPATCH_STORE",
            "http://me:secret@there",
            "CROSSPATCH_STORE is 'http://***@there', and must be a directory, or an address that begins with redis://",
        ),
    ],
)
def test_a_wrong_value_is_answered_with_variable_value_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    assert str(refusal.value) == words


def test_a_wrong_override_is_answered_by_the_name_that_was_used() -> None:
    with pytest.raises(SettingsError, match=r"^port is 0, and must be a whole number from 1 to 65535$") as refusal:
        load_settings(port=0)
    assert refusal.value.field == "port"


def test_a_misspelt_variable_stops_the_start_and_names_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSPATCH_PROT", "9000")
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    assert str(refusal.value) == "CROSSPATCH_PROT is not a setting: did you mean CROSSPATCH_PORT?"


def test_an_unknown_variable_stops_the_start_and_says_where_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSPATCH_XYZZY", "1")
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    assert str(refusal.value) == "CROSSPATCH_XYZZY is not a setting: `crosspatch serve --help` lists the settings"


def test_an_unknown_override_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"^prot is not a setting: did you mean CROSSPATCH_PORT"):
        load_settings(prot=1)


def test_a_refusal_is_one_of_our_errors() -> None:
    assert issubclass(SettingsError, CrosspatchError)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load_settings().port = 1  # type: ignore[misc]


def test_the_limits_of_a_picture_are_the_settings() -> None:
    settings = load_settings(max_upload_bytes=2048, max_pixels=3, max_side_px=4, max_aspect=5)
    assert settings.limits == Limits(file_bytes=2048, pixels=3, side_px=4, aspect=5, steps=MOST_STEPS)


def test_the_default_store_is_a_directory_of_this_user() -> None:
    assert Path(load_settings().store) == Path(tempfile.gettempdir()) / f"crosspatch-{os.geteuid()}"


def test_four_times_as_many_wait_as_compute_by_default() -> None:
    assert load_settings(computations=3).queue == 12


@pytest.mark.parametrize("address", ["redis://host:1/0", "rediss://host:1/0", "unix:///run/redis"])
def test_an_address_of_redis_is_told_from_a_directory(address: str) -> None:
    assert (load_settings(store=address).redis, load_settings(store="/somewhere").redis) == (True, False)


def test_the_password_of_a_store_is_never_shown() -> None:
    settings = load_settings(store="redis://me:secret@there:1/0")
    assert "secret" not in repr(settings) + without_password(settings.store)


def test_every_setting_is_described() -> None:
    assert [row.variable for row in setting_rows()] == [f"CROSSPATCH_{name.upper()}" for name in Settings.model_fields]
    assert all(row.default and row.allowed and row.meaning.endswith(".") for row in setting_rows())


def test_defaults_that_depend_on_the_machine_are_described_in_words() -> None:
    defaults = {row.variable: row.default for row in setting_rows()}
    assert defaults["CROSSPATCH_COMPUTATIONS"] == "the number of processors"
    assert str(os.geteuid()) not in defaults["CROSSPATCH_STORE"]


def test_the_help_names_each_variable_with_its_default() -> None:
    assert "CROSSPATCH_PORT=8080\n    TCP port to listen on. Allowed: a whole number from 1 to 65535." in (
        describe_settings()
    )
