"""From grey levels to classes. In go a rule ("otsu", "levels:4") and a histogram, out comes a Labelling.

Every rule here is monotone: each class is a run of levels, and a labelling is the level at which each class starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosspatch.confusion import ConfusionMatrix
from crosspatch.errors import Impossible, InvalidRequest
from crosspatch.histogram import LEVELS, Counts, JointHistogram, Levels

MOST_VALUES_BY_DEFAULT = 32
BINARY_CLASSES = ("negative", "positive")
# Two classes are counted in pieces that stay in the processor's cache.
_PIECE_PX = 1 << 20
_GRAMMAR = "otsu, threshold:T, threshold:T,S, levels:K or values"


@dataclass(frozen=True)
class Labelling:
    """Which class each grey level belongs to, in the truth and in the test.

    `truth_starts` and `test_starts` hold the first level of each class, ascending; `absent` holds the levels that
    belong to no class, because they do not occur or are ignored.
    """

    method: str
    thresholds: tuple[int, ...]
    classes: tuple[str, ...]
    truth_starts: tuple[int, ...]
    test_starts: tuple[int, ...]
    absent: frozenset[int] = frozenset()

    def confusion(self, histogram: JointHistogram) -> ConfusionMatrix:
        """The confusion matrix (K, K) of a joint histogram, exactly."""
        ends = (*self.truth_starts[1:], LEVELS)
        # As reduceat along the first axis, which takes five times as long for two classes.
        by_truth = np.stack(
            [histogram.counts[start:end].sum(0) for start, end in zip(self.truth_starts, ends, strict=True)]
        )
        return ConfusionMatrix(np.add.reduceat(by_truth, self.test_starts, axis=1), self.classes)

    def count_two(self, truth: Levels, test: Levels) -> ConfusionMatrix:
        """The confusion matrix of two regions (H, W) by two classes, from their levels, without a histogram."""
        rows, counts = max(1, _PIECE_PX // truth.shape[-1]), np.zeros(3, np.int64)
        room = np.empty((min(rows, len(truth)), truth.shape[-1]), bool)
        for top in range(0, len(truth), rows):
            pieces = (truth[top : top + rows], self.truth_starts[1]), (test[top : top + rows], self.test_starts[1])
            positive, called = (
                _packed(np.greater_equal(piece, start, out=room[: len(piece)])) for piece, start in pieces
            )
            counts += [np.bitwise_count(each).sum(dtype=np.int64) for each in (positive & called, positive, called)]
        tp, positives, calls = counts.tolist()
        matrix = [[truth.size - positives - calls + tp, calls - tp], [positives - tp, tp]]
        return ConfusionMatrix(np.array(matrix, np.int64), self.classes)

    @property
    def positive_from(self) -> int | None:
        """The truth level from which a pixel is positive, for two classes."""
        return self.truth_starts[1] if len(self.classes) == 2 else None

    def lookup(self, starts: Sequence[int]) -> list[int | None]:
        """The class index of each level 0..255, None where it belongs to no class."""
        index = np.searchsorted(starts, np.arange(LEVELS), side="right") - 1
        return [None if level in self.absent else int(label) for level, label in enumerate(index)]

    def classify(self, levels: NDArray[np.integer[Any]], starts: Sequence[int]) -> NDArray[np.uint8]:
        """The class index, uint8, of each of some levels, as if none were absent."""
        index = np.searchsorted(starts, np.arange(LEVELS), side="right") - 1
        labels: NDArray[np.uint8] = index.astype(np.uint8)[levels]
        return labels

    def named(self, names: Sequence[str]) -> Labelling:
        """The same labelling with the classes named. Raises Impossible unless each class gets one of its own."""
        if len(names) != len(self.classes):
            raise Impossible(
                f"{len(names)} class names for {len(self.classes)} classes: give one for each", "class_names"
            )
        for name in names:
            if list(names).count(name) > 1:
                raise Impossible(f"two classes are called {name!r}: give each a name of its own", "class_names")
        return replace(self, classes=tuple(names))


@dataclass(frozen=True)
class Rule:
    """A labelling asked for: `method`, and its numbers (thresholds for `threshold`, K for `levels`)."""

    method: str
    numbers: tuple[int, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Rule:
        """Read `otsu`, `threshold:T`, `threshold:T,S`, `levels:K` or `values`. Raises InvalidRequest."""
        match = re.fullmatch(
            r"(otsu|values)|(threshold):(\d{1,3})(?:,(\d{1,3}))?|(levels):(\d{1,3})", text.strip(), re.ASCII
        )
        if match is None:
            raise InvalidRequest(f"{text!r} is not a labelling: use {_GRAMMAR}", "labels")
        plain, threshold, truth, test, levels, count = match.groups()
        if threshold:
            numbers = tuple(int(number) for number in (truth, test) if number is not None)
            _check_range("a threshold", numbers, 1, LEVELS - 1)
            return cls(threshold, numbers)
        if levels:
            _check_range("the number of levels", (int(count),), 2, LEVELS)
            return cls(levels, (int(count),))
        return cls(plain)

    def __str__(self) -> str:
        return self.method + (":" + ",".join(map(str, self.numbers)) if self.numbers else "")

    @property
    def keeps_values(self) -> bool:
        """Whether stored values are the classes, so that pictures are neither scaled nor blended."""
        return self.method == "values"

    def fit(self, histogram: Counts, ignore: Iterable[int] = ()) -> Labelling:
        """The labelling of a picture, or of two together, whose levels are counted in `histogram` (256,), int64."""
        ignored = frozenset(ignore)
        if self.method == "values":
            return _values(histogram, ignored)
        if self.method == "levels":
            return _equal_levels(self, ignored)
        if self.method == "threshold":
            return _binary(str(self), self.numbers, ignored)
        levels = np.flatnonzero(histogram)
        threshold = otsu_threshold(histogram) if levels.size > 1 else max(1, int(levels[0]))
        return _binary(str(self), (threshold,), ignored)


def default_rule(*levels: Iterable[int] | None) -> Rule:
    """The labelling of a picture, or of two together, for which none was asked: `values` for few levels, else `otsu`.

    `levels` are the distinct levels of each picture, None where they are too many.
    """
    together: set[int] = set()
    for each in levels:
        if each is None:
            return Rule("otsu")
        together.update(each)
    return Rule("values" if len(together) <= MOST_VALUES_BY_DEFAULT else "otsu")


def otsu_threshold(histogram: NDArray[np.int64]) -> int:
    """The smallest T in 1..255 that maximises the between-class variance of levels < T against >= T.

    Compared exactly, in integers: the variance of a split is (w0 * S - n * S0)^2 / (n^2 * w0 * w1) with w the pixels
    and S the sums of levels. Otsu N. (1979), A threshold selection method from gray-level histograms,
    IEEE Trans. Systems, Man, and Cybernetics 9(1), 62-66.
    """
    counts = histogram.tolist()
    n, total = sum(counts), sum(level * count for level, count in enumerate(counts))
    best_threshold, best_above, best_below = 1, 0, 1
    pixels_below = sum_below = 0
    for threshold in range(1, LEVELS):
        pixels_below += counts[threshold - 1]
        sum_below += (threshold - 1) * counts[threshold - 1]
        split = pixels_below * (n - pixels_below)
        above = (pixels_below * total - n * sum_below) ** 2
        if split and above * best_below > best_above * split:
            best_threshold, best_above, best_below = threshold, above, split
    return best_threshold


def _packed(mask: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """A mask, 64 pixels in a word: bits are counted faster than booleans, once they are packed."""
    packed = np.packbits(mask)
    return np.append(packed, np.zeros(-packed.size % 8, np.uint8)).view(np.uint64)


def _binary(method: str, thresholds: tuple[int, ...], ignored: frozenset[int]) -> Labelling:
    truth, test = thresholds[0], thresholds[-1]
    return Labelling(method, thresholds, BINARY_CLASSES, (0, truth), (0, test), ignored)


def _equal_levels(rule: Rule, ignored: frozenset[int]) -> Labelling:
    (classes,) = rule.numbers
    starts = tuple(-(-LEVELS * index // classes) for index in range(classes))
    ends = (*(start - 1 for start in starts[1:]), LEVELS - 1)
    names = tuple(f"{start}-{end}" if end > start else str(start) for start, end in zip(starts, ends, strict=True))
    return Labelling(str(rule), starts[1:], names, starts, starts, ignored)


def _values(histogram: Counts, ignored: frozenset[int]) -> Labelling:
    values = tuple(int(value) for value in np.flatnonzero(histogram) if value not in ignored)
    if not values:
        raise Impossible("every level of the picture is ignored: nothing is left to compare", "ignore")
    absent = frozenset(range(LEVELS)) - frozenset(values)
    return Labelling("values", (), tuple(map(str, values)), values, values, absent)


def _check_range(what: str, numbers: Sequence[int], low: int, high: int) -> None:
    for number in numbers:
        if not low <= number <= high:
            raise InvalidRequest(f"{what} is a whole number from {low} to {high}, not {number}", "labels")
