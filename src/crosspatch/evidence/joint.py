"""The joint histogram as evidence, for metrics that need to know which level meets which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosspatch.evidence.arrays import Array, Cells


@dataclass(frozen=True, eq=False)
class JointCounts:
    """The joint histogram (..., 256, 256), rows are truth levels; whole numbers of any type.

    Formulas use `t`, `s`, `n`, `f`, `g` and `levels` as for LevelCounts, and `p[x, y]`, the share of pixel pairs with
    level `x` in the truth and `y` in the test.
    """

    counts: NDArray[np.number[Any]]

    @cached_property
    def n(self) -> Array:
        """All pixel pairs (...,)."""
        return self.truth.sum(-1)

    @cached_property
    def cells(self) -> Cells:
        """The pairs of levels that occur."""
        return Cells.of(self.counts)

    @cached_property
    def truth(self) -> Array:
        """The truth's histogram (..., 256)."""
        return self.cells.count_by(self.cells.row, self.counts.shape[-2])

    @cached_property
    def test(self) -> Array:
        """The test's histogram (..., 256)."""
        return self.cells.count_by(self.cells.column, self.counts.shape[-1])

    @cached_property
    def entropy(self) -> Array:
        """Entropy of the pairs of levels, times n."""
        cells = self.cells
        return cells.sum_logs((cells.of_table(self.n) - cells.count) / cells.count)

    @cached_property
    def rank_covariance(self) -> Array:
        """Covariance of the mid-ranks of both regions, times n."""
        cells = self.cells
        return cells.sum(cells.count * cells.at_row(self.truth_ranks) * cells.at_column(self.test_ranks))

    @cached_property
    def concordance(self) -> Array:
        """Of all two pixels, once each: how many regions agree on which is brighter, less how many disagree on it."""
        cells = self.cells
        ends = np.searchsorted(cells.table, np.arange(self.n.size + 1)).tolist()
        found = [
            _concordance(cells.row[start:stop], cells.column[start:stop], cells.count[start:stop])
            for start, stop in pairwise(ends)
        ]
        return np.array(found, np.float64).reshape(self.n.shape)

    @cached_property
    def truth_ranks(self) -> Array:
        """The mid-rank of each truth level, centred on 0."""
        return _centred_ranks(self.truth)

    @cached_property
    def test_ranks(self) -> Array:
        """The mid-rank of each test level, centred on 0."""
        return _centred_ranks(self.test)


def _centred_ranks(counts: Array) -> Array:
    """Half of: pixels below each level, less pixels above it. The mean rank, (n + 1) / 2, is left out: exact."""
    up_to = counts.cumsum(-1)
    return up_to - counts / 2 - up_to[..., -1:] / 2


def _concordance(row: NDArray[np.intp], column: NDArray[np.intp], count: Array) -> float:
    """Concordant pairs of pixels less discordant ones, of the cells of one joint histogram."""
    row, column = _among_occurring(row), _among_occurring(column)
    # How many pixels are below a level in the truth and below one in the test.
    below = np.zeros((int(np.max(row, initial=0)) + 2, int(np.max(column, initial=0)) + 2))
    below[row + 1, column + 1] = count
    below = below.cumsum(0).cumsum(1)
    in_both, in_truth = below[row, column], below[row, -1]
    return float((count * (in_both - (in_truth - below[row, column + 1]))).sum())


def _among_occurring(levels: NDArray[np.intp]) -> NDArray[np.intp]:
    """The index of each level among those that occur, in their order."""
    occurs = np.zeros(int(np.max(levels, initial=0)) + 1, np.intp)
    occurs[levels] = 1
    index: NDArray[np.intp] = (np.cumsum(occurs) - 1)[levels]
    return index
