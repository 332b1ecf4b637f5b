"""What the first bytes of a picture say of it. In goes a file, out comes its size and kind, or None.

Only to judge how much memory a decoder may need (`footprint`), before any reader of Pillow sees the file: each format
needs a few fixed places, nothing is decoded or unpacked. A header that lies is found out by the decoder's own limit.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["grey", "sixteen", "palette", "colour"]

_NEAR = 128 * 1024  # where metadata is looked for
_MOST_TAGS = 512
# As many as 20 MiB have when each is as long as it can be, three times over.
_MOST_SEGMENTS = 1000
# The EXIF orientation: tag 0x0112, one short, a value from 2 to 8; big-endian or little-endian.
_TURNED = re.compile(
    rb"\x01\x12\x00\x03\x00\x00\x00\x01\x00[\x02-\x08]|\x12\x01\x03\x00\x01\x00\x00\x00[\x02-\x08]\x00"
)


@dataclass(frozen=True)
class Header:
    """A picture's format, size in pixels and kind of pixels.

    `kept_bytes_per_px` is what its reader keeps beside the pixels: the coefficients of a progressive JPEG. `pieces` are
    the strips or tiles that a TIFF lists.
    """

    format: str
    width: int
    height: int
    kind: Kind
    alpha: bool = False
    kept_bytes_per_px: float = 0
    turned: bool = False
    pieces: int = 1


def read_header(data: bytes) -> Header | None:
    """What the header says; None when it is cut off, damaged, or of no format that is read."""
    for signature, read in _READERS.items():
        if data.startswith(signature):
            try:
                found = read(data)
            except (struct.error, ValueError, IndexError, KeyError, ZeroDivisionError):
                return None
            return found if found is not None and found.width > 0 and found.height > 0 else None
    return None


def _png(data: bytes) -> Header | None:
    width, height, depth, colour_type = struct.unpack_from(">IIBB", data, 16)
    clear = _has_clear_colour(data)
    if colour_type == 3:
        kind: Kind = "palette"
    elif colour_type == 0 and depth == 16:
        kind = "sixteen"
    else:
        kind = "grey" if colour_type == 0 and not clear else "colour"
    return Header("PNG", width, height, kind, clear or colour_type in (4, 6), turned=_is_turned(data))


def _has_clear_colour(data: bytes) -> bool:
    """Whether a PNG says before its pixels which colour is transparent."""
    place = 8
    for _ in range(_MOST_SEGMENTS):
        name = data[place + 4 : place + 8]
        if name in (b"tRNS", b"IDAT", b""):
            return name == b"tRNS"
        place += 12 + int.from_bytes(data[place : place + 4], "big")
    return True


def _jpeg(data: bytes) -> Header | None:
    place = 2
    for _ in range(_MOST_SEGMENTS):
        marker, length = struct.unpack_from(">2sH", data, place)
        if marker[0] != 0xFF:
            return None
        if 0xC0 <= marker[1] <= 0xCF and marker[1] not in (0xC4, 0xC8, 0xCC):
            return _jpeg_frame(data, place + 4, progressive=marker[1] in (0xC2, 0xC6, 0xCA, 0xCE))
        place += 1 if marker[1] == 0xFF else 2 + length  # 0xFF may be repeated before a marker
    return None


def _jpeg_frame(data: bytes, place: int, *, progressive: bool) -> Header:
    _, height, width, count = struct.unpack_from(">BHHB", data, place)
    sampling = [data[place + 7 + 3 * i] for i in range(count)]
    areas = [(each >> 4) * (each & 15) for each in sampling]
    coefficients = 2 * sum(areas) / max(areas) if progressive else 0  # of 2 bytes each
    kind: Kind = "grey" if count == 1 else "colour"
    return Header("JPEG", width, height, kind, kept_bytes_per_px=coefficients, turned=_is_turned(data))


def _webp(data: bytes) -> Header | None:
    chunk = data[12:16]
    if chunk == b"VP8X":
        width, height = (1 + int.from_bytes(data[at : at + 3], "little") for at in (24, 27))
        return Header("WEBP", width, height, "colour", bool(data[20] & 16), turned=_is_turned(data))
    if chunk == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return Header("WEBP", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF), "colour", bool(bits >> 28 & 1))
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return Header("WEBP", width & 0x3FFF, height & 0x3FFF, "colour")
    return None


def _gif(data: bytes) -> Header | None:
    """The canvas grows when the first frame, behind any number of extensions, reaches beyond it."""
    width, height = struct.unpack_from("<HH", data, 6)
    place = 13 + (6 << (data[10] & 7) if data[10] & 0x80 else 0)
    in_extension = False
    for _ in range(_MOST_SEGMENTS):
        first = data[place]
        if in_extension:  # a piece of so many bytes, none after the last
            in_extension, place = first > 0, place + 1 + first
        elif first == ord(","):
            left, top, wide, high = struct.unpack_from("<HHHH", data, place + 1)
            width, height = max(width, left + wide), max(height, top + high)
            break
        else:  # what is no block is passed over
            in_extension = first == ord("!")
            place += 2 if in_extension else 1
    return Header("GIF", width, height, "palette", alpha=True)


def _bmp(data: bytes) -> Header | None:
    if struct.unpack_from("<I", data, 14)[0] == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
    else:
        width, height, _, bits = struct.unpack_from("<iiHH", data, 18)
    return Header("BMP", abs(width), abs(height), "palette" if bits <= 8 else "colour", bits == 32)


def _tiff(data: bytes) -> Header | None:
    order = "<" if data.startswith(b"II") else ">"
    first = struct.unpack_from(f"{order}I", data, 4)[0]
    tags: dict[int, int] = {}
    pieces = 1
    for number in range(min(_MOST_TAGS, struct.unpack_from(f"{order}H", data, first)[0])):
        tag, kind, count = struct.unpack_from(f"{order}HHI", data, first + 2 + 12 * number)
        pieces = max(pieces, count) if tag in (273, 324) else pieces
        form = {1: "B", 3: "H", 4: "I"}.get(kind)
        if form is not None:  # a list of shorts lies elsewhere when there are more than two: its first tells enough
            there = first + 10 + 12 * number
            far = count * struct.calcsize(form) > 4
            there = struct.unpack_from(f"{order}I", data, there)[0] if far else there
            tags.setdefault(tag, struct.unpack_from(f"{order}{form}", data, there)[0])
    samples, bits = tags.get(277, 1), tags.get(258, 1)
    alike: Kind = "palette" if tags.get(262) == 3 else "sixteen" if bits == 16 else "grey"
    kind_of: Kind = alike if samples == 1 else "colour"
    return Header(
        "TIFF", tags[256], tags[257], kind_of, samples in (2, 4, 5), turned=tags.get(274, 1) > 1, pieces=pieces
    )


def _is_turned(data: bytes) -> bool:
    return _TURNED.search(data, 0, _NEAR) is not None


_READERS: dict[bytes, Callable[[bytes], Header | None]] = {
    b"\x89PNG\r\n\x1a\n": _png,
    b"\xff\xd8\xff": _jpeg,
    b"RIFF": _webp,
    b"GIF8": _gif,
    b"BM": _bmp,
    b"II*\0": _tiff,
    b"MM\0*": _tiff,
}
