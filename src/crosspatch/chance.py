"""What chance alone gives: one metric over many random pairs. In go its values, out come its distribution and ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosspatch.evidence import Array
from crosspatch.metric import Metric

QUANTILES = (1, 5, 25, 50, 75, 95, 99)
PERCENTS = tuple(range(101))
BARS = 40
# Values that differ by no more than this share of them, or by so much, are the same but for rounding. P-values, which
# may be as small as they like, have all their digits: of them the share alone counts.
TIE_SHARE, TIE = 1e-10, 1e-13
# The band of agreement at some overlap: from the 5th to the 95th percentile, of no fewer pairs than have such.
BAND = (5, 50, 95)
FEWEST_FOR_BAND = 20
# Overlap in per cent, above `OVERLAP_FROM` and up to `OVERLAP_TO`; the first is of pairs that share no pixel.
OVERLAP_FROM = (0, *range(0, 100, 10))
OVERLAP_TO = (0, *range(10, 101, 10))

Bins = NDArray[np.int64]


@dataclass(frozen=True)
class ByOverlap:
    """Values of pairs by overlap, one each for `OVERLAP_FROM`; None where there are too few pairs to tell."""

    low: Sequence[float | None]
    median: Sequence[float | None]
    high: Sequence[float | None]


@dataclass(frozen=True)
class Histogram:
    """How many values lie in each of equal bins from `low` to `high`."""

    low: float
    high: float
    counts: Sequence[int]


@dataclass(frozen=True)
class Chance:
    """The values of one metric over `pairs` random pairs, `undefined` of which have none, and the observed one's rank.

    `percentiles` are the 0th to the 100th, by linear interpolation; they, `mean` and `histogram` are None when no pair
    has a value, `standard_deviation` (n - 1) when fewer than two have. `percentile` says what percentage of the pairs
    that have a value are worse than the observed one, or below it where no value is better than another. `p_value` is
    (1 + number at least as good) / (1 + number that have a value); None where no value is better, or none was observed.
    """

    key: str
    pairs: int
    undefined: int
    mean: float | None
    standard_deviation: float | None
    percentiles: Sequence[float] | None
    histogram: Histogram | None
    observed: float | None
    percentile: float | None
    p_value: float | None
    by_overlap: ByOverlap | None

    @property
    def quantiles(self) -> dict[int, float] | None:
        """The 1st, 5th, 25th, 50th, 75th, 95th and 99th percentile."""
        return None if self.percentiles is None else {percent: self.percentiles[percent] for percent in QUANTILES}

    @classmethod
    def of(cls, metric: Metric, values: Array, observed: float | None, bins: Bins | None) -> Chance:
        """From the values of a metric (n,), non-finite where undefined; `bins` (n,) are those of `overlap_bins`.

        Davison A. C., Hinkley D. V. (1997), Bootstrap Methods and their Application, equation 4.11, for the p-value.
        """
        is_defined = np.isfinite(values)
        defined = np.sort(values[is_defined])
        ranks = (None, None) if observed is None or not defined.size else _ranks(metric, defined, observed)
        mean, deviation = _moments(metric, defined)
        return cls(
            key=metric.key,
            pairs=values.size,
            undefined=values.size - defined.size,
            mean=mean,
            standard_deviation=deviation,
            percentiles=np.percentile(defined, PERCENTS).tolist() if defined.size else None,
            histogram=_histogram(defined) if defined.size else None,
            observed=observed,
            percentile=ranks[0],
            p_value=ranks[1],
            by_overlap=None if bins is None else _by_overlap(values[is_defined], bins[is_defined]),
        )

    def to_dict(self) -> dict[str, object]:
        """Ready for JSON."""
        histogram, by_overlap, quantiles = self.histogram, self.by_overlap, self.quantiles
        return {
            "key": self.key,
            "pairs": self.pairs,
            "undefined": self.undefined,
            "mean": self.mean,
            "standard_deviation": self.standard_deviation,
            "quantiles": None if quantiles is None else {str(percent): value for percent, value in quantiles.items()},
            "percentiles": None if self.percentiles is None else list(self.percentiles),
            "histogram": None
            if histogram is None
            else {"low": histogram.low, "high": histogram.high, "counts": list(histogram.counts)},
            "observed": self.observed,
            "percentile": self.percentile,
            "p_value": self.p_value,
            "by_overlap": None
            if by_overlap is None
            else {name: list(getattr(by_overlap, name)) for name in ("low", "median", "high")},
        }


def overlap_bins(overlap_px: NDArray[np.int64], area_px: int) -> Bins:
    """The index in `OVERLAP_FROM` of pairs that share so many pixels (n,) of rectangles of `area_px`."""
    return -(-10 * overlap_px // area_px)


def _ranks(metric: Metric, defined: Array, observed: float) -> tuple[float, float | None]:
    """The percentile and the p-value of what was observed, among values in ascending order; what rounding tells apart
    is tied.
    """
    slack = _slack(metric, observed)
    below = int(np.searchsorted(defined, observed - slack, side="left"))
    above = defined.size - int(np.searchsorted(defined, observed + slack, side="right"))
    if metric.direction is None:
        return 100 * below / defined.size, None
    worse = below if metric.direction == "higher" else above
    if metric.direction == "nearer" and metric.best is not None:
        worse = int((np.abs(defined - metric.best) > abs(observed - metric.best) + slack).sum())
    return 100 * worse / defined.size, (1 + defined.size - worse) / (1 + defined.size)


def _slack(metric: Metric, value: float) -> float:
    """By how much others may differ from a value and be tied with it."""
    return TIE_SHARE * abs(value) + (0 if metric.family == "tests" else TIE)


def _moments(metric: Metric, defined: Array) -> tuple[float | None, float | None]:
    """Mean and standard deviation of values in ascending order, exactly where all are the same."""
    if not defined.size:
        return None, None
    low, high = float(defined[0]), float(defined[-1])
    if high - low <= _slack(metric, high):
        return float(defined[defined.size // 2]), 0.0 if defined.size > 1 else None
    return min(max(float(defined.mean()), low), high), float(defined.std(ddof=1))


def _histogram(defined: Array) -> Histogram:
    """Of values in ascending order; values that are all but the same lie in the middle of bins around them."""
    low, high = float(defined[0]), float(defined[-1])
    largest = max(abs(low), abs(high))
    if high - low <= 1e-9 * max(largest, 1e-290):
        half = max(0.5, 1e-6 * largest)
        low, high = low - half, high + half
    counts, _ = np.histogram(defined, BARS, (low, high))
    return Histogram(low, high, counts.tolist())


def _by_overlap(values: Array, bins: Bins) -> ByOverlap:
    bands = [_band(values[bins == index]) for index in range(len(OVERLAP_FROM))]
    return ByOverlap(*zip(*bands, strict=True))


def _band(values: Array) -> tuple[float | None, float | None, float | None]:
    if not values.size:
        return None, None, None
    low, median, high = np.percentile(values, BAND).tolist()
    return (low, median, high) if values.size >= FEWEST_FOR_BAND else (None, median, None)
