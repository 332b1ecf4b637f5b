"""How metrics hang together: what swapping the regions does, and which of them follow from others."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspatch.evidence import BinaryCounts, ClassCounts, Evidence
from crosspatch.histogram import JointHistogram
from crosspatch.labelling import Rule
from crosspatch.measure import measure
from crosspatch.metrics import CATALOGUE

COUNT = st.sampled_from([0, 1, 2]) | st.integers(0, 10**6)
MATRIX = st.lists(COUNT, min_size=4, max_size=4).map(lambda counts: np.array(counts, float).reshape(2, 2))
CLASSES = st.integers(2, 5).flatmap(
    lambda k: st.lists(COUNT, min_size=k * k, max_size=k * k).map(lambda x: np.array(x, float).reshape(k, k))
)
REGIONS = st.integers(1, 40).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(0, 255) | st.just(9), min_size=n, max_size=n)] * 2)
)
SWAPPED = {
    "precision": "recall",
    "negative_predictive_value": "specificity",
    "false_discovery_rate": "false_negative_rate",
    "false_omission_rate": "false_positive_rate",
    "f2": "f0_5",
    "prevalence": "predicted_prevalence",
    "markedness": "youden_j",
    "macro_precision": "macro_recall",
    "homogeneity": "completeness",
}
SYMMETRIC = [
    *("accuracy", "error_rate", "f1", "iou", "fowlkes_mallows", "volumetric_similarity", "diagnostic_odds_ratio"),
    *("macro_f1", "mean_iou", "cohen_kappa", "linear_weighted_kappa", "quadratic_weighted_kappa", "mcc", "gwet_ac1"),
    *("scott_pi", "krippendorff_alpha", "rand_index", "adjusted_rand_index", "label_mutual_information"),
    *("normalized_mutual_information", "variation_of_information", "v_measure", "mcnemar_p", "bowker_p"),
    "stuart_maxwell_p",
]
SYMMETRIC_OF_LEVELS = [
    *("mae", "mse", "rmse", "max_error", "psnr", "median_absolute_error", "differing_share", "pearson", "spearman"),
    *("kendall_tau_b", "concordance", "icc", "cosine_similarity", "joint_entropy", "mutual_information"),
    *("ks_statistic", "wasserstein", "energy_distance", "cramer_von_mises", "total_variation"),
    *("histogram_intersection", "chi_square_distance", "bhattacharyya_distance", "hellinger_distance"),
    *("jensen_shannon", "ks_p", "mann_whitney_p", "welch_t_p"),
]


def of(key: str, matrix: np.ndarray) -> float:
    metric = CATALOGUE[key]
    value = metric(BinaryCounts.of(matrix) if metric.evidence is BinaryCounts else ClassCounts(matrix)).item()
    return value if np.isfinite(value) else np.nan


def of_levels(key: str, truth: list[int], test: list[int]) -> float:
    metric = CATALOGUE[key]
    histogram = JointHistogram.of(np.array(truth, np.uint8), np.array(test, np.uint8))
    value = metric(Evidence(histogram, None, None, None).of(metric.evidence)).item()  # type: ignore[arg-type]
    return value if np.isfinite(value) else np.nan


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-9, nan_ok=True)


@settings(deadline=None)
@given(MATRIX)
def test_swapping_truth_and_test_swaps_what_each_says(matrix: np.ndarray) -> None:
    pairs = SWAPPED | {b: a for a, b in SWAPPED.items()} | {key: key for key in SYMMETRIC}
    actual = {key: of(key, matrix.T) for key in pairs}
    assert actual == near({key: of(other, matrix) for key, other in pairs.items()})


@settings(deadline=None)
@given(REGIONS)
def test_what_is_symmetric_in_grey_levels_stays_when_swapped(regions: tuple[list[int], list[int]]) -> None:
    truth, test = regions
    actual = {key: of_levels(key, test, truth) for key in SYMMETRIC_OF_LEVELS}
    assert actual == near({key: of_levels(key, truth, test) for key in SYMMETRIC_OF_LEVELS})


@settings(deadline=None)
@given(REGIONS)
def test_what_has_a_sign_changes_it_when_swapped(regions: tuple[list[int], list[int]]) -> None:
    truth, test = regions
    actual = [of_levels(key, test, truth) for key in ("bias", "cohen_d", "common_language_effect")]
    bias, cohen_d, effect = (of_levels(key, truth, test) for key in ("bias", "cohen_d", "common_language_effect"))
    assert actual == near([-bias, -cohen_d, 1 - effect])


@settings(deadline=None)
@given(MATRIX)
def test_metrics_that_are_functions_of_each_other_agree_and_are_undefined_together(matrix: np.ndarray) -> None:
    iou, precision, recall, specificity = (of(key, matrix) for key in ("iou", "precision", "recall", "specificity"))
    npv = of("negative_predictive_value", matrix)
    expected = {
        "f1": 2 * iou / (1 + iou),
        "error_rate": 1 - of("accuracy", matrix),
        "false_negative_rate": 1 - recall,
        "false_positive_rate": 1 - specificity,
        "false_discovery_rate": 1 - precision,
        "false_omission_rate": 1 - npv,
        "youden_j": recall + specificity - 1,
        "markedness": precision + npv - 1,
        "g_mean": sqrt(recall * specificity),
        "fowlkes_mallows": sqrt(precision * recall),
        "v_measure": of("normalized_mutual_information", matrix),
        "macro_recall": of("balanced_accuracy", matrix),
        "linear_weighted_kappa": of("cohen_kappa", matrix),
        "quadratic_weighted_kappa": of("cohen_kappa", matrix),
    }
    assert {key: of(key, matrix) for key in expected} == near(expected)


@settings(deadline=None)
@given(CLASSES, st.randoms(use_true_random=False))
def test_the_order_of_the_classes_matters_to_weighted_kappas_only(matrix: np.ndarray, random: object) -> None:
    order = list(range(len(matrix)))
    random.shuffle(order)  # type: ignore[attr-defined]
    keys = [key for key, metric in CATALOGUE.items() if metric.evidence is ClassCounts and "weighted_kappa" not in key]
    actual = {key: of(key, matrix[order][:, order]) for key in keys}
    assert actual == near({key: of(key, matrix) for key in keys})


@settings(deadline=None)
@given(CLASSES)
def test_a_class_that_nobody_has_changes_no_average(matrix: np.ndarray) -> None:
    keys = [key for key, metric in CATALOGUE.items() if metric.average_of is not None]
    padded = np.pad(matrix, ((0, 1), (0, 1)))
    assert {key: of(key, padded) for key in keys} == near({key: of(key, matrix) for key in keys})


def test_classes_without_a_value_leave_the_average() -> None:
    """The third class is in neither region, the second in the test alone: its recall is undefined, its F1 is 0."""
    matrix = np.array([[4.0, 2.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    actual = [of(key, matrix) for key in ("macro_recall", "macro_precision", "macro_f1", "mean_iou", "weighted_f1")]
    assert actual == near([4 / 6, (1 + 0) / 2, (0.8 + 0) / 2, (4 / 6 + 0) / 2, 0.8])


@settings(deadline=None)
@given(REGIONS, REGIONS)
def test_histograms_of_parts_add_up_to_that_of_the_whole(
    one: tuple[list[int], list[int]], other: tuple[list[int], list[int]]
) -> None:
    parts = [JointHistogram.of(*(np.array(levels, np.uint8) for levels in part)) for part in (one, other)]
    whole = JointHistogram.of(*(np.array(a + b, np.uint8) for a, b in zip(one, other, strict=True)))
    assert parts[0] + parts[1] == whole


@settings(deadline=None)
@given(REGIONS, st.integers(1, 255))
def test_merged_histograms_give_every_metric_of_the_concatenation(
    regions: tuple[list[int], list[int]], threshold: int
) -> None:
    truth, test = (np.array(levels, np.uint8) for levels in regions)
    half = truth.size // 2
    merged = JointHistogram.of(truth[:half], test[:half]) + JointHistogram.of(truth[half:], test[half:])
    labelling = Rule.parse(f"threshold:{threshold}").fit(merged.truth)
    counted = [metric for metric in CATALOGUE.values() if metric.family not in ("structure", "boundary")]
    found = [
        measure(Evidence.of_histogram(each, labelling), counted) for each in (merged, JointHistogram.of(truth, test))
    ]
    assert found[0] == found[1]


@settings(deadline=None)
@given(REGIONS, st.lists(st.integers(0, 255), min_size=256, max_size=256, unique=True))
def test_ranks_do_not_change_under_a_rising_map_of_levels(
    regions: tuple[list[int], list[int]], levels: list[int]
) -> None:
    """Of the distinct levels that occur, each is moved anywhere as long as their order stays."""
    truth, test = regions
    occurring = sorted(set(truth))
    moved = dict(zip(occurring, sorted(levels[: len(occurring)]), strict=True))
    risen = [moved[level] for level in truth]
    keys = ("spearman", "kendall_tau_b")
    assert [of_levels(key, risen, test) for key in keys] == near([of_levels(key, truth, test) for key in keys])


@settings(deadline=None)
@given(REGIONS, st.integers(1, 3), st.integers(0, 40))
def test_pearson_does_not_change_under_a_change_of_brightness_and_contrast(
    regions: tuple[list[int], list[int]], factor: int, shift: int
) -> None:
    truth, test = ([level * 70 // 255 for level in region] for region in regions)
    changed = [level * factor + shift for level in truth]
    turned = [250 - level for level in changed]
    expected = of_levels("pearson", truth, test)
    assert of_levels("pearson", changed, test) == near(expected)
    assert of_levels("pearson", turned, test) == near(-expected)


@settings(deadline=None)
@given(REGIONS, st.integers(0, 100))
def test_a_shift_in_brightness_moves_the_bias_and_leaves_what_is_centred(
    regions: tuple[list[int], list[int]], shift: int
) -> None:
    truth, test = ([level * 150 // 255 for level in region] for region in regions)
    shifted = [level + shift for level in test]
    assert of_levels("bias", truth, shifted) == near(of_levels("bias", truth, test) + shift)
    assert of_levels("explained_variance", truth, shifted) == near(of_levels("explained_variance", truth, test))
