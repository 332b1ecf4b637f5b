"""Whether a case was answered well. In goes the case and what came of it, out comes what is wrong, or ""."""

from __future__ import annotations

import io
import re
import warnings

from PIL import Image

from bad_pictures.cases import Case, Size
from crosspatch.decode import FORMATS

# What tells of programs and machines, not of pictures.
_INSIDES = re.compile(r"Error|Exception|Traceback|object|<|_|\bNone\b|/\w+/|\.py\b")
_LEAST_WORDS = 20


def fault_of_reading(case: Case, size: Size) -> str:
    """What is wrong with reading the case as a picture of `size`."""
    if case.outcome == "refused":
        return f"it is read, as {size}"
    right = _sizes_of(case.data) if case.outcome is None else {case.outcome}
    return "" if size in right else f"it is read as {size}, and is {right}"


def fault_of_refusing(case: Case, words: str) -> str:
    """What is wrong with refusing the case in these words."""
    if isinstance(case.outcome, tuple):
        return f"it is refused: {words}"
    return "" if len(words) > _LEAST_WORDS and not _INSIDES.search(words) else f"it is refused in these words: {words}"


def _sizes_of(data: bytes) -> set[Size]:
    """What the header says, upright or turned."""
    with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data), formats=FORMATS) as image:
        return {image.size, image.size[::-1]}
