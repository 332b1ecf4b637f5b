"""Counts and metrics of a 512 x 512 mask against what segmentation libraries offer."""

from __future__ import annotations

from pathlib import Path

from bench import inputs, ours
from bench.profile import why_not
from bench.results import NOT_MEASURED, Outcome, contest_table, times
from bench.timing import contest

LEAST = 5


def run(_: Path) -> Outcome:
    """MONAI's metrics are 32-bit floats, so values are held to a millionth."""
    try:
        from bench import torch_peers
    except ImportError as missing:
        return Outcome(f"{NOT_MEASURED}: {missing.name} is absent", None)
    truth, test = inputs.mask_pair(512)
    keys = [*torch_peers.MONAI_NAMES, "cohen_kappa"]
    peers = {
        "MONAI, 12 metrics": torch_peers.monai_mask(truth, test),
        "torchmetrics, 8": torch_peers.torchmetrics_mask(truth, test),
        "pycm, all it has": torch_peers.pycm_mask(truth, test),
    }
    found = contest(
        (f"Crosspatch, {len(keys)} metrics", lambda: ours.mask_metrics(truth, test, keys)), peers, 9, rtol=2e-6
    )
    ratio = found.ratio("MONAI, 12 metrics")
    section = [
        (
            "From two masks of 0 and 1 to counts and metrics; MONAI and torchmetrics get their tensors ready made, and "
            "calculate in 32-bit floats."
        ),
        "",
        *contest_table("mask", {"512 x 512": found}),
    ]
    if ratio < LEAST:
        section += why_not(
            "mask",
            "The counts cost little, each metric some calls of NumPy. Ours, 200 times:",
            lambda: ours.mask_metrics(truth, test, keys),
            200,
        )
    return Outcome(f"{times(ratio)} times", ratio >= LEAST, section)
