"""JSON, the same from every way out. In go JSON-ready values, out come their bytes: compact, in UTF-8, without NaN."""

from __future__ import annotations

import math

import orjson


def dump(value: object) -> bytes:
    """The value as JSON. Raises ValueError for NaN and infinities, TypeError for what else JSON cannot say."""
    _check_finite(value)
    return orjson.dumps(value)


def _check_finite(value: object) -> None:
    """Raise ValueError for NaN and infinities: orjson would write null, which has another meaning here."""
    if isinstance(value, dict):
        for each in value.values():
            _check_finite(each)
    elif isinstance(value, list | tuple):
        if not _sums_up(value):
            for each in value:
                _check_finite(each)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} is not JSON")


def _sums_up(values: list[object] | tuple[object, ...]) -> bool:
    """Whether these are numbers and None alone, with a finite sum. One NaN or infinity makes the sum such: no loop."""
    try:
        return math.isfinite(sum(filter(None, values)))  # type: ignore[arg-type]
    except (TypeError, OverflowError):
        return False
