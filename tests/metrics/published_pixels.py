"""Published values of structure and boundary: what is measured from the pixels themselves."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from metrics.cases import Case
from metrics.published import Measure, Published, example, mean_of, of_masks
from skimage import data

from crosspatch.metric import Metric

RELOADED = (
    "MetricsReloaded, tests of pairwise measures, after Reinke A. et al. (2024), Understanding metric-related pitfalls "
    "in image analysis validation"
)


def noisy_camera() -> Measure:
    """scikit-image's camera and the same with noise of 20 grey levels, from the generator that was used."""
    camera = data.camera()
    noise = np.random.RandomState(5).randn(*camera.shape)
    return Case(camera, np.clip(camera + 20.0 * noise, 0, 255).astype(np.uint8)).value


def three_quarters(metric: Metric) -> float:
    """The mean over nine pictures torch.rand([3, 3, 256, 256]) of seed 42 and the same times 0.75.

    A number of torch.rand is the low 24 bits of a word of the Mersenne Twister; here it is rounded to a grey level.
    """
    words = np.random.RandomState(42).randint(0, 1 << 32, (9, 256, 256), np.uint32)
    pictures = (words & 0xFFFFFF) / (1 << 24)
    pairs = ((np.rint(255 * factor * picture).astype(np.uint8) for factor in (1, 0.75)) for picture in pictures)
    return mean_of(*(Case(*pair).value for pair in pairs))(metric)


def mask(side: int, *rectangles: tuple[slice | int, slice | int]) -> np.ndarray:
    """A square with such rectangles of 1 in it, the rest 0."""
    drawn = np.zeros((side, side))
    for rectangle in rectangles:
        drawn[rectangle] = 1
    return drawn


def point(row: int) -> np.ndarray:
    drawn = np.zeros((7, 1))
    drawn[row] = 1
    return drawn


SQUARE = np.s_[3:8, 3:8]
BLOB = np.s_[9:12, 9:12]

STRUCTURE: list[Published] = [
    *example(
        "scikit-image, test of structural_similarity against imdiff of Getreuer P. (2011), Linear methods for image "
        "interpolation, IPOL 1, which scikit-image agrees with to five decimals",
        noisy_camera(),
        {"ssim": "0.35796"},
    ),
    *example(
        "torchmetrics, StructuralSimilarityIndexMeasure, example, of any seed", three_quarters, {"ssim": "0.9219"}
    ),
    *example(
        "torchmetrics, MultiScaleStructuralSimilarityIndexMeasure, example", three_quarters, {"ms_ssim": "0.9627"}
    ),
    # No source was found that prints another value and whose pictures can be had.
    *example(
        "Xue W. et al. (2014) by the manual of muvsfunc.GMSD: of equal pictures GMSD is 0",
        Case(data.camera(), data.camera()).value,
        {"gmsd": Fraction(0)},
    ),
]

BOUNDARY: list[Published] = [
    *example(
        f"{RELOADED}, test_hd",
        of_masks(mask(14, np.s_[1, 1], BLOB), mask(14, BLOB)),
        {"hausdorff_px": "11.31", "hausdorff_95_px": "6.79"},
    ),
    *example(
        f"{RELOADED}, test_assd, test_nsd, test_iou and test_dsc_fbeta",
        of_masks(mask(11, SQUARE), mask(11, SQUARE, np.s_[5, 1:10], np.s_[1:10, 5])),
        {"average_surface_distance_px": "0.44", "surface_dice": "0.89", "iou": "0.76", "f1": "0.862"},
    ),
    *example(
        f"{RELOADED}, test_boundary_iou",
        of_masks(mask(22, np.s_[2:21, 2:21]), mask(22, np.s_[3:21, 2:21])),
        {"boundary_iou": "0.6"},
    ),
    *example(
        "MONAI, test of surface_dice, all distances, class 1",
        of_masks(mask(10, np.s_[5:8, 6]), mask(10, np.s_[1:4, 1])),
        {"hausdorff_px": "6.40312424"},
    ),
    *example(
        "MONAI, test of surface_dice, all distances, background at tolerance 1: 9 of 84 boundary pixels lie farther",
        of_masks(1 - mask(10, np.s_[5:8, 6]), 1 - mask(10, np.s_[1:4, 1])),
        {"surface_dice": 1 - Fraction(9, 84)},
    ),
    *example("scikit-image, hausdorff_distance, example", of_masks(point(3), point(6)), {"hausdorff_px": "3.0"}),
]
