"""The pixels themselves, for metrics that look at neighbourhoods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from crosspatch.evidence.arrays import Array
from crosspatch.histogram import Levels


@dataclass(frozen=True, eq=False)
class Regions:
    """The pixels themselves, (..., height, width) uint8, for metrics that look at neighbourhoods.

    Formulas use `t` and `s`, the two regions, and their `width` and `height` in pixels; `mu, var, cov` are weighted
    moments in a window, at every place where the window fits. `contrast(t, s, k)` and `ssim(t, s, k)` are the mean of
    the contrast and pattern part of SSIM, and of all of it, after halving both k - 1 times; `gradient` is the magnitude
    of the gradient by Prewitt's filters over 3, after halving once.
    """

    truth: Levels
    test: Levels

    def each(self, measure: Callable[[Levels, Levels], float]) -> Array:
        """A measure of each pair of regions (height, width), one after another: (...,)."""
        *leading, height, width = self.truth.shape
        pairs = zip(self.truth.reshape(-1, height, width), self.test.reshape(-1, height, width), strict=True)
        return np.array([measure(*pair) for pair in pairs], np.float64).reshape(leading)
