"""Pictures to send, and how a form sends them. In go seeds, out come bytes."""

from __future__ import annotations

import hashlib
import io
from functools import cache

import numpy as np
from PIL import Image


def form(data: bytes, **fields: str) -> bytes:
    """A picture as a form sends it, with boundary "cut"."""
    head = "".join(f'--cut\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items())
    file = '--cut\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
    return head.encode() + file.encode() + data + b"\r\n--cut--\r\n"


@cache
def picture(seed: int, width: int = 96, height: int = 72) -> bytes:
    """A PNG of smooth colours and some noise, another for each seed."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 8, 3), np.uint8))
    smooth = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC)).astype(np.int16)
    noisy = (smooth + rng.integers(-8, 9, smooth.shape)).clip(0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(noisy).save(out, "PNG")
    return out.getvalue()


@cache
def photograph() -> bytes:
    """A JPEG of 24 megapixels, as a camera makes it: smooth colours and some noise."""
    rng = np.random.default_rng(0)
    coarse = Image.fromarray(rng.integers(0, 256, (60, 90, 3), np.uint8))
    smooth = np.asarray(coarse.resize((6000, 4000), Image.Resampling.BICUBIC))
    out = io.BytesIO()
    Image.fromarray(smooth // 16 * 15 + rng.integers(0, 16, smooth.shape, np.uint8)).save(out, "JPEG", quality=90)
    return out.getvalue()


def id_of(data: bytes) -> str:
    """The id that a picture gets."""
    return hashlib.sha256(data).hexdigest()
