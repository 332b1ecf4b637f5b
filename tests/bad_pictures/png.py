"""Bad PNGs: bombs of every chunk that is packed, sizes that nothing has, metadata without end, chunks that lie."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from files import png_chunk, png_header

from bad_pictures.cases import Case
from bad_pictures.exif import hostile_exif
from bad_pictures.small import GREY, HEIGHT, SIZE, WIDTH

SIGNATURE = png_header(1, 1)[:8]
END = png_chunk(b"IEND", b"")
_ROWS = b"".join(b"\0" + row.tobytes() for row in GREY)
_DATA = png_chunk(b"IDAT", zlib.compress(_ROWS))
_HEADER = png_header(WIDTH, HEIGHT)
GOOD = _HEADER + _DATA + END


def blank(width: int, height: int, *, depth: int = 8, colour: int = 0, interlaced: bool = False) -> bytes:
    """A black PNG, packed as tight as it goes."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row_bytes = 1 + (width * depth * samples + 7) // 8
    packed = zlib.compress(bytes(row_bytes * height + (height + 2 * row_bytes if interlaced else 0)), 9)
    palette = png_chunk(b"PLTE", bytes(6)) if colour == 3 else b""
    header = png_header(width, height, depth=depth, colour=colour, interlaced=interlaced)
    return header + palette + png_chunk(b"IDAT", packed) + END


def with_chunks(*chunks: bytes) -> bytes:
    """A good PNG with chunks before its data."""
    return _HEADER + b"".join(chunks) + _DATA + END


def bombs() -> Iterator[Case]:
    """A few kilobytes that unpack to megabytes of pixels or of text."""
    yield Case("9000x9000 px of 1 bit", blank(9000, 9000, depth=1), "refused")
    yield Case("30000x30000 px of 1 bit", blank(30_000, 30_000, depth=1), "refused")
    yield Case("5000x5000 px with alpha", blank(5000, 5000, colour=6), "refused")
    yield Case("6300x6300 px of 1 bit", blank(6300, 6300, depth=1))
    yield Case("6300x6300 px of 1 bit, interlaced", blank(6300, 6300, depth=1, interlaced=True))
    yield Case("6300x6300 px of grey", blank(6300, 6300))
    yield Case("5500x5500 px of a palette", blank(5500, 5500, depth=1, colour=3))
    yield Case("3700x3700 px of 16 bits", blank(3700, 3700, depth=16))
    yield Case("5000x5000 px of colour", blank(5000, 5000, colour=2))
    packed = zlib.compress(bytes(100 * 2**20), 9)
    yield Case("data of 100 MB for 48 pixels", _HEADER + png_chunk(b"IDAT", packed) + END)
    for name, head in (("zTXt", b"a\0\0"), ("iTXt", b"a\0\1\0\0\0"), ("iCCP", b"a\0\0")):
        yield Case(f"{name} of 100 MB", with_chunks(png_chunk(name.encode(), head + packed)))
        some = png_chunk(name.encode(), head + zlib.compress(bytes(2**20 - 1), 9))
        yield Case(f"100 times {name} of 1 MB", with_chunks(some * 100))


def absurd() -> Iterator[Case]:
    """Sizes and kinds of pixels that no picture has."""
    for width, height in ((0, 0), (0, 6), (8, 0), (2**31 - 1, 2**31 - 1), (2**31, 1), (2**32 - 1, 2**32 - 1)):
        yield Case(f"{width}x{height} px", png_header(width, height) + _DATA + END, "refused")
    for width, height in ((1, 16_384), (16_384, 1), (1, 2**20), (65_535, 610), (6000, 6000), (256, 1)):
        yield Case(f"{width}x{height} px and no such data", png_header(width, height) + _DATA + END)
    for depth in (0, 3, 7, 32, 255):
        yield Case(f"{depth} bits", png_header(8, 6, depth=depth) + _DATA + END, "refused")
    for colour in (1, 5, 7, 255):
        yield Case(f"colour {colour}", png_header(8, 6, colour=colour) + _DATA + END, "refused")
    for colour in (2, 4, 6):
        yield Case(f"colour {colour} of 1 bit", png_header(8, 6, depth=1, colour=colour) + _DATA + END, "refused")
    for place, what in ((10, "compression"), (11, "filter"), (12, "interlace")):
        body = struct.pack(">IIBBBBB", 8, 6, 8, 0, 0, 0, 0)
        odd = png_chunk(b"IHDR", body[:place] + b"\x07" + body[place + 1 :])
        yield Case(f"unknown {what}", SIGNATURE + odd + _DATA + END)


def metadata() -> Iterator[Case]:
    """Metadata without end, and metadata that is broken."""
    text = png_chunk(b"tEXt", b"key\0value")
    for count in (1000, 100_000):
        yield Case(f"{count} texts", with_chunks(text * count))
    yield Case("100,000 texts under names of their own", with_chunks(*(_text(number) for number in range(100_000))))
    yield Case("100,000 chunks of a kind that nobody knows", with_chunks(png_chunk(b"abCd", b"") * 100_000))
    yield Case("100,000 texts behind the data", _HEADER + _DATA + text * 100_000 + END)
    yield Case("a text of 19 MB", with_chunks(png_chunk(b"tEXt", b"a\0" + b"x" * 19_000_000)))
    for name in (b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"eXIf", b"tRNS", b"PLTE", b"gAMA", b"cHRM", b"pHYs", b"sRGB",
                 b"bKGD", b"tIME", b"acTL", b"fcTL"):  # fmt: skip
        for body in (b"", b"\0", b"a\0\0x", bytes(300), b"\xff" * 800):
            yield Case(f"{name.decode()} of {len(body)} bytes", with_chunks(png_chunk(name, body)))
    for what, exif in hostile_exif():
        yield Case(f"EXIF: {what}", with_chunks(png_chunk(b"eXIf", exif)))
    xmp = b"XML:com.adobe.xmp\0\0\0\0\0" + b'<x tiff:Orientation="6"' * 100_000
    yield Case("XMP that turns 100,000 times", with_chunks(png_chunk(b"iTXt", xmp)))


def frames() -> Iterator[Case]:
    """Thousands of frames, and frames that are announced and do not come."""
    control, data = _frame(0), zlib.compress(_ROWS)
    many = b"".join(_frame(2 * n + 1) + png_chunk(b"fdAT", struct.pack(">I", 2 * n + 2) + data) for n in range(5000))
    yield Case("5,000 frames", with_chunks(_animated(5001), control)[: -len(END)] + many + END, SIZE)
    for count in (0, 1, 2**31 - 1, 2**31, 2**32 - 1):
        yield Case(f"{count} frames announced", with_chunks(_animated(count), control))
    yield Case("frames announced 1,000 times", with_chunks(_animated(3) * 1000, control))
    yield Case("1,000 frames controlled before the data", with_chunks(_animated(3), control * 1000))
    yield Case("a frame larger than the picture", with_chunks(_animated(2), _frame(0, 9000, 9000)))
    yield Case("a frame beside the picture", with_chunks(_animated(2), _frame(0, 8, 6, 2**31)))
    yield Case("no frame but data of frames", _HEADER + _animated(2) + png_chunk(b"fdAT", b"\0\0\0\0" + data) + END)


def broken() -> Iterator[Case]:
    """Chunks that lie, are missing, come twice or out of order."""
    yield Case("no IHDR", SIGNATURE + _DATA + END, "refused")
    yield Case("no IDAT", _HEADER + END, "refused")
    yield Case("no IEND", _HEADER + _DATA)
    yield Case("IHDR twice", _HEADER + _HEADER[8:] + _DATA + END)
    yield Case("a second IHDR of 60,000 px", _HEADER + png_header(60_000, 60_000)[8:] + _DATA + END)
    yield Case("IHDR behind the data", _HEADER + _DATA + png_header(9, 9)[8:] + END)
    yield Case("IHDR of 5 bytes", SIGNATURE + png_chunk(b"IHDR", bytes(5)) + _DATA + END, "refused")
    yield Case("IHDR of 1 MB", SIGNATURE + png_chunk(b"IHDR", _HEADER[16:29] + bytes(2**20)) + _DATA + END)
    yield Case("no palette", png_header(8, 6, colour=3) + _DATA + END)
    yield Case("indices beyond the palette", png_header(8, 6, colour=3) + png_chunk(b"PLTE", bytes(3)) + _DATA + END)
    yield Case("a palette of 300 colours", png_header(8, 6, colour=3) + png_chunk(b"PLTE", bytes(900)) + _DATA + END)
    yield Case("a palette of 10 MB", png_header(8, 6, colour=3) + png_chunk(b"PLTE", bytes(10**7)) + _DATA + END)
    for length in (0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, 1):
        for name, chunk in (("IHDR", _HEADER[8:]), ("IDAT", _DATA), ("IEND", END)):
            lying = struct.pack(">I", length) + chunk[4:]
            yield Case(f"{name} of {length} bytes, it says", GOOD.replace(chunk, lying))
    for name, chunk in (("IHDR", _HEADER[8:]), ("IDAT", _DATA), ("IEND", END)):
        yield Case(f"{name} with a false checksum", GOOD.replace(chunk, chunk[:-4] + b"\0\0\0\0"))
    yield from _broken_data()


def _broken_data() -> Iterator[Case]:
    packed = zlib.compress(_ROWS)
    bodies = {
        "nothing": b"",
        "no deflate": b"no deflate at all",
        "half of the data": zlib.compress(_ROWS[:20]),
        "data cut off": packed[:-8],
        "data with a false sum": packed[:-4] + bytes(4),
        "data that needs a dictionary": b"\x78\xbb" + packed,
        "a filter that is unknown": zlib.compress(b"\x09" + _ROWS[1:]),
        "data twice": packed * 2,
    }
    for name, body in bodies.items():
        yield Case(name, _HEADER + png_chunk(b"IDAT", body) + END)
    one_by_one = b"".join(png_chunk(b"IDAT", packed[at : at + 1]) for at in range(len(packed)))
    yield Case("data a byte at a time", _HEADER + one_by_one + END, SIZE)
    yield Case("100,000 empty pieces of data", _HEADER + png_chunk(b"IDAT", b"") * 100_000 + _DATA + END)
    yield Case("100,000 empty pieces behind", _HEADER + _DATA + png_chunk(b"IDAT", b"") * 100_000 + END)
    yield Case("junk between chunks", _HEADER + b"junk" * 1000 + _DATA + END)
    yield Case("zeros for chunks", _HEADER + bytes(10**7))
    yield Case("a chunk between data", _HEADER + _DATA[:-4] + png_chunk(b"tEXt", b"a\0b") + _DATA + END)


def _text(number: int) -> bytes:
    return png_chunk(b"tEXt", b"%d\0x" % number)


def _animated(count: int) -> bytes:
    return png_chunk(b"acTL", struct.pack(">II", count, 0))


def _frame(number: int, width: int = WIDTH, height: int = HEIGHT, left: int = 0) -> bytes:
    return png_chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, width, height, left, 0, 1, 10, 0, 0))
