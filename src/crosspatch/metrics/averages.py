"""Rates averaged over classes: each class against the rest, those left out for which the rate is undefined."""

from __future__ import annotations

from crosspatch.evidence import Array, ClassCounts
from crosspatch.metric import metric
from crosspatch.metrics.arithmetic import mean_of_defined, weighted_by_truth
from crosspatch.metrics.rates import f1, iou, precision, recall
from crosspatch.metrics.sources import (
    BRODERSEN_2010,
    LONG_2015,
    PEDREGOSA_2011,
    SOKOLOVA_LAPALME_2009,
)

FAMILY = "rates"


@metric(
    title="Balanced accuracy",
    aliases=("BACC",),
    formula="mean(tp[i] / (tp[i] + fn[i]) for i in classes if tp[i] + fn[i] > 0)",
    bounds=(0, 1),
    best=1,
    undefined="n == 0",
    undefined_means="no pixel pair is left to count",
    source=BRODERSEN_2010,
    average_of=recall,
)
def balanced_accuracy(m: ClassCounts) -> Array:
    """Accuracy with every class counting alike, however few its pixels: the mean recall of the truth's classes."""
    return mean_of_defined(recall(m.one_vs_rest))


@metric(
    title="Macro precision",
    aliases=("mean precision",),
    formula="mean(tp[i] / (tp[i] + fp[i]) for i in classes if tp[i] + fp[i] > 0)",
    bounds=(0, 1),
    best=1,
    undefined="n == 0",
    undefined_means="no pixel pair is left to count",
    source=SOKOLOVA_LAPALME_2009,
    average_of=precision,
)
def macro_precision(m: ClassCounts) -> Array:
    """The mean of every class's precision, each class counting alike."""
    return mean_of_defined(precision(m.one_vs_rest))


@metric(
    title="Macro recall",
    aliases=("mean class accuracy", "unweighted average recall"),
    formula="mean(tp[i] / (tp[i] + fn[i]) for i in classes if tp[i] + fn[i] > 0)",
    bounds=(0, 1),
    best=1,
    undefined="n == 0",
    undefined_means="no pixel pair is left to count",
    source=SOKOLOVA_LAPALME_2009,
    average_of=recall,
)
def macro_recall(m: ClassCounts) -> Array:
    """The mean of every class's recall, each class counting alike."""
    return mean_of_defined(recall(m.one_vs_rest))


@metric(
    title="Macro F1",
    aliases=("mean Dice",),
    formula="mean(2 * tp[i] / (2 * tp[i] + fp[i] + fn[i]) for i in classes if tp[i] + fp[i] + fn[i] > 0)",
    bounds=(0, 1),
    best=1,
    undefined="n == 0",
    undefined_means="no pixel pair is left to count",
    source=SOKOLOVA_LAPALME_2009,
    headline=8,
    average_of=f1,
)
def macro_f1(m: ClassCounts) -> Array:
    """The mean of every class's F1 score, each class counting alike."""
    return mean_of_defined(f1(m.one_vs_rest))


@metric(
    title="Weighted F1",
    formula="sum(rows[i] * 2 * tp[i] / (2 * tp[i] + fp[i] + fn[i]) for i in classes if rows[i] > 0) / n",
    bounds=(0, 1),
    best=1,
    undefined="n == 0",
    undefined_means="no pixel pair is left to count",
    source=PEDREGOSA_2011,
    average_of=f1,
)
def weighted_f1(m: ClassCounts) -> Array:
    """The mean of every class's F1 score, each class counting by its pixels in the truth."""
    return weighted_by_truth(m, f1(m.one_vs_rest))


@metric(
    title="Mean intersection over union",
    aliases=("mIoU", "mean Jaccard"),
    formula="mean(tp[i] / (tp[i] + fp[i] + fn[i]) for i in classes if tp[i] + fp[i] + fn[i] > 0)",
    bounds=(0, 1),
    best=1,
    undefined="n == 0",
    undefined_means="no pixel pair is left to count",
    source=LONG_2015,
    headline=7,
    average_of=iou,
)
def mean_iou(m: ClassCounts) -> Array:
    """The mean of every class's intersection over union, each class counting alike."""
    return mean_of_defined(iou(m.one_vs_rest))


@metric(
    title="Frequency weighted intersection over union",
    aliases=("FWIoU",),
    formula="sum(rows[i] * tp[i] / (tp[i] + fp[i] + fn[i]) for i in classes if rows[i] > 0) / n",
    bounds=(0, 1),
    best=1,
    undefined="n == 0",
    undefined_means="no pixel pair is left to count",
    source=LONG_2015,
    average_of=iou,
)
def frequency_weighted_iou(m: ClassCounts) -> Array:
    """The mean of every class's intersection over union, each class counting by its pixels in the truth."""
    return weighted_by_truth(m, iou(m.one_vs_rest))
