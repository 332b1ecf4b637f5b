"""How cost grows: with pixels, classes and pairs; a data set; decoding; and statistics that only SciPy has."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from scipy import stats
from sklearn.metrics import confusion_matrix

import crosspatch
from bench import inputs, ours, peers
from bench.inputs import THRESHOLD, Levels
from bench.results import Outcome, contest_table, seconds, table
from bench.rows import batch
from bench.timing import Contest, contest, median_s
from crosspatch.histogram import JointHistogram
from crosspatch.labelling import Rule

ROUNDS = {64: 9, 512: 5, 4096: 2}
TILE, TILES = 4096, 16
CLASSES = (2, 16, 256)
BATCHES = (1, 10, 100)
AT_ONCE, MOST_MEASURED = (100, 1_000, 10_000, 100_000, 1_000_000), 10_000
IMAGES, WIDE = 200, 1024


def run(folder: Path) -> Outcome:
    """Every table."""
    section = [
        "## growth",
        "",
        "### With pixels",
        "",
        "The joint histogram of 256 levels; 16,384 px in 16 tiles of 4096 that are added up.",
        "",
        *contest_table("side, px", {f"{side:,}": with_pixels(side, rounds) for side, rounds in ROUNDS.items()}),
        *contest_table("side, px", {f"{4 * TILE:,}": in_tiles()}),
        "### With classes",
        "",
        "The confusion matrix at 512 px, from grey levels on our side and from class indices on scikit-learn's.",
        "",
        *contest_table("classes", {str(classes): with_classes(classes) for classes in CLASSES}),
        "### With pairs",
        "",
        "15 metrics of two classes, 64 x 64 px of one picture, a pair after another.",
        "",
        *contest_table("pairs", {f"{pairs:,}": with_pairs(pairs) for pairs in BATCHES}),
        (
            "The same at once, as a baseline does it, where scikit-learn would take as long for each pair as above; "
            "and all metrics but structure and boundary, which need every pair's joint histogram."
        ),
        "",
        *table(["pairs", "15 metrics of two classes", "every pointwise metric"], at_once()),
        "### With threads",
        "",
        (
            "The joint histogram of 4096 x 4096 px, its upper and lower half in a thread each. `np.bincount` keeps the "
            "interpreter's lock, so that threads are of no use for what takes nearly all the time; histograms add up, "
            "so that processes are."
        ),
        "",
        *contest_table("threads", {"2 against 1": with_threads()}),
        "### A data set",
        "",
        f"{IMAGES} pairs of 512 x 512 px, 16 classes: all their confusion matrices.",
        "",
        *contest_table("data set", {f"{IMAGES} pairs": data_set()}),
        "### Decoding and resizing",
        "",
        f"12 megapixels to {WIDE} px wide, Lanczos, from a file. OpenCV has another filter: values not compared.",
        "",
        *contest_table("file", {suffix: decoding(folder, suffix) for suffix in ("jpg", "png")}),
        "### Statistics of levels",
        "",
        (
            "Five that SciPy has (`spearmanr`, `kendalltau`, `pearsonr`, `ks_2samp`, `wasserstein_distance`), each by "
            "one call, against one joint histogram."
        ),
        "",
        *contest_table("side, px", {f"{side} x {side}": against_scipy(side) for side in (64, 512)}),
    ]
    return Outcome("", None, section)


def with_pixels(side: int, rounds: int) -> Contest:
    truth, test = inputs.grey_pair(side)
    return contest(
        ("Crosspatch", lambda: JointHistogram.of(truth, test).counts),
        {"scikit-learn": lambda: _peer(truth, test)},
        rounds,
    )


def in_tiles() -> Contest:
    tiles = [tuple(np.roll(levels, 64 * step, 1) for levels in inputs.grey_pair(TILE)) for step in range(2)]
    each = [tiles[index % 2] for index in range(TILES)]
    return contest(
        ("Crosspatch", lambda: sum(JointHistogram.of(*tile).counts for tile in each)),
        {"scikit-learn": lambda: sum(_peer(*tile) for tile in each)},
        1,
    )


def _peer(truth: Levels, test: Levels) -> Any:
    return confusion_matrix(truth.ravel(), test.ravel(), labels=np.arange(256))


def with_classes(classes: int) -> Contest:
    pair, labels = inputs.grey_pair(512), inputs.class_pair(512, classes)
    rule = Rule("levels", (classes,))

    def mine() -> Any:
        histogram = JointHistogram.of(*pair)
        return rule.fit(histogram.truth).confusion(histogram).matrix

    names = np.arange(classes)
    return contest(
        ("Crosspatch", mine), {"scikit-learn": lambda: confusion_matrix(*(k.ravel() for k in labels), labels=names)}, 5
    )


def with_pairs(count: int) -> Contest:
    levels, size = inputs.grey_pair(batch.SIDE)[0], (64, 64)
    positive, pairs = levels >= THRESHOLD, batch.telling(levels, size)[:count]

    def rows(call: Any) -> Any:
        found = [call(*batch.cut(positive, size, pair)) for pair in pairs]
        return np.array([[row[key] for key in ours.BINARY] for row in found])

    return contest(
        ("Crosspatch", lambda: rows(lambda t, s: ours.mask_metrics(t.view(np.uint8), s.view(np.uint8), ours.BINARY))),
        {"scikit-learn": lambda: rows(peers.usual_binary)},
        3,
    )


def with_threads() -> Contest:
    truth, test = inputs.grey_pair(4096)
    halves = [(part(truth), part(test)) for part in (lambda a: a[:2048], lambda a: a[2048:])]

    def both() -> Any:
        with ThreadPoolExecutor(2) as pool:
            upper, lower = pool.map(lambda half: JointHistogram.of(*half), halves)
        return (upper + lower).counts

    return contest(("Crosspatch", lambda: JointHistogram.of(truth, test).counts), {"Crosspatch, 2 threads": both}, 5)


def at_once() -> list[list[str]]:
    """Seconds of many pairs measured together, medians of three."""
    levels = inputs.grey_pair(batch.SIDE)[0]
    rows = []
    for count in AT_ONCE:
        places = batch.drawn((64, 64), count)
        labels = median_s(lambda places=places: ours.ours_baseline(levels, THRESHOLD, 64, 64, places), 3)
        whole = median_s(lambda count=count: ours.chance_levels(levels, count), 1) if count <= MOST_MEASURED else None
        rows.append([f"{count:,}", seconds(labels), "not measured" if whole is None else seconds(whole)])
    return rows


def data_set() -> Contest:
    truth, test = inputs.class_pair(1024, 16)
    places = np.random.default_rng(2).integers(0, 512, (IMAGES, 2))
    pairs = [tuple(np.ascontiguousarray(of[y : y + 512, x : x + 512]) for of in (truth, test)) for x, y in places]
    labelling = Rule("values").fit(np.bincount(np.arange(16), minlength=256))
    names = np.arange(16)
    return contest(
        ("Crosspatch", lambda: [labelling.confusion(JointHistogram.of(*pair)).matrix for pair in pairs]),
        {
            "scikit-learn": lambda: [confusion_matrix(t.ravel(), s.ravel(), labels=names) for t, s in pairs],
            "`np.bincount`": lambda: [
                np.bincount(t.ravel() * np.uint8(16) + s.ravel(), minlength=256).reshape(16, 16) for t, s in pairs
            ],
        },
        3,
    )


def decoding(folder: Path, suffix: str) -> Contest:
    path = inputs.photographs(folder, suffix)[0]
    size = WIDE, WIDE * 3 // 4
    calls: dict[str, Any] = {
        "Pillow": lambda: np.asarray(Image.open(path).resize(size, Image.Resampling.LANCZOS)),
    }
    try:
        import cv2
    except ImportError:
        pass
    else:
        cv2.setNumThreads(1)
        calls["OpenCV, by area"] = lambda: cv2.resize(cv2.imread(str(path)), size, interpolation=cv2.INTER_AREA)
    return contest(("Crosspatch", lambda: _resized(path, size)), calls, 3, apart=("OpenCV, by area",))


def _resized(path: Path, size: tuple[int, int]) -> Any:
    return crosspatch.resize(crosspatch.read_picture(path), *size).pixels


def against_scipy(side: int) -> Contest:
    truth, test = inputs.grey_pair(side)
    t, s = truth.ravel(), test.ravel()
    keys = ("spearman", "kendall_tau_b", "pearson", "ks_statistic", "wasserstein")

    def theirs() -> dict[str, float]:
        found = (
            stats.spearmanr(t, s).statistic,
            stats.kendalltau(t, s).statistic,
            stats.pearsonr(t.astype(float), s.astype(float)).statistic,
            stats.ks_2samp(t, s, method="asymp").statistic,
            stats.wasserstein_distance(t, s),
        )
        return dict(zip(keys, found, strict=True))

    return contest(
        ("Crosspatch", lambda: ours.derived(ours.evidence_of(truth, test, THRESHOLD), keys)), {"SciPy": theirs}, 3
    )
