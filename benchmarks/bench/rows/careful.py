"""The same 16 statistics against two confusion matrices of scikit-learn, with formulas."""

from __future__ import annotations

from pathlib import Path

from bench import inputs, ours, peers
from bench.profile import why_not
from bench.results import Outcome, contest_table, times
from bench.timing import contest

ROUNDS = {64: 15, 512: 9, 4096: 3}
LEAST = {64: 6, 512: 15, 4096: 15}


def run(_: Path) -> Outcome:
    """Measure at each size."""
    found = {}
    for side, rounds in ROUNDS.items():
        pair = inputs.grey_pair(side)
        found[side] = contest(
            ("Crosspatch", lambda pair=pair: ours.pointwise(*pair, inputs.THRESHOLD)),
            {"careful user": lambda pair=pair: peers.careful_pointwise(*pair, inputs.THRESHOLD)},
            rounds,
        )
    ratios = {side: each.ratio("careful user") for side, each in found.items()}
    missed = [side for side in LEAST if ratios[side] < LEAST[side]]
    section = [
        (
            "The peer takes two confusion matrices from scikit-learn, of two classes and of 256 levels, and writes the "
            "16 formulas in NumPy."
        ),
        "",
        *contest_table("side, px", {f"{side} x {side}": each for side, each in found.items()}),
    ]
    if missed:
        pair = inputs.grey_pair(missed[0])
        text = f"Missed at {', '.join(map(str, missed))} px. {ours.WHY_SMALL} Ours at {missed[0]} px, 20 times:"
        section += why_not("careful", text, lambda: ours.pointwise(*pair, inputs.THRESHOLD), 20)
    return Outcome(" / ".join(map(times, ratios.values())) + " times", not missed, section)
