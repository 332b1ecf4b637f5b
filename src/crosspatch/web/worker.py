"""The gunicorn worker: gevent's, which keeps quiet when a client takes nothing of its answer.

Gunicorn imports this by name; importing it brings gevent, but patches nothing.
"""

from __future__ import annotations

from typing import Any

from gunicorn.http import wsgi
from gunicorn.workers.ggevent import GeventWorker

# What answers say in `Server`: not which server it is, whose faults could be looked up.
wsgi.SERVER = "crosspatch"  # type: ignore[attr-defined]


class Worker(GeventWorker):
    """Serves each connection in a greenlet."""

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> bool:
        """Answer one request. A client that is dropped is not worth a traceback in the log of an operator."""
        try:
            return bool(super().handle_request(listener_name, req, sock, addr))
        except TimeoutError as fault:
            self.log.debug("Dropped a client that takes no answer. %s", fault)
            raise StopIteration from fault  # how gunicorn is told to close the connection
