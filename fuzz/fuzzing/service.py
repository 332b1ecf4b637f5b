"""Whole requests to the service, its host, origin, rate and token checked, on a store of its own."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from werkzeug.test import create_environ, run_wsgi_app

from crosspatch.web.app import create_app
from crosspatch.web.problems import MEDIA_TYPE
from crosspatch.web.settings import load_settings
from fuzzing.files import pictures
from fuzzing.target import hold, target

if TYPE_CHECKING:
    from flask import Flask

_TOKEN = "a-token-of-the-fuzzer"
_FILE = pictures()["PNG"][1]
_MOST_BYTES = 64 * 1024
_ID = "ID"  # what stands for the id of the stored picture


@dataclass(frozen=True)
class _Service:
    app: Flask
    image_id: str


@cache
def _service() -> _Service:
    settings = load_settings(
        store=tempfile.mkdtemp(prefix="crosspatch-fuzz-"),
        allowed_hosts="localhost .example.org",
        allowed_origins="https://example.com",
        trusted_proxies="127.0.0.0/8",
        rate_limit="9999999/second",
        api_token=_TOKEN,
        max_upload_bytes=_MOST_BYTES,
        max_pixels=1 << 14,
        max_side_px=1 << 10,
    )
    app = create_app(settings)
    return _Service(app, app.extensions["pictures"].add(_FILE).id)


def _request(line: str, headers: str = "", body: str = "") -> str:
    return f"{line}\nHost: localhost\nAuthorization: Bearer {_TOKEN}\n{headers}\n{body}"


def _posted(path: str, **body: object) -> str:
    return _request(f"POST {path}", "Content-Type: application/json\n", json.dumps({"image": _ID, **body}))


_FORM = '--b\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
_FIELDS = (
    _FORM.format("image", "", _ID) + _FORM.format("width", "", "4") + _FORM.format("height", "", "3") + "--b--\r\n"
)
_UPLOAD = _FORM.format("image", '; filename="a.gif"', "GIF89a") + "--b--\r\n"
_OF_PARTS = "Content-Type: multipart/form-data; boundary=b\n"


@target(
    seeds=[
        _request(f"GET /api/v1/images/{_ID}", 'If-None-Match: "a", W/"b:gzip"\nAccept-Encoding: br;q=1, gzip;q=0\n'),
        _request(
            f"GET /api/v1/images/{_ID}/rendition?width=4&height=3&channel=red&labels=otsu&format=raw",
            "Range: bytes=0-3\n",
        ),
        _request(
            f"GET /api/v1/comparisons?image={_ID}&seed=7&families=rates&format=csv", "X-Forwarded-For: ::1, 1.2.3.4\n"
        ),
        _request(f"GET /api/v1/comparisons?image={_ID}&test_image={_ID}&name=a&format=html", "X-Request-ID: a.b\n"),
        _request(f"DELETE /api/v1/images/{_ID}", "Origin: https://example.com\nSec-Fetch-Site: cross-site\n"),
        _request("OPTIONS /api/v1/images", "Origin: https://example.com\nAccess-Control-Request-Method: POST\n"),
        _request("GET /", "Accept-Language: de\nIf-Modified-Since: Mon, 01 Jan 2024 00:00:00 GMT\n"),
        _request("GET /api/v1/openapi.json"),
        _posted(
            "/api/v1/comparisons", seed=7, families=["rates"], class_names=["a", "b"], ignore=[0], labels="threshold:9"
        ),
        _posted("/api/v1/baselines", seed=7, families=["rates"], pairs=3, disjoint=True),
        _request("POST /api/v1/comparisons", _OF_PARTS, _FIELDS),
        _request("POST /compare", _OF_PARTS, _FIELDS),
        _request("POST /api/v1/images", _OF_PARTS, _UPLOAD),
        _request("POST /compare", "Content-Type: application/x-www-form-urlencoded\n", f"image={_ID}&labels=values"),
    ],
    words=[
        *(
            "GET ",
            "POST ",
            "HEAD ",
            "DELETE ",
            "/api/v1/",
            "images",
            "comparisons",
            "baselines",
            "metrics",
            "/compare",
            _ID,
        ),
        *(
            "Host: ",
            "Origin: ",
            "Accept: ",
            "application/x-ndjson",
            "Range: bytes=",
            "If-None-Match: ",
            "Basic OmE=",
            "%00",
        ),
        *(
            "Content-Length: ",
            "Transfer-Encoding: chunked",
            "Forwarded: ",
            "Cookie: ",
            "\n",
            "%F0%9F",
            "charset=utf-16",
        ),
    ],
    most_bytes=700,
    share=6,
)
def requests(data: bytes) -> None:
    """whole requests to the service: never its own fault (500), and every refusal of the API a problem in words"""
    service = _service()
    head, _, body = data.replace(_ID.encode(), service.image_id.encode()).partition(b"\n\n")
    first, *lines = head.decode("latin-1").split("\n")
    method, _, address = first.partition(" ")
    path, _, query = address.partition("?")
    named = (line.partition(":") for line in lines if ":" in line and "\r" not in line)
    environ = create_environ(
        "/" + path.lstrip("/"),
        query_string=query,
        method=method,
        headers=[(name, value.strip()) for name, _, value in named],
        input_stream=BytesIO(body),
        content_length=len(body),
    )
    environ.setdefault("REMOTE_ADDR", "127.0.0.1")
    parts, status, headers = run_wsgi_app(service.app, environ)
    answer = b"".join(parts)
    hold(not status.startswith("500"), status, answer)
    if int(status[:3]) >= 400 and headers.get("Content-Type", "").startswith(MEDIA_TYPE) and answer:
        hold(bool(json.loads(answer)["detail"]), answer)
    if method == "DELETE":
        with service.app.app_context():
            service.app.extensions["pictures"].add(_FILE)
