"""Where a class lies, as pixels: its boundary in the truth and in the test, and how far these are from each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import hypot

import numpy as np
from numpy.typing import NDArray

from crosspatch.evidence.arrays import Array
from crosspatch.histogram import CHUNK_PX

Labels = NDArray[np.uint8]
Index = NDArray[np.int64]
# Boundary pixels of the other mask that are no farther than this are looked for directly, farther ones in a k-d tree.
NEAR_PX = 3
_PLACES = product(range(-NEAR_PX, NEAR_PX + 1), repeat=2)
_NEAR = sorted((hypot(dy, dx), dy, dx) for dy, dx in _PLACES if hypot(dy, dx) <= NEAR_PX)
# The width of the band of Cheng et al. 2021, as a share of the diagonal.
BAND = 0.02
_NO_CLASS = -1


@dataclass(frozen=True, eq=False)
class Masks:
    """Class indices of the pixels (..., height, width), uint8; the masks are the pixels of class 1. Values are (...,).

    Formulas use `a` and `b`, for each boundary pixel of the truth the distance in pixels to the nearest boundary pixel
    of the test, and for each of the test that to the truth; and `A` and `B`, the sets of pixels of the truth's and the
    test's mask that lie in a band along its boundary.
    """

    truth: Labels
    test: Labels

    @property
    def classes(self) -> tuple[int, ...]:
        """The classes whose masks are compared."""
        return (1,)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a metric's values."""
        return self.truth.shape[:-2]

    def each(self, measure: Callable[[Array, Array], float]) -> Array:
        """A measure of the distances `a` and `b` (n,) of each pair of masks; NaN where a mask has no boundary."""
        found = [measure(a, b) if a.size and b.size else np.nan for a, b in self.distances]
        return np.array(found, np.float64).reshape(self.shape)

    @cached_property
    def distances(self) -> list[tuple[Array, Array]]:
        """The distances `a` and `b` of each pair of masks, leading axes flattened."""
        return [
            pair
            for truth, test in zip(_flattened(self.truth), _flattened(self.test), strict=True)
            for pair in _distances(truth, test, self.classes)
        ]

    @cached_property
    def band_overlap(self) -> tuple[Array, Array]:
        """The pixels that the bands have in common, and those in either band."""
        counts = [
            _band_counts(truth, test, self.classes)
            for truth, test in zip(_flattened(self.truth), _flattened(self.test), strict=True)
        ]
        both, either = np.array(counts, np.float64).reshape(-1, 2, len(self.classes)).swapaxes(0, 1)
        return both.reshape(self.shape), either.reshape(self.shape)


@dataclass(frozen=True, eq=False)
class ClassMasks(Masks):
    """The same for each of `count` classes, the pixels of class k against all others: values are (..., count)."""

    count: int

    @property
    def classes(self) -> tuple[int, ...]:
        """The classes whose masks are compared."""
        return tuple(range(self.count))

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a metric's values."""
        return (*self.truth.shape[:-2], self.count)


def _flattened(labels: Labels) -> Labels:
    return labels.reshape(-1, *labels.shape[-2:])


class _Outline:
    """The boundary pixels of each class in a map of classes (H, W), in the order of the classes.

    A pixel is on the boundary of its own class when it touches another class, or the edge, by a side: all classes are
    found at once. `places` index a map that has a margin of NEAR_PX, where pixels off every boundary are _NO_CLASS.
    """

    def __init__(self, labels: Labels, classes: tuple[int, ...]) -> None:
        edge = np.ones(labels.shape, bool)
        inner = labels[1:-1, 1:-1]
        edge[1:-1, 1:-1] = (
            (inner != labels[:-2, 1:-1])
            | (inner != labels[2:, 1:-1])
            | (inner != labels[1:-1, :-2])
            | (inner != labels[1:-1, 2:])
        )
        if len(classes) == 1:
            edge &= labels == classes[0]
        kind = np.int8 if len(classes) == 1 else np.int16
        marked: NDArray[np.signedinteger] = np.full([side + 2 * NEAR_PX for side in labels.shape], _NO_CLASS, kind)
        np.copyto(marked[NEAR_PX:-NEAR_PX, NEAR_PX:-NEAR_PX], labels, where=edge)
        self.map, self.stride = marked.ravel(), marked.shape[1]
        places = np.flatnonzero(self.map >= 0)
        order = self.map[places].argsort(kind="stable") if len(classes) > 1 else slice(None)
        self.places: Index = places[order]
        self.classes = self.map[self.places]
        self.bounds = np.searchsorted(self.classes, [*classes, classes[-1] + 1])

    def points(self, places: Index) -> Array:
        """Rows and columns (n, 2)."""
        return np.stack(np.divmod(places, self.stride), -1).astype(np.float64)


def _distances(truth: Labels, test: Labels, classes: tuple[int, ...]) -> list[tuple[Array, Array]]:
    t, s = _Outline(truth, classes), _Outline(test, classes)
    there, back = np.split(_nearest(t, s), t.bounds[1:-1]), np.split(_nearest(s, t), s.bounds[1:-1])
    return list(zip(there, back, strict=True))


def _nearest(ours: _Outline, theirs: _Outline) -> Array:
    """From each of our boundary pixels to the nearest of theirs of the same class (n,); infinite where there is none.

    Most boundaries of a busy picture are close to each other, and a look around is faster there than a tree.
    """
    distances = np.full(ours.places.size, np.inf)
    left, places, classes = np.arange(ours.places.size), ours.places, ours.classes
    for distance, dy, dx in _NEAR:
        missed = theirs.map[places + (dy * ours.stride + dx)] != classes
        distances[left[~missed]] = distance
        left, places, classes = left[missed], places[missed], classes[missed]
    starts = np.searchsorted(left, ours.bounds)
    for index in np.flatnonzero((np.diff(starts) > 0) & (np.diff(theirs.bounds) > 0)).tolist():
        far = left[starts[index] : starts[index + 1]]
        targets = theirs.places[theirs.bounds[index] : theirs.bounds[index + 1]]
        distances[far] = _in_tree(theirs.points(targets), ours.points(ours.places[far]))
    return distances


def _in_tree(targets: Array, points: Array) -> Array:
    from scipy.spatial import cKDTree

    found: Array = cKDTree(targets, leafsize=32, compact_nodes=False, balanced_tree=False).query(points)[0]
    return found


def _band_counts(truth: Labels, test: Labels, classes: tuple[int, ...]) -> tuple[Array, Array]:
    """For each class, the pixels that its bands have in common, and those in either."""
    width = max(1, round(BAND * hypot(*truth.shape)))
    t, s = _band(truth, width), _band(test, width)
    both = _count(truth[t & s & (truth == test)], classes)
    return both, _count(truth[t], classes) + _count(test[s], classes) - both


def _count(labels: Labels, classes: tuple[int, ...]) -> Array:
    """How many pixels have each class, counted piece by piece, for `bincount` makes a copy eight times as large."""
    counts = np.zeros(classes[-1] + 1)
    for start in range(0, labels.size, CHUNK_PX):
        counts += np.bincount(labels[start : start + CHUNK_PX], minlength=counts.size)[: counts.size]
    return counts[classes[0] :]


def _band(labels: Labels, width: int) -> NDArray[np.bool_]:
    """Pixels that `width` erosions of their class by a 3 x 3 square remove: they are that near to its end."""
    band = np.ones(labels.shape, bool)
    if min(labels.shape) > 2 * width:
        lowest, highest = (_extreme(_extreme(labels, of, width).T, of, width).T for of in (np.minimum, np.maximum))
        band[width:-width, width:-width] = lowest != highest
    return band


def _extreme(labels: Labels, of: np.ufunc, width: int) -> Labels:
    """The lowest or highest of each 2 `width` + 1 rows that follow each other, by spans that double."""
    rows, span = 2 * width + 1, 1
    while span < rows:
        step = min(span, rows - span)
        labels = of(labels[:-step], labels[step:])
        span += step
    return labels
