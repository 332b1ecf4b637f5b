"""Files of pictures: their headers, as our own readers see them, and their pixels, as the decoder does."""

from __future__ import annotations

import contextlib
from dataclasses import astuple
from typing import Any

import numpy as np
from PIL import MpoImagePlugin, TiffImagePlugin, WebPImagePlugin  # noqa: F401  for their coverage

from crosspatch.errors import PictureTooLarge
from crosspatch.labelling import Rule
from crosspatch.limits import MOST_STEPS, Limits
from crosspatch.picture import Picture
from crosspatch.signatures import looks_like
from crosspatch.web import footprint
from crosspatch.web.decoding import answer
from crosspatch.web.picture_headers import read_header
from crosspatch.web.wire import OUT_OF_MEMORY, pack_head
from fuzzing.files import pictures, with_right_checksums
from fuzzing.target import Target, hold, target

_LIMITS = Limits(file_bytes=4096, pixels=1 << 14, side_px=1 << 10, aspect=256, steps=MOST_STEPS)
_LISTED = list(astuple(_LIMITS))
_FILES = pictures()
_WORDS: dict[str, tuple[bytes, ...]] = {
    "PNG": (b"IHDR", b"IDAT", b"tRNS", b"PLTE", b"eXIf", b"acTL", b"fcTL", b"fdAT", b"iCCP", b"zTXt", b"iTXt", b"IEND"),
    "JPEG": (
        b"\xff\xc0",
        b"\xff\xc2",
        b"\xff\xc4",
        b"\xff\xda",
        b"\xff\xdb",
        b"\xff\xdd",
        b"\xff\xe1",
        b"Exif\0\0",
        b"MPF",
    ),
    "WEBP": (b"RIFF", b"WEBP", b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"EXIF", b"ICCP"),
    "TIFF": (b"\x00\x01\x03\x00", b"\x01\x01\x03\x00", b"\x02\x01\x03\x00", b"\x06\x01\x03\x00", b"\x15\x01\x03\x00"),
    "BMP": (b"\x0c\0\0\0", b"\x28\0\0\0", b"\x7c\0\0\0", b"\x20\0\x03\0\0\0", b"\x08\0\x01\0\0\0"),
    "GIF": (b"\x21\xf9\x04", b"\x21\xff\x0bNETSCAPE2.0", b"\x2c", b"\x3b"),
}


@target(
    seeds=[each[:200] for files in _FILES.values() for each in files] + [b"%PDF", b"\0\0\0 ftypavif", b" <svg"],
    words=[word for words in _WORDS.values() for word in words] + [b"\xff", b"\xff\xff\xff\xff", b"\x01\x12\0\x03"],
    most_bytes=300,
    share=3,
)
def headers(data: bytes) -> None:
    """headers of pictures: their size and the memory to decode them, or None; a refusal names a limit"""
    hold(looks_like(data).split()[0] in ("is", "looks", "has"), data)
    header = read_header(data)
    for size in (None, (1, 1), (5000, 3)):
        needed_bytes = footprint.estimate(data, size)
        hold((needed_bytes is None) == (header is None), data, size)
        hold(needed_bytes is None or (type(needed_bytes) is int and needed_bytes > 0), data, size)
        with contextlib.suppress(PictureTooLarge):
            footprint.check(data, needed_bytes, _LIMITS, 1 << 24)
            hold(header is None or header.width * header.height <= 1 << 14, data)
    hold(header is None or min(header.width, header.height) > 0, data)


def _decoding(form: str, share: int) -> Target:
    def decode(data: bytes) -> None:
        data = with_right_checksums(data)
        head, picture = answer({"limits": _LISTED, "size": None}, data)
        _check(head, picture)
        if picture is not None:
            _check_about(head["about"])
            head, picture = answer({"limits": _LISTED, "size": (9, 4), "blend": head["blend"]}, data)
            _check(head, picture)
            hold(picture is not None and (picture.width, picture.height) == (9, 4), head)

    decode.__name__ = f"decode_{form.lower()}"
    decode.__doc__ = f"files of {form}: pixels and what is said of them, or a refusal in words"
    return target(seeds=_FILES[form], words=_WORDS[form], most_bytes=1800, share=share)(decode)


def _check(head: dict[str, Any], picture: Picture | None) -> None:
    """Either a fault of the picture, or pixels of the shapes that the rest relies on."""
    pack_head(head)
    if picture is None:
        hold(head["fault"] in ("UnreadablePicture", "PictureTooLarge", OUT_OF_MEMORY) and head["text"], head["text"])
        return
    shape = (picture.height, picture.width)
    hold(picture.pixels.dtype == np.uint8 and picture.pixels.shape in (shape, (*shape, 3)), head)
    hold(picture.alpha is None or (picture.alpha.dtype == np.uint8 and picture.alpha.shape == shape), head)
    stored = picture.stored
    hold(stored is None or (stored.dtype in (np.uint8, np.uint16) and stored.shape == shape), head)


def _check_about(about: dict[str, Any]) -> None:
    _LIMITS.check_size(about["width"], about["height"])
    hold(str(Rule.parse(about["defaults"]["labels"])) == about["defaults"]["labels"], about)
    hold(about["defaults"]["rectangle"]["width"] <= about["defaults"]["resize"]["width"], about)


png, jpeg, webp, tiff, bmp, gif = (
    _decoding(form, share)
    for form, share in (("PNG", 6), ("JPEG", 4), ("WEBP", 4), ("TIFF", 6), ("BMP", 3), ("GIF", 4))
)
