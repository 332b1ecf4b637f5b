"""Pairs of regions to judge metrics by: from real pictures, from chance, and degenerate in every way we thought of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from skimage import data

from crosspatch.evidence import Evidence, Regions
from crosspatch.histogram import JointHistogram, Levels
from crosspatch.labelling import Rule
from crosspatch.metric import Metric


@dataclass(frozen=True)
class Case:
    """Two regions (H, W), uint8, and the labelling asked for."""

    truth: Levels
    test: Levels
    labels: str = "threshold:128"

    @cached_property
    def evidence(self) -> Evidence:
        histogram = JointHistogram.of(self.truth, self.test)
        labelling = Rule.parse(self.labels).fit(histogram.truth + histogram.test)
        regions = Regions(self.truth, self.test)
        return Evidence.of_histogram(histogram, labelling, regions)

    @cached_property
    def labelled(self) -> tuple[np.ndarray, np.ndarray]:
        """The classes of the truth's and the test's pixels, by the grammar and not by our code."""
        method, _, number = self.labels.partition(":")
        rule = {"threshold": lambda x: x >= int(number or 0), "levels": lambda x: x * int(number) // 256}[method]
        return rule(self.t).astype(int), rule(self.s).astype(int)

    @property
    def class_maps(self) -> tuple[np.ndarray, np.ndarray]:
        """The same in the shape of the regions."""
        return tuple(labels.reshape(self.truth.shape) for labels in self.labelled)

    def of_class(self, k: int) -> Case:
        """One class against the rest."""
        return Case(*((labels == k).astype(np.uint8) * 255 for labels in self.class_maps))

    @property
    def t(self) -> np.ndarray:
        return self.truth.ravel().astype(int)

    @property
    def s(self) -> np.ndarray:
        return self.test.ravel().astype(int)

    @property
    def classes(self) -> range:
        method, _, number = self.labels.partition(":")
        return range(int(number) if method == "levels" else 2)

    def applies(self, metric: Metric) -> bool:
        return len(self.classes) == 2 or metric.evidence.__name__ not in {"BinaryCounts", "ScoreCounts", "Masks"}

    def value(self, metric: Metric) -> float:
        """The metric's value, NaN where undefined."""
        value = metric(self.evidence.of(metric.evidence)).item()
        return value if np.isfinite(value) else np.nan


def _of_levels(truth: list[int], test: list[int]) -> Case:
    return Case(np.array([truth], np.uint8), np.array([test], np.uint8))


def _filled(truth: int, test: int) -> Case:
    return Case(np.full((12, 13), truth, np.uint8), np.full((12, 13), test, np.uint8))


def _real() -> dict[str, Case]:
    rng = np.random.default_rng(20)
    cases = {}
    for name in ("camera", "astronaut", "coins", "moon", "text", "page"):
        picture = getattr(data, name)()
        plane = picture if picture.ndim == 2 else picture[..., 1]
        height, width = (int(side) for side in rng.integers(12, 26, 2))
        cut = []
        for _ in range(2):
            y, x = (int(rng.integers(0, side)) for side in (plane.shape[0] - height, plane.shape[1] - width))
            cut.append(np.ascontiguousarray(plane[y : y + height, x : x + width]))
        truth, test = cut
        shifted = np.clip(truth.astype(int) + rng.integers(-20, 21, truth.shape), 0, 255).astype(np.uint8)
        middle = int(np.median(plane))
        cases[f"{name}, two places"] = Case(truth, test, f"threshold:{middle}")
        cases[f"{name}, with noise"] = Case(truth, shifted, f"threshold:{max(1, int(np.median(truth)))}")
        cases[f"{name}, five classes"] = Case(truth, test, "levels:5")
        cases[f"{name}, noise in three classes"] = Case(truth, shifted, "levels:3")
    return cases


def _random() -> dict[str, Case]:
    rng = np.random.default_rng(21)
    cases = {}
    for most in (2, 7, 256):
        for labels in ("threshold:1", "threshold:128", "levels:2", "levels:16"):
            truth, test = rng.integers(0, most, (2, 11, 17)).astype(np.uint8)
            cases[f"random below {most}, {labels}"] = Case(truth, test, labels)
            cases[f"random up from {256 - most}, {labels}"] = Case(255 - truth, 255 - test, labels)
    return cases


def _degenerate() -> dict[str, Case]:
    busy = np.random.default_rng(22).integers(0, 256, (12, 13)).astype(np.uint8)
    low, high = busy // 2, busy // 2 + 128
    flat, black, white = (np.full_like(busy, level) for level in (77, 0, 255))
    return {
        "identical": Case(busy, busy),
        "identical in five classes": Case(busy, busy, "levels:5"),
        "inverted": Case(busy, 255 - busy),
        "all negative": Case(low, low[::-1].copy()),
        "all positive": Case(high, high[::-1].copy()),
        "all negative against all positive": Case(low, high),
        "all positive against all negative": Case(high, low),
        "disjoint in five classes": Case(low, high, "levels:5"),
        "constant and equal": _filled(77, 77),
        "constant and equal in five classes": Case(flat, flat, "levels:5"),
        "constant and unequal": _filled(10, 200),
        "both black": _filled(0, 0),
        "both white": _filled(255, 255),
        "black against white": Case(black, white),
        "constant truth": Case(flat, busy),
        "constant truth in five classes": Case(flat, busy, "levels:5"),
        "constant test": Case(busy, flat),
        "black test": Case(busy, black),
        "white test": Case(busy, white),
        "one pixel": _of_levels([3], [200]),
        "one pixel, equal": _of_levels([200], [200]),
        "two pixels": _of_levels([3, 200], [200, 4]),
        "two pixels, crossed": _of_levels([3, 200], [200, 3]),
        "one pixel off": _of_levels([0, 0, 0, 255], [0, 0, 255, 255]),
    }


CASES = _real() | _random() | _degenerate()
