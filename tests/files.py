"""Picture files made in memory: with Pillow where it can write them, by hand where it cannot."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Every upright array, as orientation k of a file shows it.
UPRIGHT = {
    1: lambda stored: stored,
    2: np.fliplr,
    3: lambda stored: np.rot90(stored, 2),
    4: np.flipud,
    5: lambda stored: np.swapaxes(stored, 0, 1),
    6: lambda stored: np.rot90(stored, -1),
    7: lambda stored: np.swapaxes(np.rot90(stored, 2), 0, 1),
    8: np.rot90,
}
ORIENTATION = 0x112


def encoded(image: Image.Image | NDArray[Any], form: str, **options: Any) -> bytes:
    """The bytes of a file that Pillow writes."""
    out = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(out, form, **options)
    return out.getvalue()


def exif(orientation: int) -> bytes:
    """EXIF data that says nothing but the orientation."""
    found = Image.Exif()
    found[ORIENTATION] = orientation
    return found.tobytes()


def palette_image(indices: NDArray[np.uint8], colours: NDArray[np.uint8]) -> Image.Image:
    """A picture of mode P: `indices` (H, W) into `colours` (N, 3)."""
    image = Image.fromarray(indices).convert("L")
    image.putpalette(colours.ravel().tolist())
    assert image.mode == "P"
    return image


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk: length, kind, body, checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header(width: int, height: int, *, depth: int = 8, colour: int = 0, interlaced: bool = False) -> bytes:
    """The signature and the header of a PNG, and nothing behind."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header)


def interlaced_png(levels: NDArray[np.uint8] | NDArray[np.uint16]) -> bytes:
    """A grey PNG in seven passes (Adam7), 8 or 16 bits, each row unfiltered."""
    rows = []
    for y, x, down, right in (
        (0, 0, 8, 8),
        (0, 4, 8, 8),
        (4, 0, 8, 4),
        (0, 2, 4, 4),
        (2, 0, 4, 2),
        (0, 1, 2, 2),
        (1, 0, 2, 1),
    ):
        part = levels[y::down, x::right]
        rows += [b"\0" + row.astype(row.dtype.newbyteorder(">")).tobytes() for row in part if row.size]
    height, width = levels.shape
    return (
        png_header(width, height, depth=8 * levels.dtype.itemsize, interlaced=True)
        + png_chunk(b"IDAT", zlib.compress(b"".join(rows)))
        + png_chunk(b"IEND", b"")
    )


def tiff(samples: NDArray[np.uint8], *, photometric: int, extra: int, colour_map: tuple[int, ...] = ()) -> bytes:
    """An uncompressed little-endian TIFF of `samples` (H, W, 2), 8 bits each; `extra` says what the second one is."""
    height, width, count = samples.shape
    tags: list[tuple[int, tuple[int, ...]]] = [
        (256, (width,)),
        (257, (height,)),
        (258, (8,) * count),
        (259, (1,)),
        (262, (photometric,)),
        (273, (8,)),
        (277, (count,)),
        (278, (height,)),
        (279, (samples.size,)),
        *([(320, colour_map)] if colour_map else []),
        (338, (extra,)),
    ]
    body = samples.tobytes()
    start = 8 + len(body)
    beyond = start + 2 + 12 * len(tags) + 4
    entries, rest = b"", b""
    for tag, values in tags:
        packed = struct.pack(f"<{len(values)}H", *values)
        if len(packed) <= 4:
            entries += struct.pack("<HHI4s", tag, 3, len(values), packed)
        else:
            entries += struct.pack("<HHII", tag, 3, len(values), beyond + len(rest))
            rest += packed
    return b"II*\0" + struct.pack("<I", start) + body + struct.pack("<H", len(tags)) + entries + b"\0" * 4 + rest
