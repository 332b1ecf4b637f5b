"""Counts of a data set, up to 10^12 a cell, lose nothing: bodies in float64 against formulas in exact fractions."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metrics import formulas

from crosspatch.evidence import DIFFERENCE, BinaryCounts, ClassCounts, JointCounts, LevelCounts
from crosspatch.metrics import CATALOGUE

LARGE = 10**12
COUNT = st.sampled_from([0, 1, 2, LARGE - 1, LARGE]) | st.integers(0, LARGE)
MATRIX = st.lists(COUNT, min_size=4, max_size=4).map(lambda x: [x[:2], x[2:]])
THREE = st.lists(COUNT, min_size=9, max_size=9).map(lambda x: [x[:3], x[3:6], x[6:]])


def value(key: str, matrix: list[list[int]]) -> float:
    metric = CATALOGUE[key]
    counts = np.array(matrix, np.float64)
    return metric(BinaryCounts.of(counts) if metric.evidence is BinaryCounts else ClassCounts(counts)).item()


@settings(deadline=None, max_examples=300)
@given(MATRIX)
def test_kappa_and_mcc_are_right_to_the_last_digits(matrix: list[list[int]]) -> None:
    (tn, fp), (fn, tp) = matrix
    expected_agreement = (tp + fp) * (fp + tn) + (tp + fn) * (fn + tn)
    spread = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    covariance = tp * tn - fp * fn
    kappa = float(Fraction(2 * covariance, expected_agreement)) if expected_agreement else np.nan
    mcc = covariance / sqrt(spread) if spread else np.nan
    actual = value("cohen_kappa", matrix), value("mcc", matrix)
    assert actual == pytest.approx((kappa, mcc), rel=1e-12, abs=1e-14, nan_ok=True)


@settings(deadline=None, max_examples=200)
@given(MATRIX)
def test_every_metric_of_two_classes_is_exact_for_large_counts(matrix: list[list[int]]) -> None:
    check(matrix, BinaryCounts)


@settings(deadline=None, max_examples=200)
@given(MATRIX | THREE)
def test_every_metric_of_classes_is_exact_for_large_counts(matrix: list[list[int]]) -> None:
    check(matrix, ClassCounts)


def check(matrix: list[list[int]], evidence: type) -> None:
    names = formulas.of_outcomes(matrix) if evidence is BinaryCounts else formulas.of_classes(matrix)
    for key, metric in CATALOGUE.items():
        if metric.evidence is evidence:
            defined = not formulas.holds(metric.undefined_when, names)
            expected = formulas.evaluate(metric.formula, names) if defined else np.nan
            actual = value(key, matrix)
            actual = actual if np.isfinite(actual) else np.nan
            assert actual == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True), (key, matrix)


def test_grey_level_metrics_do_not_change_when_every_pair_is_counted_a_billion_times() -> None:
    rng = np.random.default_rng(26)
    once = np.zeros((256, 256))
    once[rng.integers(0, 256, 300), rng.integers(100, 130, 300)] = 1
    # These are about samples, and know how many pixels there are.
    sampled = {"icc", "cohen_d", "cramer_von_mises", "ks_p", "mann_whitney_p", "welch_t_p"}
    for key, metric in CATALOGUE.items():
        if metric.evidence in (LevelCounts, JointCounts) and key not in sampled:
            one, many = (metric(evidence(metric.evidence, once * times)).item() for times in (1, 10**9))
            assert many == pytest.approx(one, rel=1e-9, abs=1e-9), key


def test_a_single_odd_pixel_among_a_trillion_is_seen() -> None:
    counts = np.zeros((256, 256))
    counts[200, 200], counts[201, 202] = LARGE, 1
    actual = [CATALOGUE[key](evidence(CATALOGUE[key].evidence, counts)).item() for key in ("pearson", "kendall_tau_b")]
    assert actual == pytest.approx([1, 1], abs=1e-6)


def evidence(kind: type, counts: np.ndarray) -> object:
    if kind is JointCounts:
        return JointCounts(counts)
    differences = np.array([np.trace(counts, int(offset)) for offset in DIFFERENCE])
    return LevelCounts(counts.sum(1), counts.sum(0), differences)
