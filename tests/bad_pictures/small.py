"""Small pictures of every format that is read, and nothing wrong with them: what others damage, hide and wrap."""

from __future__ import annotations

import struct

import numpy as np
from files import encoded, exif, interlaced_png, palette_image
from PIL import Image

SIZE = WIDTH, HEIGHT = 8, 6
_RNG = np.random.default_rng(11)
RGB = _RNG.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
GREY = RGB[..., 0]
_INDICES = _RNG.integers(0, 6, (HEIGHT, WIDTH), np.uint8)
PALETTE = palette_image(_INDICES, _RNG.integers(0, 256, (6, 3), np.uint8))
_MOVING = {"save_all": True, "append_images": [Image.fromarray(255 - RGB)]}


def run_length_bmp(rows: bytes, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """A BMP of 8 bits a pixel with two colours, of which `rows` are the runs."""
    colours = bytes(4) + b"\xff\xff\xff\0"
    start = 14 + 40 + len(colours)
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(rows), 2835, 2835, 2, 2)
    return b"BM" + struct.pack("<IHHI", start + len(rows), 0, 0, start) + head + colours + rows


SMALL: dict[str, bytes] = {
    "PNG": encoded(RGB, "PNG"),
    "palette PNG": encoded(PALETTE, "PNG", transparency=2),
    "interlaced PNG": interlaced_png(GREY),
    "PNG of 16 bits": encoded(GREY.astype(np.uint16) * 257, "PNG"),
    "moving PNG": encoded(RGB, "PNG", **_MOVING),
    "JPEG": encoded(RGB, "JPEG"),
    "progressive JPEG": encoded(RGB, "JPEG", progressive=True, exif=exif(3)),
    "WebP": encoded(RGB, "WEBP"),
    "lossless WebP": encoded(np.dstack([RGB, GREY]), "WEBP", lossless=True, exact=True),
    "moving WebP": encoded(RGB, "WEBP", lossless=True, **_MOVING),
    "GIF": encoded(PALETTE, "GIF"),
    "moving GIF": encoded(RGB, "GIF", **_MOVING),
    "BMP": encoded(RGB, "BMP"),
    "run-length BMP": run_length_bmp(bytes([WIDTH, 1, 0, 0]) * HEIGHT + b"\0\1"),
    "TIFF": encoded(RGB, "TIFF"),
    "LZW TIFF": encoded(RGB, "TIFF", compression="tiff_lzw"),
    "deflated TIFF": encoded(GREY.astype(">u2"), "TIFF", compression="tiff_adobe_deflate"),
    "G4 TIFF": encoded(GREY > 99, "TIFF", compression="group4"),
}
