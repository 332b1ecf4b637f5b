"""How far outlines lie apart: Hausdorff distance, its 95th percentile, the average symmetric surface distance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.ndimage import binary_erosion

import crosspatch
from bench import inputs
from bench.inputs import THRESHOLD, Levels
from bench.profile import why_not
from bench.results import NOT_MEASURED, Outcome, contest_table, times
from bench.timing import Call, contest
from crosspatch.evidence import Masks

KEYS = ("hausdorff_px", "hausdorff_95_px", "average_surface_distance_px")
SIDE, LEAST = 512, 2
MONAI, IMAGE = "MONAI", "scikit-image, Hausdorff alone"


def run(_: Path) -> Outcome:
    """Two kinds of masks: a class map, and a busy picture above and below its median."""
    try:
        from bench.torch_peers import monai_boundary
    except ImportError as missing:
        return Outcome(f"{NOT_MEASURED}: {missing.name} is absent", None)
    grey = inputs.grey_pair(SIDE, "cells.jpg")
    masks = {
        "coasts": inputs.mask_pair(SIDE),
        "cells": tuple((levels >= THRESHOLD).astype(np.uint8) for levels in grey),
    }
    found = {
        label: contest(
            ("Crosspatch", lambda pair=pair: distances(*pair)),
            {MONAI: monai_boundary(*pair), IMAGE: scikit_image(*pair)},
            5,
            rtol=2e-6,
        )
        for label, pair in masks.items()
    }
    ratios = {label: each.ratio(MONAI) for label, each in found.items()}
    section = [
        (
            f"Masks of {SIDE} x {SIDE} px. Definitions agree: a boundary pixel touches the outside, or the picture's "
            "edge, by a side; the 95th percentile is the larger of both directions; the average is over the pixels of "
            "both. MONAI calculates in 32-bit floats. scikit-image gets the boundaries ready made."
        ),
        "",
        *contest_table("masks", found),
    ]
    missed = [label for label in ratios if ratios[label] < LEAST]
    if missed:
        section += why_not("boundary", f"Ours, {missed[0]}, 5 times:", lambda: distances(*masks[missed[0]]), 5)
    return Outcome(" / ".join(f"{times(ratios[label])} times ({label})" for label in ratios), not missed, section)


def distances(truth: Levels, test: Levels) -> dict[str, float]:
    """The three, of two masks of 0 and 1."""
    evidence = Masks(truth, test)
    return {key: crosspatch.METRICS[key](evidence).item() for key in KEYS}


def scikit_image(truth: Levels, test: Levels) -> Call:
    from skimage.metrics import hausdorff_distance

    edges = [mask.astype(bool) & ~binary_erosion(mask) for mask in (truth, test)]
    return lambda: {"hausdorff_px": hausdorff_distance(*edges)}
