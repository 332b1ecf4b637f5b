"""How a metric is declared: once, with all that is said of it. In goes a function, out comes a Metric."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, Literal, get_type_hints

import numpy as np

from crosspatch.evidence import Array

Direction = Literal["higher", "lower", "nearer"]
Body = Callable[[Any], Array]
# Of every interval: the share of repetitions whose interval holds what is estimated, were all assumptions true.
CONFIDENCE = 0.95


@dataclass(frozen=True)
class AnalyticInterval:
    """An interval by formula: `ends` takes the evidence and the values (...,), and gives low and high ends (...,)."""

    method: str
    ends: Callable[[Any, Array], tuple[Array, Array]]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One statistic of agreement, and all that is said of it.

    `formula` and `undefined_when` are Python expressions in the names that the evidence states; `undefined` is the
    same condition in words. `best` is None where no value is better than another.
    """

    key: str
    title: str
    aliases: tuple[str, ...]
    family: str
    unit: str
    formula: str
    meaning: str
    bounds: tuple[float, float]
    best: float | None
    headline: int | None
    undefined_when: str
    undefined: str
    source: str
    evidence: type
    body: Body
    average_of: Metric | None
    analytic: AnalyticInterval | None

    def __call__(self, evidence: Any) -> Array:
        """Evaluate on evidence of the declared kind: float64 of its leading shape, non-finite where undefined."""
        with np.errstate(all="ignore"):
            return np.asarray(self.body(evidence), np.float64)

    @property
    def direction(self) -> Direction | None:
        """Which way is better: higher, lower, nearer to `best`, or None where there is no such way."""
        if self.best is None:
            return None
        if self.best == self.bounds[1]:
            return "higher"
        return "lower" if self.best == self.bounds[0] else "nearer"

    def to_dict(self) -> dict[str, object]:
        """The catalogue's row, ready for JSON: infinite bounds and an infinite best are None."""
        return {
            "key": self.key,
            "title": self.title,
            "aliases": list(self.aliases),
            "family": self.family,
            "unit": self.unit,
            "formula": self.formula,
            "meaning": self.meaning,
            "bounds": [_finite(bound) for bound in self.bounds],
            "best": _finite(self.best),
            "direction": self.direction,
            "headline": self.headline,
            "undefined": self.undefined,
            "undefined_when": self.undefined_when,
            "source": self.source,
        }


def metric(
    *,
    title: str,
    formula: str,
    bounds: tuple[float, float],
    best: float | None,
    undefined: str,
    undefined_means: str,
    source: str,
    unit: str = "",
    aliases: tuple[str, ...] = (),
    headline: int | None = None,
    average_of: Metric | None = None,
    analytic: AnalyticInterval | None = None,
) -> Callable[[Body], Metric]:
    """Declare a metric. The key is the function's name, the meaning its docstring, the evidence its annotation."""

    def declare(body: Body) -> Metric:
        annotations = get_type_hints(body)
        annotations.pop("return")
        (evidence,) = annotations.values()
        return Metric(
            key=body.__name__,
            title=title,
            aliases=aliases,
            family="",
            unit=unit,
            formula=formula,
            meaning=" ".join((body.__doc__ or "").split()),
            bounds=bounds,
            best=best,
            headline=headline,
            undefined_when=undefined,
            undefined=undefined_means,
            source=source,
            evidence=evidence,
            body=body,
            average_of=average_of,
            analytic=analytic,
        )

    return declare


def collect(*families: ModuleType) -> Mapping[str, Metric]:
    """Every metric declared in those modules, by key, in the order of declaration.

    A module's family is its name, unless it says otherwise by `FAMILY`. Raises ValueError for a key declared twice.
    """
    found: dict[str, Metric] = {}
    for module in families:
        family = getattr(module, "FAMILY", module.__name__.rpartition(".")[2].rstrip("_"))
        for name, member in vars(module).items():
            if isinstance(member, Metric) and member.body.__module__ == module.__name__:
                if name in found:
                    raise ValueError(f"two metrics are called {name}")
                found[name] = replace(member, family=family)
    return found


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
