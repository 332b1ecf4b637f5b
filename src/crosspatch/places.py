"""Where pairs of rectangles lie: drawn at random, all at once. In go sizes and a generator, out come places.

For one picture both rectangles are drawn, as a comparison draws its two. For two pictures the truth stays and the test
picture is shifted, what leaves at one edge coming in at the other: it keeps its own structure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crosspatch.errors import Impossible
from crosspatch.rectangles import Rectangle, check_fits

Whole = NDArray[np.int64]
PLACES = ("truth_x", "truth_y", "test_x", "test_y")


@dataclass(frozen=True, eq=False)
class Places:
    """Top left corners, in pixels, of the truth's and the test's rectangle of each pair, (n,) each."""

    truth_x: Whole
    truth_y: Whole
    test_x: Whole
    test_y: Whole

    def __len__(self) -> int:
        return int(self.truth_x.size)

    def part(self, start: int, stop: int) -> Self:
        """Some of the pairs, in their order."""
        return type(self)(*(getattr(self, name)[start:stop] for name in PLACES))

    def overlap_px(self, width: int, height: int) -> Whole:
        """How many pixels the two rectangles of each pair share, (n,), when they are `width` x `height` px."""
        shared_width = np.maximum(0, width - np.abs(self.truth_x - self.test_x))
        shared_height = np.maximum(0, height - np.abs(self.truth_y - self.test_y))
        shared: Whole = shared_width * shared_height
        return shared


def random_places(rng: Generator, picture: tuple[int, int], rectangle: tuple[int, int], pairs: int) -> Places:
    """Pairs of `rectangle` (width, height) px anywhere in a `picture` (width, height) px, each place equally likely.

    Draws truth x, truth y, test x, test y of the first pair, then of the next. Raises Impossible when a rectangle does
    not fit.
    """
    starts = _starts(picture, rectangle)
    return Places(*rng.integers(0, [*starts, *starts], (pairs, 4)).T)


def disjoint_places(rng: Generator, picture: tuple[int, int], rectangle: tuple[int, int], pairs: int) -> Places:
    """The same of pairs that share no pixel, each such pair of places equally likely.

    Pairs apart in x are drawn in proportion to how many there are, the others are near in x and apart in y. Raises
    Impossible when no two rectangles fit beside each other.
    """
    (across, down), (width, height) = _starts(picture, rectangle), rectangle
    apart_x, apart_y = _pairs_apart(across, width), _pairs_apart(down, height)
    beside, below = apart_x * down**2, (across**2 - apart_x) * apart_y
    if beside + below == 0:
        raise Impossible(
            f"two {width}x{height} px rectangles cannot lie in the {picture[0]}x{picture[1]} px picture without "
            "overlap: ask for smaller ones",
            "disjoint",
        )
    x, y = np.empty((2, pairs), np.int64), np.empty((2, pairs), np.int64)
    is_beside = rng.integers(0, beside + below, pairs) < beside
    for chosen, far_x in ((is_beside, True), (~is_beside, False)):
        count = int(chosen.sum())
        if count:
            x[:, chosen] = _draw(rng, across, width if far_x else 0, across if far_x else width, count)
            y[:, chosen] = _draw(rng, down, 0 if far_x else height, down, count)
    return Places(x[0], y[0], x[1], y[1])


def shifted_places(rng: Generator, picture: tuple[int, int], truth: Rectangle, pairs: int) -> Places:
    """The truth's rectangle, and the same one in test pictures that are shifted by any number of pixels.

    Draws x, then y of each shift: the test's rectangle wraps around the edges of a `picture` (width, height) px.
    """
    shift = rng.integers(0, picture, (pairs, 2))
    x, y = np.full(pairs, truth.x), np.full(pairs, truth.y)
    return Places(x, y, (x + shift[:, 0]) % picture[0], (y + shift[:, 1]) % picture[1])


def _starts(picture: tuple[int, int], rectangle: tuple[int, int]) -> tuple[int, int]:
    check_fits(*picture, *rectangle)
    return picture[0] - rectangle[0] + 1, picture[1] - rectangle[1] + 1


def _pairs_apart(starts: int, least: int) -> int:
    """How many ordered pairs of 0 .. starts - 1 are at least `least` > 0 apart."""
    beyond = max(0, starts - least)
    return beyond * (beyond + 1)


def _draw(rng: Generator, starts: int, least: int, below: int, pairs: int) -> NDArray[np.int64]:
    """Ordered pairs (2, n) of 0 .. starts - 1 whose distance is from `least` to `below` - 1, each equally likely."""
    distances = np.arange(least, min(below, starts))
    ways = ((starts - distances) * np.where(distances > 0, 2, 1)).cumsum()
    distance = distances[np.searchsorted(ways, rng.integers(0, ways[-1], pairs), side="right")]
    first = rng.integers(0, starts - distance)
    found = np.stack([first, first + distance])
    return np.where(rng.integers(0, 2, pairs) == 1, found[::-1], found)
