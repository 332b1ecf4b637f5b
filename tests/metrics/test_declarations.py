"""What a metric declares of itself is true: its formula, when it is undefined, its bounds and its best value."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from metrics import formulas
from metrics.formulas import Names

from crosspatch.evidence import (
    BinaryCounts,
    ClassCounts,
    Evidence,
    JointCounts,
    LevelCounts,
    Masks,
    Regions,
    ScoreCounts,
)
from crosspatch.histogram import JointHistogram
from crosspatch.labelling import Rule
from crosspatch.metric import Metric
from crosspatch.metrics import CATALOGUE

SMALL = list(itertools.product(range(4), repeat=4))
TWO_BY_TWO = [((a, b), (c, d)) for a, b, c, d in SMALL]
_rng = np.random.default_rng(23)
LARGER = [
    tuple(map(tuple, (_rng.integers(0, 4, (k, k)) * _rng.integers(0, 2, (k, k))).tolist()))
    for k in (1, 3, 3, 3, 4)
    for _ in range(40)
]
# Few distinct levels, so that ties, constants and equal pairs are common.
LEVEL = st.sampled_from([0, 1, 2, 100, 254, 255]) | st.integers(0, 255)
PAIRS = st.lists(st.tuples(LEVEL, LEVEL) | LEVEL.map(lambda x: (x, x)), max_size=6)
# A pair and its mirror, whose moments are degenerate together.
CROSSED = [(3, 200), (200, 3)]


def needing(*evidence: type) -> list[Metric]:
    return [metric for metric in CATALOGUE.values() if metric.evidence in evidence]


def check(metric: Metric, value: float, names: Names, where: object) -> None:
    """The body against the declaration, for one piece of evidence."""
    if formulas.holds(metric.undefined_when, names):
        assert not np.isfinite(value), (metric.key, where, value)
        return
    expected = formulas.evaluate(metric.formula, names)
    assert value == pytest.approx(expected, rel=1e-9, abs=1e-9), (metric.key, where)
    low, high = metric.bounds
    assert low - 1e-12 <= value <= high + 1e-12, (metric.key, where, value)


@pytest.mark.parametrize("metric", needing(BinaryCounts), ids=lambda metric: metric.key)
def test_a_metric_of_outcomes_is_what_it_declares_on_every_small_matrix(metric: Metric) -> None:
    values = metric(BinaryCounts.of(np.array(TWO_BY_TWO)))
    for matrix, value in zip(TWO_BY_TWO, values, strict=True):
        check(metric, value, formulas.of_outcomes(matrix), matrix)


@pytest.mark.parametrize("metric", needing(ClassCounts), ids=lambda metric: metric.key)
def test_a_metric_of_classes_is_what_it_declares_on_every_small_matrix(metric: Metric) -> None:
    for matrix in TWO_BY_TWO + LARGER:
        value = metric(ClassCounts(np.array(matrix, np.float64))).item()
        check(metric, value, formulas.of_classes(matrix), matrix)


@settings(deadline=None, max_examples=150)
@given(st.lists(LEVEL, max_size=5), st.lists(LEVEL, max_size=5))
@example([], [])
@example([255], [0])
def test_metrics_of_scores_are_what_they_declare(positives: list[int], negatives: list[int]) -> None:
    counted = (np.bincount(levels, minlength=256).astype(float) for levels in map(_int, (positives, negatives)))
    evidence = ScoreCounts(*counted)
    for metric in needing(ScoreCounts):
        check(metric, metric(evidence).item(), formulas.of_scores(positives, negatives), (positives, negatives))


@settings(deadline=None, max_examples=150)
@given(PAIRS)
@example([])
@example([(7, 7)])
@example([(7, 9)])
@example(CROSSED)
def test_metrics_of_grey_levels_are_what_they_declare(pairs: list[tuple[int, int]]) -> None:
    evidence = evidence_of(pairs)
    names = formulas.of_levels(pairs)
    for metric in needing(LevelCounts):
        check(metric, metric(evidence.levels).item(), names, pairs)


@settings(deadline=None, max_examples=25)
@given(PAIRS)
@example([])
@example([(7, 9)])
@example([(7, 9), (7, 10)])
@example(CROSSED)
def test_metrics_of_the_joint_histogram_are_what_they_declare(pairs: list[tuple[int, int]]) -> None:
    evidence = evidence_of(pairs)
    names = formulas.of_levels(pairs)
    for metric in needing(JointCounts):
        check(metric, metric(evidence.joint).item(), names, pairs)


@pytest.mark.parametrize("size", [(1, 1), (10, 40), (11, 11), (40, 10), (30, 75), (175, 200), (176, 176), (191, 233)])
def test_metrics_of_regions_are_what_they_declare(size: tuple[int, int]) -> None:
    truth, noise = np.random.default_rng(24).integers(0, 256, (2, *size)).astype(np.uint8)
    for test in (noise, truth // 2 + noise // 2, 255 - truth):
        for metric in needing(Regions):
            check(metric, metric(Regions(truth, test)).item(), formulas.of_regions(truth, test), size)


SIZES = st.tuples(st.integers(1, 9), st.integers(1, 9)) | st.sampled_from([(1, 60), (60, 45), (90, 90)])


@settings(deadline=None, max_examples=150)
@given(SIZES, st.integers(0, 2**32), st.sampled_from([0, 0.02, 0.1, 0.5, 0.98, 1]), st.sampled_from([0, 0.05, 0.5, 1]))
def test_metrics_of_masks_are_what_they_declare(size: tuple[int, int], seed: int, some: float, others: float) -> None:
    rng = np.random.default_rng(seed)
    truth, test = rng.random(size) < some, rng.random(size) < others
    evidence = Masks(truth.view(np.uint8), test.view(np.uint8))
    for metric in needing(Masks):
        check(metric, metric(evidence).item(), formulas.of_masks(truth, test), size)


@pytest.mark.parametrize("metric", CATALOGUE.values(), ids=lambda metric: metric.key)
def test_perfect_agreement_gives_the_best_value_or_is_undefined(metric: Metric) -> None:
    if metric.best is None or metric.evidence is ScoreCounts:
        return
    values = [metric(evidence).item() for evidence in perfect(metric.evidence)]
    defined = [value for value in values if np.isfinite(value)]
    assert defined == pytest.approx([metric.best] * len(defined), abs=1e-12)
    assert bool(defined) == np.isfinite(metric.best)


@pytest.mark.parametrize("metric", CATALOGUE.values(), ids=lambda metric: metric.key)
def test_a_declaration_is_complete(metric: Metric) -> None:
    said = (metric.title, metric.formula, metric.meaning, metric.undefined_when, metric.undefined, metric.source)
    assert all(said)
    assert metric.meaning.endswith(".")
    assert metric.bounds[0] < metric.bounds[1]
    assert metric.best is None or metric.bounds[0] <= metric.best <= metric.bounds[1]


def test_every_family_says_once_what_a_low_value_means() -> None:
    notes = {(metric.family, metric.family_note) for metric in CATALOGUE.values()}
    families = [family for family, _ in notes]
    assert sorted(families) == sorted({metric.family for metric in CATALOGUE.values()})
    assert {note for _, note in notes if not (40 < len(note) < 240 and note.endswith("."))} == set()


def test_of_the_families_p_values_alone_come_with_a_warning() -> None:
    assert {metric.family for metric in CATALOGUE.values() if metric.caution} == {"tests"}
    assert "independent" in CATALOGUE["mcnemar_p"].family_note


@pytest.mark.parametrize(
    ("key", "follows"),
    [
        ("iou", "labels"), ("cohen_kappa", "labels"), ("roc_auc", "labels"), ("rmse", "levels"),
        ("mutual_information", "levels"), ("ssim", "levels"), ("hausdorff_px", "masks"),
    ],
)  # fmt: skip
def test_a_metric_says_what_it_follows(key: str, follows: str) -> None:
    assert CATALOGUE[key].follows == CATALOGUE[key].to_dict()["follows"] == follows


def test_each_curve_has_one_metric_that_is_its_area() -> None:
    areas = {metric.area_under: key for key, metric in CATALOGUE.items() if metric.area_under is not None}
    assert areas == {"roc": "roc_auc", "precision_recall": "average_precision"}


def test_names_and_aliases_are_said_of_one_metric_only() -> None:
    names = [name for metric in CATALOGUE.values() for name in (metric.title, *metric.aliases)]
    folded = [name.casefold() for name in names]
    assert [name for name in folded if folded.count(name) > 1] == []


def test_headline_metrics_are_ranked_without_ties() -> None:
    ranked = sorted((metric.headline, key) for key, metric in CATALOGUE.items() if metric.headline is not None)
    assert [key for _, key in ranked] == [
        *("cohen_kappa", "iou", "f1", "pearson", "rmse", "ssim", "mean_iou", "macro_f1", "accuracy"),
    ]
    assert [rank for rank, _ in ranked] == list(range(1, 10))


def evidence_of(pairs: Iterable[tuple[int, int]]) -> Evidence:
    levels = np.array(list(pairs), np.uint8).reshape(-1, 2)
    histogram = JointHistogram.of(levels[:, 0], levels[:, 1])
    labelling = Rule.parse("threshold:128").fit(histogram.truth)
    return Evidence.of_histogram(histogram, labelling)


def perfect(kind: type) -> list[object]:
    """Evidence of regions that are the same, degenerate or not."""
    if kind is BinaryCounts:
        return [BinaryCounts.of(np.diag([a, b])) for a in range(4) for b in range(4)]
    if kind is ClassCounts:
        return [ClassCounts(np.diag(c).astype(float)) for c in itertools.product(range(4), repeat=3)]
    if kind is Regions:
        region = np.random.default_rng(25).integers(0, 256, (30, 20)).astype(np.uint8)
        large = np.resize(region, (180, 177))
        return [Regions(x, x) for x in (region, region * 0, large)]
    if kind is Masks:
        mask = np.random.default_rng(25).integers(0, 2, (30, 20)).astype(np.uint8)
        return [Masks(x, x) for x in (mask, mask * 0, mask * 0 + 1, mask[:1, :1] * 0 + 1)]
    levels = [[], [7], [7, 7], [0, 0], [255], [3, 200], [1, 2, 2, 3], list(range(0, 256, 3))]
    return [evidence_of((x, x) for x in pixels).of(kind) for pixels in levels]


def _int(levels: list[int]) -> np.ndarray:
    return np.array(levels, np.int64)
