"""What a client is told, for the OpenAPI document: the shapes of answers, and of bodies that two media types share."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, RootModel

from crosspatch.metric import Direction
from crosspatch.web.problems import MEDIA_TYPE
from crosspatch.web.schemas import ComparisonBody, ComparisonForm

Counts256 = list[int]


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
    histograms: Histograms | None = None
    notes: list[NoteAnswer]


class MetricRow(BaseModel):
    """A metric's declaration."""

    key: str
    title: str
    aliases: list[str]
    family: str
    unit: str
    formula: str
    meaning: str
    bounds: list[float | None]
    best: float | None
    direction: Direction | None
    headline: int | None
    undefined: str
    undefined_when: str
    source: str


class CatalogueAnswer(RootModel[list[MetricRow]]):
    """Every metric."""


def problems(*statuses: int) -> dict[str | int, type[BaseModel] | dict[Any, Any] | None]:
    """The error answers that a route may give."""
    schema = {
        "type": "object",
        "required": ["type", "title", "status", "detail", "request_id"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "request_id": {"type": "string"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
                },
            },
        },
    }
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in (*statuses, 500)
    }


def comparison_body(*, upload: bool = False) -> dict[str, Any]:
    """The request body of a comparison, as JSON or as a form; with `upload`, of a picture alone."""
    file = {"type": "string", "format": "binary"}
    if upload:
        form = {"type": "object", "required": ["image"], "properties": {"image": file}}
        return {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    fields = _inline(ComparisonForm.model_json_schema())
    fields["properties"] |= {"image": file, "test_image": file}
    fields["required"] = ["image"]
    body = _inline(ComparisonBody.model_json_schema())
    return {
        "required": True,
        "content": {"application/json": {"schema": body}, "multipart/form-data": {"schema": fields}},
    }


def _inline(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with its definitions put where they are used."""
    definitions = schema.pop("$defs", {})

    def fill(node: Any) -> Any:
        if isinstance(node, dict):
            if "$ref" in node:
                return fill(definitions[node["$ref"].rpartition("/")[2]])
            return {key: fill(value) for key, value in node.items()}
        return [fill(item) for item in node] if isinstance(node, list) else node

    return {key: fill(value) for key, value in schema.items()}
