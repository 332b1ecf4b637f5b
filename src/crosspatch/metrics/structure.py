"""Structure: are the regions alike to the eye? From the pixels themselves, a window at a time."""

from __future__ import annotations

from math import nan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from crosspatch.evidence import Array, Regions
from crosspatch.histogram import Levels
from crosspatch.metric import metric
from crosspatch.metrics.sources import WANG_2003, WANG_2004, XUE_2014

LOW_MEANS = (
    "A low similarity says that edges and textures do not meet at the same places; a shift by a few pixels is enough "
    "for that."
)
WINDOW_PX = 11
SIGMA_PX = 1.5
Pixels = Levels | NDArray[np.uint16]
_offsets = np.arange(WINDOW_PX) - WINDOW_PX // 2
WINDOW = np.exp(-0.5 * (_offsets / SIGMA_PX) ** 2) / np.exp(-0.5 * (_offsets / SIGMA_PX) ** 2).sum()
# Windows are evaluated so many rows and columns at a time, so that the processor's cache is enough.
TILE_PX = (32, 256)
# What each scale counts for, from the finest to the coarsest, each half as wide and high as the one before.
SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
SMALLEST_PX = WINDOW_PX << (len(SCALE_WEIGHTS) - 1)
# Below gradients of about the root of this, in grey levels, differences do not show.
GRADIENT_CONSTANT = 170


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
    return m.each(lambda truth, test: _mean_similarity(truth, test)[0])


@metric(
    title="Multi-scale structural similarity",
    aliases=("MS-SSIM",),
    formula="contrast(t, s, 1)**0.0448 * contrast(t, s, 2)**0.2856 * contrast(t, s, 3)**0.3001"
    " * contrast(t, s, 4)**0.2363 * ssim(t, s, 5)**0.1333",
    bounds=(0, 1),
    best=1,
    undefined="min(width, height) < 176 or min(contrast(t, s, 1), contrast(t, s, 2), contrast(t, s, 3),"
    " contrast(t, s, 4), ssim(t, s, 5)) < 0",
    undefined_means="a side of the regions is shorter than 176 px, or their patterns are opposed at some scale",
    source=WANG_2003,
)
def ms_ssim(m: Regions) -> Array:
    """How alike the regions look from five distances, each twice as far as the one before."""
    return m.each(_from_five_distances)


@metric(
    title="Gradient magnitude similarity deviation",
    aliases=("GMSD",),
    formula="std((2 * gradient(t) * gradient(s) + 170) / (gradient(t)**2 + gradient(s)**2 + 170))",
    bounds=(0, 0.5),
    best=0,
    undefined="width * height == 0",
    undefined_means="no pixel pair is left to compare",
    source=XUE_2014,
)
def gmsd(m: Regions) -> Array:
    """How unevenly the regions differ in their edges: 0 where edges are equally well kept everywhere."""
    t, s = _fours(m.truth, "constant"), _fours(m.test, "constant")
    rows, similarity = t.shape[-2], np.empty(t.shape)
    for top in range(0, rows, TILE_PX[0]):
        strip = np.s_[..., top : top + TILE_PX[0], :]
        a, b = _gradient_power(t, top), _gradient_power(s, top)
        similarity[strip] = (2 * np.sqrt(a * b) + GRADIENT_CONSTANT) / (a + b + GRADIENT_CONSTANT)
    return similarity.std((-2, -1))


def _from_five_distances(truth: Pixels, test: Pixels) -> float:
    if min(truth.shape) < SMALLEST_PX:
        return nan
    *finer, coarsest = SCALE_WEIGHTS
    product = 1.0
    for scale, weight in enumerate(finer):
        product = product * _mean_similarity(truth, test, 4**scale)[1] ** weight
        truth, test = _fours(truth, "edge"), _fours(test, "edge")
    return product * _mean_similarity(truth, test, 4 ** len(finer))[0] ** coarsest


def _mean_similarity(truth: Pixels, test: Pixels, grey_level: int = 1) -> tuple[np.float64, np.float64]:
    """The mean of SSIM, and of its part that is contrast and pattern, over all places where the window fits.

    `grey_level` is what stands for one grey level in the pixels (H, W).
    """
    rows, columns = (side - WINDOW_PX + 1 for side in truth.shape)
    if min(rows, columns) < 1:
        return np.float64(nan), np.float64(nan)
    total, total_contrast = np.float64(0), np.float64(0)
    for top in range(0, rows, TILE_PX[0]):
        for left in range(0, columns, TILE_PX[1]):
            tile = np.s_[top : top + TILE_PX[0] + WINDOW_PX - 1, left : left + TILE_PX[1] + WINDOW_PX - 1]
            brightness, contrast = _similarity(truth[tile] / grey_level, test[tile] / grey_level)
            total += (brightness * contrast).sum()
            total_contrast += contrast.sum()
    return total / (rows * columns), total_contrast / (rows * columns)


def _similarity(t: Array, s: Array) -> tuple[Array, Array]:
    """How alike brightness is, and contrast and pattern, at each place (h - 10, w - 10) of tiles (h, w)."""
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mu_t, mu_s = _window_means(t), _window_means(s)
    means, products = mu_t**2 + mu_s**2, mu_t * mu_s
    variances = _window_means(t * t + s * s) - means
    covariance = _window_means(t * s) - products
    return (2 * products + c1) / (means + c1), (2 * covariance + c2) / (variances + c2)


def _window_means(values: Array) -> Array:
    """The mean of a tile (h, w) under a Gaussian window at every place where it fits: (h - 10, w - 10)."""
    return _means_down(_means_down(values).T).T


def _means_down(values: Array) -> Array:
    """The same along the first axis: (h - 10, w). Rows as far from the middle on either side weigh alike."""
    rows, middle = values.shape[0] - WINDOW_PX + 1, WINDOW_PX // 2
    mean: Array = values[middle : middle + rows] * WINDOW[middle]
    for index in range(middle):
        both = values[index : index + rows] + values[WINDOW_PX - 1 - index : WINDOW_PX - 1 - index + rows]
        both *= WINDOW[index]
        mean += both
    return mean


def _fours(pixels: Pixels, mode: Literal["edge", "constant"]) -> NDArray[np.uint16]:
    """The sum of every 2 x 2 pixels, exact for four times in a row: four times their mean in half the size.

    An odd side is continued by its last row (edge) or by 0 (constant).
    """
    height, width = pixels.shape[-2:]
    if height % 2 or width % 2:
        margins = [(0, 0)] * (pixels.ndim - 2) + [(0, height % 2), (0, width % 2)]
        pixels = np.pad(pixels, margins, mode)  # type: ignore[assignment]
    total = np.zeros((*pixels.shape[:-2], pixels.shape[-2] // 2, pixels.shape[-1] // 2), np.uint16)
    for row, column in np.ndindex(2, 2):
        total += pixels[..., row::2, column::2]
    return total


def _gradient_power(fours: NDArray[np.uint16], top: int) -> Array:
    """The squared gradient by Prewitt's filters over 3, 0 beyond the edges, of some rows from `top`."""
    rows = fours.shape[-2]
    strip = fours[..., max(0, top - 1) : top + TILE_PX[0] + 1, :] / 4
    margins = (int(top == 0), int(top + TILE_PX[0] >= rows)), (1, 1)
    x = np.pad(strip, [(0, 0)] * (fours.ndim - 2) + list(margins))
    across = x[..., :-2, :] + x[..., 1:-1, :] + x[..., 2:, :]
    down = x[..., :-2] + x[..., 1:-1] + x[..., 2:]
    horizontal, vertical = across[..., 2:] - across[..., :-2], down[..., 2:, :] - down[..., :-2, :]
    return (horizontal**2 + vertical**2) / 9
