"""Bad WebPs: bombs, canvases and chunks that lie about their size, thousands of frames."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from files import encoded
from PIL import Image

from bad_pictures.cases import Case
from bad_pictures.exif import hostile_exif
from bad_pictures.small import RGB, SIZE, SMALL

_LOSSY, _LOSSLESS = SMALL["WebP"][12:], encoded(RGB, "WEBP", lossless=True)[12:]
_ALPHA, _EXIF, _XMP, _ICC, _ANIMATION = 16, 8, 4, 32, 2


def chunk(name: bytes, body: bytes, length: int | None = None) -> bytes:
    """A chunk, which may lie about its length."""
    return name + struct.pack("<I", len(body) if length is None else length) + body + bytes(len(body) % 2)


def webp(*chunks: bytes, length: int | None = None) -> bytes:
    """A file, which may lie about its length."""
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) if length is None else length) + body


def extended(flags: int, width: int = SIZE[0], height: int = SIZE[1]) -> bytes:
    """The chunk that announces what else there is."""
    return chunk(b"VP8X", bytes([flags, 0, 0, 0]) + _three(width - 1) + _three(height - 1))


def bombs() -> Iterator[Case]:
    """Few kilobytes that are many megapixels."""
    for side in (9000, 3400):
        outcome = "refused" if side == 9000 else None
        blank = Image.new("RGB", (side, side))
        yield Case(f"{side} px square, lossless", encoded(blank, "WEBP", lossless=True, method=0), outcome)
    yield Case("3400 px square, lossy", encoded(Image.new("RGB", (3400, 3400)), "WEBP", method=0))
    yield Case("16383 px square, it says", webp(chunk(b"VP8L", b"\x2f" + b"\xff" * 4 + bytes(50))), "refused")


def absurd() -> Iterator[Case]:
    """Canvases that nothing fills, and kinds that there are not."""
    for width, height in ((1, 1), (2**24, 2**24), (2**24, 1), (16_384, 2000), (3000, 3000), (9, 6)):
        size = f"{width}x{height} px"
        yield Case(f"a canvas of {size} around a small picture", webp(extended(0, width, height), _LOSSY))
        yield Case(f"a moving canvas of {size}", webp(extended(_ANIMATION, width, height), _control(), _frame()))
    for place in range(20, 30):
        for value in (0, 1, 0x3F, 0x80, 0xFF):
            data = bytearray(SMALL["WebP"])
            data[place] = value
            yield Case(f"lossy, byte {place} is {value}", bytes(data))
            data = bytearray(webp(_LOSSLESS))
            data[place] = value
            yield Case(f"lossless, byte {place} is {value}", bytes(data))
    for flags in range(0, 256, 5):
        yield Case(f"flags {flags} and nothing of it", webp(extended(flags), _LOSSY))


def metadata() -> Iterator[Case]:
    """Metadata without end."""
    for name, exif in hostile_exif():
        yield Case(f"EXIF: {name}", webp(extended(_EXIF), _LOSSY, chunk(b"EXIF", exif)))
    yield Case("EXIF of 15 MB", webp(extended(_EXIF), _LOSSY, chunk(b"EXIF", bytes(15 * 10**6))))
    yield Case("ICC of 15 MB", webp(extended(_ICC), chunk(b"ICCP", bytes(15 * 10**6)), _LOSSY))
    turning = b'<x tiff:Orientation="6"' * 100_000
    yield Case("XMP that turns 100,000 times", webp(extended(_XMP), _LOSSY, chunk(b"XMP ", turning)))
    for count in (1000, 100_000):
        yield Case(f"{count} unknown chunks", webp(extended(0), chunk(b"abcd", b"") * count, _LOSSY))
        yield Case(f"{count} unknown chunks behind", webp(extended(0), _LOSSY, chunk(b"abcd", b"") * count))
        yield Case(f"{count} times EXIF", webp(extended(_EXIF), _LOSSY, chunk(b"EXIF", b"Exif\0\0") * count))


def frames() -> Iterator[Case]:
    """Thousands of frames, and frames that are none."""
    for count in (2000, 50_000):
        yield Case(f"{count} frames", webp(extended(_ANIMATION), _control(), _frame() * count), SIZE)
    yield Case("no frame", webp(extended(_ANIMATION), _control()), "refused")
    yield Case("no control", webp(extended(_ANIMATION), _frame()))
    yield Case("a frame beside the canvas", webp(extended(_ANIMATION), _control(), _frame(100, 100)))
    yield Case("a frame in a frame", webp(extended(_ANIMATION), _control(), chunk(b"ANMF", _place() + _frame())))
    yield Case("a frame of nothing", webp(extended(_ANIMATION), _control(), chunk(b"ANMF", _place())))


def broken() -> Iterator[Case]:
    """Chunks that lie, are missing, come twice or out of order."""
    for length in (0, 1, 11, 2**31 - 1, 2**31, 2**32 - 10, 2**32 - 1):
        yield Case(f"a file of {length} bytes, it says", webp(_LOSSY, length=length))
        for name, body in (("VP8 ", _LOSSY), ("VP8L", _LOSSLESS)):
            yield Case(f"{name} of {length} bytes, it says", webp(chunk(name.encode(), body[8:], length)))
            inner = chunk(b"ANMF", _place() + chunk(name.encode(), body[8:], length))
            yield Case(f"{name} of {length} bytes in a frame", webp(extended(_ANIMATION), _control(), inner))
        yield Case(f"alpha of {length} bytes", webp(extended(_ALPHA), chunk(b"ALPH", bytes(9), length), _LOSSY))
    yield Case("two pictures", webp(_LOSSY, _LOSSLESS))
    yield Case("a lossy picture called lossless", webp(chunk(b"VP8L", _LOSSY[8:])))
    yield Case("a lossless picture called lossy", webp(chunk(b"VP8 ", _LOSSLESS[8:])))
    yield Case("no picture", webp(extended(0)), "refused")
    yield Case("no chunk", webp(), "refused")
    yield Case("extended twice", webp(extended(0), extended(0, 9000, 9000), _LOSSY))
    yield Case("extended behind", webp(_LOSSY, extended(0, 9000, 9000)))
    for what, value in (("unknown filter", b"\xff"), ("packed", b"\1"), ("plain", b"\0")):
        yield Case(f"alpha, {what}, too short", webp(extended(_ALPHA), chunk(b"ALPH", value), _LOSSY))


def _three(number: int) -> bytes:
    return struct.pack("<I", number)[:3]


def _control() -> bytes:
    return chunk(b"ANIM", bytes(6))


def _place(left: int = 0, top: int = 0) -> bytes:
    return _three(left // 2) + _three(top // 2) + _three(SIZE[0] - 1) + _three(SIZE[1] - 1) + _three(10) + b"\0"


def _frame(left: int = 0, top: int = 0) -> bytes:
    return chunk(b"ANMF", _place(left, top) + _LOSSLESS)
