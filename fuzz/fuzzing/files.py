"""Tiny pictures of every format and kind, to begin with."""

from __future__ import annotations

import io
import itertools
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image

SIZE = (7, 5)
PNG = b"\x89PNG\r\n\x1a\n"
_RGBA = Image.fromarray(np.random.default_rng(1).integers(0, 256, (SIZE[1], SIZE[0], 4), np.uint8))
_RGB, _GREY = _RGBA.convert("RGB"), _RGBA.convert("L")
_SIXTEEN = Image.fromarray(np.asarray(_GREY).astype(np.uint16) * 257)
_PALETTE = _RGB.quantize(4)
_TURNED = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"


def pictures() -> dict[str, list[bytes]]:
    """Files by format."""
    files: dict[str, list[bytes]] = {}
    for form, picture, options in _kinds():
        out = io.BytesIO()
        picture.save(out, form, **options)
        files.setdefault(form, []).append(out.getvalue())
    files["BMP"].append(_run_length_bmp())
    return files


def _kinds() -> Iterator[tuple[str, Image.Image, dict[str, Any]]]:
    plain = (_RGB, _GREY, _GREY.convert("1"), _PALETTE)
    for picture in (*plain, _RGBA, _RGBA.convert("LA"), _SIXTEEN):
        yield "PNG", picture, {}
    yield "PNG", _PALETTE, {"transparency": b"\0\x80", "exif": _TURNED}
    yield "PNG", _GREY, {"transparency": 3, "icc_profile": bytes(8)}
    yield "PNG", _SIXTEEN, {"transparency": 771}
    yield "PNG", _RGB, {"save_all": True, "append_images": [_RGB.rotate(90)]}
    for picture, options in itertools.product((_RGB, _GREY, _RGB.convert("CMYK")), ({}, {"progressive": True})):
        yield "JPEG", picture, options
    yield "JPEG", _RGB, {"exif": _TURNED, "comment": "c", "subsampling": 2}
    for picture, options in itertools.product((_RGB, _RGBA), ({"lossless": True}, {"quality": 20, "exif": _TURNED})):
        yield "WEBP", picture, options
    yield "WEBP", _RGBA, {"save_all": True, "append_images": [_RGBA.rotate(90)]}
    for picture in (*plain, _RGBA, _SIXTEEN, _RGB.convert("CMYK"), _RGB.convert("LAB"), _GREY.convert("F")):
        yield "TIFF", picture, {}
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        yield "TIFF", _RGB, {"compression": compression}
    yield "TIFF", _GREY.convert("1"), {"compression": "group4"}
    for picture in (*plain, _RGBA):
        yield "BMP", picture, {}
    yield "GIF", _PALETTE, {"transparency": 1}
    yield "GIF", _GREY, {"save_all": True, "append_images": [_GREY.rotate(180)], "interlace": 1}


def _run_length_bmp() -> bytes:
    """Pillow reads them, and writes none: 4 x 2 px, a run and four single pixels."""
    pixels = b"\x04\x01\0\0\0\x04\0\x01\0\x01\0\x01"
    head = struct.pack("<IiiHHIIiiII", 40, 4, 2, 1, 8, 1, len(pixels), 0, 0, 2, 0)
    start = 14 + len(head) + 8
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + head + bytes(4) + b"\xff\xff\xff\0" + pixels


def with_right_checksums(data: bytes) -> bytes:
    """A PNG whose chunks have the checksums that readers insist on; other files as they are."""
    if not data.startswith(PNG):
        return data
    parts, place = [PNG], len(PNG)
    while place + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        content = data[place + 8 : place + 8 + length]
        parts.append(data[place : place + 8] + content + struct.pack(">I", zlib.crc32(kind + content)))
        place += 12 + length
    return b"".join(parts)
