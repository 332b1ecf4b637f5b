"""Structure: are the regions alike to the eye? From the pixels themselves, a window at a time."""

from __future__ import annotations

import numpy as np

from crosspatch.evidence import Array, Regions
from crosspatch.histogram import Levels
from crosspatch.metric import metric
from crosspatch.metrics.sources import WANG_2004

WINDOW_PX = 11
SIGMA_PX = 1.5
# Windows are evaluated in squares of this side, so that memory stays bounded and the processor's cache is enough.
TILE_PX = 54


@metric(
    title="Structural similarity",
    aliases=("SSIM",),
    formula="mean((2 * mu(t) * mu(s) + 2.55**2) * (2 * cov(t, s) + 7.65**2)"
    " / ((mu(t)**2 + mu(s)**2 + 2.55**2) * (var(t) + var(s) + 7.65**2)))",
    bounds=(-1, 1),
    best=1,
    undefined="min(width, height) < 11",
    undefined_means="a side of the regions is shorter than the window of 11 px",
    source=WANG_2004,
    headline=6,
)
def ssim(m: Regions) -> Array:
    """How alike the regions look, by local brightness, contrast and pattern."""
    height, width = m.truth.shape[-2:]
    rows, columns = height - WINDOW_PX + 1, width - WINDOW_PX + 1
    if min(rows, columns) < 1:
        return np.full(m.truth.shape[:-2], np.nan)
    total = np.zeros(m.truth.shape[:-2])
    for top in range(0, rows, TILE_PX):
        for left in range(0, columns, TILE_PX):
            tile = np.s_[..., top : top + TILE_PX + WINDOW_PX - 1, left : left + TILE_PX + WINDOW_PX - 1]
            total += _similarity(m.truth[tile], m.test[tile]).sum((-2, -1))
    mean: Array = total / (rows * columns)
    return mean


def _similarity(truth: Levels, test: Levels) -> Array:
    """SSIM at each place (..., h - 10, w - 10) where the window fits in tiles (..., h, w)."""
    t, s = truth.astype(np.float64), test.astype(np.float64)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    down, across = _windows(t.shape[-2]), _windows(t.shape[-1]).T
    mu_t, mu_s = down @ t @ across, down @ s @ across
    means, products = mu_t**2 + mu_s**2, mu_t * mu_s
    variances = down @ (t * t + s * s) @ across - means
    covariance = down @ (t * s) @ across - products
    return (2 * products + c1) * (2 * covariance + c2) / ((means + c1) * (variances + c2))


def _windows(side: int) -> Array:
    """A Gaussian window at every place where it fits along a side: a banded matrix (side - 10, side)."""
    offset = np.arange(side) - np.arange(side - WINDOW_PX + 1)[:, None] - WINDOW_PX // 2
    weights = np.where(np.abs(offset) <= WINDOW_PX // 2, np.exp(-0.5 * (offset / SIGMA_PX) ** 2), 0)
    return weights / weights.sum(1, keepdims=True)
