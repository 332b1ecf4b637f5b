"""Tests: would chance alone make regions differ this much? From counts to p-values, two-sided and asymptotic.

They take pixels for independent, which neighbours are not: true p-values are larger. In formulas `chi2_tail(x, df)`,
`t_tail(x, df)`, `normal_tail(x)` and `kolmogorov_tail(x)` are the probabilities of a value above x.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crosspatch.evidence import Array, BinaryCounts, ClassCounts, LevelCounts, dot
from crosspatch.metric import metric
from crosspatch.metrics.sources import (
    BOWKER_1948,
    MANN_WHITNEY_1947,
    MAXWELL_1970,
    MCNEMAR_1947,
    SMIRNOV_1948,
    WELCH_1947,
)

LOW_MEANS = (
    "P-values take pixels for independent. Neighbouring pixels are alike, so p-values come out far too small: "
    "a low one is no evidence by itself."
)
# The sentence is a warning: to be read before any of the values.
CAUTION = True
NO_DISAGREEMENT = "no pixel pair is of different classes, there is nothing to test"


@metric(
    title="McNemar's test",
    formula="chi2_tail((fp - fn)**2 / (fp + fn), 1)",
    bounds=(0, 1),
    best=None,
    undefined="fp + fn == 0",
    undefined_means=NO_DISAGREEMENT,
    source=MCNEMAR_1947,
)
def mcnemar_p(m: BinaryCounts) -> Array:
    """Whether false positives and false negatives are equally many but for chance, were pixels independent."""
    return _chi2_tail((m.fp - m.fn) ** 2 / (m.fp + m.fn), np.ones(m.n.shape))


@metric(
    title="Bowker's test of symmetry",
    formula="chi2_tail(sum((c[i, j] - c[j, i])**2 / (c[i, j] + c[j, i])"
    " for i in classes for j in classes if i < j and c[i, j] + c[j, i] > 0),"
    " sum(c[i, j] + c[j, i] > 0 for i in classes for j in classes if i < j))",
    bounds=(0, 1),
    best=None,
    undefined="all(c[i, j] == 0 for i in classes for j in classes if i != j)",
    undefined_means=NO_DISAGREEMENT,
    source=BOWKER_1948,
)
def bowker_p(m: ClassCounts) -> Array:
    """Whether each class is taken for another as often as the other for it, but for chance, were pixels independent."""
    cells = m.cells
    mirrored = m.matrix.reshape(-1, m.classes, m.classes)[cells.table, cells.column, cells.row]
    # Of two mirrored cells that both hold counts each is half of a pair; a cell of the diagonal is none.
    share = np.where(cells.row == cells.column, 0, np.where(mirrored > 0, 1 / 2, 1))
    statistic = cells.sum(share * (cells.count - mirrored) ** 2 / (cells.count + mirrored))
    return _chi2_tail(statistic, cells.sum(share))


@metric(
    title="Stuart-Maxwell test of marginal homogeneity",
    formula="chi2_tail(d @ pinv(S) @ d, matrix_rank(S))",
    bounds=(0, 1),
    best=None,
    undefined="all(c[i, j] == 0 for i in classes for j in classes if i != j)",
    undefined_means=NO_DISAGREEMENT,
    source=MAXWELL_1970,
)
def stuart_maxwell_p(m: ClassCounts) -> Array:
    """Whether each class has as many pixels in the test as in the truth, but for chance, were pixels independent."""
    found = m.occurring
    return _chi2_tail(*_quadratic_form(found.rows - found.columns, found.matrix + found.matrix.swapaxes(-2, -1)))


@metric(
    title="Kolmogorov-Smirnov test",
    formula="kolmogorov_tail(sqrt(n / 2) * max(abs(F[x] - G[x]) for x in levels))",
    bounds=(0, 1),
    best=None,
    undefined="n == 0",
    undefined_means="no pixel pair is left to count",
    source=SMIRNOV_1948,
)
def ks_p(m: LevelCounts) -> Array:
    """Whether the histograms are equal but for chance, were pixels independent."""
    from scipy.special import kolmogorov

    tail: Array = kolmogorov(np.sqrt(m.n / 2) * np.abs(m.cumulative_gap).max(-1))
    return tail


@metric(
    title="Mann-Whitney U test",
    aliases=("Wilcoxon rank-sum test",),
    formula="2 * normal_tail(max(0, abs(sum((y > x) + (y == x) / 2 for x in t for y in s) - n**2 / 2) - 1 / 2)"
    " / sqrt(n**4 * sum((f[x] + g[x]) * (4 - (f[x] + g[x])**2) for x in levels) / (48 * n - 24)))",
    bounds=(0, 1),
    best=None,
    undefined="n == 0 or any(f[x] + g[x] == 2 for x in levels)",
    undefined_means="all pixels of both regions have the same grey level",
    source=MANN_WHITNEY_1947,
)
def mann_whitney_p(m: LevelCounts) -> Array:
    """Whether neither region tends to be brighter but for chance, were pixels independent."""
    from scipy.special import ndtr

    n = m.n[..., None]
    excess = dot(m.test, m.truth.cumsum(-1) - m.truth / 2 - n / 2)
    tied = m.truth + m.test
    variance = m.n / (48 * m.n - 24) * (tied * (2 * n - tied) * (2 * n + tied)).sum(-1)
    tail: Array = ndtr(-np.maximum(0, np.abs(excess) - 1 / 2) / np.sqrt(variance))
    return 2 * tail


@metric(
    title="Welch's t-test",
    formula="2 * t_tail(abs(mean(s) - mean(t)) / sqrt((var(t) + var(s)) / (n - 1)),"
    " (n - 1) * (var(t) + var(s))**2 / (var(t)**2 + var(s)**2))",
    bounds=(0, 1),
    best=None,
    undefined="n < 2 or var(t) + var(s) == 0",
    undefined_means="each region has the same grey level everywhere",
    source=WELCH_1947,
)
def welch_t_p(m: LevelCounts) -> Array:
    """Whether both regions are equally bright on average but for chance, were pixels independent."""
    from scipy.special import stdtr

    variance = m.truth_variance + m.test_variance
    freedom = (m.n - 1) * variance**2 / (m.truth_variance**2 + m.test_variance**2)
    tail: Array = stdtr(freedom, -np.abs(m.bias) / np.sqrt(variance / (m.n - 1)))
    return 2 * tail


def _chi2_tail(statistic: Array, freedom: NDArray[np.number]) -> Array:
    """The probability of a larger statistic; NaN for one that is NaN, or 0 with no degrees of freedom."""
    from scipy.special import chdtrc

    tail: Array = chdtrc(freedom, statistic)
    return tail


def _quadratic_form(d: Array, moved: Array) -> tuple[Array, Array]:
    """`d @ pinv(S) @ d` and the rank of S, where `S = diag(moved.sum(-1)) - moved` but for the diagonal of `moved`.

    S is that of a network of conductances: its nodes are eliminated one by one (star-mesh transform), each adding what
    its share of the flow d costs. Nothing is ever subtracted from a conductance, so that the rank is exact.
    """
    cost, rank = np.zeros(d.shape[:-1]), np.zeros(d.shape[:-1])
    for node in range(d.shape[-1] - 1, 0, -1):
        links, flow, d = moved[..., node, :node], d[..., node], d[..., :node]
        conductance = links.sum(-1)
        linked = conductance > 0
        shares = np.where(linked[..., None], links / conductance[..., None], 0)
        cost, rank = cost + np.where(linked, flow**2 / conductance, 0), rank + linked
        d = d + shares * flow[..., None]
        moved = moved[..., :node, :node] + shares[..., :, None] * links[..., None, :]
    return cost, rank
