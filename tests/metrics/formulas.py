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
from scipy.ndimage import correlate1d

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


FUNCTIONS: Names = {
    "abs": abs,
    "all": all,
    "any": any,
    "choose": lambda k, of: {2: Fraction(k * (k - 1), 2)}[of],
    "cov": cov,
    "floor": math.floor,
    "len": len,
    "log": log,
    "log10": math.log10,
    "max": max,
    "mean": mean,
    "median": statistics.median,
    "min": min,
    "range": range,
    "rank": rank,
    "sign": lambda x: (x > 0) - (x < 0),
    "sqrt": math.sqrt,
    "sum": sum,
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
    return {
        "c": c,
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
    """For Regions, with the window of Wang et al. 2004 by SciPy."""
    height, width = truth.shape
    weights = np.exp(-0.5 * (np.arange(-5, 6) / 1.5) ** 2)

    def mu(x: np.ndarray) -> np.ndarray:
        for axis in (0, 1):
            x = correlate1d(x, weights / weights.sum(), axis)
        return x[5:-5, 5:-5] if x.shape == (height, width) else x

    def window_cov(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return mu(a * b) - mu(a) * mu(b)

    return {
        "t": truth.astype(float),
        "s": test.astype(float),
        "height": height,
        "width": width,
        "mu": mu,
        "cov": window_cov,
        "var": lambda x: window_cov(x, x),
        "mean": np.mean,
    }
