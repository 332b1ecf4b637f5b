"""What the metrics are in the worked examples. In goes a metric, out come its lines of the document."""

from __future__ import annotations

from crosspatch.evidence import BinaryCounts
from crosspatch.metric import Metric
from metrics_doc import drawing
from metrics_doc.digits import sign_of_equality, stated
from metrics_doc.examples import PHOTO_FAMILIES, outcomes, photo, small
from metrics_doc.worked import with_numbers

SMALL, PHOTO, DRAWING = "In the small regions", "In the photograph", "In the drawing"


def example_lines(metric: Metric) -> list[str]:
    """The metric's value in each of the examples that it belongs to."""
    found = small()[metric.key]
    lines = [f"{SMALL}: {_small(metric)}" if found.value is not None else f"{SMALL}: undefined, {found.undefined}"]
    drawn = drawing.values()
    if metric.key in drawn:
        lines.append(f"{DRAWING}: {_with_unit(metric, drawn[metric.key])}")
    if metric.family in PHOTO_FAMILIES:
        lines.append(f"{PHOTO}: {_with_unit(metric, photo()[metric.key].value)}")
    return lines


def _small(metric: Metric) -> str:
    value = small()[metric.key].value
    if metric.evidence is not BinaryCounts:
        return _with_unit(metric, value)
    return f"`{with_numbers(metric.formula, outcomes())}` {sign_of_equality(value)} {_with_unit(metric, value)}"


def _with_unit(metric: Metric, value: float) -> str:
    return f"{stated(value)} {metric.unit}".rstrip()
