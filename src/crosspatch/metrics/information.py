"""Information: what does one region tell of the other? From the confusion matrix or the joint histogram, in nats."""

from __future__ import annotations

from math import inf

from crosspatch.evidence import Array, ClassCounts, JointCounts, weighted_log
from crosspatch.metric import metric
from crosspatch.metrics.sources import (
    MEILA_2007,
    ROSENBERG_HIRSCHBERG_2007,
    SHANNON_1948,
    VINH_2010,
    VIOLA_WELLS_1997,
)

LOW_MEANS = (
    "Little shared information says that a pixel tells next to nothing of its partner, as between patches that have "
    "nothing to do with each other; a low entropy says that levels vary little."
)
NOTHING = "no pixel pair is left to count"
SHARED = (
    "2 * sum(c[i, j] * log(n * c[i, j] / (rows[i] * columns[j])) for i in classes for j in classes if c[i, j] > 0)"
    " / (sum(rows[i] * log(n / rows[i]) for i in classes if rows[i] > 0)"
    " + sum(columns[j] * log(n / columns[j]) for j in classes if columns[j] > 0))"
)


@metric(
    title="Mutual information of labels",
    unit="nats",
    formula="sum(c[i, j] * log(n * c[i, j] / (rows[i] * columns[j])) for i in classes for j in classes if c[i, j] > 0)"
    " / n",
    bounds=(0, inf),
    best=None,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=SHANNON_1948,
)
def label_mutual_information(m: ClassCounts) -> Array:
    """How much knowing a pixel's class in the test tells of its class in the truth."""
    return m.shared_information / m.n


@metric(
    title="Normalised mutual information",
    aliases=("NMI",),
    formula=SHARED,
    bounds=(0, 1),
    best=1,
    undefined="max(rows) == n and max(columns) == n",
    undefined_means="each region is of one class, so that there is nothing to tell",
    source=VINH_2010,
)
def normalized_mutual_information(m: ClassCounts) -> Array:
    """What the classes of one region tell of the other's, over the mean of what there is to tell in each."""
    return 2 * m.shared_information / (_entropy(m.rows) + _entropy(m.columns))


@metric(
    title="Variation of information",
    aliases=("VI",),
    unit="nats",
    formula="sum(c[i, j] * log(rows[i] * columns[j] / c[i, j]**2) for i in classes for j in classes if c[i, j] > 0)"
    " / n",
    bounds=(0, inf),
    best=0,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=MEILA_2007,
)
def variation_of_information(m: ClassCounts) -> Array:
    """What remains unknown of each region's classes when the other's are known, added up."""
    return (m.truth_given_test + m.test_given_truth) / m.n


@metric(
    title="V-measure",
    formula=SHARED,
    bounds=(0, 1),
    best=1,
    undefined="max(rows) == n and max(columns) == n",
    undefined_means="each region is of one class, so that there is nothing to tell",
    source=ROSENBERG_HIRSCHBERG_2007,
)
def v_measure(m: ClassCounts) -> Array:
    """Homogeneity and completeness in one number, their harmonic mean; it equals normalised mutual information."""
    return 2 * m.shared_information / (_entropy(m.rows) + _entropy(m.columns))


@metric(
    title="Homogeneity",
    formula="1 - sum(c[i, j] * log(columns[j] / c[i, j]) for i in classes for j in classes if c[i, j] > 0)"
    " / sum(rows[i] * log(n / rows[i]) for i in classes if rows[i] > 0)",
    bounds=(0, 1),
    best=1,
    undefined="max(rows) == n",
    undefined_means="the truth is of one class",
    source=ROSENBERG_HIRSCHBERG_2007,
)
def homogeneity(m: ClassCounts) -> Array:
    """Whether each class of the test holds pixels of only one class of the truth."""
    return 1 - m.truth_given_test / _entropy(m.rows)


@metric(
    title="Completeness",
    formula="1 - sum(c[i, j] * log(rows[i] / c[i, j]) for i in classes for j in classes if c[i, j] > 0)"
    " / sum(columns[j] * log(n / columns[j]) for j in classes if columns[j] > 0)",
    bounds=(0, 1),
    best=1,
    undefined="max(columns) == n",
    undefined_means="the test is of one class",
    source=ROSENBERG_HIRSCHBERG_2007,
)
def completeness(m: ClassCounts) -> Array:
    """Whether each class of the truth falls into only one class of the test."""
    return 1 - m.test_given_truth / _entropy(m.columns)


@metric(
    title="Joint entropy of grey levels",
    unit="nats",
    formula="sum(p[x, y] * log(1 / p[x, y]) for x in levels for y in levels if p[x, y] > 0)",
    bounds=(0, inf),
    best=None,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=SHANNON_1948,
)
def joint_entropy(m: JointCounts) -> Array:
    """How varied the pairs of grey levels are: 0 where all pairs are the same."""
    return m.entropy / m.n


@metric(
    title="Mutual information of grey levels",
    aliases=("MI",),
    unit="nats",
    formula="sum(p[x, y] * log(p[x, y] / (f[x] * g[y])) for x in levels for y in levels if p[x, y] > 0)",
    bounds=(0, inf),
    best=None,
    undefined="n == 0",
    undefined_means=NOTHING,
    source=VIOLA_WELLS_1997,
)
def mutual_information(m: JointCounts) -> Array:
    """How much knowing a pixel's grey level in the test tells of its grey level in the truth."""
    apart = _entropy(m.truth) + _entropy(m.test)
    return (apart - m.entropy) / m.n


def _entropy(counts: Array) -> Array:
    """Entropy of the shares of some counts (..., K) in their sum, times that sum."""
    return weighted_log(counts, (counts.sum(-1, keepdims=True) - counts) / counts).sum(-1)
