"""What is to be reached: one row of the table at the top of RESULTS.md each, in this order. Imports nothing."""

from __future__ import annotations

from typing import NamedTuple


class Target(NamedTuple):
    """The row's name, the work and what is to be reached, in words."""

    name: str
    work: str
    target: str


TARGETS = (
    Target(
        "pointwise",
        "the 16 pointwise statistics against the usual library calls, at 64 / 512 / 4096",
        "50 / 400 / 500 times faster",
    ),
    Target("careful", "the same against a careful scikit-learn user", "6 / 15 / 15 times"),
    Target(
        "histogram",
        "two-class matrix, 256-level histogram against scikit-learn, from 512 up",
        "100 times, 10 times",
    ),
    Target("mask", "counts and metrics of a 512 x 512 mask against the fastest peer (MONAI)", "5 times"),
    Target(
        "batch",
        "10,000 random pairs, 15 binary metrics, against a scikit-learn loop",
        "2,000 times for any rectangle, 10,000 up to 64 wide",
    ),
    Target("boundary", "Hausdorff, its 95 %, average distance against MONAI", "2 times"),
    Target("ssim", "SSIM against scikit-image, same definition", "no slower; report where the time goes"),
    Target(
        "http",
        "`POST /api/v1/comparisons` for a stored picture at 512 x 512, 64 x 64 rectangles, every pointwise metric, "
        "no intervals",
        "p50 under 15 ms, p99 under 50 ms, one client",
    ),
    Target(
        "process",
        "`crosspatch compare` as a whole process on 12 megapixels, all pointwise metrics",
        "no slower than ImageMagick's `compare` with one; six times faster than a scikit-learn script",
    ),
    Target("memory", "memory of a 4096 x 4096 comparison", "under four times the two arrays' bytes"),
    Target(
        "dependencies",
        "runtime dependencies",
        "NumPy and Pillow to compare; SciPy for p-values and boundaries, imported where used; scikit-learn, "
        "scikit-image, pandas and torch only in tests and benchmarks",
    ),
)
