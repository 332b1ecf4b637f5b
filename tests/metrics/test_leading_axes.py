"""One body serves one pair of regions and ten thousand: a stack gives what its members give one by one."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from metrics.cases import CASES, Case

from crosspatch.evidence import Masks, Regions
from crosspatch.metric import Metric
from crosspatch.metrics import CATALOGUE

# All degenerate regions of one size, two random ones and two real ones, with two classes.
MEMBERS = [case for case in CASES.values() if len(case.classes) == 2][:4] + [
    case for name, case in CASES.items() if case.truth.shape == (12, 13) and len(case.classes) == 2
]


def arrays(evidence: Any) -> dict[str, np.ndarray]:
    return {field.name: np.asarray(getattr(evidence, field.name)) for field in fields(evidence)}


def stacked(metric: Metric, cases: list[Case], shape: tuple[int, ...]) -> Any:
    members = [arrays(case.evidence.of(metric.evidence)) for case in cases]
    stacks = {name: np.stack([member[name] for member in members]) for name in members[0]}
    return metric.evidence(**{name: stack.reshape(shape + stack.shape[1:]) for name, stack in stacks.items()})


def members_of(metric: Metric) -> list[Case]:
    """Regions of one size, where pixels are stacked; an even number of them."""
    cases = [case for case in MEMBERS if metric.evidence not in (Masks, Regions) or case.truth.shape == (12, 13)]
    return cases[: len(cases) // 2 * 2]


@pytest.mark.parametrize("metric", CATALOGUE.values(), ids=lambda metric: metric.key)
@pytest.mark.parametrize("axes", [1, 2])
def test_a_stack_gives_what_its_members_give(metric: Metric, axes: int) -> None:
    cases = members_of(metric)
    shape = (len(cases),) if axes == 1 else (2, len(cases) // 2)
    actual = metric(stacked(metric, cases, shape))
    expected = np.array([metric(case.evidence.of(metric.evidence)) for case in cases]).reshape(shape)
    np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=1e-12, strict=True)


@pytest.mark.parametrize("metric", CATALOGUE.values(), ids=lambda metric: metric.key)
def test_an_empty_stack_gives_an_empty_answer(metric: Metric) -> None:
    evidence = stacked(metric, members_of(metric), (len(members_of(metric)),))
    nothing = metric.evidence(**{name: array[:0] for name, array in arrays(evidence).items()})
    assert metric(nothing).shape == (0,)


def test_no_metric_changes_its_evidence() -> None:
    """Evidence that refuses to be written to, and values that do not depend on what was asked before."""
    case = next(iter(CASES.values()))
    again = Case(case.truth, case.test, case.labels)
    forwards, backwards = list(CATALOGUE.values()), list(CATALOGUE.values())[::-1]
    for metric in forwards:
        for array in arrays(case.evidence.of(metric.evidence)).values():
            array.flags.writeable = False
    first = {metric.key: case.value(metric) for metric in forwards}
    last = {metric.key: again.value(metric) for metric in backwards}
    assert first == last
