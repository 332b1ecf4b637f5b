"""The pixels themselves, for metrics that look at neighbourhoods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Regions:
    """The pixels themselves, (..., height, width) uint8, for metrics that look at neighbourhoods.

    Formulas use `t` and `s`, the two regions, and their `width` and `height` in pixels; `mu, var, cov` are weighted
    moments in a window, at every place where the window fits.
    """

    truth: NDArray[np.uint8]
    test: NDArray[np.uint8]
