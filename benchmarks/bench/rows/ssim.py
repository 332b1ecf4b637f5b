"""Structural similarity, of the same definition: a Gaussian window of 11 px, mean over the places where it fits."""

from __future__ import annotations

from pathlib import Path

from skimage.metrics import structural_similarity

import crosspatch
from bench import inputs
from bench.profile import profiled
from bench.results import Outcome, contest_table, times
from bench.timing import contest
from crosspatch.evidence import Regions

ROUNDS = {512: 7, 4096: 2}
SAME = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 255}


def run(_: Path) -> Outcome:
    """Measure at both sizes, and show where ours spends its time."""
    found = {}
    for side, rounds in ROUNDS.items():
        pair = inputs.grey_pair(side)
        found[side] = contest(
            ("Crosspatch", lambda pair=pair: crosspatch.METRICS["ssim"](Regions(*pair)).item()),
            {"scikit-image": lambda pair=pair: structural_similarity(*pair, **SAME)},
            rounds,
        )
    ratios = [each.ratio("scikit-image") for each in found.values()]
    met = min(ratios) >= 1
    pair = inputs.grey_pair(512)
    section = [
        f"scikit-image with {', '.join(f'`{name}={value}`' for name, value in SAME.items())}.",
        "",
        *contest_table("side, px", {f"{side} x {side}": each for side, each in found.items()}),
        *([] if met else ["### Why not: ssim", ""]),
        "Where the time goes, ours at 512 px, 10 times:",
        "",
        *profiled(lambda: crosspatch.METRICS["ssim"](Regions(*pair)), 10),
    ]
    return Outcome(f"{' / '.join(map(times, ratios))} times faster at {' / '.join(map(str, found))}", met, section)
