"""Bad GIFs: canvases without end, thousands of frames and comments, codes of lengths that there are not."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np
from files import encoded
from PIL import Image

from bad_pictures.cases import Case
from bad_pictures.small import SIZE, SMALL

_BLACK_AND_WHITE = b"\0\0\0\xff\xff\xff"
# Two codes of three bits and the end, for two colours: clear, 0, end.
_ONE_PIXEL = b"\2\2\x44\1\0"
END = b";"


def head(width: int = 8, height: int = 6, *, flags: int = 0x80) -> bytes:
    """The beginning, with a table of two colours."""
    return b"GIF89a" + struct.pack("<HHBBB", width, height, flags, 0, 0) + (_BLACK_AND_WHITE if flags & 0x80 else b"")


def frame(width: int = 1, height: int = 1, *, place: int = 0, data: bytes = _ONE_PIXEL, flags: int = 0) -> bytes:
    """A frame, of one pixel's data unless told otherwise, so far from the left and the top."""
    return b"," + struct.pack("<HHHHB", place, place, width, height, flags) + data


def bombs() -> Iterator[Case]:
    """Canvases and frames of many megapixels in few kilobytes."""
    for side in (9000, 6300, 4000):
        data = encoded(Image.new("P", (side, side)), "GIF")
        yield Case(f"{side} px square", data, "refused" if side == 9000 else None)
        lying = data[:6] + b"\x10\0\x10\0" + data[10:]
        yield Case(f"{side} px square that says it is 16", lying)
        frame_at = data.index(b",", 13 + (6 << (data[10] & 7)))
        yield Case(f"{side} px square that hides it", lying[:frame_at] + b"!\xfe\1x\0" * 1000 + lying[frame_at:])
    yield Case("a canvas of 65,535 px square", head(65_535, 65_535) + frame() + END, "refused")
    yield Case("a canvas of 6300 px square and a pixel", head(6300, 6300) + frame() + END)
    yield Case("a frame of 65,535 px square", head() + frame(65_535, 65_535) + END, "refused")
    yield Case("a frame at the far end", head() + frame(place=65_534) + END, "refused")
    second = frame(65_535, 65_535)
    yield Case("a second frame of 65,535 px square", SMALL["GIF"][:-1] + second + END, SIZE)


def absurd() -> Iterator[Case]:
    """Sizes that no picture has."""
    for width, height in ((0, 0), (0, 6), (8, 0)):
        yield Case(f"a canvas of {width}x{height} px", head(width, height) + frame() + END)
        yield Case(f"a frame of {width}x{height} px", head() + frame(width, height) + END)
    for width, height in ((1, 16_384), (65_535, 1), (65_535, 610)):
        yield Case(f"a canvas of {width}x{height} px", head(width, height) + frame() + END)
    yield Case("a frame beside the canvas", head() + frame(place=100) + END)
    yield Case("no table of colours", head(flags=0) + frame() + END)
    yield Case("a table that is cut off", b"GIF89a" + struct.pack("<HHBBB", 8, 6, 0xF7, 0, 0) + bytes(9))
    yield Case("a table of 256 colours of which two come", head(flags=0xF7) + frame() + END)


def metadata() -> Iterator[Case]:
    """Comments and extensions without end, and what is no block at all."""
    comment = b"!\xfe\3abc\0"
    for count in (1000, 100_000):
        yield Case(f"{count} comments", head() + comment * count + frame() + END)
    yield Case("a comment of 15 MB", head() + b"!\xfe" + (b"\xff" + b"x" * 255) * 60_000 + b"\0" + frame() + END)
    yield Case("a comment of a million pieces", head() + b"!\xfe" + b"\1x" * 1_000_000 + b"\0" + frame() + END)
    yield Case("a million controls", head() + b"!\xf9\4\0\0\0\0\0" * 1_000_000 + frame() + END)
    yield Case("a million empty extensions", head() + b"!\1\0" * 1_000_000 + frame() + END)
    yield Case("a million loops", head() + b"!\xff\x0bNETSCAPE2.0\3\1\0\0\0" * 1_000_000 + frame() + END)
    yield Case("19 MB of junk before the frame", head() + bytes(19_000_000) + frame() + END)
    yield Case("19 MB of junk behind the frame", SMALL["GIF"][:-1] + bytes(19_000_000))
    yield Case("19 MB of data behind the picture", SMALL["GIF"][:-2] + b"\1x" * 9_000_000 + b"\0;")
    for length in range(5):
        control = b"!\xf9" + bytes([length]) + bytes(length) + b"\0"
        yield Case(f"a control of {length} bytes", head() + control + frame() + END)
    yield Case("an extension that is cut off", head() + b"!")
    yield Case("a loop of no length", head() + b"!\xff\x0bNETSCAPE2.0\0" + frame() + END)


def frames() -> Iterator[Case]:
    """Thousands of frames."""
    first = SMALL["GIF"][:-1]
    for count in (5000, 200_000):
        yield Case(f"{count} frames behind the first", first + frame() * count + END, SIZE)
    for disposal in range(8):
        control = b"!\xf9\4" + bytes([disposal << 2 | 1]) + b"\0\0\xff\0"
        yield Case(f"frames that are cleared by way {disposal}", head() + (control + frame(8, 6)) * 50 + END)
    yield Case("a second frame that is cut off", first + frame()[:7])


def broken() -> Iterator[Case]:
    """Codes that are too long, too short, beyond the table or without end."""
    for bits in (0, 1, 3, 8, 9, 11, 12, 13, 255):
        bodies = {"pixel": _ONE_PIXEL[1:], "chance": _chance(bits), "zeros": b"\xff" + bytes(255) + b"\0"}
        for name, body in bodies.items():
            yield Case(f"codes of {bits} bits, {name}", head() + frame(8, 6, data=bytes([bits]) + body) + END)
    big = b"\2" + (b"\xff" + b"\x24" * 255) * 60_000 + b"\0"
    yield Case("15 MB of codes that only clear", head() + frame(8, 6, data=big) + END)
    yield Case("a million pieces of a byte", head() + frame(8, 6, data=b"\2" + b"\1\x24" * 1_000_000 + b"\0") + END)
    yield Case("no frame", head() + END, "refused")
    yield Case("no frame and no end", head(), "refused")
    yield Case("no data", head() + frame(8, 6, data=b"\2\0") + END)
    yield Case("no end of the data", head() + frame(8, 6, data=b"\2\xff"))
    yield Case("interlaced and cut off", head(6000, 6000) + frame(6000, 6000, flags=0x40) + END)
    yield Case("a table of its own that is cut off", head() + b"," + struct.pack("<HHHHB", 0, 0, 8, 6, 0x87) + b"\1\2")
    yield Case("an unknown version", b"GIF00a" + SMALL["GIF"][6:])


def _chance(bits: int) -> bytes:
    noise = np.random.default_rng(bits).integers(0, 256, 255, np.uint8).tobytes()
    return (b"\xff" + noise) * 3 + b"\0"
