"""What the OpenAPI document cannot say, made so in requests that are right as far as it goes: pictures that are there,
fields of a query that go together, and not so many pairs that a test takes minutes. Pictures in use are not removed.

Schemathesis imports this in its own process. In go environment variables with the ids of pictures, out come hooks.
"""

from __future__ import annotations

import os
from itertools import cycle
from typing import Any

import schemathesis
from hypothesis.strategies import just
from samples import picture
from schemathesis.transport.serialization import Binary

from crosspatch.web.schemas import PAIRS

KEPT = os.environ["CONTRACT_KEPT"].split()
NEXT = cycle(KEPT)
SPARE = os.environ["CONTRACT_SPARE"].split()
MOST_PAIRS = 50

schemathesis.openapi.format("binary", just(Binary(picture(9999, 24, 18))))


@schemathesis.hook
def before_call(_: schemathesis.HookContext, case: schemathesis.Case, __: dict[str, Any]) -> None:
    """Make a request right that is meant to be. Those that follow others have their pictures, forms bring theirs."""
    is_right = case.meta is not None and case.meta.generation.mode.is_positive
    is_first = case.meta is not None and case.meta.phase.name.value != "stateful"
    _choose_picture(case, at_will=is_right and is_first)
    for fields in (case.query, case.body):
        if is_right and isinstance(fields, dict):
            _make_right(fields, with_pictures=is_first and case.media_type != "multipart/form-data")
    if is_right and case.path.endswith("/baselines") and isinstance(case.body, dict):
        case.body["pairs"] = min(case.body.get("pairs", MOST_PAIRS), MOST_PAIRS)


def _choose_picture(case: schemathesis.Case, *, at_will: bool) -> None:
    named = case.path_parameters.get("image_id")
    if case.method == "DELETE" and (at_will or named in KEPT):
        case.path_parameters["image_id"] = SPARE.pop() if SPARE else "gone"
    elif named is not None and at_will:
        case.path_parameters["image_id"] = next(NEXT)


def _make_right(fields: dict[str, Any], *, with_pictures: bool) -> None:
    for name in ("image", "test_image", "ignore_mask"):
        if with_pictures and fields.get(name) is not None:
            fields[name] = next(NEXT)
    for pair in PAIRS:
        if len(fields.keys() & set(pair)) == 1:
            for name in pair:
                fields.pop(name, None)
