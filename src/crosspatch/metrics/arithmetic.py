"""Small sums that several families share. In go arrays with any leading axes, out comes one axis less."""

from __future__ import annotations

import numpy as np

from crosspatch.evidence import Array, ClassCounts, dot


def mean_of_defined(values: Array) -> Array:
    """The mean over the last axis of those values that are defined; NaN where none is."""
    defined = np.isfinite(values)
    mean: Array = np.where(defined, values, 0).sum(-1) / defined.sum(-1)
    return mean


def weighted_by_truth(m: ClassCounts, values: Array) -> Array:
    """The mean over the last axis, the classes, of one value a class, each weighing as many as its truth pixels."""
    mean: Array = np.where(m.rows > 0, m.rows * values, 0).sum(-1) / m.n
    return mean


def class_distances(classes: int, power: int) -> Array:
    """How far each two classes are apart by their indices (K, K), to that power; 0 gives whether they differ."""
    index = np.arange(classes)
    apart = np.abs(index[:, None] - index).astype(np.float64)
    return np.where(apart > 0, apart**power, 0)


def wins(ours: Array, theirs: Array) -> Array:
    """How often a pixel of `ours` (..., 256) is brighter than one of `theirs` (..., 256), over all such pairs.

    A tie counts half.
    """
    below = theirs.cumsum(-1) - theirs
    return dot(ours, below + theirs / 2)
