"""What metrics are computed from. In go a joint histogram, its labelling and two regions; out come counts.

A metric names the evidence that it needs by the annotation of its one parameter. All counts are float64 with any number
of leading axes, so that one body serves one pair of regions and ten thousand. Each class states the names that the
formulas of its metrics use; the tests evaluate the formulas over exactly those.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from crosspatch.confusion import ConfusionMatrix
from crosspatch.histogram import LEVELS, JointHistogram

Array = NDArray[np.float64]

LEVEL = np.arange(LEVELS, dtype=np.float64)
# Test minus truth, from -255 to 255.
DIFFERENCE = np.arange(1 - LEVELS, LEVELS, dtype=np.float64)
_DIFFERENCE_INDEX = (np.arange(LEVELS)[None, :] - np.arange(LEVELS)[:, None] + LEVELS - 1).ravel()


@dataclass(frozen=True, eq=False)
class BinaryCounts:
    """Pixel pairs by outcome, each (...,). Formulas use `tp, fp, fn, tn` and their sum `n`."""

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
    against the rest, `classes` for 0 .. K - 1, and `n`.
    """

    matrix: Array

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
    def twos(self) -> BinaryCounts:
        """Any two pixels, once each: are they of one class in the truth, and in the test? Outcomes of shape (...,)."""
        c, rows, columns = self.matrix, self.rows[..., :, None], self.columns[..., None, :]
        n = self.n[..., None, None]
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


@dataclass(frozen=True, eq=False)
class LevelCounts:
    """Grey levels of the truth and of the test (..., 256), and their differences test minus truth (..., 511).

    Formulas use `t` and `s`, the grey levels of the truth and the test over all pixel pairs, and `n`; `f[x]` and
    `g[x]`, the shares of the truth's and the test's pixels that have level `x`; `F[x]` and `G[x]`, the shares at or
    below it; and `levels` for 0 .. 255. `var` and `cov` divide by n.
    """

    truth: Array
    test: Array
    differences: Array

    @cached_property
    def n(self) -> Array:
        """All pixel pairs (...,)."""
        return self.truth.sum(-1)

    @cached_property
    def truth_mean(self) -> Array:
        """Mean level of the truth."""
        return _mean(self.truth, LEVEL)

    @cached_property
    def test_mean(self) -> Array:
        """Mean level of the test."""
        return _mean(self.test, LEVEL)

    @cached_property
    def truth_variance(self) -> Array:
        """Variance of the truth's levels, 1/n."""
        return _variance(self.truth, LEVEL, self.truth_mean)

    @cached_property
    def test_variance(self) -> Array:
        """Variance of the test's levels, 1/n."""
        return _variance(self.test, LEVEL, self.test_mean)

    @cached_property
    def bias(self) -> Array:
        """Mean difference."""
        return _mean(self.differences, DIFFERENCE)

    @cached_property
    def difference_variance(self) -> Array:
        """Variance of the differences, 1/n."""
        return _variance(self.differences, DIFFERENCE, self.bias)

    @cached_property
    def truth_power(self) -> Array:
        """Mean of the truth's squared levels."""
        return _mean(self.truth, LEVEL**2)

    @cached_property
    def test_power(self) -> Array:
        """Mean of the test's squared levels."""
        return _mean(self.test, LEVEL**2)

    @cached_property
    def truth_range(self) -> Array:
        """The truth's highest level less its lowest."""
        return _highest(self.truth) + _highest(self.truth[..., ::-1]) - (LEVELS - 1)

    @cached_property
    def largest_difference(self) -> Array:
        """The largest absolute difference."""
        return _highest(self.absolute_differences)

    @cached_property
    def truth_shares(self) -> Array:
        """The share of the truth's pixels at each level (..., 256)."""
        return _shares(self.truth)

    @cached_property
    def test_shares(self) -> Array:
        """The share of the test's pixels at each level (..., 256)."""
        return _shares(self.test)

    @cached_property
    def cumulative_gap(self) -> Array:
        """The share of the truth's pixels at or below each level, less that of the test's (..., 256)."""
        with np.errstate(invalid="ignore"):
            return (self.truth - self.test).cumsum(-1) / self.n[..., None]

    @cached_property
    def mean_squared_difference(self) -> Array:
        """Mean of the squared differences."""
        return _mean(self.differences, DIFFERENCE**2)

    @cached_property
    def covariance(self) -> Array:
        """Covariance of truth and test, 1/n: var(s - t) = var(t) + var(s) - 2 cov(t, s), solved for the last."""
        return (self.truth_variance + self.test_variance - self.difference_variance) / 2

    @cached_property
    def absolute_differences(self) -> Array:
        """How many pairs differ by 0 .. 255 levels (..., 256)."""
        absolute = self.differences[..., LEVELS - 1 :].copy()
        absolute[..., 1:] += self.differences[..., : LEVELS - 1][..., ::-1]
        return absolute


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
    def truth_ranks(self) -> Array:
        """The mid-rank of each truth level, centred on 0."""
        return _centred_ranks(self.truth)

    @cached_property
    def test_ranks(self) -> Array:
        """The mid-rank of each test level, centred on 0."""
        return _centred_ranks(self.test)


@dataclass(frozen=True, eq=False)
class Regions:
    """The pixels themselves, (..., height, width) uint8, for metrics that look at neighbourhoods.

    Formulas use `t` and `s`, the two regions, and their `width` and `height` in pixels; `mu, var, cov` are weighted
    moments in a window, at every place where the window fits.
    """

    truth: NDArray[np.uint8]
    test: NDArray[np.uint8]


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


def dot(a: Array, b: Array) -> Array:
    """The sum of products over the last axis."""
    products: Array = np.vecdot(a, b)
    return products


def _mean(counts: Array, values: Array) -> Array:
    with np.errstate(invalid="ignore"):
        return (counts @ values) / counts.sum(-1)


def _variance(counts: Array, values: Array, mean: Array) -> Array:
    with np.errstate(invalid="ignore"):
        return dot(counts, (values - mean[..., None]) ** 2) / counts.sum(-1)


def _shares(counts: Array) -> Array:
    with np.errstate(invalid="ignore"):
        return counts / counts.sum(-1, keepdims=True)


def _highest(counts: Array) -> Array:
    """The highest index with a count; NaN where there is none."""
    present = counts > 0
    return np.where(present.any(-1), LEVELS - 1 - present[..., ::-1].argmax(-1), np.nan)


def _centred_ranks(counts: Array) -> Array:
    """Half of: pixels below each level, less pixels above it. The mean rank, (n + 1) / 2, is left out: exact."""
    up_to = counts.cumsum(-1)
    return up_to - counts / 2 - up_to[..., -1:] / 2
