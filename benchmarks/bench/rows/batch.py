"""Many random pairs of rectangles of one picture: 15 metrics of two classes for each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import inputs, ours, peers
from bench.inputs import THRESHOLD, Levels
from bench.profile import why_not
from bench.results import NOT_MEASURED, Outcome, contest_table, times
from bench.timing import Contest, contest

PAIRS, TIMED = 10_000, 100
SIDE = 1024
LEAST = {(64, 64): 10_000, (96, 80): 2_000}
LOOP, BASELINE = "scikit-learn, one pair after another", "Crosspatch, all at once"
Pairs = NDArray[np.int64]


def run(_: Path) -> Outcome:
    """Time a hundred pairs of the loop and 10,000 of ours, and scale the loop."""
    levels = inputs.grey_pair(SIDE)[0]
    found = {size: one_by_one(levels, size) for size in LEAST}
    section = [
        (
            f"{PAIRS:,} pairs of rectangles in {SIDE} x {SIDE} px, two classes, 15 metrics: "
            f"{', '.join(f'`{key}`' for key in ours.BINARY)}. The loop makes one scikit-learn call for each. It is "
            f"timed for {TIMED} pairs."
        ),
        "",
        *contest_table(f"{TIMED} pairs", {f"{width} x {height}": each for (width, height), each in found.items()}),
    ]
    try:
        batches = {size: baseline(levels, size) for size in LEAST}
    except NotImplementedError as missing:
        return Outcome(f"{NOT_MEASURED}: Crosspatch has no engine for {missing} yet", None, section)
    ratios = {
        size: found[size].median_s(LOOP) * PAIRS / TIMED / each.median_s(BASELINE) for size, each in batches.items()
    }
    section += [
        (
            f"All {PAIRS:,} at once, and how many times longer the loop takes, scaled from {TIMED}: "
            f"{', '.join(times(ratio) for ratio in ratios.values())}."
        ),
        "",
        *contest_table(f"{PAIRS:,} pairs", {f"{width} x {height}": each for (width, height), each in batches.items()}),
    ]
    met = all(ratios[size] >= least for size, least in LEAST.items())
    if not met:
        pairs = drawn((64, 64), PAIRS)
        section += why_not(
            "batch", "Ours, 64 x 64 px, 3 times:", lambda: ours.ours_baseline(levels, THRESHOLD, 64, 64, pairs), 3
        )
    return Outcome(f"{times(ratios[96, 80])} times (96 x 80), {times(ratios[64, 64])} (64 x 64)", met, section)


def drawn(size: tuple[int, int], count: int) -> Pairs:
    """Places (count, 4): truth x, truth y, test x, test y."""
    high = np.array([SIDE - size[0] + 1, SIDE - size[1] + 1] * 2)
    return np.random.default_rng(1).integers(0, high, (count, 4))


def telling(levels: Levels, size: tuple[int, int]) -> Pairs:
    """Places of which both rectangles hold both classes, so that every metric is defined on either side."""
    kept = [
        pair
        for pair in drawn(size, 20 * TIMED)
        if all(0 < part.mean() < 1 for part in cut(levels >= THRESHOLD, size, pair))
    ]
    return np.array(kept[:TIMED])


def cut(pixels: NDArray[np.bool_], size: tuple[int, int], pair: Pairs) -> list[NDArray[np.bool_]]:
    """Truth and test, as arrays of their own."""
    width, height = size
    return [pixels[y : y + height, x : x + width].copy() for x, y in pair.reshape(2, 2)]


def one_by_one(levels: Levels, size: tuple[int, int]) -> Contest:
    """Crosspatch and the loop, a pair after another."""
    positive, pairs = levels >= THRESHOLD, telling(levels, size)

    def mine() -> NDArray[np.float64]:
        masks = (cut(positive, size, pair) for pair in pairs)
        rows = [ours.mask_metrics(*(mask.view(np.uint8) for mask in pair), ours.BINARY) for pair in masks]
        return np.array([[row[key] for key in ours.BINARY] for row in rows])

    def loop() -> NDArray[np.float64]:
        rows = [peers.usual_binary(*cut(positive, size, pair)) for pair in pairs]
        return np.array([[row[key] for key in ours.BINARY] for row in rows])

    return contest(("Crosspatch, one pair after another", mine), {LOOP: loop}, 3)


def baseline(levels: Levels, size: tuple[int, int]) -> Contest:
    """All pairs at once, checked against the loop first."""
    few, many = telling(levels, size), drawn(size, PAIRS)
    found = ours.ours_baseline(levels, THRESHOLD, *size, few)
    for row, pair in enumerate(few):
        expected = peers.usual_binary(*cut(levels >= THRESHOLD, size, pair))
        np.testing.assert_allclose([found[key][row] for key in ours.BINARY], [expected[key] for key in ours.BINARY])
    return contest((BASELINE, lambda: ours.ours_baseline(levels, THRESHOLD, *size, many)), {}, 5)
