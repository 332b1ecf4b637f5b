"""Rectangles in a picture: drawn at random, cut out, overlapped. In go sizes and places, out come regions and areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crosspatch.errors import Impossible, InvalidRequest

PixelT = TypeVar("PixelT", bound=np.generic)


@dataclass(frozen=True)
class Rectangle:
    """`x, y` is the top left corner in whole pixels of its picture; `width, height` are in pixels, at least 1."""

    x: int
    y: int
    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise InvalidRequest(
                f"a rectangle is at least 1x1 px, not {self.width}x{self.height} px", "rectangle_width"
            )

    @property
    def area_px(self) -> int:
        """The area, in pixels."""
        return self.width * self.height

    def cut(self, pixels: NDArray[PixelT]) -> NDArray[PixelT]:
        """The region of `pixels` (H, W, ...) that the rectangle covers, (height, width, ...): a view, not a copy.

        Raises Impossible when the rectangle does not lie inside the picture.
        """
        picture_height, picture_width = pixels.shape[:2]
        self.check_inside(picture_width, picture_height)
        return pixels[self.y : self.y + self.height, self.x : self.x + self.width]

    def check_inside(self, picture_width: int, picture_height: int, name: str | None = None) -> None:
        """Raise Impossible unless the rectangle lies inside a picture of that size. `name` is truth, test or None."""
        check_fits(picture_width, picture_height, self.width, self.height)
        for axis, start, largest in (
            ("x", self.x, picture_width - self.width),
            ("y", self.y, picture_height - self.height),
        ):
            if not 0 <= start <= largest:
                raise Impossible(
                    f"the {name or 'rectangle'}{' rectangle' if name else ''} at {axis} = {start} leaves the "
                    f"{picture_width}x{picture_height} px picture: use 0 to {largest}",
                    f"{name}_{axis}" if name else axis,
                )


@dataclass(frozen=True)
class Overlap:
    """What two rectangles of equal size share: `area_px` pixels, `percent` of one rectangle's area, `iou` in 0..1."""

    overlaps: bool
    area_px: int
    percent: float
    iou: float


def overlap(a: Rectangle, b: Rectangle) -> Overlap:
    """The overlap of two rectangles of equal size; rectangles that only touch do not overlap.

    `percent` is unrounded, 100.0 exactly when they coincide. Raises InvalidRequest when the sizes differ.
    """
    if (a.width, a.height) != (b.width, b.height):
        raise InvalidRequest(
            f"overlap is defined for rectangles of one size, not {a.width}x{a.height} px and {b.width}x{b.height} px"
        )
    shared_width = max(0, a.width - abs(a.x - b.x))
    shared_height = max(0, a.height - abs(a.y - b.y))
    area_px = shared_width * shared_height
    return Overlap(area_px > 0, area_px, 100 * area_px / a.area_px, area_px / (2 * a.area_px - area_px))


def check_fits(picture_width: int, picture_height: int, width: int, height: int) -> None:
    """Raise Impossible when a `width` x `height` px rectangle is larger than the picture."""
    if width > picture_width or height > picture_height:
        raise Impossible(
            f"a {width}x{height} px rectangle does not fit in the {picture_width}x{picture_height} px picture",
            "rectangle_width" if width > picture_width else "rectangle_height",
        )


def random_rectangle(rng: Generator, picture_width: int, picture_height: int, width: int, height: int) -> Rectangle:
    """A `width` x `height` px rectangle, every position inside the picture equally likely, edges included.

    Draws x, then y, from `rng`. Raises Impossible when the rectangle is larger than the picture.
    """
    check_fits(picture_width, picture_height, width, height)
    x = int(rng.integers(0, picture_width - width + 1))
    y = int(rng.integers(0, picture_height - height + 1))
    return Rectangle(x, y, width, height)


def default_side_px(picture_width: int, picture_height: int) -> int:
    """The side of the square used when no size is asked for: a quarter of the longest side, at most the shorter."""
    return max(1, min(max(picture_width, picture_height) // 4, picture_width, picture_height))
