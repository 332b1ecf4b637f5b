"""16 pointwise statistics of two grey regions: all usual calls, one by one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench import inputs, ours, peers
from bench.profile import why_not
from bench.results import Outcome, contest_table, times
from bench.timing import contest

ROUNDS = {64: 15, 512: 5, 4096: 1}
USUAL = "library calls"
LABELS = {USUAL: np.int64, "library calls, labels as booleans": np.bool_, "library calls, labels as bytes": np.uint8}
LEAST = {64: 50, 512: 400, 4096: 500}


def run(_: Path) -> Outcome:
    """Measure at each size; a call of the peers at 4096 takes half a minute, so it is timed once after the check."""
    found = {}
    for side, rounds in ROUNDS.items():
        pair = inputs.grey_pair(side)
        found[side] = contest(
            ("Crosspatch", lambda pair=pair: ours.pointwise(*pair, inputs.THRESHOLD)),
            {
                name: lambda pair=pair, labels=labels: peers.usual_pointwise(*pair, inputs.THRESHOLD, labels)
                for name, labels in LABELS.items()
            },
            rounds,
        )
    ratios = {side: each.ratio(USUAL) for side, each in found.items()}
    missed = [side for side in LEAST if ratios[side] < LEAST[side]]
    section = [
        (
            f"The 16: {', '.join(f'`{key}`' for key in ours.POINTWISE)}. Crosspatch counts one joint histogram and "
            "derives all of them; the peer is one call each of scikit-learn, and SciPy's `pearsonr`. Labels are "
            "integers, as in scikit-learn's own examples; for booleans, which `>=` gives, and for bytes it is faster, "
            "which is shown beside it."
        ),
        "",
        *contest_table("side, px", {f"{side} x {side}": each for side, each in found.items()}),
    ]
    if missed:
        pair = inputs.grey_pair(missed[0])
        text = f"Missed at {', '.join(map(str, missed))} px. {ours.WHY_SMALL} Ours at {missed[0]} px, 20 times:"
        section += why_not("pointwise", text, lambda: ours.pointwise(*pair, inputs.THRESHOLD), 20)
    usual, *others = (" / ".join(times(each.ratio(name)) for each in found.values()) for name in LABELS)
    return Outcome(f"{usual} times; labels as booleans {others[0]}, as bytes {others[1]}", not missed, section)
