"""The text of docs/metrics.md. In goes the catalogue, with what its modules and evidence say of themselves."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from itertools import groupby
from textwrap import wrap

from crosspatch.measure import applies_to_each_class
from crosspatch.metric import Metric
from crosspatch.metrics import CATALOGUE
from metrics_doc.digits import limit
from metrics_doc.introduction import introduction
from metrics_doc.prose import paragraphs, slug
from metrics_doc.values import example_lines

FORMULA_WIDTH = 110
DRAWN = "boundary"


def document() -> str:
    """The whole document, in Markdown."""
    families: dict[str, list[Metric]] = {}
    for metric in CATALOGUE.values():
        families.setdefault(metric.family, []).append(metric)
    contents = "\n".join(_contents(family, metrics) for family, metrics in families.items())
    parts = (part for family, metrics in families.items() for part in _family(family, metrics))
    return "\n\n".join([introduction(contents).rstrip(), *parts]) + "\n"


def _contents(family: str, metrics: Iterable[Metric]) -> str:
    keys = ", ".join(f"[{metric.key}](#{slug(metric.key)})" for metric in metrics)
    return f"- **[{family}](#{slug(family)})**: {keys}"


def _family(family: str, metrics: list[Metric]) -> list[str]:
    parts = [f"## {family}"]
    for number, (module, declared) in enumerate(groupby(metrics, key=lambda metric: metric.body.__module__)):
        parts += paragraphs(sys.modules[module])
        if number == 0:
            parts += _notes(metrics)
        for metric in declared:
            parts += _metric(metric)
    return parts


def _notes(metrics: list[Metric]) -> list[str]:
    """What holds for the whole family."""
    label = "Warning" if metrics[0].caution else "A low value"
    notes = [f"> **{label}.** {metrics[0].family_note}"]
    by_class = [metric for metric in metrics if applies_to_each_class(metric)]
    if by_class:
        kind = by_class[0].evidence.__name__
        notes.append(
            f"For more than two classes, the metrics from [{kind}](#{slug(kind)}) are given for each class against all "
            "others (`per_class` of a report)."
        )
    if metrics[0].family == DRAWN:
        notes.append("![Two masks, the distances between their boundaries, and their bands](boundary.svg)")
    return notes


def _metric(metric: Metric) -> list[str]:
    names = f"**{metric.title}**" + (f", also {', '.join(metric.aliases)}" if metric.aliases else "")
    kind = metric.evidence.__name__
    facts = [
        f"Range: {limit(metric.bounds[0])} to {limit(metric.bounds[1])} {metric.unit}".rstrip() + f"; {_best(metric)}",
        f"Undefined: when `{metric.undefined_when}`, in words: {metric.undefined}",
        *example_lines(metric),
        f"Needs: [{kind}](#{slug(kind)})",
        *([] if metric.analytic is None else [f"Interval by formula: {metric.analytic.method}"]),
        f"Source: {metric.source}",
    ]
    return [
        f"### {metric.key}",
        f"{names}. {metric.meaning}",
        f"```text\n{_broken(metric.formula)}\n```",
        "\n".join(f"- {fact}" for fact in facts),
    ]


def _broken(formula: str) -> str:
    """The formula in lines, none of which ends inside of an index."""
    whole = re.sub(r"\[.*?\]", lambda index: index[0].replace(" ", "\N{NO-BREAK SPACE}"), formula)
    lines = wrap(whole, FORMULA_WIDTH, subsequent_indent="    ", break_long_words=False)
    return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def _best(metric: Metric) -> str:
    if metric.best is None:
        return "no value is better than another"
    way = "nearer to it" if metric.direction == "nearer" else metric.direction
    return f"best {limit(metric.best)}, {way} is better"
