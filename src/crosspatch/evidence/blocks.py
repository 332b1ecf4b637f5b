"""A pair of regions in blocks: what a bootstrap that keeps neighbours together draws from. In go regions, out come
counts of blocks drawn again and again.

Every kind of counts is a sum over pixel pairs, so that of drawn blocks is the sum of theirs: a table of counts by block
is made once, and each replicate is a product with how often each block was drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosspatch.evidence.arrays import DIFFERENCE, Array
from crosspatch.evidence.classes import BinaryCounts, ClassCounts, ScoreCounts
from crosspatch.evidence.joint import JointCounts
from crosspatch.evidence.levels import LevelCounts
from crosspatch.histogram import LEVELS, Levels
from crosspatch.labelling import Labelling

Index = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Blocks:
    """The counted pixel pairs of two regions, and the block of `width` x `height` px in which each lies.

    `truth` and `test` are the levels of the pairs (n,), `block` the index of their blocks (n,), of `count` blocks.
    """

    truth: Levels
    test: Levels
    block: Index
    count: int
    width: int
    height: int
    labelling: Labelling

    @classmethod
    def of(cls, truth: Levels, test: Levels, labelling: Labelling, counted: NDArray[np.bool_] | None = None) -> Blocks:
        """Cut regions (H, W) into blocks of ceil(sqrt(side)) px; the last ones of a row or column may be smaller.

        `counted` (H, W) says which pairs are counted, None for all.
        """
        height, width = (ceil(sqrt(side)) for side in truth.shape)
        rows, columns = (np.arange(side) // size for side, size in zip(truth.shape, (height, width), strict=True))
        across = int(columns[-1]) + 1
        block = rows[:, None] * across + columns
        kept = np.s_[:] if counted is None else counted.ravel()
        pairs = truth.ravel()[kept], test.ravel()[kept], block.ravel()[kept]
        return cls(*pairs, count=(int(rows[-1]) + 1) * across, width=width, height=height, labelling=labelling)

    def drawn(self, kind: type, times: Array) -> Any:
        """The counts of that kind when each block is drawn so many times: `times` is (replicates, blocks)."""
        return getattr(self, _METHOD_OF[kind])(times)

    @property
    def cells(self) -> int:
        """How many numbers the joint histogram of a replicate holds, of the levels that occur."""
        truth, test = self._occurring
        return truth.size * test.size

    def _binary(self, times: Array) -> BinaryCounts:
        return BinaryCounts.of(self._classes(times).matrix)

    def _classes(self, times: Array) -> ClassCounts:
        classes = len(self.labelling.classes)
        return ClassCounts((times @ self._class_table).reshape(-1, classes, classes))

    def _scores(self, times: Array) -> ScoreCounts:
        counts = (times @ self._score_table).reshape(-1, 2, LEVELS)
        return ScoreCounts(positives=counts[:, 1], negatives=counts[:, 0])

    def _levels(self, times: Array) -> LevelCounts:
        return LevelCounts(*(times @ table for table in self._level_tables))

    def _joint(self, times: Array) -> JointCounts:
        truth, test = self._occurring
        return JointCounts((times @ self._joint_table).reshape(-1, truth.size, test.size))

    @cached_property
    def _class_table(self) -> Any:
        truth = self.labelling.classify(self.truth, self.labelling.truth_starts).astype(np.int64)
        test = self.labelling.classify(self.test, self.labelling.test_starts)
        classes = len(self.labelling.classes)
        return self._table(truth * classes + test, classes**2)

    @cached_property
    def _score_table(self) -> Any:
        truth = self.labelling.classify(self.truth, self.labelling.truth_starts).astype(np.int64)
        return self._table(truth * LEVELS + self.test, 2 * LEVELS)

    @cached_property
    def _level_tables(self) -> tuple[Any, Any, Any]:
        difference = self.test.astype(np.int64) - self.truth + LEVELS - 1
        sizes = LEVELS, LEVELS, DIFFERENCE.size
        tables = (self._table(*each) for each in zip((self.truth, self.test, difference), sizes, strict=True))
        truth, test, differences = tables
        return truth, test, differences

    @cached_property
    def _joint_table(self) -> Any:
        truth, test = self._occurring
        row, column = np.searchsorted(truth, self.truth), np.searchsorted(test, self.test)
        return self._table(row * test.size + column, self.cells)

    @cached_property
    def _occurring(self) -> tuple[Levels, Levels]:
        return np.unique(self.truth), np.unique(self.test)

    def _table(self, cell: NDArray[np.integer[Any]], cells: int) -> Any:
        """Counts (blocks, cells) of pairs by block and cell: sparse, for a block holds few of the cells."""
        from scipy.sparse import coo_array

        ones = np.ones(cell.size)
        return coo_array((ones, (self.block, cell)), shape=(self.count, cells)).tocsr()


_METHOD_OF = {
    BinaryCounts: "_binary",
    ClassCounts: "_classes",
    ScoreCounts: "_scores",
    LevelCounts: "_levels",
    JointCounts: "_joint",
}
