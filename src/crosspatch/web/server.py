"""The server: gunicorn with gevent workers, set up in code. In go settings, out come answers until a signal ends it.

One greenlet serves a connection, so slow clients cost little; heavy work goes to native threads (`work`). The
application is built in each worker, after gevent has patched it.
"""

from __future__ import annotations

import errno
import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from crosspatch.errors import CrosspatchError
from crosspatch.web.logs import configure_logging
from crosspatch.web.memory import limit_worker
from crosspatch.web.settings import Settings
from crosspatch.web.spool import IN_MEMORY, bury, close_spool, open_spool
from crosspatch.web.store import StoreUnavailable, open_store

if TYPE_CHECKING:
    from pathlib import Path

    from _typeshed.wsgi import WSGIApplication

Factory = Callable[[Settings], "WSGIApplication"]
_BACKLOG = 1024
_SWEEP_S = 60


class CannotListen(CrosspatchError):
    """The address or port cannot be listened on."""


def serve(settings: Settings, factory: Factory | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is under way within `drain_s` and exit the process.

    `factory` makes the application in each worker, by default `create_app`. Raises CannotListen when the port is taken,
    StoreUnavailable when the directory of the store cannot be used.
    """
    configure_logging(settings.log_level, settings.log_format)
    if not settings.redis:  # Redis may come up after us, and its client must be imported after gevent has patched
        open_store(settings).ready()
    listeners = [_listen(settings, settings.host, "PORT", settings.port)]
    if settings.metrics_port is not None:
        metrics_host = settings.metrics_host or settings.host
        listeners.append(_listen(settings, metrics_host, "METRICS_PORT", settings.metrics_port))
    spool = open_spool(settings.host, settings.port)
    _application(settings, factory or _create_app, [listener.detach() for listener in listeners], spool).run()


def _create_app(settings: Settings) -> WSGIApplication:
    from crosspatch.web.app import create_app, warm
    from crosspatch.web.pages import STATIC_FILES, SWAGGER_FILES
    from crosspatch.web.work import in_background

    warm()
    in_background(STATIC_FILES.prepare)
    in_background(SWAGGER_FILES.prepare)
    app = create_app(settings)
    app.extensions["decoders"].warm()
    return app


def _listen(settings: Settings, host: str, setting: str, port: int) -> socket.socket:
    """A listening socket, bound here: gunicorn would try five times, and say so in ten lines."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # inherited by every connection: ends those that take no answer
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1000 * settings.send_timeout_s)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as fault:
        raise CannotListen(_why_not(host, setting, port, fault)) from fault
    return listener


def _why_not(host: str, setting: str, port: int, fault: OSError) -> str:
    if fault.errno == errno.EADDRINUSE:
        return f"port {port} is in use: stop what listens there, or set CROSSPATCH_{setting} to another"
    if fault.errno == errno.EACCES:
        return f"port {port} may not be used by this user: set CROSSPATCH_{setting} to 1024 or above"
    address = setting.replace("PORT", "HOST")
    return f"cannot listen on {host}, port {port} ({fault.strerror}): check CROSSPATCH_{address}"


def _application(settings: Settings, factory: Factory, listener_fds: list[int], spool: Path) -> Any:
    """Gunicorn's notion of an application: its settings, and how to load ours."""
    from gunicorn.app.base import BaseApplication
    from gunicorn.errors import AppImportError

    class Service(BaseApplication):
        def load_config(self) -> None:
            for name, value in _gunicorn(settings, listener_fds, spool).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            try:
                return factory(settings)
            except CrosspatchError as fault:
                raise AppImportError(f"crosspatch: {fault}") from fault  # gunicorn prints it, and stops

    return Service()


def _gunicorn(settings: Settings, listener_fds: list[int], spool: Path) -> dict[str, Any]:
    return {
        "bind": [f"fd://{fd}" for fd in listener_fds],
        "workers": settings.workers,
        "worker_class": "crosspatch.web.worker.Worker",
        "worker_connections": settings.max_clients,
        "timeout": settings.worker_timeout_s,
        "graceful_timeout": settings.drain_s,
        "keepalive": settings.keepalive_s,
        "limit_request_line": 8190,
        "limit_request_fields": 64,
        "limit_request_field_size": 8190,
        # Gunicorn believes no forwarded header: clients are told by `proxies`, and nothing depends on the scheme.
        "forwarded_allow_ips": "",
        "worker_tmp_dir": IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None,
        "control_socket_disable": True,
        "logger_class": "crosspatch.web.logs.ServerLog",
        "loglevel": settings.log_level,
        "proc_name": "crosspatch",
        "when_ready": lambda _: logging.getLogger("crosspatch").info(_greeting(settings)),
        "post_worker_init": lambda _: _begin(settings),
        "child_exit": lambda _, worker: _bury(spool, worker.pid),
        "on_exit": lambda _: close_spool(spool),
    }


def _bury(spool: Path, pid: int) -> None:
    """Keep the counts of a worker that died. Whatever goes wrong, the others go on serving."""
    try:
        bury(spool, pid)
    except OSError as fault:
        logging.getLogger("crosspatch").warning(
            "the counts of the worker with pid %s stay in its files: %s", pid, fault
        )
    except Exception:
        logging.getLogger("crosspatch").exception("the counts of the worker with pid %s are lost", pid)


def _greeting(settings: Settings) -> str:
    host = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else settings.host  # noqa: S104
    return f"Crosspatch serves http://{host}:{settings.port} (Ctrl+C stops it)"


def _begin(settings: Settings) -> None:
    """What a worker does once its application stands."""
    limit_worker(settings.worker_memory_bytes)
    _start_sweeping(settings)


def _start_sweeping(settings: Settings) -> None:
    """Remove what expired from the directory of the store, also while nobody asks. Redis does so by itself."""
    import gevent

    def sweep() -> None:
        store = open_store(settings)
        while True:
            gevent.sleep(min(_SWEEP_S, settings.store_lifetime_s))
            with suppress(StoreUnavailable):
                store.usage()

    if not settings.redis:
        gevent.spawn(sweep)
