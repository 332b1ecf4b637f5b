"""Two masks to draw, and what the boundary metrics see in them. In go masks (H, W), out come places and distances.

The evidence gives distances but no places. A mask of one pixel is all boundary and all band: compared with each of
these it gives the distance of every pixel, and whether it lies in the band.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crosspatch.evidence import Masks

Mask = NDArray[np.uint8]
Place = tuple[int, int]

TRUTH_ROWS = """
..............
..............
..#######.....
.########.....
.########.....
.########.....
.########.....
..#######.....
..............
..............
..............
"""
TEST_ROWS = """
..............
............#.
............#.
...........##.
.....#######..
....#####.....
....#####.....
....#####.....
....#####.....
.....###......
..............
"""


def mask(rows: str) -> Mask:
    """Rows of `#` and `.` as a mask."""
    return np.array([[pixel == "#" for pixel in row] for row in rows.split()], np.uint8)


def masks() -> Masks:
    """The masks of the drawing."""
    return Masks(mask(TRUTH_ROWS), mask(TEST_ROWS))


def from_boundary(of: Mask) -> NDArray[np.float64]:
    """The distance (H, W) in pixels from each pixel to the mask's boundary."""
    return np.array([back for _, (back,) in _against_single_pixels(of).distances]).reshape(of.shape)


def band(of: Mask) -> NDArray[np.bool_]:
    """Whether each pixel (H, W) lies in the mask's band."""
    both, _ = _against_single_pixels(of).band_overlap
    return both.reshape(of.shape) > 0


def boundary(of: Mask) -> list[Place]:
    """Row and column of each boundary pixel, line by line."""
    return [(int(y), int(x)) for y, x in np.argwhere(from_boundary(of) == 0)]


def nearest(place: Place, others: list[Place]) -> Place:
    """The first of the places that are nearest to one."""
    return min(others, key=lambda other: (other[0] - place[0]) ** 2 + (other[1] - place[1]) ** 2)


def _against_single_pixels(of: Mask) -> Masks:
    singles = np.eye(of.size, dtype=np.uint8).reshape(-1, *of.shape)
    return Masks(np.broadcast_to(of, singles.shape), singles)
