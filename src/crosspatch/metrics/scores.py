"""Scores: does the test's grey level tell the truth's positive pixels from its negative ones, at any threshold?

From the test's grey levels apart for truth-positive and truth-negative pixels; a score is level / 255.
"""

from __future__ import annotations

from math import inf

import numpy as np

from crosspatch.evidence import LEVEL, Array, ScoreCounts, dot
from crosspatch.metric import metric
from crosspatch.metrics.analytic import OF_AUC
from crosspatch.metrics.arithmetic import wins
from crosspatch.metrics.sources import BRIER_1950, GOOD_1952, HANLEY_MCNEIL_1982, NAEINI_2015, ZHU_2004

LOW_MEANS = (
    "An area near one half says that the test's brightness tells nothing of the truth's classes, as is to be expected "
    "of patches that show different things."
)
SCORE = LEVEL / 255
# The score's distance from 1, kept exact: 1 - SCORE is not.
SHORTFALL = LEVEL[::-1] / 255
# Minus the logarithm of the score; that of 0, infinity, stands apart, for 0 pixels of it are no loss.
LOSS = np.append(0, np.log1p(SHORTFALL[1:] / SCORE[1:]))
# The first level of each of ten equal bins: the bin of a level is min(9, 10 * level // 255).
BIN_STARTS = np.searchsorted(np.minimum(9, 10 * np.arange(256) // 255), np.arange(10))
NOTHING = "no pixel pair is left to count"


@metric(
    title="Area under the ROC curve",
    area_under="roc",
    aliases=("ROC AUC", "AUROC", "c-statistic"),
    formula="mean((x > y) + (x == y) / 2 for x in p for y in q)",
    bounds=(0, 1),
    best=1,
    undefined="len(p) == 0 or len(q) == 0",
    undefined_means="the truth lacks positive or negative pixels",
    source=HANLEY_MCNEIL_1982,
    analytic=OF_AUC,
)
def roc_auc(m: ScoreCounts) -> Array:
    """How often a truth-positive pixel is brighter in the test than a truth-negative one; 0.5 is a guess."""
    return wins(m.positives, m.negatives) / (m.positives.sum(-1) * m.negatives.sum(-1))


@metric(
    title="Average precision",
    area_under="precision_recall",
    aliases=("AP", "area under the precision-recall curve"),
    formula="mean(sum(y >= x for y in p) / (sum(y >= x for y in p) + sum(y >= x for y in q)) for x in p)",
    bounds=(0, 1),
    best=1,
    undefined="len(p) == 0",
    undefined_means="the truth has no positive pixel",
    source=ZHU_2004,
)
def average_precision(m: ScoreCounts) -> Array:
    """Precision averaged over the thresholds at which each truth-positive pixel is just found."""
    tp = _at_or_above(m.positives)
    # Where no pixel is found there is none to weigh: whole numbers, so that 1 changes no other.
    precision = tp / np.maximum(tp + _at_or_above(m.negatives), 1)
    return (m.positives * precision).sum(-1) / m.positives.sum(-1)


@metric(
    title="Brier score",
    formula="(sum((1 - x)**2 for x in p) + sum(x**2 for x in q)) / (len(p) + len(q))",
    bounds=(0, 1),
    best=0,
    undefined="len(p) + len(q) == 0",
    undefined_means=NOTHING,
    source=BRIER_1950,
)
def brier_score(m: ScoreCounts) -> Array:
    """The mean squared distance of the test's score from the truth's 0 or 1."""
    return (dot(m.positives, SHORTFALL**2) + dot(m.negatives, SCORE**2)) / _pixels(m)


@metric(
    title="Log loss",
    aliases=("cross-entropy",),
    unit="nats",
    formula="-(sum(log(x) for x in p) + sum(log(1 - x) for x in q)) / (len(p) + len(q))",
    bounds=(0, inf),
    best=0,
    undefined="len(p) + len(q) == 0 or 0 in p or 1 in q",
    undefined_means="a truth-positive pixel is black in the test or a truth-negative one white, an infinite loss",
    source=GOOD_1952,
)
def log_loss(m: ScoreCounts) -> Array:
    """How surprised one is by the truth after believing the test's scores as probabilities."""
    loss = (m.positives * LOSS + m.negatives * LOSS[::-1]).sum(-1)
    return np.where(m.positives[..., 0] + m.negatives[..., -1] > 0, inf, loss / _pixels(m))


@metric(
    title="Expected calibration error",
    aliases=("ECE",),
    formula="sum(abs(sum(1 - x for x in p if min(9, floor(10 * x)) == b)"
    " - sum(x for x in q if min(9, floor(10 * x)) == b)) for b in range(10)) / (len(p) + len(q))",
    bounds=(0, 1),
    best=0,
    undefined="len(p) + len(q) == 0",
    undefined_means=NOTHING,
    source=NAEINI_2015,
)
def expected_calibration_error(m: ScoreCounts) -> Array:
    """How far the test's scores, read as probabilities, lie from the share of positives they meet, in ten bins."""
    gaps: Array = np.abs(np.add.reduceat(m.positives * SHORTFALL - m.negatives * SCORE, BIN_STARTS, -1))
    return gaps.sum(-1) / _pixels(m)


def _pixels(m: ScoreCounts) -> Array:
    return m.positives.sum(-1) + m.negatives.sum(-1)


def _at_or_above(counts: Array) -> Array:
    return counts[..., ::-1].cumsum(-1)[..., ::-1]
