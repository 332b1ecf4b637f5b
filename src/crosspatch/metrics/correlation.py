"""Correlation: do the grey levels of the test follow those of the truth? From moments, or from the joint histogram."""

from __future__ import annotations

from math import inf

import numpy as np

from crosspatch.evidence import Array, JointCounts, LevelCounts, dot
from crosspatch.metric import metric
from crosspatch.metrics.analytic import OF_CORRELATION
from crosspatch.metrics.sources import (
    KENDALL_1945,
    KVALSETH_1985,
    LIN_1989,
    MCGRAW_WONG_1996,
    PEARSON_1895,
    PEDREGOSA_2011,
    SALTON_MCGILL_1983,
    SPEARMAN_1904,
)

LOW_MEANS = (
    "Near zero, one patch is not brighter where the other is, and patches of different content have no reason to be; "
    "below zero, one is bright where the other is dark."
)
A_CONSTANT = "n == 0 or var(t) == 0 or var(s) == 0"
A_CONSTANT_MEANS = "a region has the same grey level everywhere"
CONSTANT_TRUTH = "n == 0 or var(t) == 0"
CONSTANT_TRUTH_MEANS = "the truth has the same grey level everywhere"


@metric(
    title="Pearson correlation",
    aliases=("r", "product-moment correlation", "zero-normalised cross-correlation"),
    formula="cov(t, s) / sqrt(var(t) * var(s))",
    bounds=(-1, 1),
    best=1,
    undefined=A_CONSTANT,
    undefined_means=A_CONSTANT_MEANS,
    source=PEARSON_1895,
    headline=4,
    analytic=OF_CORRELATION,
)
def pearson(m: LevelCounts) -> Array:
    """How nearly the test's grey levels lie on a rising straight line against the truth's."""
    return m.covariance / np.sqrt(m.truth_variance * m.test_variance)


@metric(
    title="Spearman rank correlation",
    aliases=("Spearman's rho",),
    formula="cov(rank(t), rank(s)) / sqrt(var(rank(t)) * var(rank(s)))",
    bounds=(-1, 1),
    best=1,
    undefined=A_CONSTANT,
    undefined_means=A_CONSTANT_MEANS,
    source=SPEARMAN_1904,
)
def spearman(m: JointCounts) -> Array:
    """Whether brighter pixels in the truth are brighter in the test, by rank: any rising curve gives 1."""
    return m.rank_covariance / np.sqrt(dot(m.truth, m.truth_ranks**2) * dot(m.test, m.test_ranks**2))


@metric(
    title="Kendall's tau-b",
    aliases=("Kendall rank correlation",),
    formula="sum(sign(t[i] - t[j]) * sign(s[i] - s[j]) for i in range(n) for j in range(n))"
    " / sqrt(sum(sign(t[i] - t[j])**2 for i in range(n) for j in range(n))"
    " * sum(sign(s[i] - s[j])**2 for i in range(n) for j in range(n)))",
    bounds=(-1, 1),
    best=1,
    undefined=A_CONSTANT,
    undefined_means=A_CONSTANT_MEANS,
    source=KENDALL_1945,
)
def kendall_tau_b(m: JointCounts) -> Array:
    """Of any two pixels, how often both regions agree which is brighter, less how often they disagree."""
    n = m.n[..., None]
    untied = (m.truth * (n - m.truth)).sum(-1) * (m.test * (n - m.test)).sum(-1)
    return 2 * m.concordance / np.sqrt(untied)


@metric(
    title="Concordance correlation coefficient",
    aliases=("CCC", "Lin's concordance"),
    formula="2 * cov(t, s) / (var(t) + var(s) + mean(s - t)**2)",
    bounds=(-1, 1),
    best=1,
    undefined="n == 0 or var(t) + var(s) + mean(s - t)**2 == 0",
    undefined_means="both regions have one and the same grey level everywhere",
    source=LIN_1989,
)
def concordance(m: LevelCounts) -> Array:
    """How nearly each pixel has the same grey level in both regions: like a correlation, lowered by any shift."""
    return 2 * m.covariance / (m.truth_variance + m.test_variance + m.bias**2)


@metric(
    title="Coefficient of determination",
    aliases=("R²", "Nash-Sutcliffe efficiency"),
    formula="1 - mean((s - t)**2) / var(t)",
    bounds=(-inf, 1),
    best=1,
    undefined=CONSTANT_TRUTH,
    undefined_means=CONSTANT_TRUTH_MEANS,
    source=KVALSETH_1985,
)
def r2(m: LevelCounts) -> Array:
    """How much better the test foretells the truth than the truth's mean does: 0 is no better, below 0 is worse."""
    return 1 - m.mean_squared_difference / m.truth_variance


@metric(
    title="Explained variance",
    formula="1 - var(s - t) / var(t)",
    bounds=(-inf, 1),
    best=1,
    undefined=CONSTANT_TRUTH,
    undefined_means=CONSTANT_TRUTH_MEANS,
    source=PEDREGOSA_2011,
)
def explained_variance(m: LevelCounts) -> Array:
    """The coefficient of determination with a constant shift in brightness forgiven."""
    return 1 - m.difference_variance / m.truth_variance


@metric(
    title="Intraclass correlation",
    aliases=("ICC(A,1)", "ICC(2,1)", "ICC"),
    formula="2 * cov(t, s) / (var(t) + var(s) + ((n - 1) * mean(s - t)**2 - var(s - t)) / n)",
    bounds=(-inf, 1),
    best=1,
    undefined="n == 0 or n * (var(t) + var(s)) + (n - 1) * mean(s - t)**2 == var(s - t)",
    undefined_means="both regions have one and the same grey level everywhere, or there are too few pixel pairs",
    source=MCGRAW_WONG_1996,
)
def icc(m: LevelCounts) -> Array:
    """The share of all variation in grey level that is shared by both regions, each pixel measured twice."""
    regions = ((m.n - 1) * m.bias**2 - m.difference_variance) / m.n
    return 2 * m.covariance / (m.truth_variance + m.test_variance + regions)


@metric(
    title="Cosine similarity",
    aliases=("normalised cross-correlation",),
    formula="sum(t * s) / sqrt(sum(t**2) * sum(s**2))",
    bounds=(0, 1),
    best=1,
    undefined="sum(t) == 0 or sum(s) == 0",
    undefined_means="a region is black everywhere",
    source=SALTON_MCGILL_1983,
)
def cosine_similarity(m: LevelCounts) -> Array:
    """Whether the regions are alike but for an overall factor in brightness."""
    product = (m.truth_power + m.test_power - m.mean_squared_difference) / 2
    return product / np.sqrt(m.truth_power * m.test_power)
