"""Counts of pixel pairs by class: two classes, any number, or the truth's classes against the test's levels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from crosspatch.evidence.arrays import Array, Cells
from crosspatch.histogram import LEVELS
from crosspatch.labelling import Labelling


@dataclass(frozen=True, eq=False)
class BinaryCounts:
    """Pixel pairs by outcome, each (...,).

    Formulas use `tp` (true positives), the pairs that are positive in both regions, `fp` (false positives), those in
    the test alone, `fn` (false negatives), those in the truth alone, `tn` (true negatives), those in neither, and their
    sum `n`.
    """

    tp: Array
    fp: Array
    fn: Array
    tn: Array

    @classmethod
    def of(cls, matrix: NDArray[np.generic]) -> Self:
        """From matrices `[[tn, fp], [fn, tp]]` (..., 2, 2)."""
        m = np.asarray(matrix, np.float64)
        return cls(tp=m[..., 1, 1], fp=m[..., 0, 1], fn=m[..., 1, 0], tn=m[..., 0, 0])

    @cached_property
    def n(self) -> Array:
        """All pixel pairs."""
        return self.tp + self.fp + self.fn + self.tn


@dataclass(frozen=True, eq=False)
class ClassCounts:
    """A confusion matrix (..., K, K), rows are truth classes.

    Formulas use `c[i, j]` for its cells, `rows[i]` and `columns[j]` for its sums, `tp[i], fp[i], fn[i]` for one class
    against the rest, `classes` for 0 .. K - 1, and `n`; also the vector `d` of `rows[i] - columns[i]`, and its
    covariance `S` if pixels were independent: `rows[i] + columns[i] - 2 * c[i, i]` on the diagonal, elsewhere
    `-c[i, j] - c[j, i]`.
    """

    matrix: Array

    @classmethod
    def of_outcomes(cls, m: BinaryCounts) -> Self:
        """From outcomes of two classes (...,): `[[tn, fp], [fn, tp]]` (..., 2, 2)."""
        return cls(np.stack([m.tn, m.fp, m.fn, m.tp], -1).reshape(*m.n.shape, 2, 2))

    @cached_property
    def n(self) -> Array:
        """All pixel pairs (...,)."""
        return self.matrix.sum((-2, -1))

    @cached_property
    def rows(self) -> Array:
        """Pixels of each truth class (..., K)."""
        return self.matrix.sum(-1)

    @cached_property
    def columns(self) -> Array:
        """Pixels of each test class (..., K)."""
        return self.matrix.sum(-2)

    @cached_property
    def diagonal(self) -> Array:
        """Pixel pairs that agree on each class (..., K)."""
        return np.diagonal(self.matrix, axis1=-2, axis2=-1)

    @cached_property
    def disagreements(self) -> Array:
        """Pixel pairs of different classes (...,)."""
        return self.n - self.diagonal.sum(-1)

    @property
    def classes(self) -> int:
        """K, the number of classes of the labelling, empty ones included."""
        return int(self.matrix.shape[-1])

    @cached_property
    def one_vs_rest(self) -> BinaryCounts:
        """Each class taken as positive, all others as negative: outcomes of shape (..., K)."""
        tp = self.diagonal
        fp, fn = self.columns - tp, self.rows - tp
        return BinaryCounts(tp=tp, fp=fp, fn=fn, tn=self.n[..., None] - tp - fp - fn)

    @cached_property
    def occurring(self) -> ClassCounts:
        """The same without classes that are in neither region (..., I, I): of 256 levels most patches hold few."""
        present = (self.rows + self.columns > 0).any(tuple(range(self.rows.ndim - 1)))
        return self if present.all() else ClassCounts(self.matrix[..., present, :][..., present])

    @cached_property
    def cells(self) -> Cells:
        """The cells of the matrix that hold a count."""
        return Cells.of(self.matrix)

    @cached_property
    def shared_information(self) -> Array:
        """Mutual information of the classes of both regions, times n."""
        cells = self.cells
        c, rows, columns = cells.count, cells.at_row(self.rows), cells.at_column(self.columns)
        # n c[i, j] - rows[i] columns[j], without taking a difference of n^2.
        neither = cells.of_table(self.n) - rows - columns + c
        return cells.sum_logs((c * neither - (rows - c) * (columns - c)) / (rows * columns))

    @cached_property
    def truth_given_test(self) -> Array:
        """Entropy of the truth's class when the test's is known, times n."""
        cells = self.cells
        return cells.sum_logs((cells.at_column(self.columns) - cells.count) / cells.count)

    @cached_property
    def test_given_truth(self) -> Array:
        """Entropy of the test's class when the truth's is known, times n."""
        cells = self.cells
        return cells.sum_logs((cells.at_row(self.rows) - cells.count) / cells.count)

    @cached_property
    def twos(self) -> BinaryCounts:
        """Any two pixels, once each: are they of one class in the truth, and in the test? Outcomes of shape (...,)."""
        m = self.occurring
        c, rows, columns, n = m.matrix, m.rows[..., :, None], m.columns[..., None, :], m.n[..., None, None]
        return BinaryCounts(
            tp=(c * (c - 1)).sum((-2, -1)) / 2,
            fn=(c * (rows - c)).sum((-2, -1)) / 2,
            fp=(c * (columns - c)).sum((-2, -1)) / 2,
            tn=(c * (n - rows - columns + c)).sum((-2, -1)) / 2,
        )


@dataclass(frozen=True, eq=False)
class ScoreCounts:
    """The test's grey levels, apart for truth-positive and truth-negative pixels, each (..., 256).

    Formulas use `p`, the scores (level / 255) of the truth-positive pixels, and `q`, those of the truth-negative.
    """

    positives: Array
    negatives: Array

    @classmethod
    def of(cls, pairs: Cells, labelling: Labelling) -> Self:
        """From the pairs of levels that occur: the cells of joint histograms (..., 256, 256)."""
        positive = pairs.row >= labelling.truth_starts[1]
        counts = pairs.count_by(positive * LEVELS + pairs.column, 2 * LEVELS)
        return cls(positives=counts[..., LEVELS:], negatives=counts[..., :LEVELS])
