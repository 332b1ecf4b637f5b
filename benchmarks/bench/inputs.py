"""What is measured on: the sample pictures of the page, tiled to any size. Real grey levels, classes and outlines."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SAMPLES = Path(__file__).parents[2] / "src" / "crosspatch" / "web" / "static_files" / "samples"
THRESHOLD = 128
Levels = NDArray[np.uint8]


@cache
def sample(name: str) -> Levels:
    """A sample picture's grey levels (H, W)."""
    return np.asarray(Image.open(SAMPLES / name).convert("L"))


def tiled(levels: NDArray[Any], width: int, height: int, x: int = 0, y: int = 0) -> NDArray[Any]:
    """A picture repeated in both directions, cut at (x, y)."""
    rows = (np.arange(height) + y) % levels.shape[0]
    columns = (np.arange(width) + x) % levels.shape[1]
    return np.ascontiguousarray(levels[rows][:, columns])


def grey_pair(side: int, name: str = "hills.jpg") -> tuple[Levels, Levels]:
    """Truth and test (side, side): two places of one picture, brightened so that 128 splits the truth in halves."""
    levels = sample(name).astype(np.int64)
    brighter = THRESHOLD - int(np.median(tiled(levels, side, side)))
    levels = np.clip(levels + brighter, 0, 255).astype(np.uint8)
    return tiled(levels, side, side), tiled(levels, side, side, 13, 7)


def class_pair(side: int, classes: int) -> tuple[Levels, Levels]:
    """Truth and test (side, side) of `classes` classes: runs of grey levels of equal length, as class indices."""
    truth, test = grey_pair(side)
    index = (np.arange(256) * classes // 256).astype(np.uint8)
    return index[truth], index[test]


def mask_pair(side: int) -> tuple[Levels, Levels]:
    """Truth and prediction (side, side), 0 or 1: the class map of the islands and what a model might find."""
    pair = (tiled(sample(name), side, side) for name in ("islands.png", "islands-prediction.png"))
    truth, test = pair
    middle = np.median(np.unique(truth))
    return (truth > middle).astype(np.uint8), (test > middle).astype(np.uint8)


def photographs(folder: Path, suffix: str) -> tuple[Path, Path]:
    """Two files of 12 megapixels, 4000 x 3000 px in colour, of two places of a tiled sample."""
    picture = np.asarray(Image.open(SAMPLES / "hills.jpg").convert("RGB"))
    paths = []
    for name, x, y in (("truth", 0, 0), ("test", 13, 7)):
        rows, columns = (np.arange(3000) + y) % picture.shape[0], (np.arange(4000) + x) % picture.shape[1]
        path = folder / f"{name}.{suffix}"
        Image.fromarray(picture[rows][:, columns]).save(path, **({"quality": 90} if suffix == "jpg" else {}))
        paths.append(path)
    return paths[0], paths[1]
