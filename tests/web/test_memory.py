"""Memory that a worker may take: what needs more is refused in words, and the worker goes on."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image
from serving import serving

from crosspatch.web.app import create_app
from crosspatch.web.settings import load_settings

BOUNDARY = "a-part-of-a-form"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "log"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, log: Path) -> Iterator[HTTPConnection]:
    store = tmp_path_factory.mktemp("store")
    few = {"WORKERS": "1", "WORKER_MEMORY_BYTES": str(2**26), "LOG_FORMAT": "json"}
    with (
        serving(store, log, **few) as address,
        closing(HTTPConnection(urlsplit(address).netloc, timeout=60)) as connection,
    ):
        yield connection


def noise() -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (600, 600), np.uint8)).save(out, "PNG")
    return out.getvalue()


def upload(server: HTTPConnection) -> str:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
    body = head.encode() + noise() + f"\r\n--{BOUNDARY}--\r\n".encode()
    server.request("POST", "/api/v1/images", body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})
    answer = server.getresponse()
    return str(json.load(answer)["id"])


def compare(server: HTTPConnection, **asked: Any) -> tuple[int, dict[str, Any]]:
    server.request("POST", "/api/v1/comparisons", json.dumps(asked), {"Content-Type": "application/json"})
    answer = server.getresponse()
    return answer.status, json.load(answer)


def test_what_needs_more_is_refused_in_words_and_the_worker_goes_on(server: HTTPConnection, log: Path) -> None:
    image = upload(server)
    large = {side: {"width": 1500, "height": 1500} for side in ("resize", "rectangle")}
    for _ in range(3):
        status, problem = compare(server, image=image, labels="levels:256", intervals="bootstrap", **large)
        assert (status, problem["type"]) == (422, "/problems/impossible")
        assert "more memory than the 64 MiB that a worker has for it: ask for a smaller size" in problem["detail"]
        status, report = compare(server, image=image, seed=1, rectangle={"width": 64, "height": 64})
        assert status == 200, report
        assert sum(map(sum, report["confusion"]["matrix"])) == 64 * 64
    assert log.read_text().count("Booting worker") == 1


def test_memory_that_runs_out_elsewhere_is_told_likewise(tmp_path: Path) -> None:
    app = create_app(load_settings(store=str(tmp_path / "store")))

    def greedy() -> None:
        raise MemoryError

    app.add_url_rule("/greedy", view_func=greedy)
    answer = app.test_client().get("/greedy")
    assert (answer.status_code, answer.json["type"]) == (422, "/problems/impossible")
