"""Many pairs measured, step by step. In go pairs, their places and metrics, out come chances as they grow.

Metrics of labels are measured on all pairs, at once; those of grey levels need the joint histogram of each pair, those
of structure and boundary its pixels: these are measured on the first pairs, as many as fit some work. What is found
depends on no size of a batch, but for the last digits of Stuart and Maxwell's test.
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
# Confusion matrices: no more words of 64 pixels for two classes, nor pixels and cells together for more, than these.
MOST_WORDS_OF_OUTCOMES = 1 << 33
MOST_WORK_OF_CLASSES = 1 << 34
# Beyond so many classes their metrics take as long as those of levels, and tests of symmetry longer.
MANY_CLASSES = 32
# Pairs whose outcomes are evaluated together, words that are counted in a step, and cells or pixels in the largest
# array of others: 8 MiB.
OUTCOMES = 1 << 14
WORDS = 1 << 21
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
        first = [each for each in self.metrics if each.evidence in (Regions, Masks)]
        every = [each for each in self.metrics if each not in labels and each not in first]
        if self._classes == 2:
            yield from self._outcomes(labels)
        elif self._classes <= MANY_CLASSES:
            cells = max(self.pairs.area_px, self._classes**2)
            yield from self._tiles(labels, (), cells, max(1, MOST_WORK_OF_CLASSES // cells), is_last=False)
        else:
            first += [each for each in labels if each.caution]
            every += [each for each in labels if not each.caution]
        cells = max(self.pairs.area_px, LEVELS**2)
        most = min(MOST_PAIRS_OF_LEVELS, max(1, MOST_WORK_OF_LEVELS // cells))
        yield from self._tiles(every, first, cells, most)
        yield Step(len(self.places))

    @property
    def _classes(self) -> int:
        return len(self.pairs.labelling.classes)

    def _outcomes(self, metrics: Sequence[Metric]) -> Iterator[Step]:
        """Of two classes: outcomes of all pairs are kept, so that one metric's values at a time need memory."""
        words = self.pairs.words
        most = min(len(self.places), max(1, MOST_WORDS_OF_OUTCOMES // words)) if metrics else 0
        counted: list[BinaryCounts] = []
        for start, stop in _tiles(most, min(OUTCOMES, max(1, WORDS // words))):
            counted.append(self.pairs.binary(self.places.part(start, stop)))
            yield Step(0)
        parts = _joined(counted)
        for metric in metrics:
            found = [
                metric(part if metric.evidence is BinaryCounts else ClassCounts.of_outcomes(part)) for part in parts
            ]
            yield Step(0, (self._chance(metric, np.concatenate(found)),))

    def _tiles(
        self, every: Sequence[Metric], first: Sequence[Metric], cells: int, most: int, *, is_last: bool = True
    ) -> Iterator[Step]:
        """Metrics of all pairs, `most` at most, and such as are measured on the first of them alone."""
        asked = len(self.places)
        most_of_first = min(asked, MOST_PAIRS_OF_PIXELS, max(1, MOST_PX_OF_PIXELS // self.pairs.area_px))
        most = min(asked, most) if every else most_of_first if first else 0
        values = {metric.key: np.empty(most) for metric in every}
        values |= {metric.key: np.empty(most_of_first) for metric in first}
        told = FIRST_TOLD
        for start, stop in _tiles(most, max(1, TILE // cells), min(most, most_of_first)):
            drawn = Drawn(self.pairs, self.places.part(start, stop))
            for metric in (*every, *(first if stop <= most_of_first else ())):
                values[metric.key][start:stop] = _values(metric, drawn)
            grown = [*first] if stop == most_of_first else []
            if stop >= told or stop == most:
                grown, told = [*grown, *every], 2 * told
            done = asked * stop // most if is_last else 0
            yield Step(done)
            for metric in grown:
                yield Step(done, (self._chance(metric, values[metric.key][:stop]),))

    def _chance(self, metric: Metric, values: Array) -> Chance:
        bins = None if self.bins is None else self.bins[: values.size]
        return Chance.of(metric, values, self.observed.get(metric.key), bins)


def _values(metric: Metric, drawn: Drawn) -> Array:
    """The values of a metric; undefined where it looks at neighbourhoods and pixels are left out."""
    found = metric(drawn.of(metric.evidence))
    return np.where(drawn.whole, found, np.nan) if metric.evidence in (Regions, Masks) else found


def _joined(parts: Sequence[BinaryCounts]) -> list[BinaryCounts]:
    """The same outcomes in parts of OUTCOMES pairs."""
    counts = [np.concatenate(each) for each in zip(*((m.tp, m.fp, m.fn, m.tn) for m in parts), strict=True)]
    size = counts[0].size if counts else 0
    return [BinaryCounts(*(each[start:stop] for each in counts)) for start, stop in _tiles(size, OUTCOMES)]


def _tiles(count: int, size: int, edge: int = 0) -> Iterator[tuple[int, int]]:
    """0 .. count in tiles of at most `size`, one of which ends at `edge`."""
    start = 0
    while start < count:
        stop = min(start + size, count)
        if start < edge < stop:
            stop = edge
        yield start, stop
        start = stop
