"""Comparisons of pictures that a request names or brings. In go checked fields, out comes what is written of a report.

A comparison is computed and written in one go on the workbench, so that neither holds up other connections.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar, cast

from flask import Response, current_app, request

from crosspatch.compare import compare_planes
from crosspatch.errors import CrosspatchError, InvalidRequest
from crosspatch.html import report_policy
from crosspatch.jsontext import dump
from crosspatch.picture import default_size
from crosspatch.plane import IgnoreMask, Plane
from crosspatch.report import Part, Report
from crosspatch.request import ComparisonRequest, Plan, Size
from crosspatch.web.pictures import Pictures
from crosspatch.web.schemas import ComparisonBody, ComparisonForm, ComparisonQuery
from crosspatch.web.work import Workbench

Written = TypeVar("Written")
Write = Callable[[Report], Written]
Fields = ComparisonBody | ComparisonForm | ComparisonQuery


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
    return cast(io.BytesIO, file.stream).getvalue()  # `RequestInMemory`: no copy


def uploaded_name(field: str) -> str:
    """What an uploaded file was called; nothing for the id of a stored picture."""
    file = request.files.get(field)
    return "" if file is None else file.filename or ""


def no_file() -> InvalidRequest:
    """The fault of a form without a picture."""
    return InvalidRequest("no picture came with the request: send its file as the form field 'image'", "image")


def read_form() -> ComparisonForm:
    """The fields of the request's form; the pictures that came as files are stored, and stand there by their ids."""
    form = ComparisonForm.read(request.form.getlist, set(request.form))
    for name in ("image", "test_image", "ignore_mask"):
        data = uploaded(name)
        if data is not None:
            with _about(name):
                setattr(form, name, pictures().add(data).id)
    if form.image is None:
        raise no_file()
    return form


def check_stored(fields: ComparisonQuery) -> None:
    """Raise UnknownImage or ExpiredImage unless all pictures that are named are in the store."""
    _sizes(fields)


def compare_fields(fields: Fields, write: Write[Written]) -> Written:
    """What `write` makes of the comparison of stored pictures that is asked for."""
    return _compare(fields.to_request(), fields, write)


def compare_shown(form: ComparisonForm) -> Report:
    """The comparison that is asked for; a resize that is left out is that of the page, not none."""
    asked = form.to_request()
    if asked.resize is None:
        facts = pictures().facts(str(form.image))
        asked = replace(asked, resize=default_size(facts.width, facts.height))
    return _compare(asked, form, itself)


def compare_and_write(write: Write[Written], plan: Plan, *planes: Plane, mask: IgnoreMask | None) -> Written:
    """Compare planes, and write the report: all that a comparison computes."""
    return write(compare_planes(plan, *planes, mask=mask))


def itself(report: Report) -> Report:
    """The report, unwritten."""
    return report


def as_json(include: list[Part]) -> Write[bytes]:
    """Writes those parts of a report as JSON."""
    return lambda report: dump(report.to_dict(include))


def stand_alone(report: Report, *names: str) -> Response:
    """A report on stored pictures as one HTML file, under its own policy. `names` are what the pictures are called."""
    response = Response(pictures().html(report, *names), mimetype="text/html")
    response.headers["Content-Security-Policy"] = f"{report_policy()}; frame-ancestors 'none'"
    response.headers["Content-Disposition"] = "inline; filename=comparison.html"
    return response


def prepare_fields(asked: ComparisonRequest, fields: Fields) -> tuple[Plan, list[Plane], IgnoreMask | None]:
    """The plan of a comparison of stored pictures, their planes, one or two, and the mask."""
    sizes = _sizes(fields)
    mask_size = sizes.pop("ignore_mask", None)
    ids = [each for each in (fields.image, fields.test_image) if each is not None]
    plan = asked.plan(list(sizes.values()), asked.labels or pictures().default_labels(ids, asked.channel), mask_size)
    planes = [pictures().plane(each, plan.size, asked.channel, plan.labels) for each in ids]
    return plan, planes, None if fields.ignore_mask is None else pictures().mask(fields.ignore_mask, plan.size)


def _compare(asked: ComparisonRequest, fields: Fields, write: Write[Written]) -> Written:
    plan, planes, mask = prepare_fields(asked, fields)
    return workbench().run(compare_and_write, write, plan, *planes, mask=mask)


def _sizes(fields: Fields) -> dict[str, Size]:
    """The size of each stored picture that is named, by field."""
    named = {"image": fields.image, "test_image": fields.test_image, "ignore_mask": fields.ignore_mask}
    return {name: _size_of(name, each) for name, each in named.items() if each is not None}


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
