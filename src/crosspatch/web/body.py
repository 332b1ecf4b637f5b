"""Bodies of requests: in time, of a length said before, not too many at once. In goes a WSGI application, out comes one
that is guarded.

A faulty body raises where the application reads it, so that the application answers in its own words.
"""

from __future__ import annotations

import io
import select
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from crosspatch.errors import CrosspatchError
from crosspatch.web.held import HeldBytes
from crosspatch.web.work import on_gevent_hub

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class BodyTooSlow(CrosspatchError):
    """The body of a request did not arrive in time."""


class LengthRequired(CrosspatchError):
    """The body of a request comes in chunks, without its length."""


class BodyGuard:
    """Gives every body `timeout_s` seconds to arrive, wants its Content-Length, and counts what comes among `held`.

    The length lets the application refuse a body that is too large before it reads it; Werkzeug cuts one of unknown
    length silently.
    """

    def __init__(self, app: WSGIApplication, timeout_s: float, held: HeldBytes) -> None:
        self._app = app
        self._timeout_s = timeout_s
        self._held = held

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        known = "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" not in environ
        if not known:
            environ["wsgi.input"] = _Unmeasured()
            return self._app(environ, start_response)
        body = environ["wsgi.input"] = _GuardedBody(environ["wsgi.input"], self._timeout_s, self._held)
        try:
            return self._app(environ, start_response)
        finally:
            body.let_go()


def has_gone(environ: WSGIEnvironment) -> bool:
    """Whether the client has closed its connection. False where the server does not let it be known."""
    connection = environ.get("gunicorn.socket")
    if connection is None or not hasattr(select, "POLLRDHUP"):
        return False
    from gevent.monkey import get_original  # gevent's own poll does not tell that the other side has closed

    poll = get_original("select", "poll")()
    poll.register(connection.fileno(), select.POLLRDHUP)
    return bool(poll.poll(0))


class _Unmeasured(io.RawIOBase):
    """A body that nobody may read."""

    def readable(self) -> bool:
        return True

    def readinto(self, _: object) -> int:
        raise LengthRequired(
            "the request does not say how long its body is: send it with a Content-Length, not in chunks"
        )


class _GuardedBody:
    """A body that may keep its reader waiting for `timeout_s` seconds, all reads together. What was read is `held`."""

    def __init__(self, body: BinaryIO, timeout_s: float, held: HeldBytes) -> None:
        self._body = body
        self._held = held
        self._count = 0
        self._left_s = timeout_s
        self._late = BodyTooSlow(
            f"the request did not arrive within {timeout_s:g} s: try a faster connection or a smaller file"
        )

    def read(self, size: int = -1) -> bytes:
        return self._counted(self._in_time(self._body.read, size))

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self._in_time(self._body.readline, size))

    def readlines(self, _: int = -1) -> list[bytes]:
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def let_go(self) -> None:
        """Nobody holds what was read any more."""
        self._held.give_back(self._count)
        self._count = 0

    def _counted(self, part: bytes) -> bytes:
        self._held.take(len(part))
        self._count += len(part)
        return part

    def _in_time(self, read: Callable[[int], bytes], size: int) -> bytes:
        if self._left_s <= 0:
            raise self._late
        began_s = time.monotonic()
        try:
            with _alarm(self._left_s, self._late):
                return read(size)
        finally:
            self._left_s -= time.monotonic() - began_s


@contextmanager
def _alarm(after_s: float, fault: Exception) -> Iterator[None]:
    """Under gevent, raise `fault` here after so many seconds. An Exception, so that gunicorn sees a failed read, and
    does not look for another request in what comes after it.
    """
    if not on_gevent_hub():
        yield
        return
    import gevent

    with gevent.Timeout(after_s, fault):
        yield
