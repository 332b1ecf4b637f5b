"""Resized pictures in the store. In goes a Picture, out come bytes, and the other way round; None for damaged ones."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from crosspatch.picture import Picture

_ARRAYS = ("pixels", "alpha", "stored")


def pack(picture: Picture) -> bytes:
    """The arrays of a picture, in NumPy's format of files, each with a checksum."""
    arrays: dict[str, Any] = {name: getattr(picture, name) for name in _ARRAYS}
    out = io.BytesIO()
    np.savez(out, **{name: array for name, array in arrays.items() if array is not None})
    return out.getvalue()


def unpack(data: bytes) -> Picture | None:
    """The picture; None where the bytes are not those that were kept: it can be made again."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return Picture(arrays["pixels"], arrays.get("alpha"), arrays.get("stored"))
    except Exception:  # the readers of zip files and arrays raise whatever damage makes them stumble over
        return None
