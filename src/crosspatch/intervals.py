"""How sure is a number? In goes a pair of regions, out come 95 % intervals of each metric, by the method asked for.

Pixels of one picture are not independent: the spatial block bootstrap draws whole blocks of neighbours, analytic
intervals take pixels for independent and say so.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence

from crosspatch.errors import Impossible
from crosspatch.evidence import Array, Blocks, ClassCounts, Evidence, JointCounts, Masks, Regions
from crosspatch.histogram import LEVELS
from crosspatch.measure import Interval, MetricValue, applies, applies_to_each_class
from crosspatch.metric import CONFIDENCE, AnalyticInterval, Metric

REPLICATES = 1000
# Of fewer blocks there are too few different draws to speak of 95 %.
FEWEST_BLOCKS = 4
# A metric that more replicates than this leave undefined has no interval: what is left is a choice of them.
MOST_UNDEFINED = 0.05
IF_INDEPENDENT = "if pixels were independent"
_TAILS = 100 * (1 - CONFIDENCE) / 2, 100 * (1 + CONFIDENCE) / 2
# Each replicate draws from every pixel pair: beyond this it takes minutes, and more memory than a small server has.
MOST_PX = 2**24
# Numbers of a batch of replicates in the largest of its arrays: 8 MiB of them.
_BATCH = 1 << 20
_PIXELS = (Regions, Masks)


@dataclass(frozen=True)
class Intervals:
    """Intervals of the whole by key, and of each class, by class index, by key; absent where none can be given."""

    whole: Mapping[str, Interval]
    by_class: Sequence[Mapping[str, Interval]] = ()


def attach(values: Mapping[str, MetricValue], intervals: Mapping[str, Interval]) -> dict[str, MetricValue]:
    """The same values with their intervals. What is undefined has none, nor has what lies outside of its own."""
    return {
        key: value
        if key not in intervals or not _holds(intervals[key], value)
        else replace(value, interval=intervals[key])
        for key, value in values.items()
    }


def withheld(values: Mapping[str, MetricValue], intervals: Mapping[str, Interval]) -> list[str]:
    """The keys of what lies outside of its own interval. Drawing again biases it: entropies fall, distances grow."""
    return [
        key
        for key, value in values.items()
        if key in intervals and value.value is not None and not _holds(intervals[key], value)
    ]


def _holds(interval: Interval, value: MetricValue) -> bool:
    """Whether the interval holds the value, but for rounding."""
    if value.value is None:
        return False
    slack = 1e-12 * max(1, abs(value.value))
    return interval.low - slack <= value.value <= interval.high + slack


def analytic(evidence: Evidence, metrics: Sequence[Metric]) -> Intervals:
    """Intervals by formula, of the metrics that declare one."""
    classes = len(evidence.confusion.classes)
    return Intervals(
        _named(
            {
                each.key: _by_formula(each, each.analytic, evidence.of(each.evidence))
                for each in metrics
                if each.analytic is not None and applies(each, classes)
            }
        ),
        _transposed(
            {
                each.key: _by_formula(each, each.analytic, evidence.of_each_class(each.evidence))
                for each in metrics
                if each.analytic is not None and classes > 2 and applies_to_each_class(each)
            },
            classes,
        ),
    )


def bootstrap(blocks: Blocks, metrics: Iterable[Metric], seed: int) -> Intervals:
    """Percentile intervals of every metric of counts, from blocks drawn with replacement, as many as there are.

    None for fewer than four blocks; raises Impossible for more than 2^24 pixel pairs. Draws come from
    `SeedSequence(seed, spawn_key=(1,))`. Künsch H. R. (1989), The jackknife and the bootstrap for general stationary
    observations, Annals of Statistics 17(3), 1217-1241; Efron B., Tibshirani R. J. (1993), An Introduction to the
    Bootstrap, chapter 13.
    """
    if blocks.truth.size > MOST_PX:
        raise Impossible(
            f"intervals by bootstrap take regions of at most {MOST_PX / 1e6:.1f} megapixels: ask for a resize, for a "
            "smaller rectangle, or for analytic ones",
            "intervals",
        )
    if blocks.count < FEWEST_BLOCKS:
        return Intervals({})
    classes, listed = len(blocks.labelling.classes), [each for each in metrics if each.evidence not in _PIXELS]
    whole = [each for each in listed if applies(each, classes)]
    single = [each for each in listed if classes > 2 and applies_to_each_class(each)]
    kinds = {each.evidence for each in whole} | ({ClassCounts} if single else set())
    values: dict[str, list[Array]] = defaultdict(list)
    of_classes: dict[str, list[Array]] = defaultdict(list)
    for times in _draws(blocks, kinds, seed):
        drawn = {kind: blocks.drawn(kind, times) for kind in kinds}
        for metric in whole:
            values[metric.key].append(metric(drawn[metric.evidence]))
        for metric in single:
            of_classes[metric.key].append(metric(drawn[ClassCounts].one_vs_rest))
    method = f"spatial bootstrap of {blocks.width}x{blocks.height} px blocks, {REPLICATES:,} replicates, percentile"
    return Intervals(
        _named({key: _percentiles(np.concatenate(found), method) for key, found in values.items()}),
        _transposed({key: _percentiles(np.concatenate(found), method) for key, found in of_classes.items()}, classes),
    )


def _draws(blocks: Blocks, kinds: set[type], seed: int) -> Iterator[Array]:
    """How often each block is drawn, (replicates, blocks): all replicates, in batches that fit in memory."""
    rng = Generator(PCG64(SeedSequence(seed, spawn_key=(1,))))
    classes = len(blocks.labelling.classes)
    largest = max(blocks.count, 2 * LEVELS, classes**2, blocks.cells if JointCounts in kinds else 0)
    batch = max(1, _BATCH // largest)
    chances = np.full(blocks.count, 1 / blocks.count)
    for start in range(0, REPLICATES, batch):
        yield rng.multinomial(blocks.count, chances, min(batch, REPLICATES - start)).astype(np.float64)


def _percentiles(values: Array, method: str) -> list[Interval | None]:
    """Of replicates (R,) or (R, classes); None where too many are undefined, or an end is infinite."""
    found: list[Interval | None] = []
    for column in values.reshape(len(values), -1).T:
        defined = column[~np.isnan(column)]
        if defined.size < (1 - MOST_UNDEFINED) * column.size:
            found.append(None)
        else:
            with np.errstate(invalid="ignore"):
                low, high = np.percentile(defined, _TAILS).tolist()
            found.append(_interval(low, high, method))
    return found


def _interval(low: float, high: float, method: str) -> Interval | None:
    return Interval(low, high, method) if math.isfinite(low) and math.isfinite(high) else None


def _by_formula(metric: Metric, formula: AnalyticInterval, evidence: object) -> list[Interval | None]:
    """Of values (), or (classes,), kept within the metric's bounds; None where an end is undefined."""
    with np.errstate(all="ignore"):
        ends = formula.ends(evidence, metric(evidence))
    low, high = (np.clip(np.atleast_1d(end), *metric.bounds).tolist() for end in ends)
    method = f"{formula.method}, {IF_INDEPENDENT}"
    return [_interval(*pair, method) for pair in zip(low, high, strict=True)]


def _named(found: Mapping[str, list[Interval | None]]) -> dict[str, Interval]:
    return {key: first for key, (first,) in found.items() if first is not None}


def _transposed(found: Mapping[str, list[Interval | None]], classes: int) -> list[dict[str, Interval]]:
    """By class, then by key."""
    return [
        {key: each[index] for key, each in found.items() if each[index] is not None}  # type: ignore[misc]
        for index in range(classes if found else 0)
    ]
