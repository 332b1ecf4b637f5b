"""Errors: by how many grey levels does the test differ from the truth? From the histogram of test minus truth."""

from __future__ import annotations

from math import inf

import numpy as np

from crosspatch.evidence import DIFFERENCE, LEVEL, Array, LevelCounts
from crosspatch.metric import metric
from crosspatch.metrics.analytic import wilson
from crosspatch.metrics.sources import (
    BLAND_ALTMAN_1986,
    HAMMING_1950,
    PEDREGOSA_2011,
    VAN_DER_WALT_2014,
    WANG_BOVIK_2009,
    WILLMOTT_MATSUURA_2005,
)

LOW_MEANS = (
    "Low errors say that paired pixels are about equally bright; high ones say that the patches show different things, "
    "not that one of them was measured badly."
)
PEAK = 255
NOTHING = "no pixel pair is left to count"


@metric(
    title="Mean absolute error",
    aliases=("MAE",),
    unit="grey levels",
    formula="mean(abs(s - t))",
    bounds=(0, PEAK),
    best=0,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=WILLMOTT_MATSUURA_2005,
)
def mae(m: LevelCounts) -> Array:
    """By how many grey levels the test differs from the truth, on average, whichever way."""
    return m.differences @ np.abs(DIFFERENCE) / m.n


@metric(
    title="Mean squared error",
    aliases=("MSE",),
    unit="grey levels²",
    formula="mean((s - t)**2)",
    bounds=(0, PEAK**2),
    best=0,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=WANG_BOVIK_2009,
)
def mse(m: LevelCounts) -> Array:
    """The average of the squared differences: a few large errors weigh more than many small ones."""
    return m.mean_squared_difference


@metric(
    title="Root mean squared error",
    aliases=("RMSE",),
    unit="grey levels",
    formula="sqrt(mean((s - t)**2))",
    bounds=(0, PEAK),
    best=0,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=WANG_BOVIK_2009,
    headline=5,
)
def rmse(m: LevelCounts) -> Array:
    """The typical difference in grey levels, with large errors weighing more."""
    return np.sqrt(m.mean_squared_difference)


@metric(
    title="Normalised root mean squared error",
    aliases=("NRMSE",),
    formula="sqrt(mean((s - t)**2)) / (max(t) - min(t))",
    bounds=(0, inf),
    best=0,
    undefined="n == 0 or max(t) == min(t)",
    undefined_means="the truth has the same grey level everywhere",
    source=VAN_DER_WALT_2014,
)
def nrmse(m: LevelCounts) -> Array:
    """The root mean squared error as a share of the truth's range of grey levels."""
    return np.sqrt(m.mean_squared_difference) / m.truth_range


@metric(
    title="Largest error",
    aliases=("maximum error", "Chebyshev distance", "L-infinity"),
    unit="grey levels",
    formula="max(abs(s - t))",
    bounds=(0, PEAK),
    best=0,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=PEDREGOSA_2011,
)
def max_error(m: LevelCounts) -> Array:
    """The largest difference in grey levels of any pixel pair."""
    return m.largest_difference


@metric(
    title="Bias",
    aliases=("mean error", "mean signed difference"),
    unit="grey levels",
    formula="mean(s - t)",
    bounds=(-PEAK, PEAK),
    best=0,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=BLAND_ALTMAN_1986,
)
def bias(m: LevelCounts) -> Array:
    """How much brighter the test is than the truth, on average; negative where it is darker."""
    return m.bias


@metric(
    title="Peak signal-to-noise ratio",
    aliases=("PSNR",),
    unit="dB",
    formula="10 * log10(255**2 / mean((s - t)**2))",
    bounds=(0, inf),
    best=inf,
    undefined="all(t == s)",
    undefined_means="no pixel differs, so that there is no noise to compare with",
    source=WANG_BOVIK_2009,
)
def psnr(m: LevelCounts) -> Array:
    """How far the brightest possible signal stands above the error; every 6 dB halve the error."""
    return 10 * np.log10(PEAK**2 / m.mean_squared_difference)


@metric(
    title="Median absolute error",
    aliases=("MedAE",),
    unit="grey levels",
    formula="median(abs(s - t))",
    bounds=(0, PEAK),
    best=0,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=PEDREGOSA_2011,
)
def median_absolute_error(m: LevelCounts) -> Array:
    """Half of the pixel pairs differ by no more than this."""
    below = m.absolute_differences.cumsum(-1)
    low, high = np.floor((m.n - 1) / 2), np.floor(m.n / 2)
    middle = [LEVEL[(below > place[..., None]).argmax(-1)] for place in (low, high)]
    return np.where(m.n > 0, (middle[0] + middle[1]) / 2, np.nan)


@metric(
    title="Share of differing pixels",
    aliases=("normalised Hamming distance",),
    formula="mean(t != s)",
    bounds=(0, 1),
    best=0,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=HAMMING_1950,
    analytic=wilson(lambda m: m.n),
)
def differing_share(m: LevelCounts) -> Array:
    """The share of pixel pairs whose grey levels are not the same."""
    return m.absolute_differences[..., 1:].sum(-1) / m.n
