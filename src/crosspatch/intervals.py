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
    """The same values with their intervals; what is undefined has none."""
    return {
        key: value if value.value is None else replace(value, interval=intervals.get(key))
        for key, value in values.items()
    }


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

    None for fewer than two blocks; raises Impossible for more than 2^24 pixel pairs. Draws come from
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
    if blocks.count < 2:
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
    """Of replicates (R,) or (R, classes); None where most are undefined."""
    found: list[Interval | None] = []
    for column in values.reshape(len(values), -1).T:
        defined = column[np.isfinite(column)]
        if 2 * defined.size < column.size:
            found.append(None)
        else:
            low, high = np.percentile(defined, _TAILS).tolist()
            found.append(Interval(low, high, method))
    return found


def _by_formula(metric: Metric, formula: AnalyticInterval, evidence: object) -> list[Interval | None]:
    """Of values (), or (classes,), kept within the metric's bounds; None where an end is undefined."""
    with np.errstate(all="ignore"):
        ends = formula.ends(evidence, metric(evidence))
    low, high = (np.clip(np.atleast_1d(end), *metric.bounds).tolist() for end in ends)
    method = f"{formula.method}, {IF_INDEPENDENT}"
    return [
        Interval(*pair, method) if math.isfinite(pair[0]) and math.isfinite(pair[1]) else None
        for pair in zip(low, high, strict=True)
    ]


def _named(found: Mapping[str, list[Interval | None]]) -> dict[str, Interval]:
    return {key: first for key, (first,) in found.items() if first is not None}


def _transposed(found: Mapping[str, list[Interval | None]], classes: int) -> list[dict[str, Interval]]:
    """By class, then by key."""
    return [
        {key: each[index] for key, each in found.items() if each[index] is not None}  # type: ignore[misc]
        for index in range(classes if found else 0)
    ]
