"""Worked values that were published, by family. Each test names where its numbers stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from scipy import stats

from crosspatch.evidence import BinaryCounts, ClassCounts, Evidence, ScoreCounts
from crosspatch.histogram import JointHistogram
from crosspatch.labelling import Rule
from crosspatch.metrics import CATALOGUE


def of_matrix(key: str, matrix: Sequence[Sequence[int]]) -> float:
    counts = np.array(matrix, np.float64)
    metric = CATALOGUE[key]
    return metric(BinaryCounts.of(counts) if metric.evidence is BinaryCounts else ClassCounts(counts)).item()


def of_labels(key: str, truth: Sequence[object], test: Sequence[object]) -> float:
    names = sorted({*truth, *test}, key=str)
    pairs = list(zip(truth, test, strict=True))
    return of_matrix(key, [[pairs.count((a, b)) for b in names] for a in names])


def of_levels(key: str, truth: Sequence[int], test: Sequence[int]) -> float:
    histogram = JointHistogram.of(np.array(truth, np.uint8), np.array(test, np.uint8))
    labelling = Rule.parse("threshold:1").fit(histogram.truth)
    metric = CATALOGUE[key]
    return metric(Evidence(histogram, labelling.confusion(histogram), labelling, None).of(metric.evidence)).item()


# Altman D. G., Bland J. M. (1994), Diagnostic tests 1 and 2, BMJ 308, 1552 and 309, 102: liver scans of 344 patients.
LIVER_SCAN = [[54, 32], [27, 231]]


@pytest.mark.parametrize(
    ("key", "published"),
    [
        ("recall", 0.90),
        ("specificity", 0.63),
        ("precision", 0.88),
        ("negative_predictive_value", 0.67),
        ("prevalence", 0.75),
        ("accuracy", 0.83),
    ],
)
def test_rates_of_the_liver_scans_are_those_of_altman_and_bland(key: str, published: float) -> None:
    assert of_matrix(key, LIVER_SCAN) == pytest.approx(published, abs=0.005)


def test_kappa_is_that_of_cohens_worked_example() -> None:
    """Cohen 1960, 200 patients judged by two: 0.492."""
    assert of_matrix("cohen_kappa", [[88, 14, 18], [10, 40, 10], [2, 6, 12]]) == pytest.approx(0.492, abs=0.0005)


# The data set SexualFun of the R package vcd (Agresti 1990), and the output of its Kappa().
SEXUAL_FUN = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]


@pytest.mark.parametrize(("key", "published"), [("cohen_kappa", 0.1293), ("linear_weighted_kappa", 0.2374)])
def test_kappas_are_those_that_vcd_prints(key: str, published: float) -> None:
    assert of_matrix(key, SEXUAL_FUN) == pytest.approx(published, abs=0.00005)


def test_ac1_stands_where_kappa_falls_as_gwet_shows() -> None:
    """Gwet K. (2002), Kappa statistic is not satisfactory for assessing the extent of agreement between raters."""
    matrix = [[118, 5], [2, 0]]
    actual = of_matrix("gwet_ac1", matrix), of_matrix("cohen_kappa", matrix)
    assert actual == pytest.approx((0.941, -0.023), abs=0.0005)


def test_alpha_is_that_of_krippendorffs_worked_examples() -> None:
    """Krippendorff K. (2011), Computing Krippendorff's alpha-reliability, sections A and B: 0.095 and 0.692."""
    binary = of_labels("krippendorff_alpha", "0100000010", "1110010000")
    nominal = of_labels("krippendorff_alpha", "aabbdcccedda", "babbbccceddd")
    assert (binary, nominal) == pytest.approx((0.095, 0.692), abs=0.0005)


# Stuart A. (1955), A test for homogeneity of the marginal distributions in a two-way classification, Biometrika 42:
# unaided distance vision of 7,477 women, right eye against left.
VISION = [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]


@pytest.mark.parametrize(("key", "chi_square", "freedom"), [("stuart_maxwell_p", 11.957, 3), ("bowker_p", 19.107, 6)])
def test_the_vision_of_both_eyes_differs_as_in_the_textbooks(key: str, chi_square: float, freedom: int) -> None:
    """Agresti A. (2002), Categorical Data Analysis, section 10.4, gives 11.96 and 19.11; the manual of statsmodels,
    Contingency tables, one digit more.
    """
    assert stats.chi2.isf(of_matrix(key, VISION), freedom) == pytest.approx(chi_square, abs=0.0005)


def test_approval_of_the_prime_minister_changed_as_agresti_tests_it() -> None:
    """Agresti A. (2002), Categorical Data Analysis, section 10.1: z² = 17.36 for two polls of 1,600 people."""
    approval = [[794, 150], [86, 570]]
    actual = [stats.chi2.isf(of_matrix(key, approval), 1) for key in ("mcnemar_p", "bowker_p", "stuart_maxwell_p")]
    assert actual == pytest.approx([17.36] * 3, abs=0.005)


def test_rand_indices_are_those_of_yeung_and_ruzzo() -> None:
    """Yeung K. Y., Ruzzo W. L. (2001), Details of the adjusted Rand index and clustering algorithms: 0.711, 0.313."""
    matrix = [[1, 1, 0], [1, 2, 1], [0, 0, 4]]
    actual = of_matrix("rand_index", matrix), of_matrix("adjusted_rand_index", matrix)
    assert actual == pytest.approx((0.711, 0.313), abs=0.0005)


def test_normalised_mutual_information_is_that_of_the_textbook() -> None:
    """Manning, Raghavan and Schütze (2008), Introduction to Information Retrieval, section 16.3: 0.36 and 0.68."""
    clusters = [[5, 1, 2], [1, 4, 0], [0, 1, 3]]
    actual = of_matrix("normalized_mutual_information", clusters), of_matrix("rand_index", clusters)
    assert actual == pytest.approx((0.36, 0.68), abs=0.005)


def test_the_area_under_the_roc_curve_is_that_of_hanley_and_mcneil() -> None:
    """Hanley and McNeil 1982, table I: 109 CT images rated in five grades, area 0.893."""
    normal, abnormal = [33, 6, 6, 11, 2], [3, 2, 2, 11, 33]
    grades = np.zeros((2, 256))
    grades[0, :5], grades[1, :5] = abnormal, normal
    assert CATALOGUE["roc_auc"](ScoreCounts(*grades)).item() == pytest.approx(0.893, abs=0.0005)


@pytest.mark.parametrize(
    ("key", "published"),
    [
        ("mae", 2 * 0.5),
        ("mse", 4 * 0.375),
        ("median_absolute_error", 2 * 0.5),
        ("r2", 0.948608),
        ("explained_variance", 0.957173),
    ],
)
def test_errors_are_those_of_scikit_learns_user_guide(key: str, published: float) -> None:
    """There y is 3, -0.5, 2, 7 and its prediction 2.5, 0, 2, 8; here both are doubled and raised by 1."""
    assert of_levels(key, [7, 0, 5, 15], [6, 1, 5, 17]) == pytest.approx(published, abs=1e-6)


def test_spearmans_rho_of_iq_and_television_is_that_of_wikipedia() -> None:
    """Wikipedia, Spearman's rank correlation coefficient, example: -29/165."""
    iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    assert of_levels("spearman", iq, hours) == pytest.approx(-29 / 165, abs=1e-12)


def test_kendalls_tau_b_is_that_of_scipys_manual() -> None:
    assert of_levels("kendall_tau_b", [12, 2, 1, 12, 2], [1, 4, 7, 1, 0]) == pytest.approx(-0.47140452, abs=1e-8)


def test_distances_of_distributions_are_those_of_scipys_manual() -> None:
    """The examples of wasserstein_distance and energy_distance."""
    actual = of_levels("wasserstein", [0, 1, 3], [5, 6, 8]), of_levels("energy_distance", [0], [2])
    assert actual == pytest.approx((5, 2), abs=1e-12)
