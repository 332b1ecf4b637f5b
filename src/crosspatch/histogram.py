"""The joint histogram of two regions: in go two equally sized arrays of grey levels, out come 256 x 256 counts.

It is a sufficient statistic: every pointwise statistic of agreement follows from these counts alone, exactly, and
histograms of parts add up to the histogram of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from crosspatch.errors import Impossible

LEVELS = 256
# bincount over pieces that stay in the processor's cache: measured faster than one pass over a large array, and than
# smaller pieces, for each adds 65,536 counts.
CHUNK_PX = 1 << 18

Levels = NDArray[np.uint8]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class JointHistogram:
    """`counts[t, s]` (256, 256), int64: how many pixel pairs have grey level `t` in the truth and `s` in the test."""

    counts: Counts

    @classmethod
    def of(
        cls, truth: Levels, test: Levels, ignore: Iterable[int] = (), counted: NDArray[np.bool_] | None = None
    ) -> JointHistogram:
        """Count the pairs of two regions (H, W), uint8, of equal shape.

        Pairs in which either level is in `ignore` are left out, and those where `counted` (H, W), bool, is False.
        Raises Impossible when the shapes differ, TypeError when the arrays are not uint8.
        """
        if truth.dtype != np.uint8 or test.dtype != np.uint8:
            raise TypeError(f"grey levels are uint8, not {truth.dtype} and {test.dtype}")
        if truth.shape != test.shape:
            raise Impossible(f"the regions differ in size: {_size(truth)} and {_size(test)}")
        counts = count_pairs(truth, test, counted)
        ignored = list(ignore)
        counts[ignored, :] = 0
        counts[:, ignored] = 0
        return cls(counts)

    def __add__(self, other: JointHistogram) -> JointHistogram:
        return JointHistogram(self.counts + other.counts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JointHistogram) and bool(np.array_equal(self.counts, other.counts))

    @cached_property
    def pixels(self) -> int:
        """How many pairs were counted."""
        return int(self.counts.sum())

    @property
    def truth(self) -> Counts:
        """The truth's histogram (256,), int64."""
        return self.counts.sum(axis=1)

    @property
    def test(self) -> Counts:
        """The test's histogram (256,), int64."""
        return self.counts.sum(axis=0)


def count_pairs(truth: Levels, test: Levels, counted: NDArray[np.bool_] | None = None, size: int = LEVELS) -> Counts:
    """How often each value below `size` of the truth meets each of the test: (size, size), int64.

    The regions (H, W) are uint8; with `counted` (H, W) only pairs where it is True count.
    """
    truth, test = (truth.ravel(), test.ravel()) if counted is None else (truth[counted], test[counted])
    counts = np.zeros(0, np.int64)
    for start in range(0, max(1, truth.size), CHUNK_PX):
        piece = slice(start, start + CHUNK_PX)
        index = truth[piece].astype(np.uint16)
        index *= size
        index += test[piece]
        found = np.bincount(index, minlength=size * size)
        counts = counts + found if counts.size else found
    return counts.reshape(size, size)


def _size(pixels: Levels) -> str:
    return "x".join(str(side) for side in pixels.shape[::-1]) + " px"
