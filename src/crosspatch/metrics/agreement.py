"""Agreement beyond chance, for any number of classes. From the confusion matrix.

Each of the kappas is one less the observed disagreement over the disagreement that chance would give. Written that way
no difference of large counts is taken, and exactly no chance disagreement is exactly undefined.
"""

from __future__ import annotations

import numpy as np

from crosspatch.evidence import Array, ClassCounts, dot
from crosspatch.metric import metric
from crosspatch.metrics.analytic import of_kappa
from crosspatch.metrics.arithmetic import class_distances
from crosspatch.metrics.sources import (
    CICCHETTI_ALLISON_1971,
    COHEN_1960,
    FLEISS_COHEN_1973,
    GORODKIN_2004,
    GWET_2008,
    HAYES_KRIPPENDORFF_2007,
    HUBERT_ARABIE_1985,
    KUHN_2008,
    RAND_1971,
    SCOTT_1955,
)

LOW_MEANS = (
    "Near zero the patches agree no more than chance would have it, which is all that patches cut at random need do; "
    "below zero they agree less than that."
)
ONE_CLASS = "max(c[i, i] for i in classes) == n"
ONE_CLASS_MEANS = "every pixel of both regions is of one and the same class"


@metric(
    title="Cohen's kappa",
    aliases=("kappa", "Heidke skill score"),
    formula="1 - n * sum(c[i, j] for i in classes for j in classes if i != j)"
    " / sum(rows[i] * columns[j] for i in classes for j in classes if i != j)",
    bounds=(-1, 1),
    best=1,
    undefined=ONE_CLASS,
    undefined_means=ONE_CLASS_MEANS,
    source=COHEN_1960,
    headline=1,
    analytic=of_kappa(0),
)
def cohen_kappa(m: ClassCounts) -> Array:
    """Agreement beyond what chance would give for regions with these classes: 1 is perfect, 0 is chance."""
    return 1 - m.n * m.disagreements / (m.rows * (m.n[..., None] - m.columns)).sum(-1)


@metric(
    title="Linearly weighted kappa",
    formula="1 - n * sum(abs(i - j) * c[i, j] for i in classes for j in classes)"
    " / sum(abs(i - j) * rows[i] * columns[j] for i in classes for j in classes)",
    bounds=(-1, 1),
    best=1,
    undefined=ONE_CLASS,
    undefined_means=ONE_CLASS_MEANS,
    source=CICCHETTI_ALLISON_1971,
    analytic=of_kappa(1),
)
def linear_weighted_kappa(m: ClassCounts) -> Array:
    """Cohen's kappa for ordered classes: a miss by two classes counts as twice a miss by one."""
    return _weighted_kappa(m, 1)


@metric(
    title="Quadratically weighted kappa",
    formula="1 - n * sum((i - j)**2 * c[i, j] for i in classes for j in classes)"
    " / sum((i - j)**2 * rows[i] * columns[j] for i in classes for j in classes)",
    bounds=(-1, 1),
    best=1,
    undefined=ONE_CLASS,
    undefined_means=ONE_CLASS_MEANS,
    source=FLEISS_COHEN_1973,
    analytic=of_kappa(2),
)
def quadratic_weighted_kappa(m: ClassCounts) -> Array:
    """Cohen's kappa for ordered classes: a miss by two classes counts as four times a miss by one."""
    return _weighted_kappa(m, 2)


def _weighted_kappa(m: ClassCounts, power: int) -> Array:
    weights = class_distances(m.classes, power)
    expected = dot(m.rows @ weights, m.columns)
    observed = m.matrix.reshape(*m.n.shape, weights.size) @ weights.ravel()
    return 1 - m.n * observed / expected


@metric(
    title="Matthews correlation coefficient",
    aliases=("MCC", "phi coefficient", "R_K"),
    formula="sum(n * c[i, i] - rows[i] * columns[i] for i in classes)"
    " / sqrt(sum(rows[i] * (n - rows[i]) for i in classes) * sum(columns[j] * (n - columns[j]) for j in classes))",
    bounds=(-1, 1),
    best=1,
    undefined="max(rows) == n or max(columns) == n",
    undefined_means="every pixel of a region is of one class",
    source=GORODKIN_2004,
)
def mcc(m: ClassCounts) -> Array:
    """The correlation between the classes of the two regions: 1 is perfect, 0 is chance."""
    # n c[i, i] - rows[i] columns[i] = tp tn - fp fn of class i against the rest, without taking a difference of n^2.
    one = m.one_vs_rest
    covariance = (one.tp * one.tn - one.fp * one.fn).sum(-1)
    truth = (m.rows * (m.n[..., None] - m.rows)).sum(-1)
    test = (m.columns * (m.n[..., None] - m.columns)).sum(-1)
    return covariance / np.sqrt(truth * test)


@metric(
    title="Gwet's AC1",
    aliases=("AC1", "first-order agreement coefficient"),
    formula="(sum(c[i, i] for i in classes) / n"
    " - sum((rows[i] + columns[i]) / (2 * n) * (1 - (rows[i] + columns[i]) / (2 * n)) for i in classes)"
    " / (len(classes) - 1))"
    " / (1 - sum((rows[i] + columns[i]) / (2 * n) * (1 - (rows[i] + columns[i]) / (2 * n)) for i in classes)"
    " / (len(classes) - 1))",
    bounds=(-1, 1),
    best=1,
    undefined="n == 0 or len(classes) == 1",
    undefined_means="no pixel pair is left to count, or there is only one class",
    source=GWET_2008,
)
def gwet_ac1(m: ClassCounts) -> Array:
    """Agreement beyond chance that stays steady where nearly all pixels are of one class and kappa falls."""
    share = (m.rows + m.columns) / (2 * m.n[..., None])
    chance = (share * (1 - share)).sum(-1) / np.float64(m.classes - 1)
    return (m.diagonal.sum(-1) / m.n - chance) / (1 - chance)


@metric(
    title="Scott's pi",
    aliases=("Fleiss' kappa for two raters",),
    formula="1 - 4 * n * sum(c[i, j] for i in classes for j in classes if i != j)"
    " / sum((rows[i] + columns[i]) * (2 * n - rows[i] - columns[i]) for i in classes)",
    bounds=(-1, 1),
    best=1,
    undefined=ONE_CLASS,
    undefined_means=ONE_CLASS_MEANS,
    source=SCOTT_1955,
)
def scott_pi(m: ClassCounts) -> Array:
    """Agreement beyond chance, with chance drawn from the classes of both regions together."""
    return 1 - 4 * m.n * m.disagreements / _pooled_disagreement(m)


@metric(
    title="Krippendorff's alpha (nominal)",
    aliases=("alpha",),
    formula="1 - 2 * (2 * n - 1) * sum(c[i, j] for i in classes for j in classes if i != j)"
    " / sum((rows[i] + columns[i]) * (2 * n - rows[i] - columns[i]) for i in classes)",
    bounds=(-1, 1),
    best=1,
    undefined=ONE_CLASS,
    undefined_means=ONE_CLASS_MEANS,
    source=HAYES_KRIPPENDORFF_2007,
)
def krippendorff_alpha(m: ClassCounts) -> Array:
    """Scott's pi corrected for few pixels: one less the observed over the expected disagreement."""
    return 1 - 2 * (2 * m.n - 1) * m.disagreements / _pooled_disagreement(m)


def _pooled_disagreement(m: ClassCounts) -> Array:
    """Ordered pairs of unequal classes among the 2n labels of both regions together."""
    pooled = m.rows + m.columns
    return (pooled * (2 * m.n[..., None] - pooled)).sum(-1)


@metric(
    title="Rand index",
    formula="1 - (sum(rows[i]**2 for i in classes) + sum(columns[j]**2 for j in classes)"
    " - 2 * sum(c[i, j]**2 for i in classes for j in classes)) / (n * (n - 1))",
    bounds=(0, 1),
    best=1,
    undefined="n < 2",
    undefined_means="there are fewer than two pixel pairs",
    source=RAND_1971,
)
def rand_index(m: ClassCounts) -> Array:
    """The share of any two pixels that both regions put together, or both put apart; names of classes do not matter."""
    twos = m.twos
    return (twos.tp + twos.tn) / twos.n


@metric(
    title="Adjusted Rand index",
    aliases=("ARI",),
    formula="(sum(choose(c[i, j], 2) for i in classes for j in classes)"
    " - sum(choose(rows[i], 2) for i in classes) * sum(choose(columns[j], 2) for j in classes) / choose(n, 2))"
    " / ((sum(choose(rows[i], 2) for i in classes) + sum(choose(columns[j], 2) for j in classes)) / 2"
    " - sum(choose(rows[i], 2) for i in classes) * sum(choose(columns[j], 2) for j in classes) / choose(n, 2))",
    bounds=(-0.5, 1),
    best=1,
    undefined="max(rows) == n and max(columns) == n or max(rows) <= 1 and max(columns) <= 1",
    undefined_means="both regions are of one class each, or no two pixels share a class in either",
    source=HUBERT_ARABIE_1985,
)
def adjusted_rand_index(m: ClassCounts) -> Array:
    """The Rand index less what chance would give: 1 is the same partition, 0 is chance."""
    twos = m.twos
    expected = (twos.tp + twos.fn) * (twos.fn + twos.tn) + (twos.tp + twos.fp) * (twos.fp + twos.tn)
    return 2 * (twos.tp * twos.tn - twos.fp * twos.fn) / expected


@metric(
    title="No information rate",
    aliases=("NIR", "majority class share", "zero rule accuracy"),
    formula="max(rows) / n",
    bounds=(0, 1),
    best=None,
    undefined="n == 0",
    undefined_means="no pixel pair is left to count",
    source=KUHN_2008,
)
def no_information_rate(m: ClassCounts) -> Array:
    """The accuracy that a test would have by always naming the truth's commonest class."""
    return m.rows.max(-1) / m.n
