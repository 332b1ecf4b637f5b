"""Curves of two classes, from the joint histogram alone: no pixel is read again. In go counts, out come arrays.

`roc` and `precision_recall` keep the truth's classes and sweep the test's threshold; `thresholds` moves one threshold
over both regions. A pixel is positive when its level is at or above the threshold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from crosspatch.evidence import Array, BinaryCounts, ClassCounts, ScoreCounts
from crosspatch.histogram import LEVELS, Counts, JointHistogram
from crosspatch.labelling import Labelling
from crosspatch.metric import Metric
from crosspatch.metrics.rates import f1, false_positive_rate, precision, recall, youden_j


@dataclass(frozen=True, eq=False)
class Curves:
    """All curves of one pair of regions; NaN where a rate is undefined.

    `scored` holds the outcomes at the test's thresholds 0 .. 256 (257,), the truth's classes kept; at 256 nothing is
    positive. `swept` holds those at one threshold for both regions, 0 .. 255 (256,), and `metrics` each metric there.
    """

    scored: BinaryCounts
    swept: BinaryCounts
    metrics: Mapping[str, Array]

    @property
    def best(self) -> dict[str, tuple[int, float] | None]:
        """The test's threshold, and the value there, at which Youden's J and F1 are largest: the lowest such one.

        Youden W. J. (1950), Index for rating diagnostic tests, Cancer 3(1), 32-35.
        """
        return {metric.key: _largest(metric(self.scored)) for metric in (youden_j, f1)}

    def to_dict(self) -> dict[str, object]:
        """Ready for JSON: each curve an object of arrays of equal length, None where a value is undefined."""
        best = self.best
        return {
            "roc": {
                "threshold": list(range(LEVELS + 1)),
                "false_positive_rate": _listed(false_positive_rate(self.scored)),
                "true_positive_rate": _listed(recall(self.scored)),
            },
            "precision_recall": {
                "threshold": list(range(LEVELS + 1)),
                "recall": _listed(recall(self.scored)),
                "precision": _listed(precision(self.scored)),
            },
            "thresholds": {
                "threshold": list(range(LEVELS)),
                **{name: getattr(self.swept, name).astype(int).tolist() for name in ("tn", "fp", "fn", "tp")},
                "metrics": {key: _listed(values) for key, values in self.metrics.items()},
            },
            "best": {
                "by": list(best),
                "threshold": [None if found is None else found[0] for found in best.values()],
                "value": [None if found is None else found[1] for found in best.values()],
            },
        }


def trace(histogram: JointHistogram, labelling: Labelling, metrics: Iterable[Metric]) -> Curves | None:
    """The curves of a pair of regions, with those of the metrics that follow a threshold; None but for two classes."""
    positive_from = labelling.positive_from
    if positive_from is None:
        return None
    counts, truth = histogram.counts, histogram.truth
    # Thresholds between two levels of the truth have the same pixels above them: a row for each level that occurs, and
    # one of none. `row` (256,) is that of each threshold.
    levels = np.flatnonzero(truth)
    row = np.searchsorted(levels, np.arange(LEVELS))
    above = np.concatenate([_at_or_above(counts[levels]), np.zeros((1, LEVELS), np.int64)])
    swept = _outcomes(_at_or_above(above, axis=1)[row, np.arange(LEVELS)], truth, histogram.test)
    # What is a function of the outcomes, or of scores by truth class, follows a threshold without the pixels.
    following: dict[type, object] = {
        BinaryCounts: swept,
        ClassCounts: ClassCounts.of_outcomes(swept),
        ScoreCounts: ScoreCounts(positives=above.astype(np.float64), negatives=(above[0] - above).astype(np.float64)),
    }
    return Curves(
        scored=_of_scores(counts[:positive_from].sum(0), counts[positive_from:].sum(0)),
        swept=swept,
        metrics={
            each.key: each(following[each.evidence])[row if each.evidence is ScoreCounts else ...]
            for each in metrics
            if each.follows == "labels"
        },
    )


def _of_scores(negatives: Counts, positives: Counts) -> BinaryCounts:
    """Outcomes at the test's thresholds 0 .. 256, from its levels by truth class (256,)."""
    tp, fp = (np.append(_at_or_above(levels), 0).astype(np.float64) for levels in (positives, negatives))
    return BinaryCounts(tp=tp, fp=fp, fn=tp[0] - tp, tn=fp[0] - fp)


def _outcomes(tp: Counts, truth: Counts, test: Counts) -> BinaryCounts:
    """Outcomes at each threshold 0 .. 255 for both regions, from what both find positive and from their histograms."""
    fn, fp = _at_or_above(truth) - tp, _at_or_above(test) - tp
    tn = truth.sum() - tp - fn - fp
    return BinaryCounts(*(counts.astype(np.float64) for counts in (tp, fp, fn, tn)))


def _at_or_above(counts: Counts, axis: int = 0) -> Counts:
    """How many lie at or above each level."""
    return np.flip(np.flip(counts, axis).cumsum(axis), axis)


def _largest(values: Array) -> tuple[int, float] | None:
    defined = np.isfinite(values)
    if not defined.any():
        return None
    place = int(np.argmax(np.where(defined, values, -np.inf)))
    return place, float(values[place])


def _listed(values: Array) -> list[float | None]:
    listed: list[float | None] = values.tolist()
    for place in np.flatnonzero(~np.isfinite(values)).tolist():
        listed[place] = None
    return listed
