"""Crosspatch's side of every row: in go arrays, out come values by the catalogue's keys."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

import crosspatch
from bench.inputs import Levels
from crosspatch import Baseline
from crosspatch.evidence import BinaryCounts, ClassCounts, Evidence, Pairs
from crosspatch.histogram import JointHistogram
from crosspatch.labelling import Rule
from crosspatch.measure import measure
from crosspatch.places import Places

POINTWISE = (
    "accuracy",
    "balanced_accuracy",
    "precision",
    "recall",
    "specificity",
    "f1",
    "iou",
    "cohen_kappa",
    "mcc",
    "roc_auc",
    "average_precision",
    "mae",
    "rmse",
    "pearson",
    "r2",
    "mutual_information",
)
WHY_SMALL = (
    "Of 512 px about half of the time is the count of the joint histogram, by `np.bincount`; the rest, and of 64 "
    "px nearly all, are the formulas: each statistic is some calls of NumPy on 256 levels or a matrix, of about a"
    " microsecond each, whatever the number of pixels."
)
BINARY = (
    "accuracy",
    "error_rate",
    "balanced_accuracy",
    "precision",
    "recall",
    "specificity",
    "negative_predictive_value",
    "f1",
    "f2",
    "f0_5",
    "iou",
    "cohen_kappa",
    "mcc",
    "macro_f1",
    "weighted_f1",
)
NEIGHBOURHOODS = ("structure", "boundary")
POINTWISE_FAMILIES = tuple(
    dict.fromkeys(metric.family for metric in crosspatch.METRICS.values() if metric.family not in NEIGHBOURHOODS)
)


def evidence_of(truth: Levels, test: Levels, threshold: int) -> Evidence:
    """One joint histogram, and what follows from it."""
    histogram = JointHistogram.of(truth, test)
    labelling = Rule("threshold", (threshold,)).fit(histogram.truth)
    return Evidence.of_histogram(histogram, labelling)


def pointwise(truth: Levels, test: Levels, threshold: int) -> dict[str, float]:
    """The 16 statistics of row 1."""
    return derived(evidence_of(truth, test, threshold), POINTWISE)


def derived(evidence: Evidence, keys: Iterable[str]) -> dict[str, float]:
    """Metrics of evidence that is there already."""
    values = measure(evidence, [crosspatch.METRICS[key] for key in keys])
    return {key: np.nan if found.value is None else found.value for key, found in values.items()}


def ours_two_class(truth_positive: NDArray[np.bool_], test_positive: NDArray[np.bool_]) -> NDArray[np.int64]:
    """[[tn, fp], [fn, tp]] of two boolean arrays."""
    both = np.count_nonzero(truth_positive & test_positive)
    truth, test = np.count_nonzero(truth_positive), np.count_nonzero(test_positive)
    return np.array([[truth_positive.size - truth - test + both, test - both], [truth - both, both]], np.int64)


def mask_metrics(truth: Levels, test: Levels, keys: Iterable[str]) -> dict[str, float]:
    """Counts of two masks of 0 and 1, and metrics of them."""
    matrix = ours_two_class(truth.view(bool), test.view(bool))
    evidence = {BinaryCounts: BinaryCounts.of(matrix), ClassCounts: ClassCounts(matrix.astype(np.float64))}
    metrics = [crosspatch.METRICS[key] for key in keys]
    return {metric.key: metric(evidence[metric.evidence]).item() for metric in metrics}


def ours_baseline(
    levels: Levels, threshold: int, width: int, height: int, pairs: NDArray[np.int64]
) -> dict[str, NDArray[np.float64]]:
    """The metrics of BINARY (N,) of N pairs of rectangles `width` x `height` px of one picture, at `pairs` (N, 4):
    truth x, truth y, test x, test y.
    """
    labelling = Rule("threshold", (threshold,)).fit(np.bincount(levels.ravel(), minlength=256))
    found = Pairs(levels, levels, width, height, labelling)
    outcomes = found.binary(Places(*np.ascontiguousarray(pairs.T)))
    evidence = {BinaryCounts: outcomes, ClassCounts: ClassCounts.of_outcomes(outcomes)}
    metrics = [crosspatch.METRICS[key] for key in BINARY]
    return {metric.key: metric(evidence[metric.evidence]) for metric in metrics}


def chance_levels(levels: Levels, pairs: int) -> Baseline:
    """Every pointwise metric over random pairs of 64 x 64 px, with its distribution."""
    return crosspatch.baseline(
        levels, pairs=pairs, rectangle=(64, 64), labels="otsu", seed=1, families=POINTWISE_FAMILIES
    )
