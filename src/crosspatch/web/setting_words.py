"""Settings in words. In goes the class that declares them, out come what each may be, and what is wrong with a value.

Where a declaration's type and bounds do not say what a person needs, its `json_schema_extra` does, by the keys below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args, get_origin

import annotated_types
from pydantic import ValidationError
from pydantic_settings import BaseSettings

PREFIX = "CROSSPATCH_"
DEFAULT, ALLOWED, SECRET = "default", "allowed", "secret"
_Kind = type[BaseSettings]


@dataclass(frozen=True)
class SettingRow:
    """One setting in words: its variable, default, what is allowed, and its meaning."""

    variable: str
    default: str
    allowed: str
    meaning: str


def rows_of(kind: _Kind) -> Iterator[SettingRow]:
    """Every setting, in the order of declaration."""
    for name, field in kind.model_fields.items():
        yield SettingRow(_variable(name), _default(kind, name), _allowed(kind, name), str(field.description))


def fault_in_words(kind: _Kind, fault: ValidationError, overrides: dict[str, Any]) -> tuple[str, str]:
    """What is wrong with the first setting that is, and its name. A secret is not repeated."""
    first = fault.errors()[0]
    name = str(first["loc"][0]).lower().removeprefix(PREFIX.lower())
    said = name if name in overrides else _variable(name)
    allowed = _allowed(kind, name)
    if SECRET in _words(kind, name):
        return f"{said} cannot be used: it must be {allowed}", name
    return f"{said} is {without_password(repr(first['input']))}, and must be {allowed}", name


def without_password(address: str) -> str:
    """The address of a store as it may be shown and logged."""
    return re.sub(r"//[^@/]*@", "//***@", address)


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _default(kind: _Kind, name: str) -> str:
    return _words(kind, name).get(DEFAULT) or str(kind.model_fields[name].default)


def _allowed(kind: _Kind, name: str) -> str:
    field = kind.model_fields[name]
    if get_origin(field.annotation) is Literal:
        return "one of " + ", ".join(get_args(field.annotation))
    words = "a whole number" if field.annotation is int else "a number"
    for bound in field.metadata:
        match bound:
            case annotated_types.Ge(ge=least):
                words += f" from {least}"
            case annotated_types.Gt(gt=least):
                words += f" above {least}"
            case annotated_types.Le(le=most):
                words += f" to {most}"
    return _words(kind, name).get(ALLOWED) or words


def _words(kind: _Kind, name: str) -> dict[str, str]:
    """What a declaration says in words, where the default or the bounds do not say it."""
    return cast(dict[str, str], kind.model_fields[name].json_schema_extra or {})
