"""Undefined is undefined: on every small matrix and every degenerate region, a number within its bounds or a reason.

The whole way is walked, from pixels to JSON, with intervals and curves; warnings are errors in every test.
"""

from __future__ import annotations

import itertools
import json
from typing import Any

import numpy as np
import pytest
from metrics.cases import CASES

import crosspatch
from crosspatch.measure import NO_PAIRS, NO_REGIONS
from crosspatch.metrics import CATALOGUE

SMALL = list(itertools.product(range(4), repeat=4))
DEGENERATE = {name: case for name, case in CASES.items() if case.truth.shape == (12, 13) or case.truth.shape[0] == 1}


def check(report: dict[str, Any]) -> None:
    """Every value of a report is a finite number within its bounds, or null with its reason."""
    json.dumps(report, allow_nan=False)
    for row in [*report["metrics"], *(row for each in report["per_class"] for row in each["metrics"])]:
        declared, value = CATALOGUE[row["key"]], row["value"]
        if value is None:
            assert row["undefined"] in (declared.undefined, NO_PAIRS, NO_REGIONS), row
            assert (row["interval"], row["interval_method"]) == (None, None)
        else:
            low, high = declared.bounds
            assert row["undefined"] is None
            assert low - 1e-12 <= value <= high + 1e-12, row
            for end in row["interval"] or ():
                assert low - 1e-12 <= end <= high + 1e-12, row


@pytest.mark.parametrize("intervals", ["none", "analytic", "bootstrap"])
def test_every_metric_of_every_matrix_with_counts_0_to_3_is_a_number_or_has_its_reason(intervals: Any) -> None:
    for tn, fp, fn, tp in SMALL:
        n = tn + fp + fn + tp
        # A pair of the level 9, which is ignored, stands for regions that hold nothing else.
        truth = np.array([[0] * tn + [0] * fp + [255] * fn + [255] * tp + [9]], np.uint8)
        test = np.array([[0] * tn + [255] * fp + [0] * fn + [255] * tp + [9]], np.uint8)
        report = crosspatch.compare(truth, test, labels="threshold:128", ignore=9, seed=1, intervals=intervals)
        found = report.to_dict()
        assert found["confusion"]["matrix"] == [[tn, fp], [fn, tp]]  # type: ignore[index]
        check(found)
        assert (report["accuracy"].value is None) == (n == 0)


@pytest.mark.parametrize("name", DEGENERATE)
@pytest.mark.parametrize("intervals", ["analytic", "bootstrap"])
def test_every_metric_of_degenerate_regions_is_a_number_or_has_its_reason(name: str, intervals: Any) -> None:
    case = DEGENERATE[name]
    labels = {case.labels, "otsu", "levels:3", "threshold:1", "threshold:255"}
    # A class for each of a hundred levels takes a thousand replicates seconds, and no other way.
    for each in sorted(labels | ({"values"} if intervals == "analytic" else set())):
        check(crosspatch.compare(case.truth, case.test, labels=each, seed=1, intervals=intervals).to_dict())


def test_the_degenerate_regions_are_those_that_people_meet() -> None:
    named = " ".join(DEGENERATE)
    for words in ("constant", "identical", "disjoint", "one pixel", "all positive", "all negative"):
        assert words in named


def test_one_pixel_of_one_picture_is_compared_with_itself() -> None:
    check(crosspatch.compare(np.array([[7]], np.uint8), seed=1, intervals="bootstrap").to_dict())
