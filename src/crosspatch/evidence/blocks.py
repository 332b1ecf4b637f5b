"""A pair of regions in blocks: what a bootstrap that keeps neighbours together draws from. In go regions, out come
counts of blocks drawn again and again.

Every kind of counts is a sum over pixel pairs, so that of drawn blocks is the sum of theirs: a table of counts by block
is made once, and each replicate is a product with how often each block was drawn.
"""

from __future__ import annotations

from collections.abc import Callable
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

Index = NDArray[np.int32]
# Pairs that are tabulated at a time, so that memory holds little more than the table.
CHUNK_PX = 1 << 19


@dataclass(frozen=True, eq=False)
class Blocks:
    """The counted pixel pairs of two regions, and the block of `width` x `height` px in which each lies.

    `truth` and `test` are the levels of the pairs (n,), `block` the index of their blocks (n,), of `count` blocks that
    hold a counted pair.
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
        sides = zip(truth.shape, (height, width), strict=True)
        rows, columns = (np.arange(side, dtype=np.int32) // size for side, size in sides)
        across = int(columns[-1]) + 1
        block = (rows[:, None] * across + columns).ravel()
        kept = np.s_[:] if counted is None else counted.ravel()
        holding, block = np.unique(block[kept], return_inverse=True)
        pairs = truth.ravel()[kept], test.ravel()[kept], block.astype(np.int32)
        return cls(*pairs, count=holding.size, width=width, height=height, labelling=labelling)

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
        classes = len(self.labelling.classes)
        of_truth, of_test = self._classes_of_levels
        return self._table(classes**2, lambda truth, test: of_truth[truth] * classes + of_test[test])

    @cached_property
    def _score_table(self) -> Any:
        of_truth, _ = self._classes_of_levels
        return self._table(2 * LEVELS, lambda truth, test: of_truth[truth] * LEVELS + test)

    @cached_property
    def _level_tables(self) -> tuple[Any, Any, Any]:
        return (
            self._table(LEVELS, lambda truth, _: truth),
            self._table(LEVELS, lambda _, test: test),
            self._table(DIFFERENCE.size, lambda truth, test: test.astype(np.int32) - truth + LEVELS - 1),
        )

    @cached_property
    def _joint_table(self) -> Any:
        occurring, columns = self._occurring, self._occurring[1].size
        of_truth, of_test = (np.searchsorted(each, np.arange(LEVELS)) for each in occurring)
        return self._table(self.cells, lambda truth, test: of_truth[truth] * columns + of_test[test])

    @cached_property
    def _classes_of_levels(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        starts, levels = (self.labelling.truth_starts, self.labelling.test_starts), np.arange(LEVELS)
        of_truth, of_test = (self.labelling.classify(levels, each).astype(np.int64) for each in starts)
        return of_truth, of_test

    @cached_property
    def _occurring(self) -> tuple[Levels, Levels]:
        return np.unique(self.truth), np.unique(self.test)

    def _table(self, cells: int, cell_of: Callable[[Levels, Levels], NDArray[np.integer[Any]]]) -> Any:
        """Counts (blocks, cells) of pairs by block and cell: sparse, for a block holds few of the cells."""
        from scipy.sparse import coo_array, csr_array

        table = csr_array((self.count, cells))
        for start in range(0, self.truth.size, CHUNK_PX):
            piece = slice(start, start + CHUNK_PX)
            cell = cell_of(self.truth[piece], self.test[piece])
            places = self.block[piece], cell
            table = table + coo_array((np.ones(cell.size), places), shape=table.shape).tocsr()
        return table


_METHOD_OF = {
    BinaryCounts: "_binary",
    ClassCounts: "_classes",
    ScoreCounts: "_scores",
    LevelCounts: "_levels",
    JointCounts: "_joint",
}
