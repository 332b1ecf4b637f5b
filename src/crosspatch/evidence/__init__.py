"""What metrics are computed from. In go a joint histogram, its labelling and two regions; out come counts.

A metric names the evidence that it needs by the annotation of its one parameter. All counts are float64 with any number
of leading axes, so that one body serves one pair of regions and ten thousand. Each class states the names that the
formulas of its metrics use; the tests evaluate the formulas over exactly those.
"""

from crosspatch.evidence.arrays import DIFFERENCE, LEVEL, Array, dot, weighted_log
from crosspatch.evidence.blocks import Blocks
from crosspatch.evidence.classes import BinaryCounts, ClassCounts, ScoreCounts
from crosspatch.evidence.joint import JointCounts
from crosspatch.evidence.levels import LevelCounts
from crosspatch.evidence.masks import ClassMasks, Masks
from crosspatch.evidence.pair import Evidence
from crosspatch.evidence.pairs import Drawn, Pairs
from crosspatch.evidence.regions import Regions

__all__ = [
    "DIFFERENCE",
    "LEVEL",
    "Array",
    "BinaryCounts",
    "Blocks",
    "ClassCounts",
    "ClassMasks",
    "Drawn",
    "Evidence",
    "JointCounts",
    "LevelCounts",
    "Masks",
    "Pairs",
    "Regions",
    "ScoreCounts",
    "dot",
    "weighted_log",
]
