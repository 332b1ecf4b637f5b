"""The gunicorn worker: gevent's, which keeps quiet when a client takes nothing of its answer, and refuses in our words.

Gunicorn imports this by name; importing it brings gevent, but patches nothing.
"""

from __future__ import annotations

import json
import socket
from typing import Any

from gunicorn import util
from gunicorn.http import unreader, wsgi
from gunicorn.workers.ggevent import GeventWorker

# What answers say in `Server`: not which server it is, whose faults could be looked up.
wsgi.SERVER = "crosspatch"  # type: ignore[attr-defined]
# What the application reads of a body at once. Of more, each read would copy all that is left: seconds of it, in all.
unreader.SocketUnreader.max_body_chunk = 2**16  # type: ignore[attr-defined]


class Worker(GeventWorker):
    """Serves each connection in a greenlet."""

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> bool:
        """Answer one request. A client that is dropped is not worth a traceback in the log of an operator."""
        try:
            return bool(super().handle_request(listener_name, req, sock, addr))
        except TimeoutError as fault:
            self.log.debug("Dropped a client that takes no answer. %s", fault)
            raise StopIteration from fault  # how gunicorn is told to close the connection


# What to do about requests that never get to the application; of others gunicorn's words are all that is known.
_FIXES = {
    400: "this is not HTTP that can be read ({}): send it as RFC 9112 has it",
    414: "the address is too long ({}): send the fields in the body of a POST",
    417: "{}: leave the header Expect out",
    431: "the headers are too large ({}): send fewer or shorter ones",
    500: "something went wrong on our side: try again",
    501: "{}: send the body as it is, with a Content-Length",
}


def _refuse(client: socket.socket, status: int, _: str, detail: str) -> None:
    """Answer a request that cannot be read with a problem, as the application answers all others."""
    # Only once gevent has patched what this imports.
    from crosspatch.web.problems import MEDIA_TYPE, slug_of, standard_members

    found = standard_members(status, slug_of(status), _FIXES.get(status, "{}").format(detail), {})
    body = json.dumps(found).encode()
    head = f"HTTP/1.1 {status} {found['title']}\r\nConnection: close\r\nContent-Type: {MEDIA_TYPE}\r\n"
    util.write_nonblock(client, f"{head}Content-Length: {len(body)}\r\n\r\n".encode("ascii") + body)


util.write_error = _refuse  # type: ignore[assignment]
