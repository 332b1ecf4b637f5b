"""Boundary: how far apart do the outlines of a class lie? From the pixels of its masks, in pixels.

A mask's boundary is its pixels that touch a pixel outside the mask, or the region's edge, by a side.
"""

from __future__ import annotations

from math import inf

import numpy as np

from crosspatch.evidence import Array, Masks
from crosspatch.metric import metric
from crosspatch.metrics.sources import CHENG_2021, HEIMANN_2009, HUTTENLOCHER_1993, NIKOLOV_2021, TAHA_HANBURY_2015

LOW_MEANS = (
    "A low distance says that the outlines nearly meet, a low share of common boundary that they do not; of patches "
    "cut at random the latter is the rule."
)
TOLERANCE_PX = 1
NO_BOUNDARY = "a region has no pixel of the class, and so no boundary"


@metric(
    title="Hausdorff distance",
    aliases=("HD",),
    unit="px",
    formula="max(max(a), max(b))",
    bounds=(0, inf),
    best=0,
    undefined="len(a) == 0 or len(b) == 0",
    undefined_means=NO_BOUNDARY,
    source=HUTTENLOCHER_1993,
)
def hausdorff_px(m: Masks) -> Array:
    """The farthest that a boundary pixel of either region lies from the other region's boundary."""
    return m.each(lambda a, b: max(np.max(a), np.max(b)))


@metric(
    title="Hausdorff distance, 95th percentile",
    aliases=("HD95",),
    unit="px",
    formula="max(percentile(a, 95), percentile(b, 95))",
    bounds=(0, inf),
    best=0,
    undefined="len(a) == 0 or len(b) == 0",
    undefined_means=NO_BOUNDARY,
    source=TAHA_HANBURY_2015,
)
def hausdorff_95_px(m: Masks) -> Array:
    """Within this distance of the other boundary lie 95 % of each region's boundary pixels."""
    return m.each(lambda a, b: max(np.percentile(a, 95), np.percentile(b, 95)))


@metric(
    title="Average symmetric surface distance",
    aliases=("ASSD", "ASD"),
    unit="px",
    formula="(sum(a) + sum(b)) / (len(a) + len(b))",
    bounds=(0, inf),
    best=0,
    undefined="len(a) == 0 or len(b) == 0",
    undefined_means=NO_BOUNDARY,
    source=HEIMANN_2009,
)
def average_surface_distance_px(m: Masks) -> Array:
    """How far a boundary pixel of either region lies from the other region's boundary, on average."""
    return m.each(lambda a, b: (a.sum() + b.sum()) / (a.size + b.size))


@metric(
    title="Surface Dice at 1 px",
    aliases=("normalised surface distance", "NSD", "NSD at 1 px"),
    formula="(sum(x <= 1 for x in a) + sum(x <= 1 for x in b)) / (len(a) + len(b))",
    bounds=(0, 1),
    best=1,
    undefined="len(a) == 0 or len(b) == 0",
    undefined_means=NO_BOUNDARY,
    source=NIKOLOV_2021,
)
def surface_dice(m: Masks) -> Array:
    """The share of both regions' boundary pixels that lie within 1 px of the other region's boundary."""
    return m.each(lambda a, b: np.mean(np.concatenate([a, b]) <= TOLERANCE_PX))


@metric(
    title="Boundary IoU",
    aliases=("boundary Jaccard",),
    formula="len(A & B) / len(A | B)",
    bounds=(0, 1),
    best=1,
    undefined="len(A | B) == 0",
    undefined_means="neither region has a pixel of the class",
    source=CHENG_2021,
)
def boundary_iou(m: Masks) -> Array:
    """Intersection over union of the bands along the inside of both boundaries, each 2 % of the diagonal wide."""
    both, either = m.band_overlap
    return both / either
