"""What do 95 % intervals really cover? Writes benchmarks/COVERAGE.md. Run it by `make coverage`.

Pairs of regions are cut out of random fields whose pixels are more or less alike their neighbours. Every field has the
same distribution of pixel pairs, so that what is estimated is known: an interval that keeps its word holds it in 95 %
of the regions.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter

import crosspatch
from crosspatch.evidence import Blocks, Evidence
from crosspatch.histogram import JointHistogram, Levels
from crosspatch.intervals import analytic, bootstrap
from crosspatch.labelling import Rule
from crosspatch.measure import measure

SIDE_PX = 64
REGIONS = 400
SMOOTHNESS_PX = (0, 1, 2, 4, 8)
ALIKE = 0.6
LABELS = "threshold:140"
SHOWN = ("accuracy", "recall", "iou", "f1", "prevalence", "cohen_kappa", "mcc", "roc_auc", "mae", "pearson")
METRICS = [crosspatch.METRICS[key] for key in SHOWN]
OUTPUT = Path(__file__).parent / "COVERAGE.md"


def regions(rng: np.random.Generator, smoothness_px: float) -> tuple[Levels, Levels]:
    """Truth and test (64, 64): Gaussian fields of that smoothness, correlated pixel by pixel, as grey levels."""
    side = 4 * SIDE_PX if smoothness_px else SIDE_PX
    one, other = (smooth(rng.standard_normal((side, side)), smoothness_px) for _ in range(2))
    pair = one, ALIKE * one + np.sqrt(1 - ALIKE**2) * other
    truth, test = (np.clip(128 + 40 * z[:SIDE_PX, :SIDE_PX], 0, 255).astype(np.uint8) for z in pair)
    return truth, test


def smooth(noise: np.ndarray, smoothness_px: float) -> np.ndarray:
    """Filtered by a Gaussian of that standard deviation, of variance 1 again, as it is known beforehand."""
    if smoothness_px == 0:
        return noise
    impulse = np.zeros(noise.shape)
    impulse[0, 0] = 1
    kernel = gaussian_filter(impulse, smoothness_px, mode="wrap")
    return gaussian_filter(noise, smoothness_px, mode="wrap") / np.sqrt((kernel**2).sum())


def evidence_of(histogram: JointHistogram) -> Evidence:
    labelling = Rule.parse(LABELS).fit(histogram.truth)
    return Evidence.of_histogram(histogram, labelling)


def estimated(rng: np.random.Generator) -> dict[str, float]:
    """What every region estimates: the metrics of many independent pixel pairs, whose counts are added up."""
    histogram = JointHistogram(np.zeros((256, 256), np.int64))
    for _ in range(40 * REGIONS):
        histogram += JointHistogram.of(*regions(rng, 0))
    found = measure(evidence_of(histogram), METRICS)
    return {key: value.value for key, value in found.items() if value.value is not None}


def covered(rng: np.random.Generator, smoothness_px: float, truth: dict[str, float]) -> dict[str, Counter[str]]:
    """Of the regions, how many intervals hold what is estimated, by method and metric."""
    found: dict[str, Counter[str]] = {"analytic": Counter(), "bootstrap": Counter()}
    for seed in range(REGIONS):
        pair = regions(rng, smoothness_px)
        evidence = evidence_of(JointHistogram.of(*pair))
        blocks = Blocks.of(*pair, evidence.labelling)
        for method, intervals in (
            ("analytic", analytic(evidence, METRICS).whole),
            ("bootstrap", bootstrap(blocks, METRICS, seed).whole),
        ):
            found[method].update(f"{key} given" for key in intervals)
            found[method].update(key for key, each in intervals.items() if each.low <= truth[key] <= each.high)
    return found


def table(method: str, found: dict[float, dict[str, Counter[str]]]) -> list[str]:
    head = [
        f"| {method} | " + " | ".join(f"{smoothness} px" for smoothness in found) + " |",
        "| --- |" + " ---: |" * len(found),
    ]
    rows = []
    for key in SHOWN:
        given = [(each[method][key], each[method][f"{key} given"]) for each in found.values()]
        if any(total for _, total in given):
            cells = " | ".join(f"{100 * inside / total:.0f} %" if total else "-" for inside, total in given)
            rows.append(f"| `{key}` | {cells} |")
    return [*head, *rows, ""]


def main() -> None:
    truth = estimated(np.random.default_rng(0))
    found = {}
    for smoothness in SMOOTHNESS_PX:
        found[smoothness] = covered(np.random.default_rng([1, smoothness]), smoothness, truth)
        print(f"smoothness {smoothness} px done", file=sys.stderr)
    OUTPUT.write_text("\n".join([*words(), *table("bootstrap", found), *table("analytic", found), END]), "utf-8")


def words() -> list[str]:
    chance = 100 * 1.96 * np.sqrt(0.95 * 0.05 / REGIONS)
    about = (
        f"Made by `make coverage` with Crosspatch {crosspatch.__version__} and NumPy {np.__version__}: {REGIONS} pairs "
        f"of {SIDE_PX} x {SIDE_PX} px regions a column, out of Gaussian random fields smoothed by that many pixels "
        f"(the filter's standard deviation), truth and test correlated by {ALIKE}, `{LABELS}`. A cell is the share of "
        "regions whose interval holds the value that is estimated. It should be 95 %; chance alone moves it by "
        f"{chance:.0f} points."
    )
    return ["# What 95 % intervals really cover", "", about, ""]


END = """\
Smooth regions hold few independent pixels. Intervals that take pixels for independent cover little of the truth there,
which is why they say what they assume. The bootstrap draws blocks of neighbours (8 x 8 px here) and does far better,
but where the picture is smoother than its blocks are wide its intervals are too narrow as well: compare larger regions.
"""


if __name__ == "__main__":
    main()
