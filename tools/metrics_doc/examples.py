"""The worked examples. Two small regions in which nearly every metric is defined, and two places of a photograph."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

import crosspatch
from crosspatch.evidence import Evidence, Regions
from crosspatch.report import Report

ROOT = Path(__file__).parents[2]

TRUTH = np.array([[40, 60, 60, 90], [60, 140, 180, 110], [90, 180, 220, 200], [40, 110, 140, 90]], np.uint8)
TEST = np.array([[60, 90, 90, 140], [90, 140, 200, 110], [90, 200, 220, 180], [40, 180, 110, 90]], np.uint8)
THRESHOLD = 128

# Metrics that look at neighbourhoods say little of 4 x 4 pixels: these families have values of the photograph as well.
PHOTO_FAMILIES = ("structure", "boundary")
PHOTO = "docs/photo.jpg"
PHOTO_ASKED = {"resize": "480x320", "rectangle": "200x200", "truth": "140,60", "test": "143,61", "labels": "otsu"}


def command() -> str:
    """What to type for the report of the photograph."""
    return f"crosspatch compare {PHOTO} " + " ".join(f"--{name} {value}" for name, value in PHOTO_ASKED.items())


@cache
def small() -> Report:
    """The report of the small regions."""
    return crosspatch.compare(TRUTH, TEST, labels=f"threshold:{THRESHOLD}")


@cache
def small_evidence() -> Evidence:
    """What the metrics of the small regions are computed from."""
    report = small()
    return Evidence.of_histogram(report.histogram, report.labelling, Regions(TRUTH, TEST))


@cache
def photo() -> Report:
    """The report of the two places of the photograph."""
    return crosspatch.compare(ROOT / PHOTO, **PHOTO_ASKED)


def outcomes() -> dict[str, int]:
    """The names of BinaryCounts for the small regions."""
    binary = small_evidence().binary
    return {name: int(getattr(binary, name)) for name in ("tp", "fp", "fn", "tn", "n")}
