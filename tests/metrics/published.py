"""What a published worked value is. In go a source, the inputs that it gives and what it printed; out come rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from metrics.cases import Case

from crosspatch.metric import Metric

Measure = Callable[[Metric], float]
# How floating point may differ from a value that is printed in full.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Published:
    """One value as its source prints it: a decimal with its last zeros restored, or a fraction if given in full."""

    key: str
    printed: str | Fraction
    source: str
    measure: Measure
    as_printed: Callable[[float], float]

    @property
    def value(self) -> float:
        return float(Fraction(self.printed))

    @property
    def tolerance(self) -> float:
        """Half a unit of the last digit printed."""
        if isinstance(self.printed, Fraction):
            return ROUNDING
        return 0.5 * 10.0 ** -len(self.printed.partition(".")[2]) + ROUNDING

    def recomputed(self, metric: Metric) -> float:
        return self.as_printed(self.measure(metric))


def example(
    source: str,
    measure: Measure,
    printed: Mapping[str, str | Fraction],
    as_printed: Callable[[float], float] = float,
) -> list[Published]:
    """One worked example: its rows by key. `as_printed` turns our unit or convention into that of the source."""
    return [Published(key, value, source, measure, as_printed) for key, value in printed.items()]


def of_matrix(matrix: Sequence[Sequence[int]]) -> Measure:
    """A confusion matrix, rows are the truth: of two classes `[[tn, fp], [fn, tp]]`."""
    classes = len(matrix)
    first_levels = np.array([-(-256 * k // classes) for k in range(classes)], np.uint8)
    truth, test = (np.repeat(side.ravel(), np.ravel(matrix)) for side in np.indices((classes, classes)))
    labels = "threshold:128" if classes == 2 else f"levels:{classes}"
    return Case(first_levels[truth][None], first_levels[test][None], labels).value


def of_labels(truth: Sequence[object], test: Sequence[object]) -> Measure:
    """Two lists of labels; classes are in the order of their names."""
    names = sorted({*truth, *test}, key=str)
    pairs = list(zip(truth, test, strict=True))
    return of_matrix([[pairs.count((a, b)) for b in names] for a in names])


def of_levels(truth: Sequence[int], test: Sequence[int]) -> Measure:
    """Two lists of whole grey levels."""
    return Case(np.array([truth], np.uint8), np.array([test], np.uint8), "threshold:1").value


def of_scores(truth: Sequence[int], scores: Sequence[float]) -> Measure:
    """Classes 0 and 1, and scores of two decimals.

    A score seldom is a grey level over 255: each stands for twenty pixels of the two levels next to it, whose mean is
    exactly the score. What is linear in scores stays; squares and logarithms change by less than 1e-5.
    """
    spread = [level for score in scores for level in _twenty_levels(score)]
    return Case(np.repeat(np.array([truth], np.uint8) * 255, 20, axis=1), np.array([spread], np.uint8)).value


def mean_of(*measures: Measure) -> Measure:
    """The mean over several inputs."""
    return lambda metric: float(np.mean([measure(metric) for measure in measures]))


def _twenty_levels(score: float) -> list[int]:
    low, above = divmod(round(20 * 255 * score), 20)
    return [low] * (20 - above) + [low + 1] * above


def of_masks(truth: np.ndarray, test: np.ndarray) -> Measure:
    """Two masks (H, W) of 0 and 1."""
    return Case(truth.astype(np.uint8) * 255, test.astype(np.uint8) * 255).value
