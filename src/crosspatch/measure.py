"""From evidence to numbers. In goes Evidence and a catalogue, out come values, each with its reason where undefined."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from crosspatch.evidence import BinaryCounts, Evidence, Masks, ScoreCounts
from crosspatch.metric import Metric

NO_PAIRS = "every pixel pair is ignored, none is left to count"
NO_REGIONS = "ignored pixels leave holes in the regions, and this metric looks at neighbourhoods"

# For more than two classes these are evaluated for each class against the rest.
FAMILIES_BY_CLASS = ("rates", "boundary")


@dataclass(frozen=True)
class Interval:
    """Where the value would be expected to lie in 95 % of repetitions, and the method by which that was found."""

    low: float
    high: float
    method: str


@dataclass(frozen=True)
class MetricValue:
    """One statistic of one pair of regions. `value` is None exactly where `undefined` says why.

    `classes_counted` says how many classes entered an average over classes; None for what is not an average. `interval`
    is None where none was asked for, or none can be given.
    """

    key: str
    value: float | None
    undefined: str | None = None
    classes_counted: int | None = None
    interval: Interval | None = None

    def to_dict(self) -> dict[str, object]:
        """Ready for JSON."""
        row: dict[str, object] = {
            "key": self.key,
            "value": self.value,
            "interval": None if self.interval is None else [self.interval.low, self.interval.high],
            "interval_method": None if self.interval is None else self.interval.method,
            "undefined": self.undefined,
        }
        if self.classes_counted is not None:
            row["classes_counted"] = self.classes_counted
        return row


def measure(evidence: Evidence, metrics: Iterable[Metric]) -> dict[str, MetricValue]:
    """The value of each metric that applies to the whole, by key."""
    classes = len(evidence.confusion.classes)
    return {metric.key: _whole(evidence, metric) for metric in metrics if applies(metric, classes)}


def measure_classes(evidence: Evidence, metrics: Iterable[Metric]) -> list[dict[str, MetricValue]]:
    """For more than two classes, the metrics of two classes for each class against the rest, by class index."""
    classes = len(evidence.confusion.classes)
    if classes <= 2:
        return []
    by_metric = {metric.key: _each_class(evidence, metric) for metric in metrics if applies_to_each_class(metric)}
    return [{key: values[index] for key, values in by_metric.items()} for index in range(classes)]


def applies(metric: Metric, classes: int) -> bool:
    """Whether the metric says something of the whole, for that many classes."""
    if metric.evidence in (BinaryCounts, ScoreCounts, Masks):
        return classes == 2
    # One class alone is always right: a rate would say nothing.
    return metric.family != "rates" or classes > 1


def applies_to_each_class(metric: Metric) -> bool:
    """Whether the metric is evaluated for each of more than two classes against the rest."""
    return metric.family in FAMILIES_BY_CLASS and metric.evidence in (BinaryCounts, Masks)


def _each_class(evidence: Evidence, metric: Metric) -> list[MetricValue]:
    found = evidence.of_each_class(metric.evidence)
    if found is None:
        reason = NO_REGIONS if evidence.confusion.pixels else NO_PAIRS
        return [MetricValue(metric.key, None, reason)] * len(evidence.confusion.classes)
    return [_value(metric, value) for value in metric(found).tolist()]


def _whole(evidence: Evidence, metric: Metric) -> MetricValue:
    if evidence.confusion.pixels == 0:
        return MetricValue(metric.key, None, NO_PAIRS)
    found = evidence.of(metric.evidence)
    if found is None:
        return MetricValue(metric.key, None, NO_REGIONS)
    counted = None
    if metric.average_of is not None:
        counted = int(np.isfinite(metric.average_of(evidence.by_class.one_vs_rest)).sum())
    return _value(metric, metric(found).item(), counted)


def _value(metric: Metric, value: float, counted: int | None = None) -> MetricValue:
    if math.isfinite(value):
        return MetricValue(metric.key, value, None, counted)
    return MetricValue(metric.key, None, metric.undefined, counted)
