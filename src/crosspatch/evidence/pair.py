"""All evidence of one pair of regions. In go a joint histogram, its labelling and the regions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from crosspatch.confusion import ConfusionMatrix
from crosspatch.evidence.arrays import DIFFERENCE
from crosspatch.evidence.classes import BinaryCounts, ClassCounts, ScoreCounts
from crosspatch.evidence.joint import JointCounts
from crosspatch.evidence.levels import LevelCounts
from crosspatch.evidence.regions import Regions
from crosspatch.histogram import LEVELS, JointHistogram

_DIFFERENCE_INDEX = (np.arange(LEVELS)[None, :] - np.arange(LEVELS)[:, None] + LEVELS - 1).ravel()


@dataclass(frozen=True, eq=False)
class Evidence:
    """All that is known of one pair of regions; each kind of evidence is derived once, when first asked for.

    `regions` is None where pixels were left out, so that neighbourhoods have holes.
    """

    histogram: JointHistogram
    confusion: ConfusionMatrix
    positive_from: int | None
    regions: Regions | None

    def of(self, kind: type) -> object:
        """The evidence of that kind, derived when first asked for; None for regions that have holes."""
        return getattr(self, _ATTRIBUTE_OF[kind])

    @cached_property
    def binary(self) -> BinaryCounts:
        """Outcomes, for two classes."""
        return BinaryCounts.of(self.confusion.matrix)

    @cached_property
    def by_class(self) -> ClassCounts:
        """The confusion matrix."""
        return ClassCounts(self.confusion.matrix.astype(np.float64))

    @cached_property
    def scores(self) -> ScoreCounts:
        """The test's levels by truth class, for two classes; the truth is positive from `positive_from`."""
        counts = self.histogram.counts
        return ScoreCounts(
            positives=counts[self.positive_from :].sum(0).astype(np.float64),
            negatives=counts[: self.positive_from].sum(0).astype(np.float64),
        )

    @cached_property
    def levels(self) -> LevelCounts:
        """Grey levels and their differences."""
        counts = self.histogram.counts
        differences = np.bincount(_DIFFERENCE_INDEX, weights=counts.ravel(), minlength=DIFFERENCE.size)
        return LevelCounts(counts.sum(1).astype(np.float64), counts.sum(0).astype(np.float64), differences)

    @cached_property
    def joint(self) -> JointCounts:
        """The joint histogram."""
        return JointCounts(self.histogram.counts.astype(np.float64))


_ATTRIBUTE_OF = {
    BinaryCounts: "binary",
    ClassCounts: "by_class",
    ScoreCounts: "scores",
    LevelCounts: "levels",
    JointCounts: "joint",
    Regions: "regions",
}
