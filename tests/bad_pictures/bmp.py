"""Bad BMPs: heights below zero, offsets that are nowhere, palettes without number, runs that run over."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from bad_pictures.cases import Case
from bad_pictures.small import SIZE, SMALL, run_length_bmp

_FIELDS = {"header's length": (14, "<I"), "width": (18, "<i"), "height": (22, "<i"), "planes": (26, "<H"),
           "bits": (28, "<H"), "packing": (30, "<I"), "data's length": (34, "<I"), "colours": (46, "<I"),
           "place of the data": (10, "<I"), "file's length": (2, "<I")}  # fmt: skip
_VALUES = (0, 1, 2, 3, 4, 12, 16, 24, 32, 40, 52, 64, 108, 124, 255, 256, 65_535, 10**6, 2**31 - 1, 2**31, 2**32 - 1)


def bombs() -> Iterator[Case]:
    """Runs that stand for many megapixels, and many megapixels that do not come."""
    for width, height in ((6300, 6300), (16_000, 2000), (2000, 2000)):
        size = f"{width}x{height} px"
        yield Case(f"{size} in full runs", run_length_bmp(b"\xff\1" * (width * height // 255 + height), width, height))
        yield Case(f"{size} in rows that end early", run_length_bmp(b"\1\1\0\0" * height, width, height))
        yield Case(f"{size} in jumps", run_length_bmp(b"\0\2\xff\xff" * 1000, width, height))
        yield Case(f"{size} without runs", run_length_bmp(b"", width, height))
    yield Case("9 million runs of a pixel", run_length_bmp(b"\1\1" * 9_000_000, 6000, 6000))
    yield Case("9 million runs of nothing", run_length_bmp(b"\0\0" * 9_000_000, 3000, 3000))
    four = bytearray(run_length_bmp(b"\xff\x10" * 150_000, 6000, 6000))
    four[28:34] = struct.pack("<HI", 4, 2)
    yield Case("6000x6000 px in runs of 4 bits", bytes(four))
    yield Case("30000x30000 px in runs", run_length_bmp(b"\xff\1" * 1000, 30_000, 30_000), "refused")


def absurd() -> Iterator[Case]:
    """Each field of the header with each value that may be too much."""
    for source in ("BMP", "run-length BMP"):
        for name, (place, form) in _FIELDS.items():
            for value in _VALUES:
                data = bytearray(SMALL[source])
                packed = struct.pack("<I", value)[: struct.calcsize(form)]
                data[place : place + len(packed)] = packed
                yield Case(f"{source}, {name} {value}", bytes(data))
    upside_down = bytearray(SMALL["BMP"])
    upside_down[22:26] = struct.pack("<i", -SIZE[1])
    yield Case("upside down", bytes(upside_down), SIZE)
    for height in (-(2**31), -60_000, 2**31 - 1):
        upside_down[22:26] = struct.pack("<i", height)
        yield Case(f"height {height}", bytes(upside_down), "refused")


def broken() -> Iterator[Case]:
    """Runs that go over the edge, and runs that are cut off."""
    for name, rows in {
        "a run over the edge": b"\xff\1" * 3,
        "a jump over the edge": b"\0\2\xff\xff" * 3,
        "pixels over the edge": b"\0\xff" + bytes(255),
        "a thousand ends of rows": b"\0\0" * 1000,
        "ends of the picture": b"\0\1" * 1000,
        "half a run": b"\5",
        "half a jump": b"\0\2\1",
        "half of the pixels": b"\0\x08\1\2",
        "indices beyond the palette": b"\x08\xff" * 6,
    }.items():
        yield Case(name, run_length_bmp(rows))
    yield Case("19 MB behind the picture", SMALL["BMP"] + bytes(19_000_000), SIZE)
