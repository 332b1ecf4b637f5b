"""Timing that can be repeated. In go calls that should give the same values, out come a Contest: who took how long.

The values are compared before anything is timed. Then the calls take turns, forwards and backwards, so that a machine
that slows down slows all of them; what is quoted are medians, and ratios round by round.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

# A call that is shorter is repeated within a round until it takes that long.
LEAST_S = 0.01
RTOL = 1e-9
Call = Callable[[], Any]


class Disagreement(AssertionError):
    """Two sides that were to be timed give different values."""


@dataclass(frozen=True)
class Contest:
    """Seconds of each round by name, ours first; `differences` are the largest relative ones between a peer's values
    and ours.
    """

    seconds: Mapping[str, list[float]]
    differences: Mapping[str, float]

    @property
    def ours(self) -> str:
        return next(iter(self.seconds))

    def median_s(self, name: str) -> float:
        return median(self.seconds[name])

    def ratio(self, name: str) -> float:
        """How many times longer than ours a peer takes: the median over the rounds."""
        return median(theirs / ours for theirs, ours in zip(self.seconds[name], self.seconds[self.ours], strict=True))

    @property
    def peers(self) -> list[str]:
        return [name for name in self.seconds if name != self.ours]


def contest(
    ours: tuple[str, Call],
    peers: Mapping[str, Call],
    rounds: int,
    rtol: float = RTOL,
    atol: float = 1e-12,
    apart: Collection[str] = (),
) -> Contest:
    """Check that all give the same values (numbers, arrays, or dictionaries: what both have), then time them.

    `apart` names peers whose definition is another, so that their values are not compared.
    """
    calls = dict([ours]) | dict(peers)
    values, first_s = {}, {}
    for name, call in calls.items():
        values[name], first_s[name] = _timed(call)
    differences = {name: _agree(ours[0], name, values, rtol, atol) for name in peers if name not in apart}
    del values
    return Contest(alternate(calls, rounds, first_s), differences)


def median_s(call: Call, rounds: int) -> float:
    """Seconds that one call takes, without a peer."""
    return median(_timed(call)[1] for _ in range(rounds))


def alternate(calls: Mapping[str, Call], rounds: int, first_s: Mapping[str, float]) -> dict[str, list[float]]:
    """Seconds of each call in each round. `first_s` is what a call took before, from which its repetitions follow."""
    repetitions = {}
    for name, call in calls.items():
        second_s = first_s[name] if first_s[name] > 1 else _timed(call)[1]
        repetitions[name] = max(1, min(2000, round(LEAST_S / max(second_s, 1e-7))))
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    gc.collect()
    gc.disable()
    try:
        for turn in range(rounds):
            for name in list(calls)[:: -1 if turn % 2 else 1]:
                seconds[name].append(_repeated(calls[name], repetitions[name]))
    finally:
        gc.enable()
    return seconds


def _timed(call: Call) -> tuple[Any, float]:
    start = perf_counter()
    value = call()
    return value, perf_counter() - start


def _repeated(call: Call, times: int) -> float:
    start = perf_counter()
    for _ in range(times):
        call()
    return (perf_counter() - start) / times


def _agree(ours: str, peer: str, values: Mapping[str, Any], rtol: float, atol: float) -> float:
    left, right = _numbers(values[ours], values[peer])
    if left.shape != right.shape:
        raise Disagreement(f"{ours} gives {left.shape} and {peer} {right.shape}")
    if not np.allclose(left, right, rtol=rtol, atol=atol, equal_nan=True):
        raise Disagreement(f"{ours} and {peer} differ: {left.ravel()[:20]} and {right.ravel()[:20]}")
    with np.errstate(all="ignore"):
        apart = np.abs(left - right) / np.maximum(np.abs(left), np.abs(right))
    return float(np.nanmax(apart, initial=0))


def _numbers(one: Any, other: Any) -> tuple[np.ndarray, np.ndarray]:
    if isinstance(one, dict) and isinstance(other, dict):
        keys = [key for key in one if key in other]
        if not keys:
            raise Disagreement("nothing in common to compare")
        return np.array([one[key] for key in keys], float), np.array([other[key] for key in keys], float)
    return np.asarray(one, float), np.asarray(other, float)
