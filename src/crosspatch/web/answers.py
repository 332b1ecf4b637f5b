"""What a client is told, for the OpenAPI document: the shapes of answers."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, RootModel

from crosspatch.metric import Curve, Direction, Follows

Counts256 = list[int]
Values = list[float | None]


class Size(BaseModel):
    """In pixels."""

    width: int
    height: int


class NoteAnswer(BaseModel):
    """Something that was done to the picture."""

    code: str
    text: str


class Defaults(BaseModel):
    """What is compared when nothing is asked for, at the size at which the page shows the picture."""

    resize: Size
    rectangle: Size
    channel: str
    labels: str


class ImageAnswer(BaseModel):
    """A stored picture."""

    id: str = Field(description="SHA-256 of its bytes")
    width: int
    height: int
    format: str
    mode: str
    bytes: int
    expires_at: str
    notes: list[NoteAnswer]
    defaults: Defaults


class PictureAnswer(BaseModel):
    """The picture of a report, before resizing."""

    id: str | None
    width: int
    height: int
    format: str | None
    mode: str | None
    bytes: int | None


class RectangleAnswer(BaseModel):
    """In pixels of the resized picture."""

    x: int
    y: int
    width: int
    height: int


class Rectangles(BaseModel):
    """Where the two regions were cut."""

    truth: RectangleAnswer
    test: RectangleAnswer


class OverlapAnswer(BaseModel):
    """What the rectangles share."""

    overlaps: bool
    area_px: int
    percent: float = Field(ge=0, le=100, description="of one rectangle's area")
    iou: float = Field(ge=0, le=1)


class Lookup(BaseModel):
    """The class index of each grey level, null where it belongs to none."""

    truth: list[int | None]
    test: list[int | None]


class LabelsAnswer(BaseModel):
    """How grey levels became classes."""

    method: str
    thresholds: list[int]
    classes: list[str]
    lookup: Lookup


class Confusion(BaseModel):
    """Counts of pixel pairs; of two classes [[tn, fp], [fn, tp]]."""

    matrix: list[list[int]]
    rows: str
    columns: str


class MetricAnswer(BaseModel):
    """One statistic; `undefined` says why there is no value."""

    key: str
    value: float | None
    interval: list[float] | None
    interval_method: str | None
    undefined: str | None
    classes_counted: int | None = None


class ClassAnswer(BaseModel):
    """One class against the rest."""

    model_config = ConfigDict(populate_by_name=True)

    class_name: str = Field(alias="class")
    metrics: list[MetricAnswer]


class Histograms(BaseModel):
    """How many pixels of each region have each level."""

    truth: Counts256
    test: Counts256


class RocCurve(BaseModel):
    """The truth's classes kept, the test's threshold swept from 0 to 256."""

    threshold: list[int]
    false_positive_rate: Values
    true_positive_rate: Values


class PrecisionRecallCurve(BaseModel):
    """The truth's classes kept, the test's threshold swept from 0 to 256."""

    threshold: list[int]
    recall: Values
    precision: Values


class ThresholdCurves(BaseModel):
    """One threshold for both regions, swept from 0 to 255: outcomes, and each metric that follows from them."""

    threshold: list[int]
    tn: list[int]
    fp: list[int]
    fn: list[int]
    tp: list[int]
    metrics: dict[str, Values]


class BestThresholds(BaseModel):
    """The test's thresholds at which the metrics named in `by` are largest, and their values there."""

    by: list[str]
    threshold: list[int | None]
    value: Values


class CurvesAnswer(BaseModel):
    """Curves of two classes: objects of arrays of equal length, null where a value is undefined."""

    roc: RocCurve
    precision_recall: PrecisionRecallCurve
    thresholds: ThresholdCurves
    best: BestThresholds


class ReportAnswer(BaseModel):
    """One comparison."""

    schema_version: int
    software: dict[str, str]
    request: dict[str, Any] = Field(description="everything needed to repeat it, the seed included")
    image: PictureAnswer
    test_image: PictureAnswer | None = None
    resized: Size
    rectangles: Rectangles
    overlap: OverlapAnswer | None
    labels: LabelsAnswer
    confusion: Confusion | None = None
    metrics: list[MetricAnswer] | None = None
    per_class: list[ClassAnswer] | None = None
    curves: CurvesAnswer | None = None
    histograms: Histograms | None = None
    notes: list[NoteAnswer]


class MetricRow(BaseModel):
    """A metric's declaration."""

    key: str
    title: str
    aliases: list[str]
    family: str
    family_note: str = Field(description="what a low value of the family means for two patches")
    caution: bool = Field(description="the family's note is a warning, to be read before any value")
    follows: Follows = Field(description="what a value depends on: counts of labels, grey levels, or where labels lie")
    unit: str
    formula: str = Field(description="in Python's notation")
    mathml: list[Any] = Field(description="the same as MathML: a tag, its attributes if any, then children or text")
    meaning: str
    bounds: list[float | None]
    best: float | None
    direction: Direction | None
    headline: int | None
    area_under: Curve | None = Field(description="the curve whose area it is")
    undefined: str
    undefined_when: str
    source: str


class CatalogueAnswer(RootModel[list[MetricRow]]):
    """Every metric."""
