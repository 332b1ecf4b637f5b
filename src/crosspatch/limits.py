"""What a picture may be at most. In go limits and facts of a file, out comes nothing, or a refusal with its reason."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image

from crosspatch.errors import PictureTooLarge

# A step takes one to five microseconds. A GIF of 20 MiB takes 170,000, all else much fewer.
MOST_STEPS = 200_000
# What is read of a PNG makes its reader do three times as much, for it computes checksums of chunks; what is read of a
# TIFF six times, for it makes objects of tags.
_DEAR = {b"\x89PNG": 3, b"II*\0": 6, b"MM\0*": 6}
# Pixels of a scan of a JPEG, and of a BMP packed by runs, in a step.
_SCANNED_PX, _RUN_PX = 2000, 16
_SCAN = b"\xff\xda"
# Where the strips or the tiles of a TIFF are.
_PLACES = (273, 324)


@dataclass(frozen=True)
class Limits:
    """What a picture may be at most: bytes of the file, pixels, pixels along a side, how often the shorter side goes
    into the longer, and how many steps it may take to read what is not pixels. None is no limit.
    """

    file_bytes: int | None = None
    pixels: int | None = None
    side_px: int | None = None
    aspect: int | None = None
    steps: int | None = None

    def check_bytes(self, length: int) -> None:
        """Raise PictureTooLarge when a file of `length` bytes exceeds the limit."""
        if self.file_bytes is not None and length > self.file_bytes:
            raise PictureTooLarge(
                f"this file has {length / 2**20:.1f} MiB, and at most {self.file_bytes / 2**20:.0f} MiB are taken: "
                "use a smaller picture, or a stronger compression"
            )

    def check_size(self, width: int, height: int) -> None:
        """Raise PictureTooLarge when a picture of `width` x `height` px exceeds a limit."""
        size = f"this picture is {width}x{height} px"
        if self.side_px is not None and max(width, height) > self.side_px:
            raise PictureTooLarge(f"{size}, and a side has at most {self.side_px:,} px: use a smaller picture")
        if self.pixels is not None and width * height > self.pixels:
            raise PictureTooLarge(
                f"{size}, that is {width * height / 1e6:.1f} megapixels, and at most {self.pixels / 1e6:.0f} are "
                "taken: use a smaller picture"
            )
        if self.aspect is not None and max(width, height) > self.aspect * min(width, height):
            raise PictureTooLarge(f"{size}, and one side is at most {self.aspect} times the other: crop the picture")

    def check_steps(self, count: int) -> None:
        """Raise PictureTooLarge when so many steps exceed the limit."""
        if self.steps is not None and count > self.steps:
            raise PictureTooLarge(
                "this picture is made of too many small pieces (blocks, runs, scans or stray bytes) to be read in "
                "reasonable time: save it anew, as PNG"
            )


class CountedFile(io.BytesIO):
    """The bytes of a file, whose reader is stopped when it takes too many steps.

    Every read is a step, and as many more as it has pieces of 8 KiB: what a file consists of is read piece by piece,
    so that one which consists of millions of them would keep its reader busy for minutes.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        super().__init__(data)
        self._limits = limits
        self._steps = 0
        self._steps_of_a_read = _DEAR.get(data[:4], 1)

    def read(self, size: int | None = -1, /) -> bytes:
        """Up to `size` bytes. Raises PictureTooLarge beyond the limit."""
        piece = super().read(size)
        self._steps += self._steps_of_a_read + (len(piece) >> 13)
        self._limits.check_steps(self._steps)
        return piece


def steps_of(image: Image.Image, data: bytes) -> int:
    """What decoding takes beyond one look at each pixel, in steps."""
    px = image.width * image.height
    if any(tile.codec_name == "bmp_rle" for tile in getattr(image, "tile", ())):
        return px // _RUN_PX
    if image.info.get("progressive"):  # each scan walks through the whole picture
        return data.count(_SCAN) * (1 + px // _SCANNED_PX)
    if image.info.get("compression") == "jpeg":  # or, in a TIFF, through a strip or tile
        tags: Mapping[int, Any] = getattr(image, "tag_v2", {})
        pieces = max(len(tags.get(tag, ())) for tag in _PLACES)
        return data.count(_SCAN) * (1 + px // (max(1, pieces) * _SCANNED_PX))
    return 0
