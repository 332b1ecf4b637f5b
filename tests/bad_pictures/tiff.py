"""Bad TIFFs: bombs in each packing, directories that loop, strips and tiles that are nowhere or without number."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping

import numpy as np
from files import encoded
from PIL import Image

from bad_pictures.cases import Case
from bad_pictures.exif import BYTE, LONG, SHORT, SUB_IFDS, directory, hostile_exif
from bad_pictures.jpeg import many_scans
from bad_pictures.small import GREY, HEIGHT, RGB, SIZE, WIDTH

(BITS, PACKING, PHOTOMETRIC, OFFSETS, SAMPLES, ROWS, COUNTS) = (258, 259, 262, 273, 277, 278, 279)
PLANES, COLOUR_MAP, TILE_WIDTH, TILE_HEIGHT, TILE_OFFSETS, TILE_COUNTS, EXTRA, FORMAT = (
    284, 320, 322, 323, 324, 325, 338, 339,
)  # fmt: skip
_NONE, _G3, _G4, _LZW, _OLD_JPEG, _JPEG, _DEFLATE, _PACKBITS, _LZMA, _ZSTD, _WEBP = (
    1, 3, 4, 5, 6, 7, 8, 32773, 34925, 50000, 50001,
)  # fmt: skip
_PACKINGS = {"G3": _G3, "G4": _G4, "LZW": _LZW, "old JPEG": _OLD_JPEG, "JPEG": _JPEG, "deflate": _DEFLATE,
             "packbits": _PACKBITS, "LZMA": _LZMA, "zstd": _ZSTD, "WebP": _WEBP}  # fmt: skip
Tags = Mapping[int, tuple[int, int, int] | None]


def tiff(width: int, height: int, body: bytes, tags: Tags | None = None, following: int = 0) -> bytes:
    """A grey TIFF of one strip, `body`, with tags (kind, count, value or offset) that are other than usual."""
    usual: dict[int, tuple[int, int, int] | None] = {
        256: (LONG, 1, width),
        257: (LONG, 1, height),
        BITS: (SHORT, 1, 8),
        PACKING: (SHORT, 1, _NONE),
        PHOTOMETRIC: (SHORT, 1, 1),
        OFFSETS: (LONG, 1, 8),
        SAMPLES: (SHORT, 1, 1),
        ROWS: (LONG, 1, height),
        COUNTS: (LONG, 1, len(body)),
    }
    found = sorted((usual | dict(tags or {})).items())
    entries = [(tag, *value) for tag, value in found if value is not None]
    padded = body + bytes(len(body) % 2)
    return b"II*\0" + struct.pack("<I", 8 + len(padded)) + padded + directory(entries, following)


def small(tags: Tags | None = None, body: bytes = GREY.tobytes(), following: int = 0) -> bytes:
    """A small grey TIFF with tags that are other than usual."""
    return tiff(WIDTH, HEIGHT, body, tags, following)


def bombs() -> Iterator[Case]:
    """A few kilobytes that unpack to many megapixels."""
    packers = {"deflate": "tiff_adobe_deflate", "LZW": "tiff_lzw", "packbits": "packbits"}
    for side in (9000, 6300):
        outcome = "refused" if side == 9000 else None
        bits = Image.new("1", (side, side))
        yield Case(f"{side} px square, G4", encoded(bits, "TIFF", compression="group4"), outcome)
        for name, packer in packers.items():
            yield Case(f"{side} px square of 1 bit, {name}", encoded(bits, "TIFF", compression=packer), outcome)
    for name, packer in packers.items():
        yield Case(f"5000 px square, {name}", encoded(Image.new("L", (5000, 5000)), "TIFF", compression=packer))
    yield Case("3700 px square of 16 bits", encoded(Image.new("I;16", (3700, 3700)), "TIFF", compression="tiff_lzw"))
    yield Case("5000 px square, JPEG", encoded(Image.new("L", (5000, 5000)), "TIFF", compression="jpeg"))
    packed = zlib.compress(bytes(100 * 2**20), 9)
    yield Case("data of 100 MB for 48 pixels", small({PACKING: (SHORT, 1, _DEFLATE)}, packed))
    one_row = {PACKING: (SHORT, 1, _DEFLATE), ROWS: (LONG, 1, 1)}
    yield Case("data of 100 MB for one row", tiff(4000, 5000, packed, one_row))
    scans = many_scans(90, 4000, 4000)
    yield Case("a JPEG of 90 scans", tiff(4000, 4000, scans, {PACKING: (SHORT, 1, _JPEG)}))
    for name, number in _PACKINGS.items():
        yield Case(f"4000 px square of zeros as {name}", tiff(4000, 4000, bytes(10**6), {PACKING: (SHORT, 1, number)}))
    for side in (316, 2000):
        yield from _without_number(side)


def absurd() -> Iterator[Case]:
    """Sizes and kinds of pixels that no picture has."""
    grey = GREY.tobytes()
    for width, height in ((0, 0), (0, 6), (8, 0), (2**31 - 1, 2**31 - 1), (2**32 - 1, 1), (2**31, 2**31)):
        yield Case(f"{width}x{height} px", tiff(width, height, grey), "refused")
    for width, height in ((1, 16_384), (16_384, 1), (6000, 6000), (65_535, 600)):
        yield Case(f"{width}x{height} px and no such data", tiff(width, height, grey))
    for bits in (0, 2, 3, 7, 12, 24, 32, 64, 65_535):
        yield Case(f"{bits} bits a sample", small({BITS: (SHORT, 1, bits)}))
    for samples in (0, 2, 3, 5, 255, 65_535):
        yield Case(f"{samples} samples a pixel", small({SAMPLES: (SHORT, 1, samples)}))
    yield Case("4 billion samples a pixel", small({SAMPLES: (LONG, 1, 2**32 - 1)}))
    for photometric in (0, 2, 3, 4, 5, 6, 8, 9, 32_844, 65_535):
        yield Case(f"photometric {photometric}", small({PHOTOMETRIC: (SHORT, 1, photometric)}))
    for packing in (0, 2, 99, 34_712, 65_535):
        yield Case(f"packing {packing}", small({PACKING: (SHORT, 1, packing)}))
    for form in (0, 2, 3, 4, 6, 99):
        for bits in (8, 16, 32, 64):
            yield Case(f"format {form} of {bits} bits", small({FORMAT: (SHORT, 1, form), BITS: (SHORT, 1, bits)}))
    for planes in (0, 2, 3):
        yield Case(f"planes {planes}", small({PLANES: (SHORT, 1, planes)}))
    yield Case("a colour map beyond the end", small({PHOTOMETRIC: (SHORT, 1, 3), COLOUR_MAP: (SHORT, 768, 10**6)}))
    yield Case("a colour map of one", small({PHOTOMETRIC: (SHORT, 1, 3), COLOUR_MAP: (SHORT, 1, 7)}))
    yield Case("65,535 extra samples", small({EXTRA: (SHORT, 65_535, 0)}))


def metadata() -> Iterator[Case]:
    """Directories without end, and directories that lead to themselves."""
    for name, exif in hostile_exif():
        yield Case(f"nothing but {name}", exif, "refused")
    first = 8 + GREY.size
    yield Case("a directory that follows itself", small(following=first), SIZE)
    yield Case("a directory that follows beyond the end", small(following=2**31))
    yield Case("a directory that follows at an odd place", small(following=3))
    yield Case("a sub-directory that is its parent", small({SUB_IFDS: (LONG, 1, first)}), SIZE)
    yield Case("a thousand sub-directories", small({SUB_IFDS: (LONG, 1000, 8)}))
    many = {tag: (LONG, 1, 7) for tag in range(1000, 60_000) if tag != 33_432}
    yield Case("59,000 tags", small(many))
    far = dict.fromkeys(range(40000, 60000), (BYTE, 10**6, 8))
    yield Case("20,000 tags that share a megabyte", small(far, bytes(10**6)))
    yield Case("a tag of 4 GB", small({700: (BYTE, 2**32 - 1, 8)}))
    yield Case("XMP of 10 MB", small({700: (BYTE, 10**7, 8)}, bytes(10**7)))
    turning = b'<x tiff:Orientation="6"' * 100_000
    yield Case("XMP that turns 100,000 times", small({700: (BYTE, len(turning), 8)}, turning))
    for tag in (BITS, PACKING, PHOTOMETRIC, OFFSETS, SAMPLES, ROWS, COUNTS, 256, 257):
        yield Case(f"no tag {tag}", small({tag: None}))
        for kind in (0, 2, 5, 7, 11, 12, 13, 99):
            yield Case(f"tag {tag} of kind {kind}", small({tag: (kind, 1, 8)}))
        for count in (0, 2, 1000, 2**32 - 1):
            yield Case(f"{count} of tag {tag}", small({tag: (SHORT, count, 8)}))


def frames() -> Iterator[Case]:
    """Thousands of pages, and pages that go in a circle."""
    yield Case("5,000 pages", _pages(5000, 0), SIZE)
    yield Case("5,000 pages and one that is missing", _pages(5000, 10**6), SIZE)
    yield Case("pages in a circle", _pages(5000, 8 + GREY.size), SIZE)
    moving = encoded(RGB, "TIFF", save_all=True, append_images=[Image.fromarray(RGB).resize((2000, 2000))])
    yield Case("a second page much larger", moving, SIZE)


def _pages(count: int, last: int) -> bytes:
    """So many pages, which share their pixels; after the last one comes the one at `last`."""
    head, length = small()[: 8 + GREY.size], len(small()) - 8 - GREY.size
    places = [len(head) + length * (number + 1) for number in range(count - 1)]
    return head + b"".join(small(following=place)[len(head) :] for place in (*places, last))


def broken() -> Iterator[Case]:
    """Strips and tiles that are nowhere, too many, too small, or of other lengths than they say."""
    for name, offset in (("beyond the end", 10**6), ("at 4 GB", 2**32 - 1), ("in the header", 0)):
        yield Case(f"a strip {name}", small({OFFSETS: (LONG, 1, offset)}))
        yield Case(f"a packed strip {name}", small({OFFSETS: (LONG, 1, offset), PACKING: (SHORT, 1, _LZW)}))
    for length in (0, 1, 2**31, 2**32 - 1):
        yield Case(f"a strip of {length} bytes, it says", small({COUNTS: (LONG, 1, length)}))
        packed = {COUNTS: (LONG, 1, length), PACKING: (SHORT, 1, _DEFLATE)}
        yield Case(f"a packed strip of {length} bytes, it says", small(packed))
    for rows in (0, 1, 2**31, 2**32 - 1):
        yield Case(f"{rows} rows a strip", small({ROWS: (LONG, 1, rows)}))
    yield from _tiles()
    for name, number in _PACKINGS.items():
        chance = np.random.default_rng(number).integers(0, 256, 5000, np.uint8).tobytes()
        yield Case(f"chance as {name}", small({PACKING: (SHORT, 1, number)}, chance))
        wide = {PACKING: (SHORT, 1, number), BITS: (SHORT, 1, 1)}
        yield Case(f"chance as {name} of 1 bit", tiff(400, 300, chance, wide))
    big = b"II+\0\x08\0\0\0" + struct.pack("<Q", 16)
    yield Case("a BigTIFF of 2^64 entries", big + struct.pack("<Q", 2**64 - 1), "refused")
    yield Case("a BigTIFF whose directory is at 2^63", big[:8] + struct.pack("<Q", 2**63), "refused")
    yield Case("a BigTIFF of nothing", big, "refused")


def _tiles() -> Iterator[Case]:
    for width, height in ((0, 0), (1, 1), (16, 16), (2**31, 2**31), (2**32 - 1, 1)):
        tiles = {OFFSETS: None, COUNTS: None, TILE_WIDTH: (LONG, 1, width), TILE_HEIGHT: (LONG, 1, height)}
        for packing in (_NONE, _LZW):
            one = {**tiles, TILE_OFFSETS: (LONG, 1, 8), TILE_COUNTS: (LONG, 1, 48), PACKING: (SHORT, 1, packing)}
            yield Case(f"a tile of {width}x{height} px, packing {packing}", small(one))
    for side in (100, 130):
        yield from _without_number(side)
    yield Case("a million strips for one", small({OFFSETS: (SHORT, 10**6, 8)}, bytes(2 * 10**6)))


def _without_number(side: int) -> Iterator[Case]:
    """Tiles of a pixel, and strips of a row, `side` squared of each."""
    count = side**2
    listed, body = (LONG, count, 8), struct.pack("<I", 8) * count
    pixel = {OFFSETS: None, COUNTS: None, TILE_WIDTH: (LONG, 1, 1), TILE_HEIGHT: (LONG, 1, 1)}
    tiles = {**pixel, TILE_OFFSETS: listed, TILE_COUNTS: listed}
    yield Case(f"{count} tiles of a pixel", tiff(side, side, body, tiles))
    yield Case(f"{count} packed tiles of a pixel", tiff(side, side, body, {**tiles, PACKING: (SHORT, 1, _LZW)}))
    strips = {OFFSETS: listed, COUNTS: listed, ROWS: (LONG, 1, 1)}
    yield Case(f"{count} strips of a row", tiff(100, count, body, strips))
