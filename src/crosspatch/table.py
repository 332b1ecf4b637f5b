"""Reports and the catalogue for a terminal. In go values, out comes aligned text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crosspatch.baseline import Baseline
from crosspatch.chance import Chance
from crosspatch.intervals import IF_INDEPENDENT
from crosspatch.measure import MetricValue
from crosspatch.metric import Metric
from crosspatch.metrics import CATALOGUE
from crosspatch.rectangles import Overlap, Rectangle
from crosspatch.report import Report

MOST_CLASSES_SHOWN = 16


def report_table(report: Report) -> str:
    """The answer in words, the confusion matrix and every metric by family, a family's warning before its values."""
    declared = [CATALOGUE[key] for key in report.metrics]
    warnings = {metric.family: metric.family_note for metric in declared if metric.caution}
    lines = [
        f"truth     {_rectangle(report.truth)}",
        f"test      {_rectangle(report.test)}",
        *([] if report.overlap is None else [f"overlap   {_overlap(report.overlap)}"]),
        f"labels    {report.labelling.method}{_positive_from(report)}",
        f"repeat    --seed {report.plan.seed}",
        *(f"intervals 95 %, {method}" for method in _methods(report)),
        *(f"note      {note.text}" for note in report.notes if note.text not in warnings.values()),
        "",
        *_matrix(report),
    ]
    for family in dict.fromkeys(CATALOGUE[key].family for key in report.metrics):
        lines += ["", family, *([f"  {warnings[family]}"] if family in warnings else [])]
        lines += [_row(metric) for metric in report.metrics.values() if CATALOGUE[metric.key].family == family]
    return "\n".join([*lines, *_class_by_class(report)]) + "\n"


def baseline_table(found: Baseline) -> str:
    """What was drawn, then by family what was observed of each metric, how that ranks, and what chance gives."""
    report, header = found.observed, ("", "observed", "better than", "p", "mean", "sd", "5 %", "50 %", "95 %", "pairs")
    lines = [
        f"truth     {_rectangle(report.truth)}",
        f"test      {_rectangle(report.test)}",
        *([] if report.overlap is None else [f"overlap   {_overlap(report.overlap)}"]),
        f"labels    {report.labelling.method}{_positive_from(report)}",
        f"chance    {found.drawn}",
        f"repeat    --seed {report.plan.seed} --pairs {found.pairs}" + (" --disjoint" if found.disjoint else ""),
        "",
    ]
    rows: list[Sequence[str]] = [header]
    for family in dict.fromkeys(CATALOGUE[key].family for key in found.chances):
        rows.append((family, *[""] * (len(header) - 1)))
        rows += [_chance_row(each) for each in found.chances.values() if CATALOGUE[each.key].family == family]
    return "\n".join([*lines, *_aligned(rows, right=True)]) + "\n"


def metrics_table(metrics: Iterable[Metric]) -> str:
    """The catalogue, one line a metric."""
    rows = [
        (
            metric.key,
            metric.family,
            f"{metric.bounds[0]:g}..{metric.bounds[1]:g}",
            metric.direction or "-",
            metric.formula,
        )
        for metric in metrics
    ]
    return "\n".join(_aligned([("key", "family", "range", "better", "formula"), *rows])) + "\n"


def _matrix(report: Report) -> list[str]:
    classes, matrix = report.confusion.classes, report.confusion.matrix
    if len(classes) > MOST_CLASSES_SHOWN:
        return [f"confusion matrix of {len(classes)} classes: see --format json"]
    header = ("truth \\ test", *classes)
    rows = ((name, *(f"{count:,}" for count in row)) for name, row in zip(classes, matrix.tolist(), strict=True))
    return _aligned([header, *rows], right=True)


def _class_by_class(report: Report) -> list[str]:
    """The best ranked metrics of each class against the rest; JSON has all of them."""
    classes = report.per_class[:MOST_CLASSES_SHOWN]
    ranks = {key: CATALOGUE[key].headline for key in (classes[0] if classes else ())}
    keys = [key for key, rank in ranks.items() if rank is not None]
    if not keys or len(report.per_class) > MOST_CLASSES_SHOWN:
        return []
    named = zip(report.confusion.classes, classes, strict=True)
    rows = ((name, *(_figure(values[key]) for key in keys)) for name, values in named)
    return ["", *_aligned([("class by class", *keys), *rows], right=True)]


def _figure(metric: MetricValue) -> str:
    return "undefined" if metric.value is None else f"{metric.value:.6g}"


def _row(metric: MetricValue) -> str:
    declared = CATALOGUE[metric.key]
    if metric.value is None:
        return f"  {metric.key:<30} {'undefined':>12}  {metric.undefined}"
    interval = "" if metric.interval is None else f"  [{metric.interval.low:.6g}, {metric.interval.high:.6g}]"
    classes = "" if metric.classes_counted is None else f"  over {metric.classes_counted} classes"
    return f"  {metric.key:<30} {metric.value:>12.6g} {declared.unit}".rstrip() + interval + classes


def _chance_row(chance: Chance) -> Sequence[str]:
    quantiles = chance.quantiles or {}
    figures = (chance.mean, chance.standard_deviation, *(quantiles.get(percent) for percent in (5, 50, 95)))
    ranked = CATALOGUE[chance.key].direction is not None and chance.percentile is not None
    return (
        f"  {chance.key}",
        "undefined" if chance.observed is None else f"{chance.observed:.4g}",
        f"{share(chance.percentile or 0)} %" if ranked else "-",
        "-" if chance.p_value is None else f"{chance.p_value:.3g}",
        *("-" if figure is None else f"{figure:.4g}" for figure in figures),
        f"{chance.pairs - chance.undefined:,}",
    )


def share(percent: float) -> str:
    """One digit behind the point; 0 and 100 only where they are exact."""
    return f"{percent:.0f}" if percent in (0, 100) else f"{min(max(percent, 0.1), 99.9):.1f}"


def _methods(report: Report) -> list[str]:
    """How the intervals were made; those by formula differ in the formula alone, which `--format json` names."""
    methods = dict.fromkeys(each.interval.method for each in report.metrics.values() if each.interval is not None)
    return list(methods) if len(methods) < 2 else [f"by formula, {IF_INDEPENDENT}"]


def _rectangle(rectangle: Rectangle) -> str:
    return f"{rectangle.width}x{rectangle.height} px at {rectangle.x},{rectangle.y}"


def _overlap(overlap: Overlap) -> str:
    if not overlap.overlaps:
        return "none"
    iou = 1 if overlap.iou == 1 else min(overlap.iou, 0.9999)
    return f"{percent(overlap)} % of a rectangle ({overlap.area_px:,} px), IoU {iou:.4g}"


def percent(overlap: Overlap) -> str:
    """Four digits; 100 only of rectangles that coincide, where rounding would say it of others too."""
    return "100" if overlap.percent == 100 else f"{min(overlap.percent, 99.99):.4g}"


def _positive_from(report: Report) -> str:
    if len(report.confusion.classes) != 2:
        return ""
    truth, test = report.labelling.truth_starts[1], report.labelling.test_starts[1]
    return f", positive from level {truth}" + (f" (truth), {test} (test)" if truth != test else "")


def _aligned(rows: Sequence[Sequence[str]], *, right: bool = False) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            text.rjust(width) if right and index else text.ljust(width)
            for index, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
