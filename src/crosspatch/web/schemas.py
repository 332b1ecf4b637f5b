"""What a client may send. In go JSON, form fields or a query, out come the library's requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from crosspatch.baseline import DEFAULT_PAIRS
from crosspatch.errors import InvalidRequest
from crosspatch.metrics import CATALOGUE
from crosspatch.picture import Channel
from crosspatch.report import PARTS, Part
from crosspatch.request import MAX_SEED, ComparisonRequest, IntervalMethod

# A server has others to serve: a tenth of what the library takes.
MOST_PAIRS = 100_000
# Fields of a form that mean nothing alone.
PAIRS = (("width", "height"), ("rectangle_width", "rectangle_height"), ("truth_x", "truth_y"), ("test_x", "test_y"))
# What the library reads, in the words of JSON Schema: a threshold, a number of levels, a name.
_FROM_1 = "([1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])"
_FROM_2 = "([2-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-6])"
_ONE_LINE = r"^[^\x00-\x1f\x7f]*[^\x00-\x1f\x7f\s][^\x00-\x1f\x7f]*$"
FAMILIES = tuple(dict.fromkeys(metric.family for metric in CATALOGUE.values()))


def _whole(value: Any) -> Any:
    """JSON has one kind of numbers, and some programs write whole ones as 64.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_WHOLE = BeforeValidator(_whole)  # after the bounds, or they are not in the document
ImageId = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of the picture's bytes")]
Side = Annotated[int, Field(ge=1, le=1_000_000, description="pixels"), _WHOLE]
Place = Annotated[int, Field(ge=0, le=1_000_000, description="pixels from the left or the top"), _WHOLE]
Level = Annotated[int, Field(ge=0, le=255), _WHOLE]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED), _WHOLE]
Labels = Annotated[
    str,
    Field(
        max_length=32,
        description="otsu, threshold:T, threshold:T,S, levels:K or values; by the picture when absent",
        json_schema_extra={"pattern": f"^(otsu|values|threshold:{_FROM_1}(,{_FROM_1})?|levels:{_FROM_2})$"},
    ),
]
Parts = Annotated[list[Part], Field(max_length=len(PARTS))]
Family = Annotated[str, Field(max_length=32, json_schema_extra={"enum": list(FAMILIES)})]
Families = Annotated[list[Family], Field(max_length=32)]
ClassName = Annotated[str, Field(min_length=1, max_length=100, json_schema_extra={"pattern": _ONE_LINE})]
FileName = Annotated[str, Field(max_length=255, description="what the picture is called in an HTML report")]


def _without_null(schema: dict[str, Any]) -> None:
    """Text has no null: a field without a value is left out, and the schema of flat fields says so."""
    for field in schema["properties"].values():
        if field.get("default", "") is None:
            del field["default"]
            field.update(*(each for each in field.pop("anyOf") if each != {"type": "null"}))


class Strict(BaseModel):
    """JSON, read without conversions: a number in quotes is not a number."""

    model_config = ConfigDict(strict=True, extra="forbid")


class SizeBody(Strict):
    """A width and a height, in pixels."""

    width: Side
    height: Side

    @property
    def pair(self) -> tuple[int, int]:
        """(width, height)."""
        return self.width, self.height


class PointBody(Strict):
    """The top left corner of a rectangle, in pixels of the resized picture."""

    x: Place
    y: Place

    @property
    def pair(self) -> tuple[int, int]:
        """(x, y)."""
        return self.x, self.y


class ComparisonBody(Strict):
    """A comparison of a stored picture, as JSON. All but the image are optional."""

    image: ImageId
    test_image: ImageId | None = None
    ignore_mask: ImageId | None = None
    resize: SizeBody | None = None
    rectangle: SizeBody | None = None
    truth: PointBody | None = None
    test: PointBody | None = None
    seed: Seed | None = None
    channel: Channel = "luminance"
    labels: Labels | None = None
    ignore: Annotated[list[Level], Field(max_length=256)] = []
    class_names: Annotated[list[ClassName], Field(max_length=256)] | None = None
    intervals: IntervalMethod = "none"
    include: Parts = list(PARTS)
    families: Families | None = None

    def to_request(self) -> ComparisonRequest:
        """The library's request."""
        return ComparisonRequest.of(
            resize=None if self.resize is None else self.resize.pair,
            rectangle=None if self.rectangle is None else self.rectangle.pair,
            truth=None if self.truth is None else self.truth.pair,
            test=None if self.test is None else self.test.pair,
            seed=self.seed,
            channel=self.channel,
            labels=self.labels,
            ignore=self.ignore,
            class_names=self.class_names,
            intervals=self.intervals,
            families=self.families,
        )


class BaselineBody(ComparisonBody):
    """A comparison of a stored picture whose chance level is to be measured; intervals and parts do not matter."""

    pairs: Annotated[int, Field(ge=1, le=MOST_PAIRS), _WHOLE] = DEFAULT_PAIRS
    disjoint: Annotated[bool, Field(description="draw only rectangles that share no pixel")] = False


class Flat(BaseModel):
    """Text by flat name, for forms and queries."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_null)


class ComparisonFields(Flat):
    """The same by flat name, for forms and queries; a field left empty is a field left out."""

    image: ImageId | None = None
    test_image: ImageId | None = None
    ignore_mask: ImageId | None = None
    width: Side | None = None
    height: Side | None = None
    rectangle_width: Side | None = None
    rectangle_height: Side | None = None
    truth_x: Place | None = None
    truth_y: Place | None = None
    test_x: Place | None = None
    test_y: Place | None = None
    seed: Seed | None = None
    channel: Channel = "luminance"
    labels: Labels | None = None
    ignore: Annotated[list[Level], Field(max_length=256)] = []
    class_names: Annotated[list[ClassName], Field(max_length=256)] | None = None
    intervals: IntervalMethod = "none"
    include: Parts = list(PARTS)
    families: Families | None = None

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, fields: dict[str, Any]) -> dict[str, Any]:
        filled = {name: _filled(value) for name, value in fields.items()}
        return {name: value for name, value in filled.items() if value not in ("", [])}

    def to_request(self) -> ComparisonRequest:
        """The library's request. Raises InvalidRequest when half of a size or of a place is missing."""
        return ComparisonRequest.of(
            resize=_both(self, "width", "height"),
            rectangle=_both(self, "rectangle_width", "rectangle_height"),
            truth=_both(self, "truth_x", "truth_y"),
            test=_both(self, "test_x", "test_y"),
            seed=self.seed,
            channel=self.channel,
            labels=self.labels,
            ignore=self.ignore,
            class_names=self.class_names,
            intervals=self.intervals,
            families=self.families,
        )

    @classmethod
    def read(cls, get_list: Callable[[str], list[str]], names: set[str]) -> Self:
        """From a multidict: repeatable fields as lists, of all others the last."""
        repeatable = {"ignore", "class_names", "include", "families"}
        return cls.model_validate(
            {name: get_list(name) if name in repeatable else get_list(name)[-1] for name in names}
        )


class ComparisonQuery(ComparisonFields):
    """A comparison of a stored picture, as a query."""

    image: ImageId
    format: Literal["json", "csv", "html"] = "json"
    name: FileName = ""
    test_name: FileName = ""


class ComparisonForm(ComparisonFields):
    """A comparison of a picture that comes with the request: `image` is a file, or the id of a stored picture."""

    @classmethod
    def most_parts(cls) -> int:
        """How many parts a form has at most, when every list in it is as long as it may be."""
        return sum(field.get("maxItems", 1) for field in cls.model_json_schema()["properties"].values())


class RenditionQuery(Flat):
    """How a stored picture is to be drawn. With a channel: exactly the pixels that are compared."""

    width: Side | None = None
    height: Side | None = None
    channel: Channel | None = None
    labels: Labels | None = None
    format: Literal["png", "raw"] = "png"

    @property
    def size(self) -> tuple[int, int] | None:
        """(width, height) in pixels, or None. Raises InvalidRequest when half of it is missing."""
        return _both(self, "width", "height")


class ImagePath(BaseModel):
    """The id of a stored picture, in the path; the store says what is wrong with it."""

    image_id: str = Field(description="SHA-256 of the picture's bytes")


def _filled(value: Any) -> Any:
    return [each for each in value if each != ""] if isinstance(value, list) else value


def _both(fields: BaseModel, first: str, second: str) -> tuple[int, int] | None:
    one, other = getattr(fields, first), getattr(fields, second)
    if one is None and other is None:
        return None
    if one is None or other is None:
        raise InvalidRequest(
            f"{first} and {second} go together: give both or neither", first if one is None else second
        )
    return one, other
