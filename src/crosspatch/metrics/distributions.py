"""Distributions: are the two histograms alike, wherever the pixels lie? From the grey levels of each region apart."""

from __future__ import annotations

from math import inf, log, sqrt

import numpy as np

from crosspatch.evidence import Array, LevelCounts, dot, weighted_log
from crosspatch.metric import metric
from crosspatch.metrics.arithmetic import wins
from crosspatch.metrics.sources import (
    ANDERSON_1962,
    BHATTACHARYYA_1943,
    COHEN_1988,
    HELLINGER_1909,
    KULLBACK_LEIBLER_1951,
    LEVIN_2009,
    LIN_1991,
    PELE_WERMAN_2010,
    RUBNER_2000,
    SMIRNOV_1948,
    SWAIN_BALLARD_1991,
    SZEKELY_RIZZO_2013,
    VARGHA_DELANEY_2000,
)

LOW_MEANS = (
    "A low distance says that both patches hold about the same grey levels, wherever these lie: patches can be alike "
    "here and agree at no place."
)
NOTHING = "no pixel pair is left to count"


@metric(
    title="Kolmogorov-Smirnov statistic",
    aliases=("KS",),
    formula="max(abs(F[x] - G[x]) for x in levels)",
    bounds=(0, 1),
    best=0,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=SMIRNOV_1948,
)
def ks_statistic(m: LevelCounts) -> Array:
    """The largest gap, over all grey levels, between the shares of pixels at or below it."""
    return np.abs(m.cumulative_gap).max(-1)


@metric(
    title="Wasserstein distance",
    aliases=("earth mover's distance", "EMD"),
    unit="grey levels",
    formula="sum(abs(F[x] - G[x]) for x in levels)",
    bounds=(0, 255),
    best=0,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=RUBNER_2000,
)
def wasserstein(m: LevelCounts) -> Array:
    """By how many grey levels pixels must change, on average, to turn one histogram into the other."""
    return np.abs(m.cumulative_gap).sum(-1)


@metric(
    title="Energy distance",
    formula="sqrt(2 * sum((F[x] - G[x])**2 for x in levels))",
    bounds=(0, sqrt(510)),
    best=0,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=SZEKELY_RIZZO_2013,
)
def energy_distance(m: LevelCounts) -> Array:
    """How far apart the histograms lie, by the squared gaps between their cumulative shares."""
    return np.sqrt(2 * (m.cumulative_gap**2).sum(-1))


@metric(
    title="Cramér-von Mises statistic",
    formula="n / 8 * sum((f[x] + g[x]) * ((F[x] - G[x])**2 + (F[x] - f[x] - G[x] + g[x])**2) for x in levels)",
    bounds=(0, inf),
    best=0,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=ANDERSON_1962,
)
def cramer_von_mises(m: LevelCounts) -> Array:
    """The squared gaps between the cumulative shares, averaged over all pixels; it grows with their number."""
    gap = m.cumulative_gap
    gap_below = gap - m.truth_shares + m.test_shares
    return dot(m.truth + m.test, gap**2 + gap_below**2) / 8


@metric(
    title="Total variation distance",
    aliases=("statistical distance",),
    formula="sum(abs(f[x] - g[x]) for x in levels) / 2",
    bounds=(0, 1),
    best=0,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=LEVIN_2009,
)
def total_variation(m: LevelCounts) -> Array:
    """The share of pixels that must change their grey level to turn one histogram into the other."""
    return np.abs(m.truth - m.test).sum(-1) / (2 * m.n)


@metric(
    title="Histogram intersection",
    formula="sum(min(f[x], g[x]) for x in levels)",
    bounds=(0, 1),
    best=1,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=SWAIN_BALLARD_1991,
)
def histogram_intersection(m: LevelCounts) -> Array:
    """The share of pixels that the two histograms have in common."""
    return np.minimum(m.truth, m.test).sum(-1) / m.n


@metric(
    title="Chi-square distance",
    formula="sum((f[x] - g[x])**2 / (f[x] + g[x]) for x in levels if f[x] + g[x] > 0) / 2",
    bounds=(0, 1),
    best=0,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=PELE_WERMAN_2010,
)
def chi_square_distance(m: LevelCounts) -> Array:
    """The squared differences of the histograms, with differences in rare grey levels weighing more."""
    both = m.truth + m.test
    return np.where(both > 0, (m.truth - m.test) ** 2 / both, 0).sum(-1) / (2 * m.n)


@metric(
    title="Bhattacharyya distance",
    formula="-log(sum(sqrt(f[x] * g[x]) for x in levels))",
    bounds=(0, inf),
    best=0,
    undefined="not any(f[x] * g[x] > 0 for x in levels)",
    undefined_means="the regions have no grey level in common, an infinite distance",
    source=BHATTACHARYYA_1943,
)
def bhattacharyya_distance(m: LevelCounts) -> Array:
    """How little the histograms overlap: 0 where they are the same."""
    common: Array = np.sqrt(m.truth * m.test).sum(-1)
    return np.log(m.n / common)


@metric(
    title="Hellinger distance",
    formula="sqrt(sum((sqrt(f[x]) - sqrt(g[x]))**2 for x in levels) / 2)",
    bounds=(0, 1),
    best=0,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=HELLINGER_1909,
)
def hellinger_distance(m: LevelCounts) -> Array:
    """The distance between the histograms after taking square roots: 1 where no grey level is shared."""
    return np.sqrt(((np.sqrt(m.truth_shares) - np.sqrt(m.test_shares)) ** 2).sum(-1) / 2)


@metric(
    title="Kullback-Leibler divergence",
    aliases=("relative entropy",),
    unit="nats",
    formula="sum(f[x] * log(f[x] / g[x]) for x in levels if f[x] > 0)",
    bounds=(0, inf),
    best=0,
    undefined="n == 0 or any(f[x] > 0 and g[x] == 0 for x in levels)",
    undefined_means="the test lacks a grey level that the truth has, an infinite divergence",
    source=KULLBACK_LEIBLER_1951,
)
def kullback_leibler(m: LevelCounts) -> Array:
    """What is lost by taking the test's histogram for the truth's."""
    return weighted_log(m.truth, (m.truth - m.test) / m.test).sum(-1) / m.n


@metric(
    title="Jensen-Shannon divergence",
    unit="nats",
    formula="sum(f[x] * log(2 * f[x] / (f[x] + g[x])) for x in levels if f[x] > 0) / 2"
    " + sum(g[x] * log(2 * g[x] / (f[x] + g[x])) for x in levels if g[x] > 0) / 2",
    bounds=(0, log(2)),
    best=0,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=LIN_1991,
)
def jensen_shannon(m: LevelCounts) -> Array:
    """How far each histogram lies from the mean of the two: always finite, and the same both ways."""
    excess = (m.truth - m.test) / (m.truth + m.test)
    divergence = weighted_log(m.truth, excess) + weighted_log(m.test, -excess)
    return divergence.sum(-1) / (2 * m.n)


@metric(
    title="Cohen's d",
    aliases=("standardised mean difference",),
    formula="(mean(s) - mean(t)) / sqrt((var(t) + var(s)) / 2 * n / (n - 1))",
    bounds=(-inf, inf),
    best=0,
    undefined="n < 2 or var(t) + var(s) == 0",
    undefined_means="each region has the same grey level everywhere",
    source=COHEN_1988,
)
def cohen_d(m: LevelCounts) -> Array:
    """How much brighter the test is than the truth, in standard deviations."""
    pooled_variance = (m.truth_variance + m.test_variance) / 2 * m.n / (m.n - 1)
    return m.bias / np.sqrt(pooled_variance)


@metric(
    title="Common language effect size",
    aliases=("probability of superiority", "Vargha-Delaney A"),
    formula="mean((y > x) + (y == x) / 2 for x in t for y in s)",
    bounds=(0, 1),
    best=0.5,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=VARGHA_DELANEY_2000,
)
def common_language_effect(m: LevelCounts) -> Array:
    """How often a pixel drawn from the test is brighter than one drawn from the truth; 0.5 is neither way."""
    return wins(m.test, m.truth) / m.n**2
