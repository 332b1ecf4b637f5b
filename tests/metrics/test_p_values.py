"""p-values where 1e-9 says little: far in the tails, on sparse matrices, and by statsmodels' own tests."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from metrics.cases import CASES
from metrics.references import REFERENCES
from scipy import stats
from statsmodels.stats.contingency_tables import SquareTable

from crosspatch.evidence import ClassCounts
from crosspatch.measure import measure, measure_classes
from crosspatch.metrics import CATALOGUE

KEYS = [key for key, metric in CATALOGUE.items() if metric.family == "tests"]
COUNT = st.sampled_from([0, 0, 1, 2]) | st.integers(0, 400)
TABLES = st.integers(2, 6).flatmap(
    lambda k: st.lists(COUNT, min_size=k * k, max_size=k * k).map(lambda c: square(c, k))
)


def square(counts: list[int], classes: int) -> np.ndarray:
    return np.array(counts, float).reshape(classes, classes)


def p(key: str, matrix: np.ndarray) -> float:
    return CATALOGUE[key](ClassCounts(matrix)).item()


@pytest.mark.parametrize("key", KEYS)
def test_small_p_values_have_all_their_digits(key: str) -> None:
    cases = {name: case for name, case in CASES.items() if case.applies(CATALOGUE[key])}
    expected = {name: REFERENCES[key](case) for name, case in cases.items()}
    small = {name: value for name, value in expected.items() if value < 1e-6}
    assert len(small) > 2
    assert {name: cases[name].value(CATALOGUE[key]) for name in small} == pytest.approx(small, rel=1e-7, abs=1e-300)


@given(TABLES)
def test_symmetry_and_homogeneity_are_those_of_statsmodels_where_all_classes_meet(matrix: np.ndarray) -> None:
    full = matrix + 1 - np.eye(len(matrix))
    table = SquareTable(full, shift_zeros=False)
    actual = p("bowker_p", full), p("stuart_maxwell_p", full)
    assert actual == pytest.approx((table.symmetry().pvalue, table.homogeneity().pvalue), rel=1e-7, abs=1e-12)


@given(TABLES)
def test_stuart_maxwell_is_that_of_the_pseudo_inverse_and_its_rank(matrix: np.ndarray) -> None:
    covariance = np.diag(matrix.sum(0) + matrix.sum(1)) - matrix - matrix.T
    difference, rank = matrix.sum(1) - matrix.sum(0), np.linalg.matrix_rank(covariance)
    statistic = difference @ np.linalg.pinv(covariance) @ difference
    expected = stats.chi2.sf(statistic, rank) if rank else np.nan
    assert p("stuart_maxwell_p", matrix) == pytest.approx(expected, rel=1e-6, abs=1e-9, nan_ok=True)


def test_classes_that_are_in_neither_region_change_no_p_value() -> None:
    matrix = np.array([[5.0, 3, 0], [1, 7, 2], [4, 0, 9]])
    padded = np.pad(matrix, ((1, 2), (1, 2)))
    assert [p(key, padded) for key in ("bowker_p", "stuart_maxwell_p")] == pytest.approx(
        [p(key, matrix) for key in ("bowker_p", "stuart_maxwell_p")], rel=1e-12
    )


def test_mcnemar_is_of_two_classes_and_never_of_each_class_against_the_rest() -> None:
    two, many = (next(case for case in CASES.values() if len(case.classes) == k).evidence for k in (2, 5))
    tests = [CATALOGUE[key] for key in KEYS]
    assert list(measure(two, tests)) == KEYS
    assert list(measure(many, tests)) == [key for key in KEYS if key != "mcnemar_p"]
    assert measure_classes(many, tests) == [{}] * 5
