"""EXIF data to hurt its reader: directories that are huge, lead to themselves, or point nowhere."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

Entry = tuple[int, int, int, int | bytes]
ORIENTATION, EXIF_IFD, GPS_IFD, SUB_IFDS, MAKER_NOTE = 0x112, 0x8769, 0x8825, 0x14A, 0x927C
BYTE, TEXT, SHORT, LONG, RATIONAL = 1, 2, 3, 4, 5
_HEAD = b"II*\0\x08\0\0\0"


def directory(entries: Sequence[Entry], following: int = 0) -> bytes:
    """A directory of TIFF, little-endian: (tag, kind, count, value or offset) each, and where the next one is."""
    packed = [
        struct.pack("<HHI", tag, kind, count) + (value.ljust(4, b"\0") if isinstance(value, bytes) else _value(value))
        for tag, kind, count, value in entries
    ]
    return struct.pack("<H", len(packed)) + b"".join(packed) + struct.pack("<I", following)


def hostile_exif() -> Iterator[tuple[str, bytes]]:
    """A name and the data, which begins like a TIFF."""
    yield "nothing", b""
    yield "zeros", bytes(60_000)
    yield "a directory at its own head", b"II*\0\0\0\0\0" + bytes(100)
    yield "a directory beyond the end", b"II*\0\xff\xff\xff\xff"
    yield "65,535 entries announced", _HEAD + b"\xff\xff"
    yield "5,000 entries", _HEAD + directory([(tag, LONG, 1, 7) for tag in range(5000)])
    yield "5,000 times one entry", _HEAD + directory([(ORIENTATION, SHORT, 1, 3)] * 5000)
    yield "4,000 entries with all data each", _HEAD + directory([(tag, BYTE, 40_000, 8) for tag in range(4000)])
    yield "a directory that follows itself", _HEAD + directory([(ORIENTATION, SHORT, 1, 1)], 8)
    for name, tag in (("EXIF", EXIF_IFD), ("GPS", GPS_IFD), ("sub", SUB_IFDS), ("maker's", MAKER_NOTE)):
        yield f"a {name} directory that is its parent", _HEAD + directory([(tag, LONG, 1, 8)])
        yield f"a {name} directory beyond the end", _HEAD + directory([(tag, LONG, 1, 2**32 - 1)])
        yield f"a {name} directory of text", _HEAD + directory([(tag, TEXT, 4, b"abcd")])
    yield "1,000 nested directories", _nested(1000)
    yield "data of 4 GB", _HEAD + directory([(tag, RATIONAL, 2**29, 8) for tag in (0x11A, 0x11B)])
    for count, value in ((0, 6), (1, 0), (1, 9), (1, 65_535), (1000, 6), (2**32 - 1, 6)):
        yield f"{count} orientations, {value}", _HEAD + directory([(ORIENTATION, SHORT, count, value)])
    for kind in (0, TEXT, RATIONAL, 12, 13, 99):
        yield f"an orientation of kind {kind}", _HEAD + directory([(ORIENTATION, kind, 1, 6)])


def _nested(depth: int) -> bytes:
    """Directories that each hold the next one."""
    size = len(directory([(EXIF_IFD, LONG, 1, 0)]))
    return _HEAD + b"".join(directory([(EXIF_IFD, LONG, 1, 8 + size * (at + 1))]) for at in range(depth))


def _value(value: int) -> bytes:
    return struct.pack("<I", value)
