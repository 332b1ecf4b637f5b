"""What the service counts and measures. In go requests, refusals and heavy work, out comes the Prometheus text.

With several workers each counts in files of its own (`spool`), and whichever is asked adds up all of them; what belongs
to all, the store, is measured when asked. Only the greenlets of requests count, never a native thread: the locks of
prometheus-client are gevent's.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ParamSpec, TypeVar, cast

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import choose_encoder

import crosspatch
from crosspatch.web.comparing import compare_and_write
from crosspatch.web.counts import count_safely
from crosspatch.web.decoders import DECODING
from crosspatch.web.settings import Settings
from crosspatch.web.spool import read_spool, spool_of_workers
from crosspatch.web.store import ImageStore, StoreUnavailable
from crosspatch.web.work import Workbench, in_native_thread

PATH = "/metrics"
_REQUEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_WORK_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")

routes = Blueprint("telemetry", __name__)


class Telemetry:
    """The measurements of one application. Make it where the requests are served."""

    def __init__(self) -> None:
        here = self._registry = CollectorRegistry()
        self._spool = spool_of_workers()
        count_safely()
        self.requests = Counter(
            "crosspatch_http_requests", "Requests answered.", ["method", "route", "status"], registry=here
        )
        self.request_seconds = Histogram(
            "crosspatch_http_request_duration_seconds",
            "From the first byte of a request's body to the last of its answer.",
            ["method", "route"],
            buckets=_REQUEST_S,
            registry=here,
        )
        self.rejections = Counter(
            "crosspatch_rejections", "Requests answered with a problem, by its type.", ["reason"], registry=here
        )
        self.decode_seconds = Histogram(
            "crosspatch_decode_seconds",
            "Decoding of an uploaded file, refused ones too.",
            buckets=_WORK_S,
            registry=here,
        )
        self.compare_seconds = Histogram(
            "crosspatch_compare_seconds",
            "Computation of a comparison, and of its answer.",
            buckets=_WORK_S,
            registry=here,
        )
        self.lookups = Counter(
            "crosspatch_memory_lookups",
            "Pictures, and planes of theirs, looked for in a worker's memory.",
            ["kind", "found"],
            registry=here,
        )
        self.ended_decoders = Counter(
            "crosspatch_decoders_ended", "Decoders that ended before their time.", ["reason"], registry=here
        )
        gauge = partial(Gauge, multiprocess_mode="livesum", registry=here)
        self.running = gauge("crosspatch_workbench_running", "Heavy computations under way.")
        self.waiting = gauge("crosspatch_workbench_waiting", "Heavy computations in the queue.")

    def note_lookup(self, kind: str, found: bool) -> None:
        """Count one look for a picture or a plane."""
        self.lookups.labels(kind, "yes" if found else "no").inc()

    def note_decoder(self, reason: str) -> None:
        """Count one decoder that ended before its time."""
        self.ended_decoders.labels(reason).inc()

    def exposition(self, store: ImageStore, accept: str) -> tuple[bytes, str]:
        """The text of all workers together and its media type, the one that the client accepts."""
        encode, media_type = choose_encoder(accept)
        shared = [_build(), *_store(store)]

        def text() -> bytes:
            counted = self._registry.collect() if self._spool is None else read_spool(self._spool)
            return encode(_Families([*shared, *counted]))

        return in_native_thread(text), media_type


class MeasuredWorkbench(Workbench):
    """A workbench that shows how much it has to do, and how long decoding and comparing take without the wait."""

    def __init__(self, computations: int, queue: int, telemetry: Telemetry, memory_bytes: int = 0) -> None:
        super().__init__(computations, queue, memory_bytes)
        self._telemetry = telemetry
        self._clocks: dict[Callable[..., Any], Histogram] = {
            compare_and_write: telemetry.compare_seconds,
            **dict.fromkeys(DECODING, telemetry.decode_seconds),
        }

    def run_within(
        self, memory_bytes: int, function: Callable[_Given, _Result], *args: _Given.args, **options: _Given.kwargs
    ) -> _Result:
        """As Workbench.run_within, through which all but idle work goes."""
        clock = self._clocks.get(function)
        if clock is None:
            return super().run_within(memory_bytes, function, *args, **options)
        took_s: list[float] = []

        def timed() -> _Result:
            began_s = time.perf_counter()
            try:
                return function(*args, **options)
            finally:
                took_s.append(time.perf_counter() - began_s)

        try:
            return super().run_within(memory_bytes, timed)
        finally:
            for each_s in took_s:  # none when there was no place, or the asker did not wait for the end
                clock.observe(each_s)

    def _changed(self) -> None:
        self._telemetry.running.set(self.running)
        self._telemetry.waiting.set(self.waiting)


@routes.get(PATH)
def show() -> Response:
    """All measurements, for Prometheus."""
    telemetry = cast(Telemetry, current_app.extensions["telemetry"])
    text, media_type = telemetry.exposition(current_app.extensions["pictures"].store, request.headers.get("Accept", ""))
    return Response(text, content_type=media_type, headers={"Cache-Control": "no-store"})


@routes.before_app_request
def keep_to_its_port() -> None:
    """Measurements on their own port, if they have one, and nothing else on it."""
    port = cast(Settings, current_app.config["SETTINGS"]).metrics_port
    on_own_port = request.environ["SERVER_PORT"] == str(port)
    if port is not None and on_own_port != (request.path == PATH):
        abort(404)


class _Families:
    """Measurements that are already collected, for the encoders."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _build() -> Metric:
    facts = {"version": crosspatch.__version__, "python": platform.python_version()}
    return InfoMetricFamily("crosspatch_build", "What runs here.", facts)


def _store(store: ImageStore) -> Iterable[Metric]:
    """A store that cannot be reached has no size, which is not a size of 0."""
    try:
        images, used_bytes = store.usage()
    except StoreUnavailable:
        yield GaugeMetricFamily("crosspatch_store_up", "Whether the store can be read.", 0)
        return
    yield GaugeMetricFamily("crosspatch_store_up", "Whether the store can be read.", 1)
    yield GaugeMetricFamily("crosspatch_store_images", "Pictures kept.", images)
    yield GaugeMetricFamily("crosspatch_store_bytes", "Bytes kept, those derived from pictures too.", used_bytes)
