"""What the OpenAPI document says where Flask's routes do not: error answers, and bodies that two media types share."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from crosspatch.web.chance_answers import BaselineAnswer
from crosspatch.web.problems import MEDIA_TYPE
from crosspatch.web.schemas import BaselineBody, ComparisonBody, ComparisonForm

# What any route may answer: to a host, a token, a site, a rate that are not as they must be, and of a fault of ours.
ANYWHERE = (400, 401, 403, 429, 500, 503)


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
        for status in sorted({*statuses, *ANYWHERE})
    }


def comparison_answer() -> dict[str, Any]:
    """The answer that is a report, in each of its forms; the schema of the JSON is that of the other route."""
    return {
        "description": HTTPStatus.OK.phrase,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/ReportAnswer"}},
            "text/csv": {"schema": {"type": "string"}},
            "text/html": {"schema": {"type": "string"}},
        },
    }


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
    body = _inline(BaselineBody.model_json_schema())
    return {"required": True, "content": {"application/json": {"schema": body}}}


def comparison_body(*, upload: bool = False) -> dict[str, Any]:
    """The request body of a comparison, as JSON or as a form; with `upload`, of a picture alone."""
    file = {"type": "string", "format": "binary"}
    if upload:
        form = {"type": "object", "required": ["image"], "properties": {"image": file}}
        return {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    fields = _inline(ComparisonForm.model_json_schema())
    fields["properties"] |= {"image": file, "test_image": file, "ignore_mask": file}
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
