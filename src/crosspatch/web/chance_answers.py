"""What a client is told of chance levels, for the OpenAPI document: the shapes of answers."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from crosspatch.baseline import Kind
from crosspatch.web.answers import NoteAnswer, PictureAnswer, Rectangles, Size, Values


class ChanceKind(BaseModel):
    """What was drawn."""

    kind: Kind
    text: str


class OverlapBins(BaseModel):
    """How many pairs overlap by how many per cent: above `from`, up to `to`; the first bin is of no overlap."""

    model_config = ConfigDict(populate_by_name=True)

    above: list[int] = Field(alias="from")
    to: list[int]
    pairs: list[int]


class ChanceHistogram(BaseModel):
    """How many pairs have a value in each of equal bins from `low` to `high`."""

    low: float
    high: float
    counts: list[int]


class ChanceByOverlap(BaseModel):
    """The 5th, 50th and 95th percentile in each bin of overlap, null where too few pairs are in it."""

    low: Values
    median: Values
    high: Values


class ChanceAnswer(BaseModel):
    """The values of one metric over random pairs, and how the observed one ranks."""

    key: str
    pairs: int
    undefined: int = Field(description="pairs without a value")
    mean: float | None
    standard_deviation: float | None
    quantiles: dict[str, float] | None
    percentiles: list[float] | None = Field(description="the 0th to the 100th")
    histogram: ChanceHistogram | None
    observed: float | None
    percentile: float | None = Field(description="percentage of pairs that are worse, or below where none is better")
    p_value: float | None = Field(description="(1 + number at least as good) / (1 + number with a value)")
    by_overlap: ChanceByOverlap | None


class BaselineAnswer(BaseModel):
    """The chance level of a comparison."""

    schema_version: int
    software: dict[str, str]
    request: dict[str, Any] = Field(description="everything needed to repeat it, the seed included")
    image: PictureAnswer
    test_image: PictureAnswer | None = None
    resized: Size
    rectangles: Rectangles
    chance: ChanceKind
    done: int
    pairs: int
    overlap: OverlapBins | None
    metrics: list[ChanceAnswer]
    notes: list[NoteAnswer]
