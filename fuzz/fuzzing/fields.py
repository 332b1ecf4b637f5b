"""What clients ask for: fields of a query or a form, and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from crosspatch.errors import CrosspatchError
from crosspatch.request import ComparisonRequest
from crosspatch.web.schemas import BaselineBody, ComparisonBody, ComparisonForm, ComparisonQuery, RenditionQuery
from fuzzing.target import hold, target, text_of

_ID = "0123456789abcdef" * 4
_NAMES = sorted({*ComparisonQuery.model_fields, *BaselineBody.model_fields, *RenditionQuery.model_fields})
_VALUES = (
    "otsu",
    "threshold:9",
    "values",
    "bootstrap",
    "luminance",
    "rates",
    "matrix",
    "json",
    "raw",
    _ID,
    "1e3",
    "-1",
)


@target(
    seeds=[
        f"image={_ID}&width=9&height=9&seed=7&ignore=1&ignore=2&class_names=a&class_names=b",
        f"image={_ID}&rectangle_width=5&rectangle_height=5&truth_x=0&truth_y=1&test_x=2&test_y=3&format=csv&name=a.png",
        "width=64&height=48&channel=red&labels=otsu&format=raw",
        f"image={_ID}&test_image={_ID}&ignore_mask={_ID}&intervals=bootstrap&include=metrics&families=rates",
        "image=&width=&seed=1_000&ignore=&ignore=%20",
    ],
    words=["&", "=", "%00", "%F0", "+", *_NAMES, *_VALUES],
    most_bytes=400,
    share=2,
)
def fields(data: bytes) -> None:
    """fields of queries and forms: refused in words, or a request that is read again alike"""
    given = MultiDict(parse_qsl(text_of(data), keep_blank_values=True, errors="replace"))
    names = set(given)
    for kind in (ComparisonQuery, ComparisonForm):
        _ask(kind, lambda kind=kind: kind.read(given.getlist, names).to_request())  # type: ignore[misc]
    _ask(RenditionQuery, lambda: RenditionQuery.model_validate(given.to_dict()).size)


@target(
    seeds=[
        f'{{"image":"{_ID}"}}',
        f'{{"image":"{_ID}","resize":{{"width":9,"height":9}},"truth":{{"x":0,"y":1}},"seed":7,"ignore":[255]}}',
        f'{{"image":"{_ID}","class_names":["a","\\ud800"],"labels":"levels:4","families":["rates"]}}',
        f'{{"image":"{_ID}","pairs":10,"disjoint":true,"include":["metrics"],"intervals":"none","test":{{"x":1,"y":2}}}}',
        '{"image":null,"\\ud800":1e999,"seed":true}',
        "[[[[[[[[]]]]]]]]",
    ],
    words=["{", "}", "[", "]", '":', ",", "null", "true", "NaN", "1e999", "\\ud800", *(f'"{each}"' for each in _NAMES)],
    most_bytes=600,
    share=2,
)
def bodies(data: bytes) -> None:
    """JSON bodies: refused in words, or a request that is read again alike"""
    try:
        given = json.loads(data)
    except (ValueError, RecursionError):  # as the service does
        return
    for kind in (ComparisonBody, BaselineBody):
        _ask(kind, lambda kind=kind: kind.model_validate(given).to_request())  # type: ignore[misc]


def _ask(kind: type[BaseModel], read: Callable[[], object]) -> None:
    try:
        asked = read()
    except ValidationError as fault:
        found = fault.errors(include_url=False, include_input=False)
        hold(json.dumps([[each["loc"], each["msg"]] for each in found]) != "[]", found)
        return
    except CrosspatchError as fault:
        hold(fault.field is None or fault.field in {*ComparisonForm.model_fields}, fault.field)
        return
    if isinstance(asked, ComparisonRequest):
        again = {name: getattr(asked, name) for name in ComparisonRequest.__dataclass_fields__}
        hold(ComparisonRequest.of(**again) == asked, kind, asked)
