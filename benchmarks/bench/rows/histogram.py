"""The two-class matrix and the histogram of 256 levels, from arrays to counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import confusion_matrix

from bench import inputs
from bench.inputs import THRESHOLD, Levels
from bench.profile import why_not
from bench.results import Outcome, contest_table, times
from bench.timing import Call, Contest, contest
from crosspatch.histogram import JointHistogram
from crosspatch.labelling import Rule

ROUNDS = {512: 9, 4096: 3}
LEAST_TWO, LEAST_256 = 100, 10
LABELLING = Rule("threshold", (THRESHOLD,)).fit(np.bincount([0, 255], minlength=256))


def run(_: Path) -> Outcome:
    """Measure both, each against scikit-learn; the histogram also against what else counts pairs."""
    two = {side: two_class(side, rounds) for side, rounds in ROUNDS.items()}
    levels = {side: all_levels(side, rounds) for side, rounds in ROUNDS.items()}
    of_two = min(found.ratio("scikit-learn") for found in two.values())
    of_256 = min(found.ratio("scikit-learn") for found in levels.values())
    section = [
        "Two classes, `>=` included on both sides:",
        "",
        *contest_table("two classes", {f"{side} x {side}": found for side, found in two.items()}),
        "256 levels:",
        "",
        *contest_table("256 levels", {f"{side} x {side}": found for side, found in levels.items()}),
    ]
    if of_two < LEAST_TWO:
        side = min(two, key=lambda side: two[side].ratio("scikit-learn"))
        pair = inputs.grey_pair(side)
        text = (
            f"Two classes are slowest at {side} px, where both pictures are read from beyond the processor's cache. "
            "scikit-learn's labels are bytes, with which it is fastest. 20 times:"
        )
        section += why_not("histogram", text, lambda: count_two(*pair), 20)
    elif of_256 < LEAST_256:
        side = min(levels, key=lambda side: levels[side].ratio("scikit-learn"))
        pair = inputs.grey_pair(side)
        text = f"256 levels are slowest at {side} px, where `bincount` is nearly all. 20 times:"
        section += why_not("histogram", text, lambda: JointHistogram.of(*pair), 20)
    met = of_two >= LEAST_TWO and of_256 >= LEAST_256
    return Outcome(f"{times(of_two)} times, {times(of_256)} times", met, section)


def count_two(truth: Levels, test: Levels) -> Any:
    return LABELLING.count_two(truth, test).matrix


def two_class(side: int, rounds: int) -> Contest:
    truth, test = inputs.grey_pair(side)

    def peer() -> Any:
        y, p = (truth >= THRESHOLD).view(np.uint8), (test >= THRESHOLD).view(np.uint8)
        return confusion_matrix(y.ravel(), p.ravel())

    return contest(("Crosspatch", lambda: count_two(truth, test)), {"scikit-learn": peer}, rounds)


def all_levels(side: int, rounds: int) -> Contest:
    truth, test = inputs.grey_pair(side)
    labels = np.arange(256)
    peers: dict[str, Call] = {
        "scikit-learn": lambda: confusion_matrix(truth.ravel(), test.ravel(), labels=labels),
        "`np.histogram2d`": lambda: np.histogram2d(truth.ravel(), test.ravel(), 256, [[0, 256], [0, 256]])[0],
        "`np.bincount` of one index": lambda: np.bincount(
            truth.ravel().astype(np.int64) * 256 + test.ravel(), minlength=65536
        ).reshape(256, 256),
    }
    peers |= others(truth, test)
    return contest(("Crosspatch", lambda: JointHistogram.of(truth, test).counts), peers, rounds)


def others(truth: Levels, test: Levels) -> dict[str, Callable[[], Any]]:
    """Peers that need not be installed."""
    found: dict[str, Callable[[], Any]] = {}
    try:
        import cv2
    except ImportError:
        pass
    else:
        cv2.setNumThreads(1)
        found["OpenCV `calcHist`"] = lambda: cv2.calcHist([truth, test], [0, 1], None, [256, 256], [0, 256, 0, 256])
    try:
        from bench.torch_peers import torchmetrics_histogram
    except ImportError:
        return found
    return found | {"torchmetrics": torchmetrics_histogram(truth, test)}
