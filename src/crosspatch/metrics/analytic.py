"""Intervals by formula, were pixels independent, which neighbours are not. In go evidence and a value, out come ends.

Each function here is handed to a metric's declaration: it knows how sure the value is, not what the value means.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from crosspatch.evidence import Array, ClassCounts, LevelCounts, ScoreCounts, dot
from crosspatch.metric import CONFIDENCE, AnalyticInterval
from crosspatch.metrics.arithmetic import class_distances

Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


def wilson(trials: Callable[..., Array]) -> AnalyticInterval:
    """Of a share among `trials` pixels.

    Wilson E. B. (1927), Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22(158), 209-212.
    """

    def ends(m: object, share: Array) -> tuple[Array, Array]:
        n = trials(m)
        middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
        reach = Z / (1 + Z**2 / n) * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
        # At a share of 0 or 1 one end is exact, and rounding would put it beyond.
        return np.where(share == 0, 0, middle - reach), np.where(share == 1, 1, middle + reach)

    return AnalyticInterval("Wilson's score interval", ends)


def of_kappa(power: int) -> AnalyticInterval:
    """Of the kappa that weighs disagreements by the distance of their classes to that power, by its standard error.

    Fleiss J. L., Cohen J., Everitt B. S. (1969), Large sample standard errors of kappa and weighted kappa,
    Psychological Bulletin 72(5), 323-327, with weights of disagreement: 1 less those of agreement.
    """

    def ends(m: ClassCounts, kappa: Array) -> tuple[Array, Array]:
        v, p = class_distances(m.classes, power), m.matrix / m.n[..., None, None]
        rows, columns = p.sum(-1), p.sum(-2)
        by_row, by_column = columns @ v, rows @ v
        observed, expected = (v * p).sum((-2, -1)), dot(rows, by_row)
        pull = 2 - by_row[..., :, None] - by_column[..., None, :]
        spread = (1 - v) * expected[..., None, None] - pull * observed[..., None, None]
        variance = (p * spread**2).sum((-2, -1)) - (observed * expected + expected - 2 * observed) ** 2
        error = np.sqrt(np.maximum(variance, 0) / m.n) / expected**2
        return kappa - Z * error, kappa + Z * error

    return AnalyticInterval("standard error of Fleiss, Cohen and Everitt", ends)


def _of_correlation(m: LevelCounts, r: Array) -> tuple[Array, Array]:
    angle, reach = np.arctanh(r), Z / np.sqrt(np.where(m.n > 3, m.n - 3, np.nan))
    return np.tanh(angle - reach), np.tanh(angle + reach)


# Fisher R. A. (1915), Frequency distribution of the values of the correlation coefficient in samples from an
# indefinitely large population, Biometrika 10(4), 507-521.
OF_CORRELATION = AnalyticInterval("Fisher's z", _of_correlation)


def _of_auc(m: ScoreCounts, area: Array) -> tuple[Array, Array]:
    positives, negatives = m.positives.sum(-1), m.negatives.sum(-1)
    brighter = positives[..., None] - m.positives.cumsum(-1)
    darker = m.negatives.cumsum(-1) - m.negatives
    # How often two positives are both brighter than one negative, and two negatives both darker than one positive.
    q1 = _both(brighter, m.positives, m.negatives) / (negatives * positives**2)
    q2 = _both(darker, m.negatives, m.positives) / (positives * negatives**2)
    spread = area * (1 - area) + (positives - 1) * (q1 - area**2) + (negatives - 1) * (q2 - area**2)
    error = np.sqrt(np.maximum(spread, 0) / (positives * negatives))
    return area - Z * error, area + Z * error


def _both(beyond: Array, tied: Array, weights: Array) -> Array:
    """How often two drawn together lie beyond a level, those that tie with it in each order alike."""
    squares: Array = beyond**2 + beyond * tied + tied**2 / 3
    return dot(weights, squares)


# Hanley J. A., McNeil B. J. (1982), The meaning and use of the area under a receiver operating characteristic (ROC)
# curve, Radiology 143(1), 29-36, equation 1 and table II.
OF_AUC = AnalyticInterval("standard error of Hanley and McNeil", _of_auc)
