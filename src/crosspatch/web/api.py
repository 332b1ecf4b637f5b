"""The HTTP API, version 1. Each route translates: parse, call one library function, serialise."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Response, jsonify, request, url_for
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from werkzeug.exceptions import BadRequest

from crosspatch.errors import InvalidRequest
from crosspatch.jsontext import dump
from crosspatch.labelling import Rule
from crosspatch.metrics import CATALOGUE
from crosspatch.picture import default_size, for_eyes
from crosspatch.report import Report
from crosspatch.request import ComparisonRequest, Size
from crosspatch.web.answers import CatalogueAnswer, ImageAnswer, ReportAnswer
from crosspatch.web.baselines import measure_baseline
from crosspatch.web.comparing import (
    as_json,
    check_stored,
    compare_fields,
    itself,
    no_file,
    pictures,
    read_form,
    stand_alone,
    uploaded,
    workbench,
)
from crosspatch.web.documented import (
    COMPUTES,
    CONDITIONAL,
    IN_PARTS,
    OF_STORED,
    WITH_BODY,
    baseline_answer,
    baseline_body,
    catalogue_answers,
    comparison_answer,
    comparison_body,
    image_answer,
    image_body,
    problems,
    rendition_answer,
    unchanged_answer,
)
from crosspatch.web.pictures import to_png
from crosspatch.web.prepared import Prepared
from crosspatch.web.problems import FIELDS_BYTES
from crosspatch.web.schemas import BaselineBody, ComparisonBody, ComparisonQuery, ImagePath, RenditionQuery
from crosspatch.web.store import StoredImage
from crosspatch.web.tags import tag_of_request, tagged, unchanged
from crosspatch.web.work import in_native_thread

api = APIBlueprint("api", __name__, url_prefix="/api/v1")
RENDITIONS_KEPT = "private, max-age=3600"
IMAGES = Tag(name="images", description="Pictures, kept for a while")
COMPARISONS = Tag(name="comparisons", description="Two rectangles of a picture, or two pictures")
METRICS = Tag(name="metrics", description="What is measured, and how")


@api.post(
    "/images",
    tags=[IMAGES],
    summary="Store a picture",
    responses={201: image_answer(), **problems(*WITH_BODY, *COMPUTES)},
    openapi_extensions={"requestBody": image_body()},
)
def create_image() -> Response:
    """Upload a picture as the file field `image` of a form. The same bytes give the same id."""
    data = uploaded("image")
    if data is None:
        raise no_file()
    stored = pictures().add(data)
    response = jsonify(_image(stored))
    response.status_code = 201
    response.headers["Location"] = url_for("api.describe_image", image_id=stored.id)
    return response


@api.get("/images/<image_id>", tags=[IMAGES], summary="Describe", responses={200: ImageAnswer, **problems(*OF_STORED)})
def describe_image(path: ImagePath) -> Response:
    """Describe a stored picture, and what is compared by default."""
    return jsonify(_image(pictures().store.about(path.image_id)))


@api.delete("/images/<image_id>", tags=[IMAGES], summary="Remove", responses={204: None, **problems(*OF_STORED)})
def delete_image(path: ImagePath) -> Response:
    """Remove a stored picture, now."""
    pictures().store.delete(path.image_id)
    return Response(status=204)


@api.get(
    "/images/<image_id>/rendition",
    tags=[IMAGES],
    summary="Draw",
    responses={200: rendition_answer(), **unchanged_answer(), **problems(*OF_STORED, *COMPUTES)},
)
def draw_image(path: ImagePath, query: RenditionQuery) -> Response:
    """The resized picture: with a channel exactly the pixels that are compared, without one in colour."""
    facts = pictures().facts(path.image_id)
    labels = ComparisonRequest.of(labels=query.labels).labels
    size = query.size or default_size(facts.width, facts.height, longest_px=1024)
    if query.channel is None and query.format == "raw":
        raise InvalidRequest("raw pixels are of one channel: name it", "channel")
    rule = None
    if query.channel is not None:
        rule = labels or pictures().default_labels([path.image_id], query.channel)
    tag = tag_of_request("rendition", path.image_id, size, query.channel, str(rule), query.format)
    known = unchanged(tag, RENDITIONS_KEPT)
    return known or tagged(_drawn(path.image_id, size, query, rule), tag, RENDITIONS_KEPT)


@api.post(
    "/comparisons",
    tags=[COMPARISONS],
    summary="Compare",
    responses={200: ReportAnswer, **problems(*OF_STORED, *WITH_BODY, *COMPUTES)},
    openapi_extensions={"requestBody": comparison_body()},
)
def create_comparison() -> Response:
    """Compare two rectangles of a picture: a stored one (JSON), or one that comes with the request (multipart)."""
    fields = ComparisonBody.model_validate(_json_body()) if request.mimetype == "application/json" else read_form()
    return _json(compare_fields(fields, as_json(fields.include)))


@api.get(
    "/comparisons",
    tags=[COMPARISONS],
    summary="Compare a stored picture",
    responses={200: comparison_answer(), **unchanged_answer(), **problems(*OF_STORED, *CONDITIONAL, *COMPUTES)},
)
def show_comparison(query: ComparisonQuery) -> Response:
    """The same as a link, for a stored picture. With a seed the answer never changes, and carries an ETag."""
    check_stored(query)
    if query.seed is None:
        response = _compared(query)
        response.headers["Cache-Control"] = "no-store"
        return response
    tag = tag_of_request("comparison", query.model_dump())
    return unchanged(tag, "private, no-cache") or tagged(_compared(query), tag, "private, no-cache")


@api.post(
    "/baselines",
    tags=[COMPARISONS],
    summary="Chance level",
    responses={200: baseline_answer(), **problems(*OF_STORED, *WITH_BODY, *COMPUTES)},
    openapi_extensions={"requestBody": baseline_body()},
)
def create_baseline() -> Response:
    """Every metric over many random pairs of rectangles, and how a comparison of a stored picture ranks among them.

    With `Accept: application/x-ndjson` a line at least every 200 ms, the last of which is the whole answer.
    """
    return measure_baseline(BaselineBody.model_validate(_json_body()))


@api.get(
    "/metrics",
    tags=[METRICS],
    summary="The catalogue",
    responses={200: CatalogueAnswer, **catalogue_answers(), **problems(*CONDITIONAL, *IN_PARTS)},
)
def list_metrics() -> Response:
    """Every metric: formula, meaning, range, best value, when it is undefined, and source."""
    return _catalogue().answer()


def _drawn(image_id: str, size: Size, query: RenditionQuery, rule: Rule | None) -> Response:
    if query.channel is None or rule is None:
        pixels = for_eyes(pictures().resized(image_id, size).pixels)
    else:
        pixels = pictures().plane(image_id, size, query.channel, rule).levels
    if query.format == "raw":
        return Response(pixels.tobytes(), mimetype="application/octet-stream")
    return Response(workbench().run(to_png, pixels), mimetype="image/png")


def _compared(query: ComparisonQuery) -> Response:
    if query.format == "html":
        return stand_alone(compare_fields(query, itself), query.name, query.test_name)
    if query.format == "csv":
        return Response(compare_fields(query, Report.to_csv), mimetype="text/csv")
    return _json(compare_fields(query, as_json(query.include)))


@cache
def _catalogue() -> Prepared:
    return in_native_thread(
        lambda: Prepared.of(dump([metric.to_dict() for metric in CATALOGUE.values()]), "application/json")
    )


def _json_body() -> Any:
    request.max_content_length = FIELDS_BYTES
    try:
        return request.get_json()
    except (BadRequest, RecursionError):
        raise InvalidRequest("the body is not JSON: check its quotes, commas and braces") from None


def _json(text: bytes) -> Response:
    return Response(text, mimetype="application/json")


def _image(stored: StoredImage) -> dict[str, Any]:
    about = {key: value for key, value in stored.about.items() if key != "levels"}
    defaults = about.pop("defaults")
    expires_at = stored.expires_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"id": stored.id, **about, "expires_at": expires_at, "defaults": defaults}
