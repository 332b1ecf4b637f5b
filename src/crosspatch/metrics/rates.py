"""Rates: of the pixels that should, how many do? From the outcomes of two classes, or one class against the rest."""

from __future__ import annotations

from math import inf

import numpy as np

from crosspatch.evidence import Array, BinaryCounts, ClassCounts
from crosspatch.metric import metric
from crosspatch.metrics.analytic import wilson
from crosspatch.metrics.sources import (
    ALTMAN_BLAND_1994,
    BALAYLA_2020,
    BENJAMINI_HOCHBERG_1995,
    DEEKS_ALTMAN_2004,
    DICE_1945,
    FAWCETT_2006,
    FOWLKES_MALLOWS_1983,
    GENOVESE_WASSERMAN_2002,
    GLAS_2003,
    JACCARD_1912,
    KENT_1955,
    KUBAT_MATWIN_1997,
    METZ_1978,
    POWERS_2011,
    SOKOLOVA_LAPALME_2009,
    TAHA_HANBURY_2015,
    VAN_RIJSBERGEN_1979,
    YERUSHALMY_1947,
    YOUDEN_1950,
)

LOW_MEANS = (
    "A low share of agreement only says that the classes lie at different places in the two patches, as they mostly "
    "do when patches are cut at random."
)


@metric(
    title="Accuracy",
    aliases=("observed agreement", "percent agreement", "overall accuracy", "pixel accuracy"),
    formula="sum(c[i, i] for i in classes) / n",
    bounds=(0, 1),
    best=1,
    undefined="n == 0",
    undefined_means="no pixel pair is left to count",
    source=METZ_1978,
    headline=9,
    analytic=wilson(lambda m: m.n),
)
def accuracy(m: ClassCounts) -> Array:
    """Pixel pairs of the same class, over all pixel pairs."""
    return m.diagonal.sum(-1) / m.n


@metric(
    title="Error rate",
    aliases=("misclassification rate", "zero-one loss"),
    formula="sum(c[i, j] for i in classes for j in classes if i != j) / n",
    bounds=(0, 1),
    best=0,
    undefined="n == 0",
    undefined_means="no pixel pair is left to count",
    source=SOKOLOVA_LAPALME_2009,
    analytic=wilson(lambda m: m.n),
)
def error_rate(m: ClassCounts) -> Array:
    """Pixel pairs of different classes, over all pixel pairs."""
    return m.disagreements / m.n


@metric(
    title="Precision",
    aliases=("positive predictive value", "PPV"),
    formula="tp / (tp + fp)",
    bounds=(0, 1),
    best=1,
    undefined="tp + fp == 0",
    undefined_means="the test has no positive pixel",
    source=KENT_1955,
    analytic=wilson(lambda m: m.tp + m.fp),
)
def precision(m: BinaryCounts) -> Array:
    """Of the pixels that the test calls positive, the share that are."""
    return m.tp / (m.tp + m.fp)


@metric(
    title="Recall",
    aliases=("sensitivity", "true positive rate", "TPR", "hit rate", "producer's accuracy"),
    formula="tp / (tp + fn)",
    bounds=(0, 1),
    best=1,
    undefined="tp + fn == 0",
    undefined_means="the truth has no positive pixel",
    source=KENT_1955,
    analytic=wilson(lambda m: m.tp + m.fn),
)
def recall(m: BinaryCounts) -> Array:
    """Of the pixels that are positive in the truth, the share that the test finds."""
    return m.tp / (m.tp + m.fn)


@metric(
    title="Specificity",
    aliases=("true negative rate", "TNR", "selectivity"),
    formula="tn / (tn + fp)",
    bounds=(0, 1),
    best=1,
    undefined="fp + tn == 0",
    undefined_means="the truth has no negative pixel",
    source=YERUSHALMY_1947,
    analytic=wilson(lambda m: m.tn + m.fp),
)
def specificity(m: BinaryCounts) -> Array:
    """Of the pixels that are negative in the truth, the share that the test leaves negative."""
    return m.tn / (m.tn + m.fp)


@metric(
    title="Negative predictive value",
    aliases=("NPV",),
    formula="tn / (tn + fn)",
    bounds=(0, 1),
    best=1,
    undefined="fn + tn == 0",
    undefined_means="the test has no negative pixel",
    source=ALTMAN_BLAND_1994,
    analytic=wilson(lambda m: m.tn + m.fn),
)
def negative_predictive_value(m: BinaryCounts) -> Array:
    """Of the pixels that the test calls negative, the share that are."""
    return m.tn / (m.tn + m.fn)


@metric(
    title="False positive rate",
    aliases=("FPR", "fall-out", "false alarm rate"),
    formula="fp / (fp + tn)",
    bounds=(0, 1),
    best=0,
    undefined="fp + tn == 0",
    undefined_means="the truth has no negative pixel",
    source=FAWCETT_2006,
    analytic=wilson(lambda m: m.fp + m.tn),
)
def false_positive_rate(m: BinaryCounts) -> Array:
    """Of the pixels that are negative in the truth, the share that the test calls positive."""
    return m.fp / (m.fp + m.tn)


@metric(
    title="False negative rate",
    aliases=("FNR", "miss rate"),
    formula="fn / (fn + tp)",
    bounds=(0, 1),
    best=0,
    undefined="tp + fn == 0",
    undefined_means="the truth has no positive pixel",
    source=METZ_1978,
    analytic=wilson(lambda m: m.fn + m.tp),
)
def false_negative_rate(m: BinaryCounts) -> Array:
    """Of the pixels that are positive in the truth, the share that the test misses."""
    return m.fn / (m.fn + m.tp)


@metric(
    title="False discovery rate",
    aliases=("FDR",),
    formula="fp / (fp + tp)",
    bounds=(0, 1),
    best=0,
    undefined="tp + fp == 0",
    undefined_means="the test has no positive pixel",
    source=BENJAMINI_HOCHBERG_1995,
    analytic=wilson(lambda m: m.fp + m.tp),
)
def false_discovery_rate(m: BinaryCounts) -> Array:
    """Of the pixels that the test calls positive, the share that are not."""
    return m.fp / (m.fp + m.tp)


@metric(
    title="False omission rate",
    aliases=("FOR", "false nondiscovery rate"),
    formula="fn / (fn + tn)",
    bounds=(0, 1),
    best=0,
    undefined="fn + tn == 0",
    undefined_means="the test has no negative pixel",
    source=GENOVESE_WASSERMAN_2002,
    analytic=wilson(lambda m: m.fn + m.tn),
)
def false_omission_rate(m: BinaryCounts) -> Array:
    """Of the pixels that the test calls negative, the share that are positive in the truth."""
    return m.fn / (m.fn + m.tn)


@metric(
    title="F1 score (Dice coefficient)",
    aliases=("Dice", "Dice similarity coefficient", "DSC", "Sørensen-Dice", "F-measure"),
    formula="2 * tp / (2 * tp + fp + fn)",
    bounds=(0, 1),
    best=1,
    undefined="tp + fp + fn == 0",
    undefined_means="neither region has a positive pixel",
    source=DICE_1945,
    headline=3,
)
def f1(m: BinaryCounts) -> Array:
    """Twice the positive pixels in both regions, over the positive pixels of each added up."""
    return 2 * m.tp / (2 * m.tp + m.fp + m.fn)


@metric(
    title="F2 score",
    aliases=("F-beta with beta 2",),
    formula="5 * tp / (5 * tp + 4 * fn + fp)",
    bounds=(0, 1),
    best=1,
    undefined="tp + fp + fn == 0",
    undefined_means="neither region has a positive pixel",
    source=VAN_RIJSBERGEN_1979,
)
def f2(m: BinaryCounts) -> Array:
    """Precision and recall in one number, with recall counting as twice as important."""
    return 5 * m.tp / (5 * m.tp + 4 * m.fn + m.fp)


@metric(
    title="F0.5 score",
    aliases=("F-beta with beta 0.5",),
    formula="5 * tp / (5 * tp + fn + 4 * fp)",
    bounds=(0, 1),
    best=1,
    undefined="tp + fp + fn == 0",
    undefined_means="neither region has a positive pixel",
    source=VAN_RIJSBERGEN_1979,
)
def f0_5(m: BinaryCounts) -> Array:
    """Precision and recall in one number, with precision counting as twice as important."""
    return 5 * m.tp / (5 * m.tp + m.fn + 4 * m.fp)


@metric(
    title="Jaccard index (intersection over union)",
    aliases=("Jaccard", "IoU", "mask IoU", "critical success index", "threat score"),
    formula="tp / (tp + fp + fn)",
    bounds=(0, 1),
    best=1,
    undefined="tp + fp + fn == 0",
    undefined_means="neither region has a positive pixel",
    source=JACCARD_1912,
    headline=2,
    analytic=wilson(lambda m: m.tp + m.fp + m.fn),
)
def iou(m: BinaryCounts) -> Array:
    """Positive pixels in both regions, over those in either."""
    return m.tp / (m.tp + m.fp + m.fn)


@metric(
    title="Geometric mean of recall and specificity",
    aliases=("G-mean",),
    formula="sqrt(tp / (tp + fn) * tn / (tn + fp))",
    bounds=(0, 1),
    best=1,
    undefined="tp + fn == 0 or fp + tn == 0",
    undefined_means="the truth lacks positive or negative pixels",
    source=KUBAT_MATWIN_1997,
)
def g_mean(m: BinaryCounts) -> Array:
    """Recall and specificity in one number that is high only when both are."""
    return np.sqrt(m.tp / (m.tp + m.fn) * (m.tn / (m.tn + m.fp)))


@metric(
    title="Fowlkes-Mallows index",
    aliases=("geometric mean of precision and recall",),
    formula="tp / sqrt((tp + fp) * (tp + fn))",
    bounds=(0, 1),
    best=1,
    undefined="tp + fp == 0 or tp + fn == 0",
    undefined_means="a region has no positive pixel",
    source=FOWLKES_MALLOWS_1983,
)
def fowlkes_mallows(m: BinaryCounts) -> Array:
    """Precision and recall in one number: their geometric mean."""
    return m.tp / np.sqrt((m.tp + m.fp) * (m.tp + m.fn))


@metric(
    title="Prevalence",
    aliases=("base rate",),
    formula="(tp + fn) / n",
    bounds=(0, 1),
    best=None,
    undefined="n == 0",
    undefined_means="no pixel pair is left to count",
    source=ALTMAN_BLAND_1994,
    analytic=wilson(lambda m: m.n),
)
def prevalence(m: BinaryCounts) -> Array:
    """The share of pixels that are positive in the truth."""
    return (m.tp + m.fn) / m.n


@metric(
    title="Predicted prevalence",
    aliases=("predicted positive rate",),
    formula="(tp + fp) / n",
    bounds=(0, 1),
    best=None,
    undefined="n == 0",
    undefined_means="no pixel pair is left to count",
    source=POWERS_2011,
    analytic=wilson(lambda m: m.n),
)
def predicted_prevalence(m: BinaryCounts) -> Array:
    """The share of pixels that the test calls positive."""
    return (m.tp + m.fp) / m.n


@metric(
    title="Volumetric similarity",
    aliases=("VS",),
    formula="1 - abs(fn - fp) / (2 * tp + fp + fn)",
    bounds=(0, 1),
    best=1,
    undefined="tp + fp + fn == 0",
    undefined_means="neither region has a positive pixel",
    source=TAHA_HANBURY_2015,
)
def volumetric_similarity(m: BinaryCounts) -> Array:
    """How alike the positive areas are in size, wherever they lie."""
    return 1 - np.abs(m.fn - m.fp) / (2 * m.tp + m.fp + m.fn)


@metric(
    title="Positive likelihood ratio",
    aliases=("LR+",),
    formula="tp / (tp + fn) / (fp / (fp + tn))",
    bounds=(0, inf),
    best=inf,
    undefined="tp + fn == 0 or fp == 0",
    undefined_means="the truth has no positive pixel, or the test has no false positive",
    source=DEEKS_ALTMAN_2004,
)
def positive_likelihood_ratio(m: BinaryCounts) -> Array:
    """How many times likelier a positive call is for a positive pixel than for a negative one."""
    return m.tp / (m.tp + m.fn) / (m.fp / (m.fp + m.tn))


@metric(
    title="Negative likelihood ratio",
    aliases=("LR-",),
    formula="fn / (fn + tp) / (tn / (tn + fp))",
    bounds=(0, inf),
    best=0,
    undefined="tp + fn == 0 or tn == 0",
    undefined_means="the truth has no positive pixel, or the test has no true negative",
    source=DEEKS_ALTMAN_2004,
)
def negative_likelihood_ratio(m: BinaryCounts) -> Array:
    """How many times likelier a negative call is for a positive pixel than for a negative one."""
    return m.fn / (m.fn + m.tp) / (m.tn / (m.tn + m.fp))


@metric(
    title="Diagnostic odds ratio",
    aliases=("DOR", "odds ratio"),
    formula="tp * tn / (fp * fn)",
    bounds=(0, inf),
    best=inf,
    undefined="fp == 0 or fn == 0",
    undefined_means="the test has no false positive or no false negative",
    source=GLAS_2003,
)
def diagnostic_odds_ratio(m: BinaryCounts) -> Array:
    """The odds of a positive call for a positive pixel, over those for a negative one."""
    return m.tp * m.tn / (m.fp * m.fn)


@metric(
    title="Youden's J",
    aliases=("informedness", "bookmaker informedness", "Peirce skill score"),
    formula="tp / (tp + fn) + tn / (tn + fp) - 1",
    bounds=(-1, 1),
    best=1,
    undefined="tp + fn == 0 or fp + tn == 0",
    undefined_means="the truth lacks positive or negative pixels",
    source=YOUDEN_1950,
)
def youden_j(m: BinaryCounts) -> Array:
    """How much better than guessing the test tells positive pixels from negative ones; 0 is a guess."""
    return m.tp / (m.tp + m.fn) + m.tn / (m.tn + m.fp) - 1


@metric(
    title="Markedness",
    aliases=("delta P",),
    formula="tp / (tp + fp) + tn / (tn + fn) - 1",
    bounds=(-1, 1),
    best=1,
    undefined="tp + fp == 0 or fn + tn == 0",
    undefined_means="the test lacks positive or negative pixels",
    source=POWERS_2011,
)
def markedness(m: BinaryCounts) -> Array:
    """How far the test's calls, positive and negative, can be relied on; 0 is a guess."""
    return m.tp / (m.tp + m.fp) + m.tn / (m.tn + m.fn) - 1


@metric(
    title="Prevalence threshold",
    aliases=("PT",),
    formula="sqrt(fp / (fp + tn)) / (sqrt(tp / (tp + fn)) + sqrt(fp / (fp + tn)))",
    bounds=(0, 1),
    best=0,
    undefined="tp + fn == 0 or fp + tn == 0 or tp + fp == 0",
    undefined_means="the truth lacks positive or negative pixels, or the test has no positive pixel",
    source=BALAYLA_2020,
)
def prevalence_threshold(m: BinaryCounts) -> Array:
    """The prevalence below which a positive call soon ceases to be trustworthy."""
    root_fpr: Array = np.sqrt(m.fp / (m.fp + m.tn))
    root_tpr: Array = np.sqrt(m.tp / (m.tp + m.fn))
    return root_fpr / (root_tpr + root_fpr)
