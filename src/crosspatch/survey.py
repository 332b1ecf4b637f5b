"""Many pairs measured, step by step. In go pairs, their places and metrics, out come chances as they grow.

Metrics of labels are measured on all pairs, at once; those of grey levels need the joint histogram of each pair, those
of structure and boundary its pixels: these are measured on the first pairs, as many as fit some work. What is found
depends on no size of a batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crosspatch.chance import Bins, Chance
from crosspatch.evidence import Array, BinaryCounts, ClassCounts, Drawn, Masks, Pairs, Regions
from crosspatch.histogram import LEVELS
from crosspatch.metric import Metric
from crosspatch.places import Places

# Structure and boundary read every pixel many times: they are measured on no more pairs, nor pixels, than these.
MOST_PAIRS_OF_PIXELS = 500
MOST_PX_OF_PIXELS = 1 << 27
# Joint histograms: no more pairs, nor cells and pixels together, than these, which take a minute.
MOST_PAIRS_OF_LEVELS = 100_000
MOST_WORK_OF_LEVELS = 1 << 33
# Confusion matrices of more than two classes: no more pixels and cells together than these.
MOST_WORK_OF_CLASSES = 1 << 34
# Pairs whose outcomes are counted together, and cells or pixels in the largest array of others: 8 MiB.
OUTCOMES = 1 << 14
TILE = 1 << 20
# Chances are told anew when this many pairs are measured, then each time there are twice as many.
FIRST_TOLD = 256


@dataclass(frozen=True)
class Step:
    """How many of the pairs are done, and the chances that are new, or rest on more pairs than before."""

    done: int
    grown: tuple[Chance, ...] = ()


@dataclass(frozen=True, eq=False)
class Survey:
    """Metrics over pairs at `places`, beside the values `observed`; `bins` (n,) are the pairs' overlaps, if any."""

    pairs: Pairs
    places: Places
    metrics: Sequence[Metric]
    observed: Mapping[str, float | None]
    bins: Bins | None

    def steps(self) -> Iterator[Step]:
        """Measure; each step takes a fraction of a second, the last has all pairs done."""
        labels = [each for each in self.metrics if each.evidence in (BinaryCounts, ClassCounts)]
        pixels = [each for each in self.metrics if each.evidence in (Regions, Masks)]
        levels = [each for each in self.metrics if each not in labels and each not in pixels]
        if labels:
            two = len(self.pairs.labelling.classes) == 2
            yield from self._outcomes(labels) if two else self._classes(labels)
        if pixels or levels:
            yield from self._tiles(levels, pixels)
        yield Step(len(self.places))

    def _outcomes(self, metrics: Sequence[Metric]) -> Iterator[Step]:
        """Of two classes: outcomes of all pairs are kept, so that one metric's values at a time need memory."""
        parts: list[BinaryCounts] = []
        for start in range(0, len(self.places), OUTCOMES):
            parts.append(self.pairs.binary(self.places.part(start, start + OUTCOMES)))
            yield Step(0)
        for metric in metrics:
            found = [
                metric(part if metric.evidence is BinaryCounts else ClassCounts.of_outcomes(part)) for part in parts
            ]
            yield Step(0, (self._chance(metric, np.concatenate(found)),))

    def _classes(self, metrics: Sequence[Metric]) -> Iterator[Step]:
        """Of more than two classes."""
        work = max(self.pairs.area_px, len(self.pairs.labelling.classes) ** 2)
        count = min(len(self.places), max(1, MOST_WORK_OF_CLASSES // work))
        values = {metric.key: np.empty(count) for metric in metrics}
        for start, stop in _tiles(count, max(1, TILE // work)):
            drawn = Drawn(self.pairs, self.places.part(start, stop))
            for metric in metrics:
                values[metric.key][start:stop] = metric(drawn.of(metric.evidence))
            yield Step(0)
        for metric in metrics:
            yield Step(0, (self._chance(metric, values[metric.key]),))

    def _tiles(self, levels: Sequence[Metric], pixels: Sequence[Metric]) -> Iterator[Step]:
        """Metrics of grey levels, and on the first pairs those of pixels as well."""
        area, asked = self.pairs.area_px, len(self.places)
        work = max(area, LEVELS**2)
        most_of_pixels = min(asked, MOST_PAIRS_OF_PIXELS, max(1, MOST_PX_OF_PIXELS // area))
        most = min(asked, MOST_PAIRS_OF_LEVELS, max(1, MOST_WORK_OF_LEVELS // work)) if levels else most_of_pixels
        values = {metric.key: np.empty(most) for metric in levels}
        values |= {metric.key: np.empty(most_of_pixels) for metric in pixels}
        told = FIRST_TOLD
        for start, stop in _tiles(most, max(1, TILE // work), most_of_pixels):
            drawn = Drawn(self.pairs, self.places.part(start, stop))
            for metric in levels:
                values[metric.key][start:stop] = metric(drawn.of(metric.evidence))
            for metric in pixels if stop <= most_of_pixels else ():
                values[metric.key][start:stop] = np.where(drawn.whole, metric(drawn.of(metric.evidence)), np.nan)
            grown = [*pixels] if stop == most_of_pixels else []
            if stop >= told or stop == most:
                grown, told = [*grown, *levels], 2 * told
            yield Step(asked * stop // most)
            for metric in grown:
                yield Step(asked * stop // most, (self._chance(metric, values[metric.key][:stop]),))

    def _chance(self, metric: Metric, values: Array) -> Chance:
        bins = None if self.bins is None else self.bins[: values.size]
        return Chance.of(metric, values, self.observed.get(metric.key), bins)


def _tiles(count: int, size: int, edge: int = 0) -> Iterator[tuple[int, int]]:
    """0 .. count in tiles of at most `size`, one of which ends at `edge`."""
    start = 0
    while start < count:
        stop = min(start + size, count)
        if start < edge < stop:
            stop = edge
        yield start, stop
        start = stop
