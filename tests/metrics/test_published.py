"""Worked values that were published: each is recomputed from its source's inputs, to the last digit that was printed.

The rows are in `published_*.py`, by family; `published.py` says what a row is.
"""

from __future__ import annotations

import pytest
from metrics.published import Published
from metrics.published_agreement import AGREEMENT
from metrics.published_distributions import DISTRIBUTIONS, TESTS
from metrics.published_levels import LEVELS
from metrics.published_pixels import BOUNDARY, STRUCTURE
from metrics.published_rates import RATES

from crosspatch.metrics import CATALOGUE

PUBLISHED: list[Published] = [*RATES, *AGREEMENT, *LEVELS, *DISTRIBUTIONS, *TESTS, *STRUCTURE, *BOUNDARY]


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: f"{row.key}: {row.source.partition(',')[0]}")
def test_the_published_value_is_ours(row: Published) -> None:
    assert row.recomputed(CATALOGUE[row.key]) == pytest.approx(row.value, rel=0, abs=row.tolerance), row.source


def test_every_metric_has_a_published_value() -> None:
    assert {row.key for row in PUBLISHED} == set(CATALOGUE)
