"""What a reader needs before the metrics, filled into introduction.md: names in formulas, and the worked examples."""

from __future__ import annotations

from pathlib import Path
from string import Template

import numpy as np
from numpy.typing import NDArray

from crosspatch.evidence import LevelCounts
from crosspatch.metrics import CATALOGUE
from metrics_doc.digits import stated
from metrics_doc.examples import PHOTO_FAMILIES, TEST, THRESHOLD, TRUTH, command, outcomes, small, small_evidence
from metrics_doc.prose import docstring

TEMPLATE = Path(__file__).with_suffix(".md")


def introduction(contents: str) -> str:
    """All that stands before the first family."""
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        count=len(CATALOGUE),
        families=len({metric.family for metric in CATALOGUE.values()}),
        evidence=_evidence(),
        threshold=THRESHOLD,
        grids=_grids(),
        confusion=_confusion(),
        truth=TRUTH.tolist(),
        test=TEST.tolist(),
        named="\n".join(f"- {line}" for line in _named_values()),
        photo_families=" and ".join(PHOTO_FAMILIES),
        command=command(),
        contents=contents,
    )


def _evidence() -> str:
    """What each kind of evidence says of itself, in the order in which metrics need them."""
    kinds = dict.fromkeys(metric.evidence for metric in CATALOGUE.values())
    return "\n\n".join(f"### {kind.__name__}\n\n{docstring(kind)}" for kind in kinds)


def _grids() -> str:
    positive = (TRUTH >= THRESHOLD).astype(int), (TEST >= THRESHOLD).astype(int)
    outcome = np.array([["TN", "FP"], ["FN", "TP"]])[positive]
    header = f"{'truth':<20}{'test':<20}outcome"
    rows = zip(TRUTH.tolist(), TEST.tolist(), outcome.tolist(), strict=True)
    return "\n".join([header, *("".join(f"{_row(part):<20}" for part in row).rstrip() for row in rows)])


def _row(cells: list[object]) -> str:
    return " ".join(f"{cell:<3}" for cell in cells)


def _confusion() -> str:
    classes, matrix = small().confusion.classes, small().confusion.matrix.tolist()
    rows = (f"| {name} | {left} | {right} |" for name, (left, right) in zip(classes, matrix, strict=True))
    return "\n".join([f"| truth \\ test | {' | '.join(classes)} |", "| --- | ---: | ---: |", *rows])


def _named_values() -> list[str]:
    evidence = small_evidence()
    ((a, b),) = evidence.masks.distances
    both, either = (int(count) for count in evidence.masks.band_overlap)
    by_class, scores = evidence.by_class, evidence.scores
    return [
        ", ".join(f"`{name}` = {value}" for name, value in outcomes().items()),
        f"`c` = {evidence.confusion.matrix.tolist()}",
        f"`rows` = {_list(by_class.rows)}, `columns` = {_list(by_class.columns)}",
        f"`p` = {_scores(scores.positives)}, `q` = {_scores(scores.negatives)}",
        _moments(evidence.levels),
        f"`a` = {_list(a)}, `b` = {_list(b)}",
        f"`len(A & B)` = {both}, `len(A | B)` = {either}",
    ]


def _moments(levels: LevelCounts) -> str:
    named = {
        "mean(t)": levels.truth_mean,
        "mean(s)": levels.test_mean,
        "var(t)": levels.truth_variance,
        "var(s)": levels.test_variance,
        "cov(t, s)": levels.covariance,
    }
    return ", ".join(f"`{name}` = {stated(value.item())}" for name, value in named.items())


def _scores(counts: NDArray[np.float64]) -> str:
    levels = np.repeat(np.arange(counts.size), counts.astype(int))
    return f"[{', '.join(f'{level}/255' for level in levels)}]"


def _list(values: NDArray[np.float64]) -> str:
    return f"[{', '.join(stated(value) for value in values.tolist())}]"
