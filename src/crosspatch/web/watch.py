"""Watches every request. In goes a WSGI application, out comes one that gives each request an id, and writes one line
and counts when its answer has been sent.

It stands outside of all else, so that it sees the time and bytes that the client sees. A request is told by the pattern
of its route, never by its path or query.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from structlog.contextvars import bind_contextvars, unbind_contextvars

from crosspatch.web.telemetry import Telemetry

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "X-Request-ID"
UNMATCHED = "unmatched"
_REQUEST_ID, _PROBLEM = "crosspatch.request_id", "crosspatch.problem"
_SAFE = re.compile(r"[A-Za-z0-9._-]{1,64}")
# What a client makes up must neither become a series of its own, nor stand in the log.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_LOG = logging.getLogger("crosspatch.requests")


class Watch:
    """Watches the requests of `app`, and counts them in `telemetry`."""

    def __init__(self, app: WSGIApplication, telemetry: Telemetry) -> None:
        self._app = app
        self._telemetry = telemetry

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        environ[_REQUEST_ID] = _id_for(environ)
        bind_contextvars(request_id=environ[_REQUEST_ID])
        answer = _Answer(self._sent, environ)
        try:
            return answer.begin(self._app, start_response)
        except BaseException:  # the server logs and answers it, still under this id
            self._sent(answer)
            raise

    def _sent(self, answer: _Answer) -> None:
        environ, took_s = answer.environ, time.perf_counter() - answer.began_s
        method, route, reason = _method(environ), answer.route, environ.get(_PROBLEM)
        self._telemetry.requests.labels(method, route, answer.status).inc()
        self._telemetry.request_seconds.labels(method, route).observe(took_s)
        if reason is not None:
            self._telemetry.rejections.labels(reason).inc()
        facts = {
            "method": method,
            "route": route,
            "status": answer.status,
            "duration_ms": round(1000 * took_s, 1),
            "bytes_in": _length(environ),
            "bytes_out": answer.bytes,
            "request_id": environ[_REQUEST_ID],
        }
        _LOG.info("request", extra=facts if reason is None else {**facts, "problem": reason})


class _Answer:
    """The answer to a request on its way out. A request that never got to answer failed, and counts as 500."""

    def __init__(self, sent: Callable[[_Answer], None], environ: WSGIEnvironment) -> None:
        self.environ = environ
        self.began_s = time.perf_counter()
        self.status = 500
        self.route = UNMATCHED
        self.bytes = 0
        self._sent = sent
        self._parts: Iterable[bytes] = ()

    def begin(self, app: WSGIApplication, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *fault: object) -> Callable[[bytes], object]:
            self.status = int(status[:3])
            self.route = _route(self.environ)  # Flask forgets it as soon as it has answered
            return start_response(status, [*headers, (HEADER, self.environ[_REQUEST_ID])], *fault)  # type: ignore[arg-type]

        self._parts = app(self.environ, start)
        return self

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            self.bytes += len(part)
            yield part

    def close(self) -> None:
        """All has been sent, or the client has gone: WSGI servers call this once."""
        try:
            getattr(self._parts, "close", lambda: None)()
        finally:
            self._sent(self)
            unbind_contextvars("request_id")


def request_id(environ: WSGIEnvironment) -> str:
    """The id of a request."""
    return str(environ.setdefault(_REQUEST_ID, uuid.uuid4().hex))


def note_problem(environ: WSGIEnvironment, reason: str) -> None:
    """Say why a request is answered with a problem: the last part of its type."""
    environ[_PROBLEM] = reason


def _id_for(environ: WSGIEnvironment) -> str:
    """The id that came with the request, so that it can be followed through several services, or a new one."""
    given = str(environ.get("HTTP_X_REQUEST_ID", ""))
    return given if _SAFE.fullmatch(given) else uuid.uuid4().hex


def _method(environ: WSGIEnvironment) -> str:
    method = str(environ["REQUEST_METHOD"])
    return method if method in _METHODS else "other"


def _route(environ: WSGIEnvironment) -> str:
    rule = getattr(environ.get("werkzeug.request"), "url_rule", None)
    return UNMATCHED if rule is None else str(rule.rule)


def _length(environ: WSGIEnvironment) -> int:
    """How many bytes of body were announced."""
    length = str(environ.get("CONTENT_LENGTH", ""))
    return int(length) if length.isdecimal() else 0
