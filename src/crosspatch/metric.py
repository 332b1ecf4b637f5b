"""How a metric is declared: once, with all that is said of it. In goes a function, out comes a Metric."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import ModuleType
from typing import Any, Literal, get_type_hints

import numpy as np

from crosspatch.evidence import (
    Array,
    BinaryCounts,
    ClassCounts,
    JointCounts,
    LevelCounts,
    Masks,
    Regions,
    ScoreCounts,
)
from crosspatch.mathml import Node, typeset

Direction = Literal["higher", "lower", "nearer"]
Follows = Literal["labels", "levels", "masks"]
Curve = Literal["roc", "precision_recall"]
Body = Callable[[Any], Array]
# Of every interval: the share of repetitions whose interval holds what is estimated, were all assumptions true.
CONFIDENCE = 0.95


@dataclass(frozen=True)
class AnalyticInterval:
    """An interval by formula: `ends` takes the evidence and the values (...,), and gives low and high ends (...,)."""

    method: str
    ends: Callable[[Any, Array], tuple[Array, Array]]


# What has to change for a metric to change, by the evidence it needs.
_FOLLOWS: Mapping[type, Follows] = {
    BinaryCounts: "labels",
    ClassCounts: "labels",
    ScoreCounts: "labels",
    LevelCounts: "levels",
    JointCounts: "levels",
    Regions: "levels",
    Masks: "masks",
}


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One statistic of agreement, and all that is said of it.

    `formula` and `undefined_when` are Python expressions in the names that the evidence states; `undefined` is the
    same condition in words. `best` is None where no value is better than another. `family_note` says what a low value
    of the family means for two patches; with `caution` it is a warning, to be read before any value. `area_under` names
    the curve whose area the metric is.
    """

    key: str
    title: str
    aliases: tuple[str, ...]
    family: str
    family_note: str
    caution: bool
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
    area_under: Curve | None

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

    @property
    def follows(self) -> Follows:
        """What a value depends on: how many pixels have which labels, the grey levels, or where the labels lie."""
        return _FOLLOWS[self.evidence]

    @cached_property
    def mathml(self) -> Node:
        """The formula as it is set in print: MathML as plain data."""
        return typeset(self.formula)

    def to_dict(self) -> dict[str, object]:
        """The catalogue's row, ready for JSON: infinite bounds and an infinite best are None."""
        return {
            "key": self.key,
            "title": self.title,
            "aliases": list(self.aliases),
            "family": self.family,
            "family_note": self.family_note,
            "caution": self.caution,
            "follows": self.follows,
            "unit": self.unit,
            "formula": self.formula,
            "mathml": self.mathml,
            "meaning": self.meaning,
            "bounds": [_finite(bound) for bound in self.bounds],
            "best": _finite(self.best),
            "direction": self.direction,
            "headline": self.headline,
            "area_under": self.area_under,
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
    area_under: Curve | None = None,
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
            family_note="",
            caution=False,
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
            area_under=area_under,
        )

    return declare


def collect(*families: ModuleType) -> Mapping[str, Metric]:
    """Every metric declared in those modules, by key, in the order of declaration.

    A module's family is its name, unless it says otherwise by `FAMILY`; the first module of a family says what low
    values mean, by `LOW_MEANS`, and by `CAUTION` that this is a warning. Raises ValueError for a key declared twice.
    """
    found: dict[str, Metric] = {}
    speakers: dict[str, ModuleType] = {}
    for module in families:
        family = getattr(module, "FAMILY", module.__name__.rpartition(".")[2].rstrip("_"))
        speaker = speakers.setdefault(family, module)
        said = {"family_note": speaker.LOW_MEANS, "caution": getattr(speaker, "CAUTION", False)}
        for name, member in vars(module).items():
            if isinstance(member, Metric) and member.body.__module__ == module.__name__:
                if name in found:
                    raise ValueError(f"two metrics are called {name}")
                found[name] = replace(member, family=family, **said)
    return found


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
