"""A report and the catalogue as text for a terminal."""

from __future__ import annotations

import numpy as np
import pytest

import crosspatch
from crosspatch import METRICS
from crosspatch.table import metrics_table, report_table

NOISE = np.random.default_rng(8).integers(0, 256, (2, 40, 50), np.uint8)


def row(table, start):
    found = next(line for line in table.splitlines() if line.split()[:1] == [start])
    return found.split(maxsplit=1)[1]


def test_the_table_says_where_what_and_how_to_repeat():
    table = report_table(
        crosspatch.compare(NOISE[0], rectangle="9x7", truth="1,2", test="3,4", labels="threshold:128", seed=7)
    )
    assert row(table, "truth") == "9x7 px at 1,2"
    assert row(table, "test") == "9x7 px at 3,4"
    assert row(table, "overlap") == "55.56 % of a rectangle (35 px), IoU 0.3846"
    assert row(table, "labels") == "threshold:128, positive from level 128"
    assert row(table, "repeat") == "--seed 7"


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ("0,0", "100 % of a rectangle (400,000 px), IoU 1"),
        ("1,0", "99.99 % of a rectangle (399,990 px), IoU 0.9999"),
        ("39999,0", "0.0025 % of a rectangle (10 px), IoU 1.25e-05"),
        ("40000,0", "none"),
    ],
)
def test_an_overlap_is_100_percent_or_none_only_when_it_is(test, words):
    wide = np.zeros((10, 80_000), np.uint8)
    assert row(report_table(crosspatch.compare(wide, rectangle="40000x10", truth="0,0", test=test)), "overlap") == words


def test_two_thresholds_are_both_named():
    table = report_table(crosspatch.compare(*NOISE, labels="threshold:9,200"))
    assert row(table, "labels").endswith("positive from level 9 (truth), 200 (test)")


def test_the_confusion_matrix_is_shown_with_its_classes():
    report = crosspatch.compare(*(NOISE // 128), class_names=["sea", "land"])
    matrix = report.confusion.matrix
    lines = [line.split() for line in report_table(report).splitlines()]
    assert ["truth", "\\", "test", "sea", "land"] in lines
    assert ["sea", *map(str, matrix[0])] in lines
    assert ["land", *map(str, matrix[1])] in lines


def test_a_matrix_too_wide_for_a_terminal_is_left_to_json():
    assert "confusion matrix of 17 classes: see --format json" in report_table(
        crosspatch.compare(*NOISE, labels="levels:17")
    )


def test_every_metric_has_a_line_with_its_value_or_why_it_has_none():
    report = crosspatch.compare(*NOISE, labels="threshold:255", ignore=255)
    table = report_table(report)
    for metric in report.metrics.values():
        assert row(table, metric.key).startswith("undefined" if metric.value is None else f"{metric.value:.6g}")
        assert metric.undefined is None or row(table, metric.key).endswith(metric.undefined)


def test_a_note_has_a_line():
    assert row(report_table(crosspatch.compare(np.zeros((4, 4), np.uint8))), "note").startswith(
        "Every pixel has the same level, 0"
    )


def test_the_warning_of_p_values_stands_beneath_their_heading_and_nowhere_else():
    lines = report_table(crosspatch.compare(*NOISE)).splitlines()
    warning = f"  {METRICS['mcnemar_p'].family_note}"
    assert lines.count(warning) == 1
    assert lines[lines.index(warning) - 1] == "tests"
    assert [line for line in lines if line.startswith("note")] == []


def test_the_catalogue_has_a_line_for_each_metric_with_its_formula():
    lines = metrics_table(METRICS.values()).splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(METRICS)
    assert all(line.endswith(metric.formula) for line, metric in zip(lines[1:], METRICS.values(), strict=True))


def test_an_interval_stands_behind_its_value_and_its_method_once():
    report = crosspatch.compare(*NOISE, labels="threshold:128", seed=1, intervals="bootstrap")
    found = report["iou"].interval
    table = report_table(report)
    assert row(table, "iou").endswith(f"[{found.low:.6g}, {found.high:.6g}]")
    assert row(table, "intervals") == "95 %, spatial bootstrap of 8x7 px blocks, 1,000 replicates, percentile"
    assert "[" not in row(table, "ssim")


def test_intervals_by_formula_say_what_they_assume():
    table = report_table(crosspatch.compare(*NOISE, labels="threshold:128", intervals="analytic"))
    assert row(table, "intervals") == "95 %, by formula, if pixels were independent"
    assert "[" in row(table, "cohen_kappa")
    assert "[" not in row(table, "f1")


def test_more_than_two_classes_have_a_line_each_up_to_sixteen():
    report = crosspatch.compare(*NOISE, labels="levels:3", ignore=0)
    lines = report_table(report).splitlines()
    head = next(index for index, line in enumerate(lines) if line.startswith("class by class"))
    assert lines[head].split()[3:] == ["f1", "iou"]
    expected = [
        [name, *(f"{values[key].value:.6g}" for key in ("f1", "iou"))]
        for name, values in zip(report.confusion.classes, report.per_class, strict=True)
    ]
    assert [line.split() for line in lines[head + 1 : head + 4]] == expected
    for labels in ("threshold:9", "levels:17"):
        assert "class by class" not in report_table(crosspatch.compare(*NOISE, labels=labels))
