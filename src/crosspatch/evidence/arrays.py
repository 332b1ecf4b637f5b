"""What all evidence shares: the type of its arrays, and the values that counts of levels belong to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crosspatch.histogram import LEVELS

Array = NDArray[np.float64]

LEVEL = np.arange(LEVELS, dtype=np.float64)
# Test minus truth, from -255 to 255.
DIFFERENCE = np.arange(1 - LEVELS, LEVELS, dtype=np.float64)


def dot(a: Array, b: Array) -> Array:
    """The sum of products over the last axis."""
    products: Array = np.vecdot(a, b)
    return products


def weighted_log(weights: Array, excess: Array) -> Array:
    """Each weight times the natural logarithm of 1 + excess, 0 where the weight is 0: there 0 log 0 = 0.

    A ratio of counts a / b comes as its excess over 1, (a - b) / b: large counts that hardly differ lose no digits.
    """
    return weights * np.log1p(excess, where=weights > 0, out=np.zeros(np.shape(weights)))
