"""How well do two patches agree by chance alone? In go pictures and a number of pairs, out comes a Baseline.

The chance level of every metric comes from many random pairs of rectangles in the same picture, or from many shifts of
the test picture, and the pair that is compared is ranked among them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, Unpack

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence

from crosspatch.chance import OVERLAP_FROM, OVERLAP_TO, QUANTILES, Chance, overlap_bins
from crosspatch.compare import Options, chosen_metrics, compare_planes, prepare_planes
from crosspatch.decode import Source
from crosspatch.errors import InvalidRequest
from crosspatch.evidence import Pairs
from crosspatch.histogram import Levels
from crosspatch.measure import applies
from crosspatch.places import Places, disjoint_places, random_places, shifted_places
from crosspatch.plane import IgnoreMask, Plane
from crosspatch.report import SCHEMA_VERSION, Report, software
from crosspatch.request import Plan, whole_number
from crosspatch.survey import Step, Survey

Kind = Literal["rectangles", "disjoint", "shifts"]
DEFAULT_PAIRS = 10_000
MOST_PAIRS = 10**6
_DRAWN: Mapping[Kind, str] = {
    "rectangles": "pairs of rectangles drawn at random in the same picture",
    "disjoint": "pairs of rectangles drawn at random in the same picture, without overlap",
    "shifts": "random shifts of the test picture, what leaves at one edge coming in at the other",
}


@dataclass(frozen=True, eq=False)
class Baseline:
    """The chance level of one comparison. `baseline["iou"].percentile` ranks what was observed among random pairs.

    `kind` says what was drawn, `observed` is the comparison itself, `overlap_pairs` how many pairs overlap by how much,
    one count each for `OVERLAP_FROM`; None for two pictures.
    """

    kind: Kind
    pairs: int
    observed: Report
    chances: Mapping[str, Chance]
    overlap_pairs: Sequence[int] | None

    @property
    def disjoint(self) -> bool:
        """Whether only rectangles that share no pixel were drawn."""
        return self.kind == "disjoint"

    @property
    def drawn(self) -> str:
        """What was drawn, in words."""
        return f"{self.pairs:,} {_DRAWN[self.kind]}"

    def __getitem__(self, key: str) -> Chance:
        return self.chances[key]

    def to_dict(self) -> dict[str, object]:
        """Ready for JSON."""
        report = self.observed.to_dict(())
        return {
            "schema_version": SCHEMA_VERSION,
            "software": software(),
            "request": {**self.observed.request(), "pairs": self.pairs, "disjoint": self.disjoint},
            **{name: report[name] for name in ("image", "test_image", "resized", "rectangles") if name in report},
            "chance": {"kind": self.kind, "text": self.drawn},
            "done": self.pairs,
            "pairs": self.pairs,
            "overlap": None
            if self.overlap_pairs is None
            else {"from": list(OVERLAP_FROM), "to": list(OVERLAP_TO), "pairs": list(self.overlap_pairs)},
            "metrics": [chance.to_dict() for chance in self.chances.values()],
            "notes": report["notes"],
        }

    def to_csv(self) -> str:
        """One row a metric: what was observed, its rank, and the distribution that chance gives."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        quantiles = [f"quantile_{percent}" for percent in QUANTILES]
        columns = ("observed", "percentile", "p_value", "pairs", "undefined", "mean", "standard_deviation")
        writer.writerow(("key", *columns, *quantiles))
        for chance in self.chances.values():
            found = chance.quantiles or dict.fromkeys(QUANTILES)
            writer.writerow((chance.key, *(getattr(chance, name) for name in columns), *found.values()))
        return out.getvalue()


def baseline(
    image: Source,
    test_image: Source | None = None,
    *,
    pairs: int = DEFAULT_PAIRS,
    disjoint: bool = False,
    ignore_mask: Source | None = None,
    **options: Unpack[Options],
) -> Baseline:
    """The chance level of a comparison, see `compare`: every metric over `pairs` random pairs (1 to 10^6).

    Of one picture, pairs of rectangles anywhere in it, with `disjoint` only such as share no pixel; of two, shifts of
    the test picture with wrap-around. Draws come from `SeedSequence(seed, spawn_key=(2,))`, whatever was observed.
    Raises a CrosspatchError that names the fault and the fix.
    """
    plan, planes, mask = prepare_planes(image, test_image, ignore_mask, options)
    run = BaselineRun.of(plan, *planes, mask=mask, pairs=pairs, disjoint=disjoint)
    for _ in run.steps():
        pass
    return run.result


@dataclass(frozen=True, eq=False)
class BaselineRun:
    """A baseline that is being measured: `steps` measures, `result` is there when all are taken."""

    kind: Kind
    survey: Survey
    observed: Report
    _found: dict[str, Chance] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        plan: Plan,
        plane: Plane,
        test_plane: Plane | None = None,
        *,
        mask: IgnoreMask | None = None,
        pairs: int = DEFAULT_PAIRS,
        disjoint: bool = False,
    ) -> BaselineRun:
        """Compare, and draw the pairs to be measured. Raises InvalidRequest or Impossible."""
        check_pairs(pairs, disjoint=disjoint, one_picture=test_plane is None)
        plain = replace(plan, asked=replace(plan.asked, intervals="none"))
        observed = compare_planes(plain, plane, test_plane, mask=mask)
        kind: Kind = "shifts" if test_plane is not None else "disjoint" if disjoint else "rectangles"
        places = _places(plan, kind, observed, pairs)
        width, height = observed.truth.width, observed.truth.height
        bins = None if kind == "shifts" else overlap_bins(places.overlap_px(width, height), width * height)
        survey = Survey(
            pairs=_pairs(observed, plane.levels, None if test_plane is None else test_plane.levels, mask),
            places=places,
            metrics=[
                metric
                for metric in chosen_metrics(plan.asked.families)
                if applies(metric, len(observed.labelling.classes))
            ],
            observed={key: metric.value for key, metric in observed.metrics.items()},
            bins=bins,
        )
        return cls(kind, survey, observed)

    @property
    def pairs(self) -> int:
        """How many pairs are to be measured."""
        return len(self.survey.places)

    def steps(self) -> Iterator[Step]:
        """Measure; each step takes a fraction of a second, the last has all pairs done."""
        for step in self.survey.steps():
            self._found.update({chance.key: chance for chance in step.grown})
            yield step

    @cached_property
    def result(self) -> Baseline:
        """What was found, in the order of the catalogue."""
        bins = self.survey.bins
        return Baseline(
            kind=self.kind,
            pairs=self.pairs,
            observed=self.observed,
            chances={metric.key: self._found[metric.key] for metric in self.survey.metrics},
            overlap_pairs=None if bins is None else np.bincount(bins, minlength=len(OVERLAP_FROM)).tolist(),
        )


def check_pairs(pairs: int, *, disjoint: bool, one_picture: bool) -> None:
    """Raise InvalidRequest for a number of pairs out of range, and for disjoint ones of two pictures."""
    if not 1 <= whole_number(pairs, "pairs") <= MOST_PAIRS:
        raise InvalidRequest(f"the number of pairs is a whole number from 1 to {MOST_PAIRS:,}, not {pairs}", "pairs")
    if disjoint and not one_picture:
        raise InvalidRequest("rectangles of two pictures do not overlap: leave disjoint out", "disjoint")


def _places(plan: Plan, kind: Kind, observed: Report, pairs: int) -> Places:
    rng = Generator(PCG64(SeedSequence(plan.seed, spawn_key=(2,))))
    if kind == "shifts":
        return shifted_places(rng, plan.size, observed.truth, pairs)
    draw = disjoint_places if kind == "disjoint" else random_places
    return draw(rng, plan.size, (observed.truth.width, observed.truth.height), pairs)


def _pairs(observed: Report, truth: Levels, test: Levels | None, mask: IgnoreMask | None) -> Pairs:
    """The planes to cut pairs from; a test plane of its own goes on at its edges as it begins."""
    width, height = observed.truth.width, observed.truth.height
    ignore = list(observed.plan.asked.ignore)
    planes = [truth] if test is None else [truth, test]
    counted = None
    if ignore or mask is not None:
        left_out = [
            np.isin(levels, ignore) if mask is None else np.isin(levels, ignore) | mask.ignored for levels in planes
        ]
        counted = [~each for each in left_out]
    margins = ((0, height - 1), (0, width - 1))
    if test is not None:
        planes[1] = np.pad(planes[1], margins, "wrap")
        if counted is not None:
            counted[1] = np.pad(counted[1], margins, "wrap")
    return Pairs(
        planes[0], planes[-1], width, height, observed.labelling, None if counted is None else (counted[0], counted[-1])
    )
