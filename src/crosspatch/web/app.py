"""The application is put together here and nowhere else: settings, store, workbench, routes, errors, headers."""

from __future__ import annotations

import io
import logging
from typing import IO, Any

import numpy as np
from flask import Request, Response, request
from flask_compress import Compress
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

import crosspatch
from crosspatch.web.api import api
from crosspatch.web.baselines import Baselines
from crosspatch.web.body import BodyGuard
from crosspatch.web.decoders import Decoders
from crosspatch.web.documented import Problem
from crosspatch.web.guard import guard
from crosspatch.web.headers import protect
from crosspatch.web.held import HeldBytes, held_until_sent
from crosspatch.web.pages import pages
from crosspatch.web.pictures import Pictures
from crosspatch.web.prepared import COMPRESSED
from crosspatch.web.problems import (
    FIELDS_BYTES,
    invalid_fields,
    or_problem,
    refuse_precondition,
    register_problems,
)
from crosspatch.web.room import Room
from crosspatch.web.schemas import ComparisonForm
from crosspatch.web.settings import Settings, load_settings
from crosspatch.web.spool import spool_of_workers
from crosspatch.web.store import open_store
from crosspatch.web.telemetry import MeasuredWorkbench, Telemetry
from crosspatch.web.telemetry import routes as telemetry_routes
from crosspatch.web.watch import Watch


def create_app(settings: Settings | None = None) -> OpenAPI:
    """The service as a WSGI application. Without `settings` they are read from the environment.

    Raises SettingsError for a wrong setting, StoreUnavailable when the store cannot be opened.
    """
    settings = settings or load_settings()
    app = OpenAPI(
        __name__,
        info=Info(title="Crosspatch", version=crosspatch.__version__, description=crosspatch.__doc__ or ""),
        security_schemes={},
        doc_ui=False,
        validation_error_status=400,
        validation_error_callback=invalid_fields,
        validation_error_model=Problem,
        static_folder=None,
    )
    _configure(app, settings)
    telemetry = Telemetry()
    room = Room(settings.decode_memory_bytes, settings.workers, spool_of_workers())
    workbench = MeasuredWorkbench(settings.computations, settings.queue, telemetry, room.share_bytes)
    decoders = Decoders(workbench, settings.limits, room, settings.decode_timeout_s, telemetry.note_decoder)
    app.extensions["telemetry"] = telemetry
    app.extensions["workbench"] = workbench
    app.extensions["baselines"] = Baselines(settings.baselines)
    app.extensions["decoders"] = decoders
    held = HeldBytes(settings.files_bytes)
    app.extensions["pictures"] = Pictures(
        open_store(settings), workbench, decoders, held, settings.limits, settings.cache_bytes, telemetry.note_lookup
    )
    register_problems(app)
    guard(app, settings)
    app.register_api(api)
    app.register_blueprint(pages)
    app.register_blueprint(telemetry_routes)
    app.after_request(protect)
    answers = HeldBytes(settings.files_bytes)
    app.after_request(or_problem(lambda response: held_until_sent(response, answers)))
    app.after_request(refuse_precondition)
    compress = Compress(app)
    app.after_request(lambda response: _compressed(compress, response))
    guarded = BodyGuard(app.wsgi_app, settings.body_timeout_s, held)
    app.wsgi_app = Watch(guarded, telemetry)  # type: ignore[method-assign]
    return app


def warm() -> None:
    """Load what the first comparison would have to wait for: SciPy takes a quarter of a second."""
    crosspatch.compare(np.arange(1024, dtype=np.uint16).astype(np.uint8).reshape(32, 32), seed=0, labels="otsu")


class RequestInMemory(Request):
    """A request whose files stay in memory, which `HeldBytes` bounds: a temporary file would be memory too, or fill."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return io.BytesIO()


def _configure(app: OpenAPI, settings: Settings) -> None:
    app.request_class = RequestInMemory
    app.config.update(
        SETTINGS=settings,
        MAX_CONTENT_LENGTH=2 * settings.max_upload_bytes + FIELDS_BYTES,
        MAX_FORM_MEMORY_SIZE=FIELDS_BYTES,
        MAX_FORM_PARTS=ComparisonForm.most_parts(),
        COMPRESS_MIMETYPES=COMPRESSED,
        COMPRESS_REGISTER=False,
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=True,
        # Of answers made anew each time, the fastest level is at most 8 % larger than the default, gzip's 7 %.
        COMPRESS_ZSTD_LEVEL=1,
        COMPRESS_LEVEL=1,
        # Not by Brotli: where memory is short, its library ends the whole process.
        COMPRESS_ALGORITHM=["zstd", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["zstd"],
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]


def _compressed(compress: Compress, response: Response) -> Response:
    """The answer, compressed if that is worth it, and as it is where memory for that is short."""
    if not _may_compress(response):
        return response
    try:
        return compress.after_request(response)
    except Exception:  # each library raises another
        logging.getLogger("crosspatch").warning("an answer could not be compressed", exc_info=True)
        del response.headers["Content-Encoding"]
        return response


def _may_compress(response: Response) -> bool:
    """Not a part of a file, which is one of its bytes as they are, nor for a client that wants none by q=0."""
    response.vary.add("Accept-Encoding")
    return response.status_code != 206 and any(quality > 0 for _, quality in request.accept_encodings)
