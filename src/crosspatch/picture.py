"""A decoded picture, resized and seen through one channel. In go arrays of pixels, out come grey levels to compare.

The order is fixed, so that two implementations agree: decode, orientation, transparency flattened over white, resize,
channel. No colour management.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from crosspatch.errors import Impossible, InvalidRequest
from crosspatch.histogram import CHUNK_PX, LEVELS, Counts, Levels
from crosspatch.labelling import MOST_VALUES_BY_DEFAULT

Channel = Literal["luminance", "red", "green", "blue", "alpha"]
Stored = NDArray[np.uint8] | NDArray[np.uint16]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
MAX_RESIZED_PX = 178_956_970  # as many as a file may have before Pillow refuses to decode it
_GLANCE_PX = 1 << 14
# Rows that are converted at a time, so that what lies between is small.
STRIP_PX = 64


@dataclass(frozen=True)
class Note:
    """Something that was done to a picture and that its user should know: a stable `code`, and words."""

    code: str
    text: str


@dataclass(frozen=True)
class Origin:
    """Where a picture came from: the SHA-256 of its bytes, its format and mode as stored, and its length in bytes.

    All are None for arrays, which have none of them.
    """

    id: str | None = None
    format: str | None = None
    mode: str | None = None
    bytes: int | None = None


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture, upright, transparency flattened over white.

    `pixels` is (H, W) grey or (H, W, 3) RGB, uint8. `alpha` is (H, W) uint8, None for an opaque picture. `stored` holds
    palette indices (uint8) or 16-bit levels (uint16) as in the file, (H, W), None where `pixels` are what was stored.
    """

    pixels: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None = None
    stored: Stored | None = None
    origin: Origin = Origin()
    notes: tuple[Note, ...] = ()

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[0])

    def levels(self, channel: Channel = "luminance", *, stored: bool = False) -> Levels:
        """The grey levels (H, W), uint8, of one channel; with `stored`, palette indices and 16-bit levels unscaled.

        Luminance is ITU-R 601-2 as Pillow computes it. Raises Impossible for the alpha of an opaque picture, and for
        stored levels above 255.
        """
        if channel == "alpha":
            if self.alpha is None:
                raise Impossible("this picture is opaque, it has no alpha channel: choose another channel", "channel")
            return self.alpha
        if stored and self.stored is not None:
            return _within_bytes(self.stored)
        if self.pixels.ndim == 2:
            return self.pixels
        if channel == "luminance":
            return _luminance(self.pixels)
        return np.ascontiguousarray(self.pixels[..., ("red", "green", "blue").index(channel)])


def resize(picture: Picture, width: int, height: int, *, blend: bool = True) -> Picture:
    """The picture at exactly `width` x `height` px: Pillow's LANCZOS, or NEAREST without `blend`, which keeps values.

    Raises InvalidRequest unless both are at least 1, Impossible for more pixels than memory is sure to hold.
    """
    if width < 1 or height < 1:
        raise InvalidRequest(
            f"a picture is at least 1x1 px, not {width}x{height} px", "width" if width < 1 else "height"
        )
    if (width, height) == (picture.width, picture.height):
        return picture
    if width * height > MAX_RESIZED_PX:
        raise Impossible(
            f"a resize to {width}x{height} px is beyond {MAX_RESIZED_PX / 1e6:.0f} megapixels: ask for a smaller one",
            "width",
        )
    method = Image.Resampling.LANCZOS if blend else Image.Resampling.NEAREST

    def scaled(pixels: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(Image.fromarray(pixels).resize((width, height), method))

    return replace(
        picture,
        pixels=scaled(picture.pixels),
        alpha=None if picture.alpha is None else scaled(picture.alpha),
        # Blended indices name colours that the picture does not have.
        stored=None if picture.stored is None or blend else scaled(picture.stored),
    )


def count_levels(levels: Levels) -> Counts:
    """How many pixels (H, W) have each level: (256,), int64."""
    flat, counts = levels.ravel(), np.zeros(LEVELS, np.int64)
    for start in range(0, flat.size, CHUNK_PX):  # bincount makes a copy eight times as large
        counts += np.bincount(flat[start : start + CHUNK_PX], minlength=LEVELS)
    return counts


def few_levels(picture: Picture, channel: Channel = "luminance", *, at_most: int) -> tuple[int, ...] | None:
    """The distinct levels of one channel, as stored, ascending; None when there are more, or more than bytes hold.

    Raises Impossible for the alpha of an opaque picture.
    """
    if channel != "alpha" and picture.stored is not None and int(np.max(picture.stored)) >= LEVELS:
        return None
    found: set[int] = set()
    for part in (_glance(picture), picture):
        flat = part.levels(channel, stored=True).ravel()
        for start in range(0, flat.size, CHUNK_PX):
            # Whatever is known is deleted, so that next to nothing is left: a third of the time that counting takes.
            found |= set(flat[start : start + CHUNK_PX].tobytes().translate(None, bytes(found)))
            if len(found) > at_most:
                return None
    return tuple(sorted(found))


def _glance(picture: Picture) -> Picture:
    """Every n-th pixel: enough to tell a photograph from a mask without looking at all of it."""
    step = max(1, math.isqrt(picture.width * picture.height // _GLANCE_PX))

    def thin(pixels: NDArray[Any]) -> NDArray[Any]:
        return np.ascontiguousarray(pixels[::step, ::step])

    return replace(
        picture,
        pixels=thin(picture.pixels),
        alpha=None if picture.alpha is None else thin(picture.alpha),
        stored=None if picture.stored is None else thin(picture.stored),
    )


def default_size(width: int, height: int, longest_px: int = 512) -> tuple[int, int]:
    """The width and height at which a picture is first shown: its longest side `longest_px`, never enlarged."""
    longest = max(width, height)
    if longest <= longest_px:
        return width, height
    return max(1, round(width * longest_px / longest)), max(1, round(height * longest_px / longest))


def for_eyes(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Grey pixels (H, W) of a mask with a few low values, spread over all levels: black on black shows nothing."""
    highest = int(np.max(pixels))
    if pixels.ndim > 2 or not 0 < highest < MOST_VALUES_BY_DEFAULT:
        return pixels
    return pixels * np.uint8(255 // highest)


def _luminance(pixels: NDArray[np.uint8]) -> Levels:
    """Luminance (H, W) of RGB (H, W, 3), a strip at a time: whole, Pillow would touch much fresh memory."""
    levels = np.empty(pixels.shape[:2], np.uint8)
    for top in range(0, len(levels), STRIP_PX):
        strip = slice(top, top + STRIP_PX)
        levels[strip] = Image.fromarray(pixels[strip]).convert("L")
    return levels


def _within_bytes(stored: Stored) -> Levels:
    largest = int(np.max(stored))
    if largest >= LEVELS:
        raise Impossible(
            f"`values` takes stored levels up to 255, and this picture holds {largest}: choose another labelling",
            "labels",
        )
    return stored.astype(np.uint8, copy=False)
