"""Bad JPEGs: scans without end, sizes that nothing has, segments that lie, tables that are broken."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from files import encoded
from PIL import Image

from bad_pictures.cases import Case
from bad_pictures.exif import hostile_exif
from bad_pictures.small import GREY, RGB, SIZE, SMALL

_START, _END = b"\xff\xd8", b"\xff\xd9"
_PLAIN = encoded(GREY, "JPEG")
_FRAME = _PLAIN.index(b"\xff\xc0")
_QUANTA, _CODES, _SCAN = (_PLAIN.index(b"\xff" + marker) for marker in (b"\xdb", b"\xc4", b"\xda"))


def segment(marker: int, body: bytes, length: int | None = None) -> bytes:
    """A segment, which may lie about its length."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2 if length is None else length) + body


def with_segments(*segments: bytes) -> bytes:
    """A good JPEG with segments before all others."""
    return _START + b"".join(segments) + _PLAIN[2:]


def sized(width: int, height: int, data: bytes = _PLAIN) -> bytes:
    """A JPEG that says it has another size than its data."""
    found = bytearray(data)
    place = next(data.index(mark) for mark in (b"\xff\xc0", b"\xff\xc2") if mark in data)
    found[place + 5 : place + 9] = struct.pack(">HH", height, width)
    return bytes(found)


def many_scans(count: int, width: int, height: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again: the whole picture is walked through each time."""
    data = encoded(Image.new("L", (width, height)), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * count + _END


def bombs() -> Iterator[Case]:
    """Many megapixels in few kilobytes, and few kilobytes that take long."""
    for side, outcome in ((9000, "refused"), (6300, None), (4000, None)):
        blank = Image.new("L", (side, side))
        yield Case(f"{side} px square", encoded(blank, "JPEG"), outcome)
        yield Case(f"{side} px square, progressive", encoded(blank, "JPEG", progressive=True), outcome)
    yield Case("5000 px square of colour", encoded(Image.new("RGB", (5000, 5000)), "JPEG"))
    for count, side in ((50, 300), (500, 300), (500, 2000), (2000, 4000), (20_000, 300), (20, 4000)):
        yield Case(f"{count} scans of {side} px square", many_scans(count, side, side))


def absurd() -> Iterator[Case]:
    """Sizes and kinds of pixels that no picture has."""
    for width, height in ((0, 0), (0, 6), (8, 0), (65_535, 65_535), (65_535, 1)):
        yield Case(f"{width}x{height} px", sized(width, height), "refused")
    for width, height in ((6300, 6300), (16_384, 64), (1, 256), (9, 6)):
        yield Case(f"{width}x{height} px and no such data", sized(width, height))
        yield Case(f"{width}x{height} px, progressive", sized(width, height, SMALL["progressive JPEG"]))
    for what, place in (("bits", 4), ("components", 9), ("sampling", 11), ("table", 12)):
        for value in (0, 1, 2, 3, 4, 7, 12, 16, 0x14, 0x41, 0x44, 0xFF):
            data = bytearray(_PLAIN)
            data[_FRAME + place] = value
            yield Case(f"{what} {value}", bytes(data))
    for kind in range(0xC0, 0xD0):
        yield Case(f"a frame of kind {kind:X}", _PLAIN[: _FRAME + 1] + bytes([kind]) + _PLAIN[_FRAME + 2 :])


def metadata() -> Iterator[Case]:
    """Metadata without end, and metadata that is broken."""
    for name, exif in hostile_exif():
        yield Case(f"EXIF: {name}", with_segments(segment(0xE1, b"Exif\0\0" + exif[:65_000])))
        yield Case(f"preview: {name}", with_segments(segment(0xE2, b"MPF\0" + exif[:65_000])))
    yield Case("300 segments of EXIF", with_segments(segment(0xE1, b"Exif\0\0" + bytes(60_000)) * 300))
    turning = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + b'<x tiff:Orientation="6"' * 2000)
    yield Case("300 times XMP", with_segments(turning * 300))
    for total in (0, 1, 255):
        profile = segment(0xE2, b"ICC_PROFILE\0\1" + bytes([total]) + bytes(60_000))
        yield Case(f"300 parts of a profile of {total}", with_segments(profile * 300))
    for count in (1000, 100_000, 1_000_000):
        yield Case(f"{count} comments", with_segments(segment(0xFE, b"a") * count))
    yield Case("100,000 segments of unknown use", with_segments(segment(0xEB, b"") * 100_000))
    yield Case("100,000 tables", with_segments(_PLAIN[_QUANTA : _QUANTA + 69] * 100_000))
    yield Case("1,000 resources that are broken", with_segments(segment(0xED, b"Photoshop 3.0\0" + b"8BIM" * 9) * 1000))
    empty = b"Photoshop 3.0\0" + b"8BIM\3\xed\0\0\0\0\0\0" * 5000
    yield Case("100 times 5,000 empty resources", with_segments(segment(0xED, empty) * 100))
    for marker in (*range(0xE0, 0xF0), 0xFE, 0xDB, 0xC4, 0xDD, 0xDC):
        for body in (b"", b"\0", b"Adobe\0", b"JFIF\0", b"Exif\0\0", b"MPF\0", b"ICC_PROFILE\0", b"\xff" * 100):
            yield Case(f"segment {marker:X} of {body!r:.20}", with_segments(segment(marker, body)))


def frames() -> Iterator[Case]:
    """Thousands of previews."""
    previews = [Image.fromarray(RGB)] * 500
    yield Case("501 frames", encoded(RGB, "MPO", save_all=True, append_images=previews), SIZE)
    yield Case("5,000 pictures one behind the other", _PLAIN * 5000, SIZE)


def broken() -> Iterator[Case]:
    """Segments that lie, tables that are broken, markers where none belong."""
    for name, place in (("quanta", _QUANTA), ("frame", _FRAME), ("codes", _CODES), ("scan", _SCAN)):
        for length in (0, 1, 2, 3, 65_535):
            lying = _PLAIN[: place + 2] + struct.pack(">H", length) + _PLAIN[place + 4 :]
            yield Case(f"{name} of {length} bytes, it says", lying)
        end = place + 2 + struct.unpack_from(">H", _PLAIN, place + 2)[0]
        yield Case(f"no {name}", _PLAIN[:place] + _PLAIN[end:])
        yield Case(f"{name} twice", _PLAIN[:end] + _PLAIN[place:])
        yield Case(f"{name} of zeros", _PLAIN[: place + 4] + bytes(end - place - 4) + _PLAIN[end:])
        yield Case(f"{name} of ones", _PLAIN[: place + 4] + b"\xff" * (end - place - 4) + _PLAIN[end:])
    yield Case("a second frame of 65,535 px", _PLAIN[:_SCAN] + sized(65_535, 65_535)[_FRAME:])
    yield Case("no end", _PLAIN[:-2])
    yield Case("no data", _PLAIN[: _SCAN + 10] + _END)
    yield Case("zeros for data", sized(6000, 6000)[: _SCAN + 10] + bytes(10**6) + _END)
    yield Case("restarts for data", sized(6000, 6000)[: _SCAN + 10] + b"\xff\xd0" * 10**6 + _END)
    yield Case("ones for data", sized(6000, 6000)[: _SCAN + 10] + b"\xff" * 10**6 + _END)
    application = segment(0xE0, b"")
    for name, junk in (("zeros", b"\0"), ("ones", b"\xff"), ("escapes", b"\xff\0"), ("restarts", b"\xff\xd0")):
        for megabytes in (1, 19):
            stray = junk * (megabytes * 10**6 // len(junk))
            yield Case(f"{megabytes} MB of {name} before the frame", with_segments(application, stray))
