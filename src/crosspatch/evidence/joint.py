"""The joint histogram as evidence, for metrics that need to know which level meets which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from crosspatch.evidence.arrays import Array, Cells


@dataclass(frozen=True, eq=False)
class JointCounts:
    """The joint histogram (..., 256, 256), rows are truth levels.

    Formulas use `t`, `s`, `n`, `f`, `g` and `levels` as for LevelCounts, and `p[x, y]`, the share of pixel pairs with
    level `x` in the truth and `y` in the test.
    """

    counts: Array

    @cached_property
    def n(self) -> Array:
        """All pixel pairs (...,)."""
        return self.counts.sum((-2, -1))

    @cached_property
    def cells(self) -> Cells:
        """The pairs of levels that occur."""
        return Cells.of(self.counts)

    @cached_property
    def truth(self) -> Array:
        """The truth's histogram (..., 256)."""
        return self.counts.sum(-1)

    @cached_property
    def test(self) -> Array:
        """The test's histogram (..., 256)."""
        return self.counts.sum(-2)

    @cached_property
    def occurring(self) -> JointCounts:
        """The same without levels that occur in no pair (..., I, J): smaller, for metrics that see only their order."""
        leading = tuple(range(self.counts.ndim - 2))
        rows, columns = (self.truth > 0).any(leading), (self.test > 0).any(leading)
        return JointCounts(self.counts[..., rows, :][..., columns])

    @cached_property
    def entropy(self) -> Array:
        """Entropy of the pairs of levels, times n."""
        cells = self.cells
        return cells.sum_logs((cells.of_table(self.n) - cells.count) / cells.count)

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
