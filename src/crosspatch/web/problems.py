"""One shape for every error, application/problem+json (RFC 9457). In goes an exception, out comes the answer.

Only this module knows which HTTP status a fault of the library has.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, current_app, json, render_template, request
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from crosspatch.errors import CrosspatchError, Impossible, InvalidRequest, PictureTooLarge, UnreadablePicture
from crosspatch.web.body import BodyTooSlow, LengthRequired
from crosspatch.web.decoders import DecoderUnavailable
from crosspatch.web.refusals import ForeignOrigin, Refusal, TokenNeeded, TooOften, UnknownHost
from crosspatch.web.store import ExpiredImage, StoreUnavailable, UnknownImage
from crosspatch.web.turns import Busy
from crosspatch.web.watch import note_problem, request_id

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MEDIA_TYPE = "application/problem+json"
# What a request may hold besides pictures: fields of a form, or JSON. Werkzeug counts the 64 KiB that it reads at once.
FIELDS_BYTES = 128 * 1024
# Nobody mends more fields at once, and a hostile body must not get an answer larger than itself.
MOST_ERRORS = 20
# Where a browser without scripts sends its form: a person reads the answer.
PLAIN_PATH = "/compare"
# The first class that fits counts, so what is special stands before what is general.
_PROBLEMS: tuple[tuple[type[CrosspatchError], int, str], ...] = (
    (Impossible, 422, "impossible"),
    (UnreadablePicture, 415, "not-a-picture"),
    (PictureTooLarge, 413, "too-large"),
    (ExpiredImage, 404, "image-expired"),
    (UnknownImage, 404, "unknown-image"),
    (UnknownHost, 400, "unknown-host"),
    (TokenNeeded, 401, "token-needed"),
    (ForeignOrigin, 403, "foreign-origin"),
    (TooOften, 429, "too-often"),
    (BodyTooSlow, 408, "too-slow"),
    (LengthRequired, 411, "length-required"),
    (Busy, 429, "busy"),
    (StoreUnavailable, 503, "store-unavailable"),
    (DecoderUnavailable, 503, "decoder-unavailable"),
    (InvalidRequest, 400, "invalid-request"),
    (CrosspatchError, 400, "invalid-request"),
)
# What pydantic says of a field, where it speaks to programmers.
_WORDS = {
    "extra_forbidden": "there is no such field",
    "missing": "this field is needed",
    "string_pattern_mismatch": "a picture is named by its id, the 64 hexadecimal digits that its upload answered",
}


def register_problems(app: Flask) -> None:
    """Answer every exception, Flask's own refusals included, as a problem."""
    app.register_error_handler(CrosspatchError, _ours)
    app.register_error_handler(ValidationError, invalid_fields)
    app.register_error_handler(HTTPException, _refusal)
    app.register_error_handler(MemoryError, _out_of_memory)
    app.register_error_handler(Exception, _unexpected)


def or_problem(last: Callable[[Response], Response]) -> Callable[[Response], Response]:
    """What is done with an answer after all handlers: should it be refused now, that is answered as a problem too."""

    def done(response: Response) -> Response:
        try:
            return last(response)
        except CrosspatchError as fault:
            response.close()
            return _ours(fault)

    return done


def problem(status: int, slug: str, detail: str, **extra: Any) -> Response:
    """An error answer. `slug` makes the stable type, `extra` stands beside the standard members."""
    note_problem(request.environ, slug)
    members = {**standard_members(status, slug, detail, request.environ), **extra}
    if request.path == PLAIN_PATH:
        return Response(render_template("problem.html", title=members["title"], detail=detail), status)
    response = Response(json.dumps(members), status, mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def refuse_precondition(response: Response) -> Response:
    """The answer, or a problem in its place when Werkzeug made it 412 and left in it what was not to be sent."""
    if response.status_code != HTTPStatus.PRECONDITION_FAILED:
        return response
    detail = f"{request.path} is not what `If-Match` names: ask without it, and take the ETag of the answer"
    return problem(412, "precondition-failed", detail)


def failure(fault: Exception, environ: WSGIEnvironment) -> dict[str, Any]:
    """The members of a problem, for an answer that has been begun."""
    status, slug, detail = 500, "internal", _ours_to_mend(environ)
    if isinstance(fault, CrosspatchError):
        (status, slug), detail = problem_of(fault), str(fault)
    elif isinstance(fault, MemoryError):
        status, slug, detail = 422, "impossible", _too_much_memory()
    else:
        logging.getLogger("crosspatch").error("an answer that was begun failed", exc_info=fault)
    note_problem(environ, slug)
    return standard_members(status, slug, detail, environ)


def _ours_to_mend(environ: WSGIEnvironment) -> str:
    return f"something went wrong on our side: tell us the request id {request_id(environ)}"


def standard_members(status: int, slug: str, detail: str, environ: WSGIEnvironment) -> dict[str, Any]:
    """The standard members of a problem."""
    title = HTTPStatus(status).phrase
    standard = {"type": f"/problems/{slug}", "title": title, "status": status, "detail": detail}
    return {**standard, "request_id": request_id(environ)}


def problem_of(fault: CrosspatchError) -> tuple[int, str]:
    """The status and slug of one of the library's errors."""
    return next((status, slug) for kind, status, slug in _PROBLEMS if isinstance(fault, kind))


def slug_of(status: int) -> str:
    """What a problem is called that has no name but its status."""
    return re.sub(r"\W+", "-", HTTPStatus(status).phrase.lower())


def invalid_fields(fault: ValidationError) -> Response:
    """What pydantic found, in one sentence and field by field."""
    found = islice(fault.errors(include_url=False, include_input=False), MOST_ERRORS)
    errors = [{"field": ".".join(map(str, error["loc"])) or "body", "detail": _in_words(error)} for error in found]
    detail = "; ".join(f"{error['field']}: {error['detail']}" for error in errors[:3])
    return problem(400, "invalid-request", detail, errors=errors)


def _ours(fault: CrosspatchError) -> Response:
    status, slug = problem_of(fault)
    errors = {} if fault.field is None else {"errors": [{"field": fault.field, "detail": str(fault)}]}
    response = problem(status, slug, str(fault), **errors)
    if isinstance(fault, Busy):
        response.headers["Retry-After"] = str(fault.retry_after_s)
    if isinstance(fault, Refusal):
        for name, value in fault.headers:
            response.headers.add(name, value)
    return response


def _refusal(fault: HTTPException) -> Response:
    status = fault.code or 500
    if isinstance(fault, RequestEntityTooLarge):
        return problem(413, "too-large", _too_large())
    response = problem(status, slug_of(status), _refused(fault))
    for name, value in fault.get_headers(request.environ):
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _out_of_memory(_: MemoryError) -> Response:
    return problem(422, "impossible", _too_much_memory())


def _too_much_memory() -> str:
    most_bytes = current_app.config["SETTINGS"].worker_memory_bytes
    return (
        f"this takes more memory than the {most_bytes / 2**20:.0f} MiB that a worker has for it: ask for a smaller "
        "size, smaller rectangles, fewer classes or no intervals, or try again when there is less to do"
    )


def _unexpected(fault: Exception) -> Response:
    logging.getLogger("crosspatch").error("request failed", exc_info=fault)
    return problem(500, "internal", _ours_to_mend(request.environ))


def _refused(fault: HTTPException) -> str:
    """Werkzeug's words, where ours say no more."""
    if isinstance(fault, NotFound):
        return f"there is nothing at {request.path}: /api/docs lists what there is"
    if isinstance(fault, MethodNotAllowed):
        return f"{request.path} does not take {request.method}: use {' or '.join(sorted(fault.valid_methods or ()))}"
    return fault.description or fault.name


def _too_large() -> str:
    most_bytes = current_app.config["SETTINGS"].max_upload_bytes
    if (request.content_length or 0) > most_bytes:
        return f"the request is larger than the {most_bytes / 2**20:.0f} MiB that are taken: use a smaller picture"
    return f"a request may have {FIELDS_BYTES // 1024} KiB besides its pictures: send fewer or shorter fields"


def _in_words(error: ErrorDetails) -> str:
    return _WORDS.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
