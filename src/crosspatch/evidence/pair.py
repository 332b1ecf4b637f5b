"""All evidence of one pair of regions. In go a joint histogram, its labelling and the regions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from crosspatch.confusion import ConfusionMatrix
from crosspatch.evidence.classes import BinaryCounts, ClassCounts, ScoreCounts
from crosspatch.evidence.joint import JointCounts
from crosspatch.evidence.levels import LevelCounts
from crosspatch.evidence.masks import ClassMasks, Labels, Masks
from crosspatch.evidence.regions import Regions
from crosspatch.histogram import JointHistogram
from crosspatch.labelling import Labelling


@dataclass(frozen=True, eq=False)
class Evidence:
    """All that is known of one pair of regions; each kind of evidence is derived once, when first asked for.

    `counted` is the joint histogram, or None for regions whose pairs all count: then it is counted when a metric first
    needs it. `regions` is None where pixels were left out, so that neighbourhoods have holes.
    """

    counted: JointHistogram | None
    confusion: ConfusionMatrix
    labelling: Labelling
    regions: Regions | None

    @classmethod
    def of_histogram(cls, histogram: JointHistogram, labelling: Labelling, regions: Regions | None = None) -> Evidence:
        """Evidence of pairs that are counted already."""
        return cls(histogram, labelling.confusion(histogram), labelling, regions)

    @classmethod
    def of_regions(
        cls,
        regions: Regions,
        labelling: Labelling,
        ignore: tuple[int, ...] = (),
        kept: NDArray[np.bool_] | None = None,
    ) -> Evidence:
        """Evidence of two regions, but for the levels of `ignore`, and places where `kept` (H, W) is False."""
        if len(labelling.classes) == 2 and not ignore and kept is None:
            return cls(None, labelling.count_two(regions.truth, regions.test), labelling, regions)
        histogram = JointHistogram.of(regions.truth, regions.test, ignore, kept)
        return cls.of_histogram(histogram, labelling, regions if histogram.pixels == regions.truth.size else None)

    def apart(self) -> Evidence:
        """The same, whatever becomes of the arrays of the regions; without them where nothing more can need them."""
        counted = self.histogram if "histogram" in vars(self) else self.counted
        if self.regions is None or (counted is not None and len(self.labelling.classes) <= 2):
            return replace(self, counted=counted, regions=None)
        return replace(self, counted=counted, regions=Regions(self.regions.truth.copy(), self.regions.test.copy()))

    @cached_property
    def histogram(self) -> JointHistogram:
        """The joint histogram."""
        if self.counted is not None:
            return self.counted
        if self.regions is None:
            raise ValueError("evidence has a joint histogram, or regions to count")
        return JointHistogram.of(self.regions.truth, self.regions.test)

    def of(self, kind: type) -> object:
        """The evidence of that kind, derived when first asked for; None for regions that have holes."""
        return getattr(self, _ATTRIBUTE_OF[kind])

    def of_each_class(self, kind: type) -> object:
        """The evidence of that kind, BinaryCounts or Masks, with an axis for the classes: each against the rest."""
        return self.by_class.one_vs_rest if kind is BinaryCounts else self.class_masks

    @cached_property
    def binary(self) -> BinaryCounts:
        """Outcomes, for two classes."""
        return BinaryCounts.of(self.confusion.matrix)

    @cached_property
    def by_class(self) -> ClassCounts:
        """The confusion matrix."""
        return ClassCounts(self.confusion.matrix.astype(np.float64))

    @cached_property
    def joint(self) -> JointCounts:
        """The joint histogram."""
        return JointCounts(self.histogram.counts)

    @cached_property
    def scores(self) -> ScoreCounts:
        """The test's levels by truth class, for two classes."""
        return ScoreCounts.of(self.joint.cells, self.labelling)

    @cached_property
    def levels(self) -> LevelCounts:
        """Grey levels and their differences."""
        return LevelCounts.of(self.joint.cells)

    @cached_property
    def masks(self) -> Masks | None:
        """The pixels of the positive class, for two classes; None for regions that have holes."""
        return None if self.regions is None else Masks(*self._class_maps(self.regions))

    @cached_property
    def class_masks(self) -> ClassMasks | None:
        """The pixels of every class; None for regions that have holes."""
        if self.regions is None:
            return None
        return ClassMasks(*self._class_maps(self.regions), count=len(self.confusion.classes))

    def _class_maps(self, regions: Regions) -> tuple[Labels, Labels]:
        labelling = self.labelling
        return (
            labelling.classify(regions.truth, labelling.truth_starts),
            labelling.classify(regions.test, labelling.test_starts),
        )


_ATTRIBUTE_OF = {
    BinaryCounts: "binary",
    ClassCounts: "by_class",
    ScoreCounts: "scores",
    LevelCounts: "levels",
    JointCounts: "joint",
    Regions: "regions",
    Masks: "masks",
}
