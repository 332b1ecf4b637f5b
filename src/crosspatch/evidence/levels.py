"""Counts of grey levels: of each region and of their differences, enough for most metrics of levels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from crosspatch.evidence.arrays import DIFFERENCE, LEVEL, Array, Cells, dot
from crosspatch.histogram import LEVELS


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

    @classmethod
    def of(cls, pairs: Cells) -> Self:
        """From the pairs of levels that occur: the cells of joint histograms (..., 256, 256)."""
        return cls(
            truth=pairs.count_by(pairs.row, LEVELS),
            test=pairs.count_by(pairs.column, LEVELS),
            differences=pairs.count_by(pairs.column - pairs.row + LEVELS - 1, DIFFERENCE.size),
        )

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
