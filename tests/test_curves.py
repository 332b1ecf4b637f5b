"""Curves follow from the joint histogram alone, and are what relabelling the pixels at each threshold gives."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

import crosspatch
from crosspatch.evidence import Evidence
from crosspatch.histogram import JointHistogram, Levels
from crosspatch.labelling import Rule
from crosspatch.measure import measure
from crosspatch.metrics import CATALOGUE

LEVELS_OF_A_REGION = st.lists(st.sampled_from([0, 1, 100, 254, 255]) | st.integers(0, 255), min_size=1, max_size=30)


def near(values: object) -> object:
    return pytest.approx(values, rel=1e-9, abs=1e-9, nan_ok=True)


def regions_of(picture: Levels) -> tuple[Levels, Levels]:
    return picture[40:100, 60:120], picture[200:260, 300:360]


def test_every_threshold_gives_the_outcomes_and_metrics_of_relabelling_there(grey_photograph: Levels) -> None:
    truth, test = regions_of(grey_photograph)
    found = crosspatch.compare(truth, test, labels="otsu").curves
    assert found is not None
    histogram = JointHistogram.of(truth, test)
    for threshold in range(1, 256):
        labelling = Rule.parse(f"threshold:{threshold}").fit(histogram.truth)
        relabelled = Evidence.of_histogram(histogram, labelling)
        matrix = [[found.swept.tn, found.swept.fp], [found.swept.fn, found.swept.tp]]
        assert [[cell[threshold] for cell in row] for row in matrix] == relabelled.confusion.matrix.tolist()
        expected = measure(relabelled, [CATALOGUE[key] for key in found.metrics])
        actual = {key: values[threshold] for key, values in found.metrics.items() if np.isfinite(values[threshold])}
        assert actual == near({key: each.value for key, each in expected.items() if each.value is not None}), threshold


def test_at_threshold_0_every_pixel_is_positive_in_both_regions(grey_photograph: Levels) -> None:
    found = crosspatch.compare(*regions_of(grey_photograph), labels="otsu").curves
    assert found is not None
    assert [getattr(found.swept, name)[0] for name in ("tn", "fp", "fn", "tp")] == [0, 0, 0, 3600]
    assert found.metrics["accuracy"][0] == 1


def test_metrics_that_follow_a_threshold_are_all_but_those_of_grey_levels_and_of_pixels() -> None:
    report = crosspatch.compare(np.arange(256, dtype=np.uint8).reshape(16, 16), seed=1, labels="otsu")
    assert report.curves is not None
    families = {CATALOGUE[key].family for key in report.curves.metrics}
    assert families == {"rates", "agreement", "scores", "information", "tests"}
    assert "joint_entropy" not in report.curves.metrics


@settings(deadline=None)
@given(LEVELS_OF_A_REGION, st.randoms(use_true_random=False), st.integers(1, 255))
def test_roc_and_precision_recall_are_those_of_scikit_learn(truth: list[int], random: object, split: int) -> None:
    test = [random.randint(0, 255) for _ in truth]  # type: ignore[attr-defined]
    report = crosspatch.compare(np.array([truth], np.uint8), np.array([test], np.uint8), labels=f"threshold:{split}")
    curves = report.to_dict(["curves"])["curves"]
    labels, scores = np.array(truth) >= split, np.array(test)
    if 0 < labels.sum() < labels.size:
        fpr, tpr, thresholds = sk.roc_curve(labels, scores, drop_intermediate=False)
        at = [256, *thresholds[1:].astype(int).tolist()]
        assert [curves["roc"]["false_positive_rate"][t] for t in at] == near(fpr.tolist())
        assert [curves["roc"]["true_positive_rate"][t] for t in at] == near(tpr.tolist())
    if labels.any():
        precision, recall, thresholds = sk.precision_recall_curve(labels, scores)
        at = thresholds.astype(int).tolist()
        assert [curves["precision_recall"]["precision"][t] for t in at] == near(precision[:-1].tolist())
        assert [curves["precision_recall"]["recall"][t] for t in at] == near(recall[:-1].tolist())


@settings(deadline=None, max_examples=10)
@given(LEVELS_OF_A_REGION, st.randoms(use_true_random=False), st.integers(1, 255))
def test_the_best_thresholds_are_the_lowest_at_which_scikit_learns_scores_are_largest(
    truth: list[int], random: object, split: int
) -> None:
    test = [random.choice([0, 3, 3, 90, 91, 200, 255]) for _ in truth]  # type: ignore[attr-defined]
    report = crosspatch.compare(np.array([truth], np.uint8), np.array([test], np.uint8), labels=f"threshold:{split}")
    labels = np.array(truth) >= split
    assert report.curves is not None
    by_f1 = [sk.f1_score(labels, np.array(test) >= t, zero_division=np.nan) for t in range(257)]
    by_j = [
        sk.balanced_accuracy_score(labels, np.array(test) >= t) * 2 - 1 if 0 < labels.sum() < labels.size else np.nan
        for t in range(257)
    ]
    for key, values in (("f1", by_f1), ("youden_j", by_j)):
        found = report.curves.best[key]
        if np.isnan(values).all():
            assert found is None
        else:
            largest = np.nanmax(values)
            assert found == (next(t for t, value in enumerate(values) if value >= largest - 1e-12), near(largest))


def test_each_curve_is_an_object_of_arrays_of_equal_length_without_nan(grey_photograph: Levels) -> None:
    report = crosspatch.compare(*regions_of(grey_photograph), labels="otsu").to_dict()
    curves = json.loads(json.dumps(report["curves"], allow_nan=False))
    lengths = {
        name: {len(values) for key, values in curve.items() if key != "metrics"} for name, curve in curves.items()
    }
    assert lengths == {"roc": {257}, "precision_recall": {257}, "thresholds": {256}, "best": {2}}
    assert {len(values) for values in curves["thresholds"]["metrics"].values()} == {256}
    assert curves["precision_recall"]["precision"][256] is None


def test_more_than_two_classes_have_no_curves(grey_photograph: Levels) -> None:
    for labels in ("levels:3", "levels:256"):
        report = crosspatch.compare(*regions_of(grey_photograph), labels=labels)
        assert report.to_dict()["curves"] is None


def test_curves_of_two_values_keep_the_larger_as_positive() -> None:
    truth, test = np.array([[0, 0, 1, 1]], np.uint8), np.array([[0, 1, 1, 1]], np.uint8)
    curves = crosspatch.compare(truth, test).curves
    assert curves is not None
    assert [counts[1] for counts in (curves.scored.tn, curves.scored.fp, curves.scored.fn, curves.scored.tp)] == [
        1,
        1,
        0,
        2,
    ]


def test_ignored_levels_leave_the_curves(grey_photograph: Levels) -> None:
    truth, test = regions_of(grey_photograph)
    level = int(truth[0, 0])
    report = crosspatch.compare(truth, test, labels="otsu", ignore=level)
    assert report.curves is not None
    kept = ((truth != level) & (test != level)).sum()
    totals = report.curves.swept.tp + report.curves.swept.fp + report.curves.swept.fn + report.curves.swept.tn
    np.testing.assert_array_equal(totals, np.full(256, kept))
