"""What the OpenAPI document says where Flask's routes do not: error answers, and bodies that two media types share."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field

from crosspatch.decode import FORMATS
from crosspatch.web.chance_answers import BaselineAnswer
from crosspatch.web.problems import MEDIA_TYPE
from crosspatch.web.schemas import PAIRS, BaselineBody, ComparisonBody, ComparisonForm

Responses = dict[str | int, type[BaseModel] | dict[Any, Any] | None]
# Which refusals a route may answer with, by what it does. Any route: to a host, a token, a site, a rate, an address or
# headers that are not as they must be, and of a fault of ours.
ANYWHERE = (400, 401, 403, 414, 429, 431, 500, 503)
OF_STORED = (404,)
WITH_BODY = (408, 411, 413, 415)
COMPUTES = (422,)
CONDITIONAL = (412,)
IN_PARTS = (416,)
_PICTURE = {"type": "string", "format": "binary"}
_MEDIA_TYPES = tuple(f"image/{name.lower()}" for name in FORMATS)
# What a refusal says in its headers, by its status.
_SAYS = {
    401: {"WWW-Authenticate": "how to send the token"},
    416: {"Content-Range": "how many bytes there are"},
    429: {"Retry-After": "in how many seconds to try again"},
}


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str
    detail: str


class Problem(BaseModel):
    """Why there is no answer, as RFC 9457 has it."""

    type: str = Field(description="stable: /problems/ and a name")
    title: str
    status: int
    detail: str = Field(description="the fault and its fix, for a person")
    request_id: str
    errors: list[FieldProblem] = []


def problems(*statuses: int) -> Responses:
    """The error answers of a route: those of any route, and these."""
    return {status: _problem(status) for status in sorted({*statuses, *ANYWHERE})}


def unchanged_answer() -> Responses:
    """The answer to a client that names the ETag of what it has."""
    return {304: {"description": "Not Modified: what `If-None-Match` names is still so", "headers": _headers("ETag")}}


def image_answer() -> dict[str, Any]:
    """The answer that is the description of a new picture."""
    content = {"application/json": {"schema": _named("ImageAnswer")}}
    return {"description": HTTPStatus.CREATED.phrase, "headers": _headers("Location"), "content": content}


def image_body() -> dict[str, Any]:
    """The request body that is a picture alone."""
    return _body({"multipart/form-data": _form({"type": "object", "required": ["image"], "properties": {}}, "image")})


def rendition_answer() -> dict[str, Any]:
    """The answer that is a drawing of a picture."""
    return {
        "description": "A PNG, or one byte a pixel, row by row",
        "headers": _headers("ETag"),
        "content": {"image/png": {"schema": _PICTURE}, "application/octet-stream": {"schema": _PICTURE}},
    }


def comparison_answer() -> dict[str, Any]:
    """The answer that is a report, in each of its forms; the schema of the JSON is that of the other route."""
    return {
        "description": HTTPStatus.OK.phrase,
        "content": {
            "application/json": {"schema": _named("ReportAnswer")},
            "text/csv": {"schema": {"type": "string"}},
            "text/html": {"schema": {"type": "string"}},
        },
    }


def comparison_body() -> dict[str, Any]:
    """The request body of a comparison, as JSON or as a form."""
    form = _form(_inline(ComparisonForm.model_json_schema()), "image", "test_image", "ignore_mask")
    form["schema"]["required"] = ["image"]
    return _body({**_json(ComparisonBody), "multipart/form-data": form})


def catalogue_answers() -> Responses:
    """The answers that are the catalogue, or a part of its bytes."""
    part = {"description": HTTPStatus.PARTIAL_CONTENT.phrase, "headers": _headers("Content-Range", "ETag")}
    # The name of the schema of the whole is given by its route; a part of JSON is no JSON.
    return {206: {**part, "content": {"application/json": {"schema": {}}}}, **unchanged_answer()}


def baseline_answer() -> dict[str, Any]:
    """The answer that is a chance level, at once or line by line."""
    schema = _inline(BaselineAnswer.model_json_schema())
    lines = "lines of JSON with `done`, `pairs` and the `metrics` that are new; the last is the whole answer"
    return {
        "description": HTTPStatus.OK.phrase,
        "content": {
            "application/json": {"schema": schema},
            "application/x-ndjson": {"schema": {"type": "string", "description": lines}},
        },
    }


def baseline_body() -> dict[str, Any]:
    """The request body of a chance level."""
    return _body(_json(BaselineBody))


def complete(document: dict[str, Any]) -> None:
    """Write into a document what flask-openapi3 drops from schemas: which fields of a form go together."""
    content = document["paths"]["/api/v1/comparisons"]["post"]["requestBody"]["content"]
    content["multipart/form-data"]["schema"]["dependentRequired"] = {
        one: [other] for pair in PAIRS for one, other in (pair, pair[::-1])
    }


def _problem(status: int) -> dict[str, Any]:
    answer = {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": _named(Problem.__name__)}},
    }
    return answer if status not in _SAYS else {**answer, "headers": _headers(**_SAYS[status])}


def _named(schema: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{schema}"}


def _headers(*names: str, **described: str) -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    return dict.fromkeys(names, text) | {name: {**text, "description": each} for name, each in described.items()}


def _body(content: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": content}


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": _inline(model.model_json_schema())}}


def _form(schema: dict[str, Any], *files: str) -> dict[str, Any]:
    """A form with these fields, and some that are pictures."""
    schema["properties"] |= dict.fromkeys(files, _PICTURE)
    return {"schema": schema, "encoding": {name: {"contentType": ", ".join(_MEDIA_TYPES)} for name in files}}


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
