"""The distribution of one metric, and how an observed value ranks in it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng

from crosspatch import METRICS
from crosspatch.chance import FEWEST_FOR_BAND, OVERLAP_FROM, OVERLAP_TO, Chance, overlap_bins

VALUES = np.round(default_rng(1).random(500), 2)


def chance(key: str, values: object, observed: float | None = None) -> Chance:
    return Chance.of(METRICS[key], np.asarray(values, float), observed, None)


def test_the_distribution_is_numpys() -> None:
    found = chance("iou", VALUES)
    assert found.mean == pytest.approx(VALUES.mean(), rel=1e-14)
    assert found.standard_deviation == pytest.approx(VALUES.std(ddof=1), rel=1e-14)
    assert found.percentiles == np.percentile(VALUES, range(101)).tolist()
    assert found.quantiles == dict(
        zip((1, 5, 25, 50, 75, 95, 99), np.percentile(VALUES, (1, 5, 25, 50, 75, 95, 99)), strict=True)
    )
    assert found.histogram is not None
    counts, edges = np.histogram(VALUES, 40)
    assert (list(found.histogram.counts), found.histogram.low, found.histogram.high) == (
        counts.tolist(),
        edges[0],
        edges[-1],
    )


@pytest.mark.parametrize(
    ("key", "observed", "worse", "as_good"),
    [
        ("iou", 2.0, 1, 4),  # higher is better: of 1, 2, 2, 3, 4
        ("rmse", 2.0, 2, 3),  # lower is better
        ("bias", -2.5, 2, 3),  # nearer to 0 is better
        ("iou", 5.0, 5, 0),
        ("iou", 0.0, 0, 5),
    ],
)
def test_ties_are_as_good_and_never_worse(key: str, observed: float, worse: int, as_good: int) -> None:
    found = chance(key, [1, 2, 2, 3, 4], observed)
    assert found.percentile == 100 * worse / 5
    assert found.p_value == (1 + as_good) / 6


def test_where_no_value_is_better_there_is_a_rank_but_no_p_value() -> None:
    found = chance("prevalence", [0.1, 0.2, 0.2, 0.9], 0.2)
    assert (found.percentile, found.p_value) == (25, None)


def test_pairs_without_a_value_count_apart() -> None:
    found = chance("iou", [0.5, np.nan, 0.25, np.inf], 0.3)
    assert (found.pairs, found.undefined, found.percentile, found.p_value) == (4, 2, 50, 2 / 3)


def test_without_any_value_nothing_is_said() -> None:
    found = chance("iou", [np.nan, np.nan], 0.3)
    assert (found.pairs, found.undefined) == (2, 2)
    said = found.to_dict()
    assert {said[name] for name in ("mean", "standard_deviation", "quantiles", "percentile", "p_value")} == {None}
    assert said["histogram"] is said["percentiles"] is None


def test_one_value_has_no_standard_deviation() -> None:
    assert chance("iou", [0.5]).standard_deviation is None


def test_nothing_observed_has_no_rank() -> None:
    found = chance("iou", VALUES)
    assert (found.observed, found.percentile, found.p_value) == (None, None, None)


@pytest.mark.parametrize("values", [[0.5] * 7, [0.5, 0.5 + 1e-16, 0.5 + 2e-16], [1e300, 1e300], [0.0, 5e-324]])
def test_values_that_are_all_the_same_have_a_histogram(values: list[float]) -> None:
    histogram = chance("iou", values).histogram
    assert histogram is not None
    assert sum(histogram.counts) == len(values)
    assert len(histogram.counts) == 40


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.floats(-1e6, 1e6))
def test_ranks_are_between_none_and_all(values: list[float], observed: float) -> None:
    for key in ("iou", "rmse", "bias"):
        found = chance(key, values, observed)
        assert found.percentile is not None
        assert found.p_value is not None
        assert 0 <= found.percentile <= 100
        assert found.p_value == pytest.approx((1 + len(values) * (1 - found.percentile / 100)) / (1 + len(values)))


def test_bins_of_overlap_begin_with_none_and_end_with_all() -> None:
    overlap = np.arange(0, 201)
    bins = overlap_bins(overlap, 200)
    for pixels, index in zip(overlap.tolist(), bins.tolist(), strict=True):
        percent = pixels / 2
        assert (percent == 0) if index == 0 else OVERLAP_FROM[index] < percent <= OVERLAP_TO[index]
    assert set(bins.tolist()) == set(range(len(OVERLAP_FROM)))


def test_agreement_by_overlap_is_that_of_its_bin() -> None:
    bins = default_rng(2).integers(0, 11, VALUES.size)
    bins[bins == 3] = 4  # an empty bin
    few = np.flatnonzero(bins == 5)
    bins[few[FEWEST_FOR_BAND - 1 :]] = 6
    found = Chance.of(METRICS["iou"], VALUES, None, bins).by_overlap
    assert found is not None
    assert (found.low[3], found.median[3], found.high[3]) == (None, None, None)
    assert (found.low[5], found.median[5], found.high[5]) == (None, np.median(VALUES[bins == 5]), None)
    for index in set(range(11)) - {3, 5}:
        expected = np.percentile(VALUES[bins == index], (5, 50, 95)).tolist()
        assert [found.low[index], found.median[index], found.high[index]] == expected


def test_what_rounding_tells_apart_is_tied() -> None:
    """Agreement of 0, computed in two ways: 1e-16 above it is no better."""
    found = chance("concordance", [0.0] * 8 + [1.0, -1.0], 1.5e-16)
    assert (found.percentile, found.p_value) == (10, 10 / 11)
    assert chance("bias", [1e-14, -1e-14, 3.0], 0.0).p_value == 3 / 4
    assert chance("rmse", [1e6 + 1e-7, 1e6, 1.0], 1e6).percentile == 0


def test_what_is_small_is_not_tied_for_that() -> None:
    """A pixel of half a million moves a distance by 1e-11, and p-values are as small as they like."""
    distances = [1.6e-11] * 5 + [0.0] * 5
    found = chance("chi_square_distance", distances, 0.0)
    assert (found.percentile, found.p_value, found.mean) == (50, 6 / 11, 8e-12)
    found = chance("welch_t_p", [1e-200, 3e-200, 5e-200, 5e-200 * (1 + 1e-12)], 5e-200)
    assert (found.percentile, found.mean) == (50, pytest.approx(3.5e-200))


def test_values_that_are_all_the_same_have_that_mean_and_do_not_vary() -> None:
    found = chance("mae", [0.1] * 1000)
    assert (found.mean, found.standard_deviation) == (0.1, 0.0)
    assert chance("mae", [0.3, 0.3 + 1e-16, 0.3 - 1e-16]).standard_deviation == 0
