"""Many pairs of rectangles at once. In go planes and places, out comes evidence whose leading axis is the pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from crosspatch.evidence.bits import WORD, BitPlane, Words, count_bits
from crosspatch.evidence.classes import BinaryCounts, ClassCounts, ScoreCounts
from crosspatch.evidence.joint import JointCounts
from crosspatch.evidence.levels import LevelCounts
from crosspatch.evidence.masks import Masks
from crosspatch.evidence.regions import Regions
from crosspatch.histogram import LEVELS, Levels, count_pairs
from crosspatch.labelling import Labelling
from crosspatch.places import PLACES, Places

Mask = NDArray[np.bool_]
# Words whose bits are counted at a time: 1 MiB.
CHUNK_WORDS = 1 << 17


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of `width` x `height` px rectangles, the first in the plane `truth` (H, W), the second in `test` (H, W).

    `counted` (H, W) says for each plane which of its pixels are not left out, None for all. Where rectangles wrap
    around, the planes go on at the right and the bottom as they begin, by a rectangle's size less one.
    """

    truth: Levels
    test: Levels
    width: int
    height: int
    labelling: Labelling
    counted: tuple[Mask, Mask] | None = None

    @property
    def area_px(self) -> int:
        """The area of a rectangle, in pixels."""
        return self.width * self.height

    @property
    def words(self) -> int:
        """How many words of 64 pixels a rectangle takes."""
        return -(-self.width // WORD) * self.height

    def binary(self, places: Places) -> BinaryCounts:
        """Outcomes of each pair, (n,), for two classes: whole numbers, counted 64 pixels at a time."""
        step = max(1, CHUNK_WORDS // self.words)
        parts = [self._outcomes(places.part(start, start + step)) for start in range(0, len(places), step)]
        tn, fp, fn, tp = np.concatenate(parts, axis=1).astype(np.float64)
        return BinaryCounts(tp=tp, fp=fp, fn=fn, tn=tn)

    def classes(self, places: Places) -> ClassCounts:
        """Confusion matrices of the pairs (n, K, K), for more than two classes as well."""
        classes = len(self.labelling.classes)
        matrices = np.empty((len(places), classes, classes))
        for matrix, pair in zip(matrices, self._each(*self._class_planes, places), strict=True):
            matrix[:] = count_pairs(*pair, size=classes)
        return ClassCounts(matrices)

    def joint(self, places: Places) -> JointCounts:
        """Joint histograms of the pairs (n, 256, 256)."""
        tables = np.empty((len(places), LEVELS, LEVELS), np.int64)
        for table, pair in zip(tables, self._each(self.truth, self.test, places), strict=True):
            table[:] = count_pairs(*pair)
        return JointCounts(tables)

    def whole(self, places: Places) -> Mask:
        """Of which pairs no pixel is left out (n,)."""
        if self._counted_bits is None:
            return np.ones(len(places), bool)
        truth, test = self._cut_bits(self._counted_bits, places)
        all_counted: Mask = count_bits(truth & test) == self.area_px
        return all_counted

    def regions(self, places: Places) -> Regions:
        """The pixels of the pairs, (n, height, width) each."""
        size = self.width, self.height
        return Regions(
            _cut(self.truth, places.truth_x, places.truth_y, *size),
            _cut(self.test, places.test_x, places.test_y, *size),
        )

    def _outcomes(self, places: Places) -> NDArray[np.int64]:
        """tn, fp, fn, tp of the pairs (4, n)."""
        positive, called = self._cut_bits(self._positives, places)
        pairs = np.full(len(places), self.area_px, np.int64)
        if self._counted_bits is not None:
            truth, test = self._cut_bits(self._counted_bits, places)
            both = truth & test
            positive, called, pairs = positive & both, called & both, count_bits(both)
        tp = count_bits(positive & called)
        fn, fp = count_bits(positive) - tp, count_bits(called) - tp
        return np.stack([pairs - tp - fn - fp, fp, fn, tp])

    def _cut_bits(self, planes: tuple[BitPlane, BitPlane], places: Places) -> tuple[Words, Words]:
        truth, test = planes
        return (
            truth.cut(places.truth_x, places.truth_y, self.width, self.height),
            test.cut(places.test_x, places.test_y, self.width, self.height),
        )

    @cached_property
    def _positives(self) -> tuple[BitPlane, BitPlane]:
        return (
            BitPlane.of(self.truth >= self.labelling.truth_starts[1]),
            BitPlane.of(self.test >= self.labelling.test_starts[1]),
        )

    @cached_property
    def _counted_bits(self) -> tuple[BitPlane, BitPlane] | None:
        return None if self.counted is None else (BitPlane.of(self.counted[0]), BitPlane.of(self.counted[1]))

    @cached_property
    def _class_planes(self) -> tuple[Levels, Levels]:
        labelling = self.labelling
        return (
            labelling.classify(self.truth, labelling.truth_starts),
            labelling.classify(self.test, labelling.test_starts),
        )

    def _each(self, truth: Levels, test: Levels, places: Places) -> Iterator[tuple[Levels, Levels, Mask | None]]:
        """The regions of each pair in two planes, and which of their pixel pairs are counted: views, where none is."""
        for x, y, test_x, test_y in zip(*(getattr(places, each).tolist() for each in PLACES), strict=True):
            ours = np.s_[y : y + self.height, x : x + self.width]
            theirs = np.s_[test_y : test_y + self.height, test_x : test_x + self.width]
            counted = None if self.counted is None else self.counted[0][ours] & self.counted[1][theirs]
            yield truth[ours], test[theirs], counted


@dataclass(frozen=True, eq=False)
class Drawn:
    """All evidence of some pairs, each kind made once, when first asked for."""

    pairs: Pairs
    places: Places

    def of(self, kind: type) -> object:
        """The evidence of that kind, with the pairs as leading axis."""
        return getattr(self, _ATTRIBUTE_OF[kind])

    @cached_property
    def binary(self) -> BinaryCounts:
        """Outcomes, for two classes."""
        return self.pairs.binary(self.places)

    @cached_property
    def classes(self) -> ClassCounts:
        """Confusion matrices."""
        two = len(self.pairs.labelling.classes) == 2
        return ClassCounts.of_outcomes(self.binary) if two else self.pairs.classes(self.places)

    @cached_property
    def joint(self) -> JointCounts:
        """Joint histograms."""
        return self.pairs.joint(self.places)

    @cached_property
    def levels(self) -> LevelCounts:
        """Grey levels and their differences."""
        return LevelCounts.of(self.joint.cells)

    @cached_property
    def scores(self) -> ScoreCounts:
        """The test's levels by truth class, for two classes."""
        return ScoreCounts.of(self.joint.cells, self.pairs.labelling)

    @cached_property
    def whole(self) -> Mask:
        """Of which pairs no pixel is left out: only they have regions without holes."""
        return self.pairs.whole(self.places)

    @cached_property
    def regions(self) -> Regions:
        """The pixels."""
        return self.pairs.regions(self.places)

    @cached_property
    def masks(self) -> Masks:
        """The pixels of the positive class, for two classes."""
        labelling = self.pairs.labelling
        return Masks(
            labelling.classify(self.regions.truth, labelling.truth_starts),
            labelling.classify(self.regions.test, labelling.test_starts),
        )


_ATTRIBUTE_OF = {
    BinaryCounts: "binary",
    ClassCounts: "classes",
    ScoreCounts: "scores",
    LevelCounts: "levels",
    JointCounts: "joint",
    Regions: "regions",
    Masks: "masks",
}


def _cut(plane: Levels, x: NDArray[np.int64], y: NDArray[np.int64], width: int, height: int) -> Levels:
    """The rectangles of a plane (H, W) at `x, y` (n,): a copy (n, height, width)."""
    return sliding_window_view(plane, (height, width))[y, x]
