"""All targets by name."""

from __future__ import annotations

from types import ModuleType

from fuzzing import admission, fields, messages, service, texts, uploads
from fuzzing.target import Target


def _of(*modules: ModuleType) -> dict[str, Target]:
    found = [each for module in modules for each in vars(module).values() if isinstance(each, Target)]
    return {each.name: each for each in found}


TARGETS = _of(texts, admission, fields, uploads, messages, service)
