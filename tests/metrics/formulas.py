"""The names that formulas may use, built by plain Python over exact fractions and not by our code."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
from scipy import ndimage, stats
from scipy.ndimage import correlate1d
from scipy.spatial.distance import cdist

Names = dict[str, Any]


def holds(condition: str, names: Names) -> bool:
    return bool(eval(condition, {"__builtins__": {}} | FUNCTIONS | names))


def evaluate(formula: str, names: Names) -> float:
    return float(eval(formula, {"__builtins__": {}} | FUNCTIONS | names))


def mean(values: Iterable[Any]) -> Any:
    listed = list(values)
    return sum(Fraction(int(x)) if isinstance(x, bool | np.bool_) else x for x in listed) / len(listed)


def log(x: Any) -> Any:
    """The natural logarithm to fifty digits."""
    exact = Fraction(x)
    with localcontext(prec=50):
        return Fraction((Decimal(exact.numerator) / Decimal(exact.denominator)).ln())


def cov(a: Any, b: Any) -> Any:
    return mean((a - mean(a)) * (b - mean(b)))


def rank(values: Any) -> Any:
    """Mid-ranks: pixels below, and half of those that tie, the pixel itself included, and a half."""
    listed = list(values)
    half = Fraction(1, 2)
    return np.array([sum(y < x for y in listed) + half * (listed.count(x) + 1) for x in listed], object)


def matrix_rank(matrix: np.ndarray) -> int:
    return len(_independent(matrix))


def pinv(matrix: np.ndarray) -> np.ndarray:
    """Not the pseudo-inverse but a generalised inverse, exact, which gives the same where both are asked."""
    some = _independent(matrix)
    inverse = np.full(matrix.shape, Fraction(0), object)
    rows = [[*matrix[i, some], *(Fraction(i == j) for j in some)] for i in some]
    for column in range(len(some)):
        pivot = next(row for row in range(column, len(some)) if rows[row][column] != 0)
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [x / rows[column][column] for x in rows[column]]
        for row in set(range(len(some))) - {column}:
            rows[row] = [x - rows[row][column] * y for x, y in zip(rows[row], rows[column], strict=True)]
    for i, row in zip(some, rows, strict=True):
        inverse[i, some] = row[len(some) :]
    return inverse


def _independent(matrix: np.ndarray) -> list[int]:
    """Rows, the first ones, that span all rows."""
    reduced: list[tuple[int, Any]] = []
    found = []
    for index, row in enumerate(matrix):
        for pivot, other in reduced:
            row = row - row[pivot] * other
        if row.any():
            pivot = int(np.flatnonzero(row)[0])
            reduced.append((pivot, row / row[pivot]))
            found.append(index)
    return found


FUNCTIONS: Names = {
    "abs": abs,
    "all": all,
    "any": any,
    "chi2_tail": lambda x, df: stats.chi2.sf(float(x), int(df)),
    "choose": lambda k, of: {2: Fraction(k * (k - 1), 2)}[of],
    "cov": cov,
    "floor": math.floor,
    "kolmogorov_tail": stats.kstwobign.sf,
    "len": len,
    "log": log,
    "log10": math.log10,
    "matrix_rank": matrix_rank,
    "max": max,
    "mean": mean,
    "median": statistics.median,
    "min": min,
    "normal_tail": stats.norm.sf,
    "percentile": np.percentile,
    "pinv": pinv,
    "range": range,
    "rank": rank,
    "sign": lambda x: (x > 0) - (x < 0),
    "sqrt": math.sqrt,
    "sum": sum,
    "t_tail": lambda x, df: stats.t.sf(x, float(df)),
    "var": lambda x: cov(x, x),
}


def of_outcomes(matrix: Sequence[Sequence[int]]) -> Names:
    """For BinaryCounts, from `[[tn, fp], [fn, tp]]`."""
    (tn, fp), (fn, tp) = ([Fraction(count) for count in row] for row in matrix)
    return {"tp": tp, "fp": fp, "fn": fn, "tn": tn, "n": tp + fp + fn + tn}


def of_classes(matrix: Sequence[Sequence[int]]) -> Names:
    """For ClassCounts."""
    classes = range(len(matrix))
    c = {(i, j): Fraction(matrix[i][j]) for i in classes for j in classes}
    rows = [sum(c[i, j] for j in classes) for i in classes]
    columns = [sum(c[i, j] for i in classes) for j in classes]
    tp = [c[i, i] for i in classes]
    spread = [[-c[i, j] - c[j, i] if i != j else rows[i] + columns[i] - 2 * c[i, i] for j in classes] for i in classes]
    return {
        "c": c,
        "d": np.array(rows) - np.array(columns),
        "S": np.array(spread, object).reshape(len(matrix), len(matrix)),
        "rows": rows,
        "columns": columns,
        "classes": classes,
        "tp": tp,
        "fp": [columns[i] - tp[i] for i in classes],
        "fn": [rows[i] - tp[i] for i in classes],
        "n": sum(rows),
    }


def of_scores(positives: Iterable[int], negatives: Iterable[int]) -> Names:
    """For ScoreCounts, from levels."""
    return {name: [Fraction(x, 255) for x in levels] for name, levels in (("p", positives), ("q", negatives))}


def of_levels(pairs: Sequence[tuple[int, int]]) -> Names:
    """For LevelCounts and JointCounts, from pairs of levels (truth, test)."""
    n = len(pairs)
    t, s = (np.array([Fraction(pair[side]) for pair in pairs], object) for side in (0, 1))
    levels = range(256)

    def shares(of: Iterable[object]) -> Callable[[object], Fraction]:
        counts = Counter(of)
        return lambda x: Fraction(counts[x], n) if n else Fraction(0)

    f, g = ([shares(region)(x) for x in levels] for region in (t, s))
    return {
        "t": t,
        "s": s,
        "n": n,
        "levels": levels,
        "f": f,
        "g": g,
        "F": [sum(f[: x + 1]) for x in levels],
        "G": [sum(g[: x + 1]) for x in levels],
        "p": _Shares({pair: Fraction(count, n) for pair, count in Counter(pairs).items()}),
    }


class _Shares(dict[tuple[int, int], Fraction]):
    def __missing__(self, pair: tuple[int, int]) -> Fraction:
        return Fraction(0)


def of_regions(truth: np.ndarray, test: np.ndarray) -> Names:
    """For Regions, with the windows and scales of Wang et al. 2003 and 2004 and the gradient of Xue et al. by SciPy."""
    t, s = truth.astype(float), test.astype(float)
    return {
        "t": t,
        "s": s,
        "height": truth.shape[0],
        "width": truth.shape[1],
        "mu": window_mean,
        "cov": window_cov,
        "var": lambda x: window_cov(x, x),
        "mean": np.mean,
        "std": np.std,
        "contrast": lambda t, s, scale: contrast(at_scale(t, scale), at_scale(s, scale)).mean(),
        "ssim": lambda t, s, scale: similarity(at_scale(t, scale), at_scale(s, scale)).mean(),
        "gradient": gradient,
    }


def window_mean(x: np.ndarray) -> np.ndarray:
    weights = np.exp(-0.5 * (np.arange(-5, 6) / 1.5) ** 2)
    for axis in (0, 1):
        x = correlate1d(x, weights / weights.sum(), axis)
    return x[5:-5, 5:-5]


def window_cov(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return window_mean(a * b) - window_mean(a) * window_mean(b)


def contrast(t: np.ndarray, s: np.ndarray) -> np.ndarray:
    return (2 * window_cov(t, s) + 7.65**2) / (window_cov(t, t) + window_cov(s, s) + 7.65**2)


def similarity(t: np.ndarray, s: np.ndarray) -> np.ndarray:
    mu_t, mu_s = window_mean(t), window_mean(s)
    return (2 * mu_t * mu_s + 2.55**2) / (mu_t**2 + mu_s**2 + 2.55**2) * contrast(t, s)


def at_scale(x: np.ndarray, scale: int) -> np.ndarray:
    """As in the authors' msssim.m: imfilter(ones(2) / 4, 'symmetric'), then every second pixel."""
    for _ in range(scale - 1):
        x = ndimage.uniform_filter(x, 2, mode="reflect", origin=-1)[::2, ::2]
    return x


def gradient(x: np.ndarray) -> np.ndarray:
    """As in the authors' GMSD.m: conv2 with fspecial('average', 2) and with Prewitt's filter / 3, 'same'."""
    half = ndimage.uniform_filter(x, 2, mode="constant", origin=-1)[::2, ::2]
    return np.hypot(*(ndimage.prewitt(half, axis, mode="constant") / 3 for axis in (0, 1)))


def of_masks(truth: np.ndarray, test: np.ndarray) -> Names:
    """For Masks, from masks (H, W), bool: by SciPy's erosions and by all distances between boundary pixels."""
    edges = [np.argwhere(mask & ~ndimage.binary_erosion(mask)) for mask in (truth, test)]
    distances = cdist(*edges)
    width = max(1, round(0.02 * math.hypot(*truth.shape)))
    square = np.ones((3, 3))
    bands = [mask & ~ndimage.binary_erosion(mask, square, iterations=width) for mask in (truth, test)]
    there, back = ([], []) if distances.size == 0 else (distances.min(1).tolist(), distances.min(0).tolist())
    return {
        "a": there,
        "b": back,
        **{name: set(map(tuple, np.argwhere(band).tolist())) for name, band in zip("AB", bands, strict=True)},
    }
