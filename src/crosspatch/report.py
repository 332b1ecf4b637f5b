"""What a comparison found. In go the pieces, out comes one Report: a value, with its JSON, CSV and terminal table."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np
import PIL
from numpy.typing import NDArray

from crosspatch.confusion import ConfusionMatrix
from crosspatch.curves import Curves, trace
from crosspatch.errors import InvalidRequest
from crosspatch.evidence import Evidence
from crosspatch.histogram import JointHistogram
from crosspatch.labelling import Labelling
from crosspatch.measure import MetricValue
from crosspatch.metrics import CATALOGUE
from crosspatch.picture import Note
from crosspatch.plane import PictureFacts
from crosspatch.rectangles import Overlap, Rectangle
from crosspatch.request import Plan, Point, Size

SCHEMA_VERSION = 1
Part = Literal["confusion", "metrics", "per_class", "curves", "histograms"]
PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True, eq=False)
class Report:
    """One comparison. `report["iou"].value` is a metric, `report.overlap.percent`, `report.confusion.matrix` the rest.

    `counted` (height, width), bool, says at which places of the rectangles pairs are counted, None for all. `overlap`
    and `test_image` are None where there is only one of the two things they speak of: rectangles of one picture
    overlap, rectangles of two do not.
    """

    plan: Plan
    image: PictureFacts
    test_image: PictureFacts | None
    ignore_mask: PictureFacts | None
    truth: Rectangle
    test: Rectangle
    overlap: Overlap | None
    counted: NDArray[np.bool_] | None
    evidence: Evidence
    metrics: Mapping[str, MetricValue]
    measure_classes: Callable[[], Sequence[Mapping[str, MetricValue]]]
    notes: tuple[Note, ...]

    def __getitem__(self, key: str) -> MetricValue:
        return self.metrics[key]

    @property
    def labelling(self) -> Labelling:
        """How grey levels became classes."""
        return self.evidence.labelling

    @property
    def confusion(self) -> ConfusionMatrix:
        """Pixel pairs by class."""
        return self.evidence.confusion

    @property
    def histogram(self) -> JointHistogram:
        """Pixel pairs by grey level: counted when first asked for."""
        return self.evidence.histogram

    @cached_property
    def per_class(self) -> Sequence[Mapping[str, MetricValue]]:
        """For more than two classes, the metrics of each class against the rest; computed when first asked for."""
        return self.measure_classes()

    @cached_property
    def curves(self) -> Curves | None:
        """ROC, precision-recall, and every threshold's outcomes and metrics; None but for two classes."""
        return trace(self.histogram, self.labelling, [CATALOGUE[key] for key in self.metrics])

    def to_dict(self, include: Collection[Part] = PARTS) -> dict[str, object]:
        """The report as JSON-ready values; the parts that are not in `include` are left out."""
        found: dict[str, object] = {
            "schema_version": SCHEMA_VERSION,
            "software": software(),
            "request": self.request(),
            "image": self.image.to_dict(),
        }
        if self.test_image is not None:
            found["test_image"] = self.test_image.to_dict()
        found |= {
            "resized": _size(self.plan.size),
            "rectangles": {"truth": asdict(self.truth), "test": asdict(self.test)},
            "overlap": None if self.overlap is None else asdict(self.overlap),
            "labels": self._labels(),
        }
        parts: dict[Part, Callable[[], object]] = {
            "confusion": self._confusion,
            "metrics": lambda: _rows(self.metrics),
            "per_class": self._per_class,
            "curves": lambda: None if self.curves is None else self.curves.to_dict(),
            "histograms": lambda: {"truth": self.histogram.truth.tolist(), "test": self.histogram.test.tolist()},
        }
        found |= {part: make() for part, make in parts.items() if part in include}
        found["notes"] = [asdict(note) for note in self.notes]
        return found

    def to_csv(self) -> str:
        """One row a metric: key, value, interval and its method, why undefined."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("key", "value", "interval_low", "interval_high", "interval_method", "undefined"))
        for metric in self.metrics.values():
            found = metric.interval
            interval = (None, None, None) if found is None else (found.low, found.high, found.method)
            writer.writerow((metric.key, metric.value, *interval, metric.undefined))
        return out.getvalue()

    def request(self) -> dict[str, object]:
        """Everything needed to repeat the comparison; what is absent was not asked for and has no default."""
        asked = self.plan.asked
        found: dict[str, object] = {"image": self.image.origin.id}
        if self.test_image is not None:
            found["test_image"] = self.test_image.origin.id
        if self.ignore_mask is not None:
            found["ignore_mask"] = self.ignore_mask.origin.id
        found["resize"] = _size(self.plan.size)
        if self.plan.rectangle is not None:
            found["rectangle"] = _size(self.plan.rectangle)
        found |= {
            name: _point(place) for name, place in (("truth", asked.truth), ("test", asked.test)) if place is not None
        }
        found |= {"seed": self.plan.seed, "channel": asked.channel, "labels": str(self.plan.labels)}
        found |= {"ignore": list(asked.ignore), "intervals": asked.intervals}
        optional = {"class_names": asked.class_names, "families": asked.families}
        return found | {name: list(value) for name, value in optional.items() if value is not None}

    def _labels(self) -> dict[str, object]:
        labelling = self.labelling
        return {
            "method": labelling.method,
            "thresholds": list(labelling.thresholds),
            "classes": list(labelling.classes),
            "lookup": {
                "truth": labelling.lookup(labelling.truth_starts),
                "test": labelling.lookup(labelling.test_starts),
            },
        }

    def _confusion(self) -> dict[str, object]:
        return {"matrix": self.confusion.matrix.tolist(), "rows": "truth", "columns": "test"}

    def _per_class(self) -> list[dict[str, object]]:
        named = zip(self.confusion.classes, self.per_class, strict=False)
        return [{"class": name, "metrics": _rows(metrics)} for name, metrics in named]


def check_include(include: Collection[str]) -> None:
    """Raise InvalidRequest unless every part asked for is one that a report has."""
    for part in include:
        if part not in PARTS:
            raise InvalidRequest(f"{part!r} is not a part of a report: use {', '.join(PARTS)}", "include")


def software() -> dict[str, str]:
    """The versions that a result depends on."""
    # Not importlib.metadata, which reads a file of each package with a parser for e-mail: 15 ms.
    ours = sys.modules[__name__.partition(".")[0]].__version__
    return {"crosspatch": ours, "numpy": np.__version__, "pillow": PIL.__version__}


def _rows(metrics: Mapping[str, MetricValue]) -> list[dict[str, object]]:
    return [metric.to_dict() for metric in metrics.values()]


def _size(size: Size) -> dict[str, int]:
    return {"width": size[0], "height": size[1]}


def _point(point: Point) -> dict[str, int]:
    return {"x": point[0], "y": point[1]}
