"""Makes the sample pictures of the page, from seeds alone: three, and for one of them the test picture to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageFilter

HERE = Path(__file__).parent.parent / "src" / "crosspatch" / "web" / "static_files" / "samples"
Plane = NDArray[np.float64]

SKY = ((0.0, (38, 52, 94)), (0.45, (214, 122, 108)), (0.72, (250, 205, 150)), (1.0, (252, 232, 196)))
LAND_COVER = ((24, 72, 120), (70, 140, 184), (232, 212, 160), (142, 176, 92), (62, 118, 74), (122, 110, 104))
LAND_COVER_STARTS = (0.42, 0.50, 0.54, 0.66, 0.80)


def smooth_noise(rng: Generator, width: int, height: int, octaves: int, base: int = 3) -> Plane:
    """Fractal noise (height, width) in 0..1: grids of random numbers, each twice as fine and half as strong."""
    total = np.zeros((height, width))
    for octave in range(octaves):
        cells = base * 2**octave
        grid = Image.fromarray(rng.random((cells, cells)).astype(np.float32))
        total += np.asarray(grid.resize((width, height), Image.Resampling.BICUBIC)) / 2**octave
    return stretched(total)


def stretched(plane: Plane) -> Plane:
    """The same plane with its least value at 0 and its largest at 1."""
    low, high = float(np.min(plane)), float(np.max(plane))
    return np.asarray((plane - low) / (high - low), np.float64)


def gradient(stops: tuple[tuple[float, tuple[int, int, int]], ...], at: Plane) -> Plane:
    """Colours (..., 3) read from a gradient at positions 0..1."""
    places, colours = [place for place, _ in stops], np.array([colour for _, colour in stops], float)
    return np.stack([np.interp(at, places, colours[:, channel]) for channel in range(3)], axis=-1)


def hills(width: int = 1200, height: int = 800) -> Image.Image:
    """Ridges in the evening: smooth, with the grain of a photograph."""
    rng = np.random.default_rng(11)
    y, x = np.mgrid[0:height, 0:width]
    picture = gradient(SKY, np.clip(y / (0.72 * height) + 0.05 * (smooth_noise(rng, width, height, 4) - 0.5), 0, 1))
    sun = np.hypot(x - 0.68 * width, y - 0.40 * height)
    picture += np.exp(-((sun / 170) ** 2))[..., None] * (48, 40, 22)
    picture[sun < 46] = (255, 246, 224)
    for ridge in range(6):
        depth = ridge / 5
        outline = smooth_noise(rng, width, 8, 6, base=2 + ridge)[4]
        top = height * (0.44 + 0.11 * ridge) - outline * height * (0.10 + 0.11 * depth)
        below = np.clip(y - top, 0, None)
        far, near = np.array((196, 146, 142)), np.array((22, 32, 48))
        colour = far + (near - far) * depth**0.7
        mist = np.exp(-below / 150)[..., None] * (1 - depth) * 26
        picture = np.where((y > top)[..., None], colour + mist, picture)
    picture += rng.normal(0, 2.2, (height, width, 1))
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))


def cells(width: int = 1024, height: int = 768) -> Image.Image:
    """Cells under a microscope: soft bodies, brighter nuclei, uneven light."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[0:height, 0:width]
    bodies, nuclei = np.zeros((height, width)), np.zeros((height, width))
    for centre_x, centre_y in scattered(rng, width, height, 120, gap=66):
        radius, stretch, turn = rng.uniform(26, 44), rng.uniform(0.68, 1.0), rng.uniform(0, np.pi)
        u = (x - centre_x) * np.cos(turn) + (y - centre_y) * np.sin(turn)
        v = (y - centre_y) * np.cos(turn) - (x - centre_x) * np.sin(turn)
        distance = np.hypot(u, v / stretch) / radius
        bodies = np.maximum(bodies, soft_edge(14 * (distance - 1)) * rng.uniform(0.6, 1))
        offset = np.hypot(u - rng.uniform(-5, 5), (v - rng.uniform(-4, 4)) / stretch) / (0.42 * radius)
        nuclei = np.maximum(nuclei, soft_edge(9 * (offset - 1)) * rng.uniform(0.7, 1))
    texture = smooth_noise(rng, width, height, 6, base=12)
    light = 0.82 + 0.36 * smooth_noise(rng, width, height, 2, base=2)
    picture = np.array((14, 20, 38)) + (bodies * (0.45 + 0.55 * texture) * light)[..., None] * (22, 128, 118)
    picture = picture + (nuclei * (0.6 + 0.4 * texture) * light)[..., None] * (150, 120, 190)
    blurred = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.1))
    grain = rng.normal(0, 3.2, (height, width, 1))
    return Image.fromarray(np.clip(np.asarray(blurred) + grain, 0, 255).astype(np.uint8))


def soft_edge(distance: Plane) -> Plane:
    """1 inside (negative distance), 0 outside, and a smooth step between."""
    return (1 - np.tanh(distance / 2)) / 2


def scattered(rng: Generator, width: int, height: int, count: int, gap: float) -> list[tuple[float, float]]:
    """At most `count` random points (x, y), no two nearer than `gap`, in pixels."""
    points: list[tuple[float, float]] = []
    for x, y in rng.random((count * 20, 2)) * (width, height):
        if len(points) < count and all(np.hypot(x - px, y - py) > gap for px, py in points):
            points.append((x, y))
    return points


def land_cover(classes: NDArray[np.uint8]) -> Image.Image:
    """A picture whose pixels are class indices (height, width), in the colours of a map."""
    picture = Image.fromarray(classes, mode="P")
    picture.putpalette([level for colour in LAND_COVER for level in colour])
    return picture


def land_heights(width: int, height: int) -> Plane:
    """How high the land of the islands is, 0..1."""
    rng = np.random.default_rng(23)
    ground = 0.8 * smooth_noise(rng, width, height, 6, base=4) + 0.2 * smooth_noise(rng, width, height, 3, base=2)
    return stretched(ground)


def islands(width: int = 640, height: int = 480) -> Image.Image:
    """A map of six classes, as a segmentation model gives it: the pixels are class indices."""
    return land_cover(np.searchsorted(LAND_COVER_STARTS, land_heights(width, height)).astype(np.uint8))


def islands_prediction(width: int = 640, height: int = 480) -> Image.Image:
    """The same islands as a model might find them: coasts shifted and smoothed, a class missed here and there."""
    rng = np.random.default_rng(29)
    heights = Image.fromarray(land_heights(width, height).astype(np.float32))
    coarse = heights.resize((width // 6, height // 6), Image.Resampling.BOX).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    drift = smooth_noise(rng, width, height, 4, base=5) - 0.5
    return land_cover(np.searchsorted(LAND_COVER_STARTS, np.asarray(coarse) + 0.1 * drift).astype(np.uint8))


if __name__ == "__main__":
    hills().save(HERE / "hills.jpg", quality=82, optimize=True, progressive=True)
    cells().save(HERE / "cells.jpg", quality=80, optimize=True, progressive=True)
    islands().save(HERE / "islands.png", optimize=True)
    islands_prediction().save(HERE / "islands-prediction.png", optimize=True)
