"""The HTTP API, version 1. Each route translates: parse, call one library function, serialise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

from flask import Response, current_app, jsonify, request, url_for
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from werkzeug.exceptions import BadRequest

from crosspatch.compare import compare_planes
from crosspatch.errors import CrosspatchError, InvalidRequest
from crosspatch.html import report_policy
from crosspatch.metrics import CATALOGUE
from crosspatch.picture import default_size, for_eyes
from crosspatch.report import Part, Report
from crosspatch.request import ComparisonRequest, Plan, Size
from crosspatch.web.answers import CatalogueAnswer, ImageAnswer, ReportAnswer
from crosspatch.web.documented import comparison_answer, comparison_body, problems
from crosspatch.web.pictures import Pictures, to_png
from crosspatch.web.problems import FIELDS_BYTES
from crosspatch.web.schemas import (
    ComparisonBody,
    ComparisonForm,
    ComparisonQuery,
    ImagePath,
    RenditionQuery,
)
from crosspatch.web.store import StoredImage
from crosspatch.web.work import Workbench

api = APIBlueprint("api", __name__, url_prefix="/api/v1")
IMAGES = Tag(name="images", description="Pictures, kept for a while")
COMPARISONS = Tag(name="comparisons", description="Two rectangles of a picture, or two pictures")
METRICS = Tag(name="metrics", description="What is measured, and how")


@api.post(
    "/images",
    tags=[IMAGES],
    summary="Store a picture",
    responses={201: ImageAnswer, **problems(400, 408, 411, 413, 415, 429, 503)},
    openapi_extensions={"requestBody": comparison_body(upload=True)},
)
def create_image() -> Response:
    """Upload a picture as the file field `image` of a form. The same bytes give the same id."""
    data = uploaded("image")
    if data is None:
        raise _no_file()
    stored = pictures().add(data)
    response = jsonify(_image(stored))
    response.status_code = 201
    response.headers["Location"] = url_for("api.describe_image", image_id=stored.id)
    return response


@api.get("/images/<image_id>", tags=[IMAGES], summary="Describe", responses={200: ImageAnswer, **problems(404, 503)})
def describe_image(path: ImagePath) -> Response:
    """Describe a stored picture, and what is compared by default."""
    return jsonify(_image(pictures().store.about(path.image_id)))


@api.delete("/images/<image_id>", tags=[IMAGES], summary="Remove", responses={204: None, **problems(404, 503)})
def delete_image(path: ImagePath) -> Response:
    """Remove a stored picture, now."""
    pictures().store.delete(path.image_id)
    return Response(status=204)


@api.get(
    "/images/<image_id>/rendition",
    tags=[IMAGES],
    summary="Draw",
    responses={
        200: {
            "description": "A PNG, or one byte a pixel, row by row",
            "content": {
                "image/png": {"schema": {"type": "string", "format": "binary"}},
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            },
        },
        **problems(400, 404, 422, 429, 503),
    },
)
def draw_image(path: ImagePath, query: RenditionQuery) -> Response:
    """The resized picture: with a channel exactly the pixels that are compared, without one in colour."""
    facts = pictures().facts(path.image_id)
    labels = ComparisonRequest.of(labels=query.labels).labels
    size = query.size or default_size(facts.width, facts.height, longest_px=1024)
    if query.channel is None:
        if query.format == "raw":
            raise InvalidRequest("raw pixels are of one channel: name it", "channel")
        pixels = for_eyes(pictures().resized(path.image_id, size).pixels)
    else:
        rule = labels or pictures().default_labels([path.image_id], query.channel)
        pixels = pictures().plane(path.image_id, size, query.channel, rule).levels
    if query.format == "raw":
        response = Response(pixels.tobytes(), mimetype="application/octet-stream")
    else:
        response = Response(workbench().run(to_png, pixels), mimetype="image/png")
    return _tagged(response, "private, max-age=3600")


@api.post(
    "/comparisons",
    tags=[COMPARISONS],
    summary="Compare",
    responses={200: ReportAnswer, **problems(400, 404, 408, 411, 413, 415, 422, 429, 503)},
    openapi_extensions={"requestBody": comparison_body()},
)
def create_comparison() -> Response:
    """Compare two rectangles of a picture: a stored one (JSON), or one that comes with the request (multipart)."""
    if request.mimetype == "application/json":
        body = ComparisonBody.model_validate(_json_body())
        return _report(compare_stored(body.to_request(), body.image, body.test_image, body.ignore_mask), body.include)
    report, include = compare_form()
    return _report(report, include)


@api.get(
    "/comparisons",
    tags=[COMPARISONS],
    summary="Compare a stored picture",
    responses={200: comparison_answer(), **problems(400, 404, 422, 429, 503)},
)
def show_comparison(query: ComparisonQuery) -> Response:
    """The same as a link, for a stored picture. With a seed the answer never changes, and carries an ETag."""
    report = compare_stored(query.to_request(), query.image, query.test_image, query.ignore_mask)
    if query.format == "html":
        response = stand_alone(report, query.name, query.test_name)
    elif query.format == "csv":
        response = Response(report.to_csv(), mimetype="text/csv")
    else:
        response = _report(report, query.include)
    return _tagged(response, "private, no-cache")


@api.get("/metrics", tags=[METRICS], summary="The catalogue", responses={200: CatalogueAnswer})
def list_metrics() -> Response:
    """Every metric: formula, meaning, range, best value, when it is undefined, and source."""
    return _tagged(jsonify([metric.to_dict() for metric in CATALOGUE.values()]), "no-cache")


def pictures() -> Pictures:
    """The pictures of the running service."""
    return cast(Pictures, current_app.extensions["pictures"])


def workbench() -> Workbench:
    """Where the running service does its heavy work."""
    return cast(Workbench, current_app.extensions["workbench"])


def uploaded(field: str) -> bytes | None:
    """The bytes of an uploaded file, None when there is none."""
    file = request.files.get(field)
    if file is None or not file.filename:
        return None
    with file.stream as stream:
        return stream.read()


def uploaded_name(field: str) -> str:
    """What an uploaded file was called; nothing for the id of a stored picture."""
    file = request.files.get(field)
    return "" if file is None else file.filename or ""


def compare_form(*, shown: bool = False) -> tuple[Report, list[Part]]:
    """Compare what the request's form asks for; its pictures are files, or ids of stored ones.

    With `shown`, a resize that is left out is that of the page; without, it is none.
    """
    form = ComparisonForm.read(request.form.getlist, set(request.form))
    for name in ("image", "test_image", "ignore_mask"):
        data = uploaded(name)
        if data is not None:
            with _about(name):
                setattr(form, name, pictures().add(data).id)
    if form.image is None:
        raise _no_file()
    asked = form.to_request()
    if shown and asked.resize is None:
        facts = pictures().facts(form.image)
        asked = replace(asked, resize=default_size(facts.width, facts.height))
    return compare_stored(asked, form.image, form.test_image, form.ignore_mask), form.include


def compare_stored(asked: ComparisonRequest, image: str, test_image: str | None, ignore_mask: str | None) -> Report:
    """Compare one or two stored pictures, but for what a stored mask leaves out, by their ids."""
    named = (("image", image), ("test_image", test_image), ("ignore_mask", ignore_mask))
    sizes = {name: _size_of(name, each) for name, each in named if each is not None}
    mask_size = sizes.pop("ignore_mask", None)
    ids = [image] if test_image is None else [image, test_image]
    plan: Plan = asked.plan(
        list(sizes.values()), asked.labels or pictures().default_labels(ids, asked.channel), mask_size
    )
    planes = [pictures().plane(each, plan.size, asked.channel, plan.labels) for each in ids]
    mask = None if ignore_mask is None else pictures().mask(ignore_mask, plan.size)
    return workbench().run(compare_planes, plan, *planes, mask=mask)


def _size_of(field: str, image_id: str) -> Size:
    with _about(field):
        return pictures().facts(image_id).size


@contextmanager
def _about(field: str) -> Iterator[None]:
    """Of several pictures, faults name the field of the one that is at fault."""
    try:
        yield
    except CrosspatchError as fault:
        fault.field = field
        raise


def stand_alone(report: Report, *names: str) -> Response:
    """A report on stored pictures as one HTML file, under its own policy. `names` are what the pictures are called."""
    response = Response(pictures().html(report, *names), mimetype="text/html")
    response.headers["Content-Security-Policy"] = f"{report_policy()}; frame-ancestors 'none'"
    response.headers["Content-Disposition"] = "inline; filename=comparison.html"
    return response


def _json_body() -> Any:
    request.max_content_length = FIELDS_BYTES
    try:
        return request.get_json()
    except (BadRequest, RecursionError):
        raise InvalidRequest("the body is not JSON: check its quotes, commas and braces") from None


def _no_file() -> InvalidRequest:
    return InvalidRequest("no picture came with the request: send its file as the form field 'image'", "image")


def _tagged(response: Response, cache_control: str) -> Response:
    """The answer with an ETag, or 304 when the client has it."""
    response.headers["Cache-Control"] = cache_control
    response.add_etag()
    response.make_conditional(request)
    return response


def _report(report: Report, include: list[Part]) -> Response:
    return Response(current_app.json.dumps(report.to_dict(include)), mimetype="application/json")


def _image(stored: StoredImage) -> dict[str, Any]:
    about = {key: value for key, value in stored.about.items() if key != "levels"}
    defaults = about.pop("defaults")
    expires_at = stored.expires_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"id": stored.id, **about, "expires_at": expires_at, "defaults": defaults}
