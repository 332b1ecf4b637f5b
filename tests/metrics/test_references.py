"""Every metric against an implementation that is not ours, on real, random and degenerate regions."""

from __future__ import annotations

import pytest
from metrics.cases import CASES
from metrics.references import REFERENCES

from crosspatch.metrics import CATALOGUE


def test_every_metric_of_the_catalogue_has_a_reference() -> None:
    assert set(REFERENCES) == set(CATALOGUE)


@pytest.mark.parametrize("key", CATALOGUE)
def test_a_metric_equals_its_reference_on_every_pair_of_regions(key: str) -> None:
    metric = CATALOGUE[key]
    cases = {name: case for name, case in CASES.items() if case.applies(metric)}
    actual = {name: case.value(metric) for name, case in cases.items()}
    expected = {name: REFERENCES[key](case) for name, case in cases.items()}
    assert actual == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)
